"""question -> Hits: dense and BM25 rankings, joined by reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pullquote.store import Index
from pullquote.types import Embedder, Hit, Passage

#: The constant of Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet
#: and individual Rank Learning Methods", SIGIR 2009.
RRF_K = 60

#: How far down each ranking is read before they are fused.
DEPTH = 50


class Retriever:
    """Finds the passages of an index that may answer a question."""

    def __init__(self, index: Index, embedder: Embedder, top: int) -> None:
        self._index = index
        self._embedder = embedder
        self._top = top

    def retrieve(self, question: str, article_id: str | None = None) -> tuple[Hit, ...]:
        """At most ``top`` hits, best first; only of one article when ``article_id`` is given.

        Raises :class:`KeyError` when there is no such article.
        """
        vector = self._embedder.encode([question])[0]
        dense = self._index.nearest(vector, DEPTH, article_id)
        # A passage with a cosine of zero or less has nothing to do with the question.
        near = [passage for passage, cosine in dense if cosine > 0]
        matching = [p for p, _ in self._index.matching(question, DEPTH, article_id)]
        return fuse([near, matching])[: self._top]


def fuse(rankings: Iterable[Sequence[Passage]]) -> tuple[Hit, ...]:
    """Reciprocal rank fusion: a passage scores the sum of ``1 / (RRF_K + rank)``, best first.

    Ranks count from 1. Equal scores keep the order of the passages in the index.
    """
    scores: dict[Passage, float] = {}
    for ranking in rankings:
        for rank, passage in enumerate(ranking, start=1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (RRF_K + rank)
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0].id))
    return tuple(Hit(passage, score) for passage, score in ordered)
