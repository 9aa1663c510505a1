"""The baseline: question + Hits -> Reading, by resemblance alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pullquote.protocols import Embedder, Library
from pullquote.text.cut import cut
from pullquote.text.terms import terms
from pullquote.types import Hit, Reading, ScoredSentence

#: What the cosine with the question and the share of its words count, and what is added. Fitted on
#: 1,500 questions of which half have no answer, so that a score is about the chance that the
#: sentence is right. Fit anew when the embedder changes.
COSINE, OVERLAP, OFFSET = 3.2, 2.1, -4.04


class SimilarityReader:
    """Scores a sentence by how much it resembles the question, in meaning and in words.

    It cannot tell whether a sentence answers, only whether it is about the same thing, and never
    says that an article leaves something open. It is what the judge is compared with. Satisfies
    :class:`pullquote.protocols.Reader`.
    """

    name = "similarity-1"
    refuse_below = 0.1
    cite_above = 1.0

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """Score the sentences of ``hits``; of equal ones the earlier hit's comes first."""
        keys = dict.fromkeys(
            (hit.passage.article_id, index)
            for hit in hits
            for index in range(hit.passage.first, hit.passage.last + 1)
        )
        sentences = [
            sentence
            for article_id, index in keys
            if not (sentence := library.sentences(article_id)[index]).heading
        ]
        if not sentences:
            return Reading((), 0.0)
        texts = [cut(sentence, library) for sentence in sentences]
        vectors = self._embedder.encode([question, *texts])
        cosines = vectors[1:] @ vectors[0]
        asked = set(terms(question))
        words = [frozenset(terms(text)) for text in texts]
        rarity = _rarity(asked, words)
        scored = [
            ScoredSentence(sentence, _score(float(cosine), _share(asked, own, rarity)))
            for sentence, cosine, own in zip(sentences, cosines, words, strict=True)
        ]
        # Stable: equal sentences keep the order of their passages.
        scored.sort(key=lambda one: -one.score)
        return Reading(tuple(scored), scored[0].score)


def _score(cosine: float, overlap: float) -> float:
    """0 to 1: the logistic of the weighted sum."""
    return 1 / (1 + math.exp(-OFFSET - COSINE * cosine - OVERLAP * overlap))


def _rarity(asked: set[str], sentences: Iterable[frozenset[str]]) -> dict[str, float]:
    """Inverse document frequency of the question's words over the retrieved sentences."""
    counts: Counter[str] = Counter()
    total = 0
    for words in sentences:
        total += 1
        counts.update(asked & words)
    return {word: math.log((total + 1) / (counts[word] + 0.5)) for word in asked}


def _share(asked: set[str], words: frozenset[str], rarity: Mapping[str, float]) -> float:
    whole = sum(rarity[word] for word in asked)
    return sum(rarity[word] for word in asked & words) / whole if whole > 0 else 0.0
