"""Groups documents into passages as the product does, and ranks the passages for a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import bm25s
import numpy as np

from pullquote.protocols import Embedder
from pullquote.retrieval.retrieve import DEPTH, fuse
from pullquote.text.findable import findable
from pullquote.text.segment.grouping import passages
from pullquote.text.terms import terms
from pullquote.types import Passage, Sentence
from training.data import WRITTEN, Document

if TYPE_CHECKING:
    from pullquote.protocols import Vectors

#: In these sets a question is asked about all articles of its set, as in the product, and passages
#: are ranked by vectors and BM25. In the other sets it is only asked about its own document.
TOGETHER = WRITTEN | {"made_news", "real_news", "real_texts"}


@dataclass(frozen=True, slots=True)
class Span:
    """A passage of a document: its sentences ``first`` to ``last`` (inclusive)."""

    document: Document
    first: int
    last: int

    @property
    def text(self) -> str:
        """The document's text from the first sentence to the last."""
        sentences = self.document.sentences
        return self.document.text[sentences[self.first][0] : sentences[self.last][1]]

    @property
    def found(self) -> str:
        """The text that retrieval compares with a question."""
        return findable(self.document.title, self.text)

    def holds(self, sentence: int) -> bool:
        """Whether the sentence with this number is in the passage."""
        return self.first <= sentence <= self.last


def group(document: Document, embedder: Embedder) -> list[Span]:
    """The passages of a document, grouped by the product's own rule."""
    counts = embedder.count_tokens([document.text[start:end] for start, end in document.sentences])
    sentences = [
        Sentence(document.id, i, start, end, 0) for i, (start, end) in enumerate(document.sentences)
    ]
    return [
        Span(document, passage.first, passage.last)
        for passage in passages(document.id, sentences, counts)
    ]


class Ranked:
    """The passages of some documents, and the retrieval that ranks them for a question."""

    def __init__(self, documents: Sequence[Document], embedder: Embedder) -> None:
        self.of: dict[str, list[Span]] = {one.id: group(one, embedder) for one in documents}
        self._pools: dict[str, _Pool] = {}
        spans: dict[str, list[Span]] = defaultdict(list)
        for document in documents:
            together = document.source in TOGETHER
            spans[document.source if together else document.id].extend(self.of[document.id])
        for name, own in spans.items():
            vectors = embedder.encode([span.found for span in own]) if name in TOGETHER else None
            self._pools[name] = _Pool(own, vectors)
        # All questions at once: embedding them one by one takes ten times as long.
        asked = list(
            dict.fromkeys(
                ask.text for one in documents if one.source in TOGETHER for ask in one.questions
            )
        )
        self._vectors = dict(zip(asked, embedder.encode(asked), strict=True))

    def rank(self, question: str, document: Document, top: int) -> list[Span]:
        """The ``top`` passages for a question about ``document``, best first."""
        together = document.source in TOGETHER
        pool = self._pools[document.source if together else document.id]
        return pool.rank(question, self._vectors.get(question), top)


class _Pool:
    """Passages that are ranked together."""

    def __init__(self, spans: list[Span], vectors: Vectors | None) -> None:
        self._spans = spans
        self._passages = [
            Passage(number, span.document.id, span.first, span.last)
            for number, span in enumerate(spans)
        ]
        self._vectors = vectors
        self._words: bm25s.BM25 | None = bm25s.BM25()
        words = [terms(span.found) for span in spans]
        if any(words):
            self._words.index(words, show_progress=False)
        else:
            self._words = None

    def rank(self, question: str, vector: Vectors | None, top: int) -> list[Span]:
        rankings = []
        asked = terms(question)
        if asked and self._words is not None:
            scores = self._words.get_scores(asked)
            order = np.argsort(-scores, kind="stable")[:DEPTH]
            rankings.append([int(i) for i in order if scores[i] > 0])
        if self._vectors is not None and vector is not None:
            near = self._vectors @ vector
            rankings.append([int(i) for i in np.argsort(-near, kind="stable")[:DEPTH]])
        hits = fuse([self._passages[number] for number in ranking] for ranking in rankings)
        return [self._spans[hit.passage.id] for hit in hits[:top]]
