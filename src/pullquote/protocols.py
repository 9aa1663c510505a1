"""The interfaces between the parts of Pullquote: article library, embedder, reader, writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from pullquote.types import Article, Hit, Reading, Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    #: Row-wise L2-normalised embeddings, shape ``(texts, dimension)``.
    Vectors = NDArray[np.float32]


class Library(Protocol):
    """The articles of an index, their sentences, and their digests from the manifest."""

    def article(self, article_id: str) -> Article:
        """The article with this id; :class:`KeyError` when there is none."""
        ...

    def sentences(self, article_id: str) -> Sequence[Sentence]:
        """All sentences of the article, in order; ``sentences(a)[i].index == i``."""
        ...

    def manifest_digest(self, article_id: str) -> str:
        """The article's digest in the manifest; :class:`KeyError` when it has none."""
        ...

    def twins(self, article_id: str) -> Sequence[str]:
        """The ids of near-duplicate articles, such as other prints of one wire story."""
        ...


class Embedder(Protocol):
    """Embeds texts as vectors."""

    name: str
    digest: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed each text; rows are L2-normalised, so a dot product is the cosine."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens in each text, without special tokens."""
        ...


class Reader(Protocol):
    """Decides which sentences of the retrieved passages answer a question.

    ``refuse_below`` and ``cite_above`` are thresholds fitted to its scores: a question of lower
    answerability is refused, and a further sentence is cited from this score on.
    """

    name: str
    refuse_below: float
    cite_above: float

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """Score the sentences of ``hits``; no hits give an empty reading of answerability 0."""
        ...


class Writer(Protocol):
    """A language model that writes what a prompt asks for."""

    name: str

    def write(self, prompt: str) -> Iterator[str]:
        """The text, piece by piece; :class:`~pullquote.errors.WriterError` when that fails."""
        ...
