"""Any ``…ForQuestionAnswering`` model of transformers, by id or folder -> Network."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pullquote.errors import ModelError
from pullquote.network import Network

if TYPE_CHECKING:
    from pullquote.network import Floats, Integers, Run

#: No more tokens are read at once than question-answering models are trained with.
MOST_TOKENS = 384


def open_hub(name: str) -> Network:
    """Load a model id or folder. Raises :class:`ModelError`.

    Only an id that is not yet in the local cache goes to the network. Code that comes with a
    model is never run.
    """
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
        model, info = AutoModelForQuestionAnswering.from_pretrained(
            name, trust_remote_code=False, output_loading_info=True
        )
        backend = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise ValueError("its tokenizer tells no offsets")
        if missing := sorted(info["missing_keys"]):
            raise ValueError(f"it was not trained to answer questions: {missing[0]} is missing")
    # What a broken file makes the libraries underneath raise is of any kind.
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"The reader {name!r} cannot be loaded ({reason}). Leave 'reader' out for the bundled "
            "one, or set it to 'similarity-1', or to a question-answering model's id or folder."
        ) from error
    return Network(
        name, _digest(model, backend), backend, _tokens(tokenizer, model), _run(tokenizer, model)
    )


def _run(tokenizer: Any, model: Any) -> Run:
    import torch

    model.eval()
    typed = "token_type_ids" in tokenizer.model_input_names

    def run(ids: Integers, attention: Integers, types: Integers) -> tuple[Floats, Floats]:
        feed = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(attention)}
        if typed:
            feed["token_type_ids"] = torch.from_numpy(types)
        with torch.inference_mode():
            output = model(**feed)
        return output.start_logits.float().numpy(), output.end_logits.float().numpy()

    return run


def _tokens(tokenizer: Any, model: Any) -> int:
    """What the model can take; two of RoBERTa's positions are not for tokens."""
    positions = getattr(model.config, "max_position_embeddings", MOST_TOKENS + 2)
    return int(min(MOST_TOKENS, tokenizer.model_max_length, positions - 2))


def _digest(model: Any, tokenizer: Any) -> str:
    """SHA-256 over the weights and the tokenizer."""
    import torch

    digest = sha256(tokenizer.to_str().encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()
