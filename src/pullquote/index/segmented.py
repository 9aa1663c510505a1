"""Cuts articles into sentences and passages, and embeds the passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pullquote.index import lexical
from pullquote.index.embedded import Embedded
from pullquote.index.store import passage_text
from pullquote.protocols import Embedder
from pullquote.text import findable, near_copies, segment
from pullquote.text.segment import grouping
from pullquote.types import Article, Passage, Sentence


def segmentation() -> str:
    """The version of the segmentation.

    It changes whenever the same text may be cut, or compared with a question, differently.
    """
    return (
        f"{segment.VERSION}/{grouping.PASSAGE_TOKENS}/{grouping.OVERLAP_TOKENS}/{findable.VERSION}"
    )


@dataclass(frozen=True, slots=True)
class Segmented:
    """An article with its sentences and passages; ``origin`` is the key of its source."""

    article: Article
    digest: str
    origin: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]

    def texts(self) -> list[str]:
        """The texts to embed and to match by words: each passage below the article's title."""
        return [
            findable.findable(
                self.article.title, passage_text(self.article, self.sentences, passage)
            )
            for passage in self.passages
        ]


def segmented(article: Article, digest: str, origin: str, embedder: Embedder) -> Segmented:
    """Cut an article. Passage lengths are counted in the embedder's tokens."""
    sentences = segment.split(article)
    tokens = embedder.count_tokens([article.text[s.start : s.end] for s in sentences])
    passages = segment.passages(article.id, sentences, tokens)
    return Segmented(article, digest, origin, sentences, passages)


def embed(group: Sequence[Segmented], embedder: Embedder) -> Iterator[Embedded]:
    """The articles with the vectors of their passages, all embedded in one call."""
    texts = [one.texts() for one in group]
    # Half precision changes a cosine by less than 0.001 and halves the largest data on disk.
    vectors = embedder.encode([text for own in texts for text in own]).astype(np.float16)
    bounds = np.cumsum([0, *(len(own) for own in texts)])
    for one, own, first, last in zip(group, texts, bounds, bounds[1:], strict=False):
        rows = [(s.start, s.end, s.paragraph, s.heading) for s in one.sentences]
        runs = [(p.first, p.last) for p in one.passages]
        yield Embedded(
            one.article,
            one.digest,
            one.origin,
            np.array(rows, dtype=np.int32).reshape(-1, 4),
            np.array(runs, dtype=np.int32).reshape(-1, 2),
            vectors[first:last],
            [lexical.words_of(text) for text in own],
            near_copies.signature(one.article.text[one.article.body_start :]),
        )
