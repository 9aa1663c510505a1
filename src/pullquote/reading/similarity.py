"""The baseline reader: scores sentences by their similarity to the question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from pullquote.protocols import Embedder, Library
from pullquote.text.cut import cut
from pullquote.text.terms import terms
from pullquote.types import Hit, Reading, ScoredSentence

#: A logistic regression: the weights of the cosine with the question and of the share of its words,
#: and the intercept. Fitted on 1,500 questions, half of them without an answer, so that a score is
#: about the probability that the sentence is right. Fit again when the embedder changes.
COSINE, OVERLAP, OFFSET = 3.2, 2.1, -4.04


class SimilarityReader:
    """Scores a sentence by how similar it is to the question, in meaning and in words.

    It cannot tell whether a sentence answers, only whether it is about the same thing, and it never
    finds that something is not known. It is the baseline for the judge. Satisfies
    :class:`pullquote.protocols.Reader`.
    """

    name = "similarity-1"
    refuse_below = 0.1
    cite_above = 1.0

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """Score the sentences of ``hits``, best first; ties keep the order of the hits."""
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
        # A stable sort keeps ties in the order of their passages.
        scored.sort(key=lambda one: -one.score)
        return Reading(tuple(scored), scored[0].score)


def _score(cosine: float, overlap: float) -> float:
    """0 to 1: the logistic of the weighted sum."""
    return 1 / (1 + math.exp(-OFFSET - COSINE * cosine - OVERLAP * overlap))


def _rarity(asked: set[str], sentences: Sequence[frozenset[str]]) -> dict[str, float]:
    """Inverse document frequency of the question's words over the retrieved sentences."""
    counts = Counter(word for words in sentences for word in asked & words)
    return {word: math.log((len(sentences) + 1) / (counts[word] + 0.5)) for word in asked}


def _share(asked: set[str], words: frozenset[str], rarity: Mapping[str, float]) -> float:
    whole = sum(rarity[word] for word in asked)
    return sum(rarity[word] for word in asked & words) / whole if whole > 0 else 0.0
