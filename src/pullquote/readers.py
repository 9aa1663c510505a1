"""The setting ``reader`` -> a reader: the bundled one, the similarity baseline, or any network."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pullquote import onnx_network
from pullquote.calibration import PLAIN, Calibration
from pullquote.config import BUNDLED_READER
from pullquote.network import Network
from pullquote.reader import NetworkReader
from pullquote.similarity import SentenceVectors, SimilarityReader
from pullquote.types import Embedder, Reader

#: The bundled network travels in the package.
BUNDLED = Path(__file__).with_name("models") / "reader"


def open_reader(name: str, embedder: Embedder, vectors: SentenceVectors) -> Reader:
    """The reader that the setting names. Raises :class:`~pullquote.errors.ModelError`."""
    similarity = SimilarityReader(embedder, vectors)
    if name == similarity.name:
        return similarity
    if name == BUNDLED_READER:
        return NetworkReader(*_bundled(), similarity)
    if onnx_network.is_network(Path(name)):
        mend = "Make the folder again, or leave the setting 'reader' out for the bundled one."
        return NetworkReader(*onnx_network.open_folder(Path(name), mend), similarity)
    # Only now: the bundled reader must not wait for torch.
    from pullquote.torch_network import open_hub

    return NetworkReader(open_hub(name), PLAIN, similarity)


@cache
def _bundled() -> tuple[Network, Calibration]:
    """Loaded once, whatever number of assistants there are."""
    mend = "Install Pullquote again: `pip install --force-reinstall --no-deps pullquote`."
    return onnx_network.open_folder(BUNDLED, mend)
