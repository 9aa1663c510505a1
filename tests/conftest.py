"""What several tests share: a stand-in embedder, small indexes, and the real model."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

# No test may reach for the network: the models are bundled, and a wrong name must fail at once.
os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import pytest

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index

if TYPE_CHECKING:
    from pullquote.types import Vectors

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"


class HashingEmbedder:
    """A function of the text alone: an L2-normalised bag of hashed, lower-case words.

    ``encoded`` holds every text it was given, in order.
    """

    name = "hashing"
    dimension = 64

    def __init__(self, digest: str = "hashing-1") -> None:
        self.digest = digest
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()) or [text]:
                row[sha256(word.encode()).digest()[0] % self.dimension] += 1
            row /= np.linalg.norm(row)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]


def write_corpus(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write ``files`` by their path below ``folder``, text as UTF-8 and untouched."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def make_index(
    tmp_path: Path, texts: Mapping[str, str], embedder: HashingEmbedder | None = None
) -> Index:
    """The open index of ``texts`` (file name: content), in ``tmp_path/index``."""
    stand_in = embedder or HashingEmbedder()
    corpus = write_corpus(tmp_path / "corpus", texts)
    indexing.update([corpus], tmp_path / "index", stand_in.name, lambda _: stand_in)
    return Index.open(tmp_path / "index")


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture(scope="session")
def real_embedder() -> SentenceTransformersEmbedder:
    """The bundled model, as a user gets it. Loading it takes seconds."""
    return SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)


@pytest.fixture(scope="session")
def customer_index(
    tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceTransformersEmbedder
) -> Index:
    """The customer's corpus, indexed with the real model."""
    folder = tmp_path_factory.mktemp("customer") / "index"
    indexing.update([CORPUS], folder, BUNDLED_EMBEDDER, lambda _: real_embedder)
    return Index.open(folder)
