"""Documents to passages, as the product groups them, and the passages that BM25 ranks high."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from tokenizers import Tokenizer

from pullquote.segment.grouping import passages
from pullquote.spans import Piece, Text
from pullquote.terms import terms
from pullquote.types import Sentence
from training.data import Document


@dataclass(frozen=True, slots=True)
class Span:
    """Sentences ``first`` to ``last`` (inclusive) of a document."""

    document: Document
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where it begins in the document's text."""
        return self.document.sentences[self.first][0]

    @property
    def end(self) -> int:
        """Where it ends in the document's text, exclusive."""
        return self.document.sentences[self.last][1]

    @property
    def text(self) -> str:
        """The document's own text, from the first sentence to the last."""
        return self.document.text[self.start : self.end]

    @property
    def to_read(self) -> Text:
        """As a reader reads it."""
        pieces = [
            Piece((self.document.id, number), start - self.start, end - self.start, start)
            for number, (start, end) in enumerate(self.document.sentences)
            if self.holds(number)
        ]
        return Text(self.text, tuple(pieces))

    def holds(self, sentence: int) -> bool:
        """Whether the sentence of that number is in it."""
        return self.first <= sentence <= self.last


def group(document: Document, tokenizer: Tokenizer) -> list[Span]:
    """The passages of a document, by the product's own rule."""
    texts = [document.text[start:end] for start, end in document.sentences]
    counts = [len(it.ids) for it in tokenizer.encode_batch(texts, add_special_tokens=False)]
    sentences = [
        Sentence(document.id, i, start, end, 0) for i, (start, end) in enumerate(document.sentences)
    ]
    return [Span(document, it.first, it.last) for it in passages(document.id, sentences, counts)]


class Ranked:
    """The passages of some documents, each set ranked for itself by BM25."""

    def __init__(self, documents: Sequence[Document], tokenizer: Tokenizer) -> None:
        self.of: dict[str, list[Span]] = {it.id: group(it, tokenizer) for it in documents}
        self._sources: dict[str, list[Span]] = defaultdict(list)
        self._rows: dict[str, range] = {}
        for document in documents:
            pool, own = self._sources[document.source], self.of[document.id]
            self._rows[document.id] = range(len(pool), len(pool) + len(own))
            pool.extend(own)
        self._engines = {source: _engine(pool) for source, pool in self._sources.items()}

    def rank(self, question: str, document: Document, top: int) -> tuple[list[Span], list[Span]]:
        """The best passages for a question: ``(of its document, of the others of its set)``.

        Each at most ``top``, best first. Those that share no word with the question are left out.
        """
        words = terms(question)
        pool, rows = self._sources[document.source], self._rows[document.id]
        if not words:
            return [], []
        scores = self._engines[document.source].get_scores(words)
        own = sorted((i for i in rows if scores[i] > 0), key=lambda i: -scores[i])[:top]
        # Of all, for the document's own may take the first places.
        best = np.argsort(-scores, kind="stable")[: top + len(rows)]
        others = [i for i in best if i not in rows and scores[i] > 0][:top]
        return [pool[i] for i in own], [pool[i] for i in others]


def _engine(pool: Sequence[Span]) -> bm25s.BM25:
    engine = bm25s.BM25()
    engine.index([terms(it.text) for it in pool], show_progress=False)
    return engine
