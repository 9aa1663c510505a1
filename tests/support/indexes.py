"""A stand-in for the embedding model, and small indexes made with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pullquote.index import update as indexing
from pullquote.index.store import Index

if TYPE_CHECKING:
    from pullquote.protocols import Vectors


class HashingEmbedder:
    """An embedder that needs no model: an L2-normalised bag of hashed, lower-case words.

    A vector depends on its text alone. ``encoded`` holds every text that was encoded, in order.
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
    """Write ``files`` (path below ``folder``: content); text is written as UTF-8, unchanged."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def make_index(
    tmp_path: Path, texts: Mapping[str, str], embedder: HashingEmbedder | None = None
) -> Index:
    """Index ``texts`` (file name: content) into ``tmp_path/index``, and open that index."""
    stand_in = embedder or HashingEmbedder()
    corpus = write_corpus(tmp_path / "corpus", texts)
    corpus.mkdir(exist_ok=True)
    indexing.update([corpus], tmp_path / "index", stand_in.name, lambda _: stand_in)
    return Index.open(tmp_path / "index")
