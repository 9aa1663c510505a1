"""Hybrid retrieval: dense and BM25 rankings, joined by reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pullquote.index.interface import Store
from pullquote.index.store import passage_text
from pullquote.protocols import Embedder
from pullquote.text import timeframe
from pullquote.text.near_copies import alike
from pullquote.text.timeframe import Timeframe
from pullquote.types import NO_FILTERS, Citation, Filters, Hit, Passage

#: The constant of Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet
#: and individual Rank Learning Methods", SIGIR 2009. They used 60 for rankings of a thousand. For
#: two short rankings, 10 gives more weight to what both have near the top (benchmarks/README.md).
RRF_K = 10

#: How many passages of each ranking are fused.
DEPTH = 50


class Retriever:
    """Finds the passages of an index that may answer a question."""

    def __init__(
        self,
        index: Store,
        embedder: Embedder,
        top: int,
    ) -> None:
        self._index = index
        self.embedder = embedder
        self._top = top

    def retrieve(
        self,
        question: str,
        article_id: str | None = None,
        filters: Filters = NO_FILTERS,
        frame: Timeframe | None = None,
        top: int | None = None,
    ) -> tuple[Hit, ...]:
        """At most ``top`` hits, best first.

        ``article_id`` restricts the search to one article, ``filters`` to those that match.
        Articles of ``frame``, the time that the question names, are preferred. Raises
        :class:`KeyError` when there is no such article.
        """
        vector = self.embedder.encode([question])[0]
        among = self._index.among(article_id, filters)
        dense = self._index.nearest(vector, DEPTH, among)
        # A passage with a cosine of zero or less has nothing to do with the question.
        near = [passage for passage, cosine in dense if cosine > 0]
        matching = [p for p, _ in self._index.matching(question, DEPTH, among)]
        hits = fuse([near, matching])
        if frame:
            hits = timeframe.prefer(hits, frame, self._published)
        return self._once(hits, top or self._top)

    def _published(self, article_id: str) -> str | None:
        return self._index.article(article_id).published

    def _once(self, hits: Sequence[Hit], top: int) -> tuple[Hit, ...]:
        """The best hits without near-duplicates; the one from the earliest article is kept."""
        kept: list[Hit] = []
        for hit in hits:
            place = self._repeated(hit, kept)
            if place is not None:
                if self._date(hit) < self._date(kept[place]):
                    kept[place] = Hit(hit.passage, kept[place].score)
            elif len(kept) < top:
                kept.append(hit)
        return tuple(kept)

    def _repeated(self, hit: Hit, kept: Sequence[Hit]) -> int | None:
        """The place in ``kept`` of a near-duplicate of ``hit`` from another article."""
        twins = self._index.twins(hit.passage.article_id)
        if twins:
            for place, item in enumerate(kept):
                if item.passage.article_id in twins and alike(self._text(item), self._text(hit)):
                    return place
        return None

    def _date(self, hit: Hit) -> str:
        return self._published(hit.passage.article_id) or "9999"

    def _text(self, hit: Hit) -> str:
        own = hit.passage.article_id
        return passage_text(self._index.article(own), self._index.sentences(own), hit.passage)


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


def with_cited(
    hits: tuple[Hit, ...], citations: Sequence[Citation], index: Store
) -> tuple[Hit, ...]:
    """The hits, followed by the other passages that contain the citations."""
    found = {hit.passage.id for hit in hits}
    added = []
    for citation in citations:
        for passage in index.passages(citation.article_id):
            holds = passage.first <= citation.sentence_index <= passage.last
            if holds and passage.id not in found:
                found.add(passage.id)
                added.append(Hit(passage, 0.0))
    return (*hits, *added)
