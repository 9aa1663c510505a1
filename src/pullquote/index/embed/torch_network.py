"""Runs a model with sentence-transformers. The only module that imports it and torch."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from pullquote.protocols import Vectors

#: Texts in one forward pass. Batches of 32 to 64 were the fastest of 8 to 256 on two cores;
#: measure again with ``benchmarks/indexing.py`` when the model changes.
BATCH = 32


class TorchNetwork:
    """A sentence-transformers model on the CPU, in float32.

    ``longest`` is how many tokens of a text are read, including special ones, if there is a limit.
    """

    runs_by = "sentence-transformers, float32"

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"The embedding model {name!r} does not say how long its vectors are.")
        self.dimension = int(dimension)
        self.digest = _digest(model)
        self.longest = model.max_seq_length
        self._model = model

    @classmethod
    def open(cls, name: str, location: str) -> TorchNetwork:
        """Load the model ``name`` from a folder, or by a model id. Raises :class:`ModelError`."""
        if name == BUNDLED_EMBEDDER:
            # The model is in its package; without this, a hub client may look for updates.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        # Transformers would draw its own progress bar, and print warnings users cannot act on.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(location, device="cpu", trust_remote_code=False)
        except (
            OSError,
            ValueError,
            KeyError,
            RuntimeError,
            ImportError,
            SafetensorError,
        ) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ModelError(
                f"The embedding model {name!r} cannot be loaded ({reason}). Set 'embedder' to "
                f"{BUNDLED_EMBEDDER!r}, to a sentence-transformers model id, or to its folder."
            ) from error
        return cls(name, model)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dimension)``, rows L2-normalised."""
        vectors = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens in each text, special ones not counted."""
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def converted(self) -> Any:
        """The model converted for OpenVINO: token ids and mask, ``(texts, tokens)``, to vectors."""
        import torch

        from pullquote.inference import openvino

        class Whole(torch.nn.Module):
            def __init__(self, model: SentenceTransformer) -> None:
                super().__init__()
                self.model = model

            def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
                features = {
                    "input_ids": ids,
                    "attention_mask": mask,
                    "token_type_ids": torch.zeros_like(ids),
                }
                found: torch.Tensor = self.model(features)["sentence_embedding"]
                return found

        # Two texts of unequal length, so that tracing does not take the mask for a constant.
        mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about shapes that become constants
            return openvino.convert_model(
                Whole(self._model.eval()), example_input=(torch.ones_like(mask), mask)
            )


def _digest(model: SentenceTransformer) -> str:
    """SHA-256 over the weights and over how text becomes their input."""
    import torch

    digest = sha256()
    shape = [type(module).__name__ for module in model]
    digest.update(f"{shape} {model.max_seq_length}".encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()
