"""Whether models find a written sentence supported, besides what the rules see."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pullquote.answering.drift.words import stems, words
from pullquote.types import Embedder

#: The least share of a sentence's words that stand in its sources, and of a part of it.
MIN_SHARE, MIN_PART = 0.5, 0.3

#: The least cosine of the embeddings of a sentence and its sources.
MIN_COSINE = 0.6

#: How sure a reader must be of both answers before they are compared.
MIN_MARGIN = -2.0

_PARTS = re.compile(r"[,;:—–]|\b(?:and|but|while|because|although|which|who|so)\b")


#: The words of a text that answer a question best, and how sure that is, in logits over none.
Find = Callable[[str, str], tuple[str, float]]


def supported(written: str, sources: Sequence[str], embedder: Embedder) -> bool:
    """Whether the sentence is about what its sources are about, and no part of it is added."""
    known = frozenset().union(*(stems(words(it)) for it in sources))
    if _share(written, known) < MIN_SHARE:
        return False
    if any(_share(part, known, 3) < MIN_PART for part in _PARTS.split(written)):
        return False
    vectors = embedder.encode([written, " ".join(sources)])
    return float(vectors[0] @ vectors[1]) >= MIN_COSINE


def answers_alike(written: str, sources: Sequence[str], question: str, find: Find) -> bool:
    """Whether a reader, asked the same, finds the same answer in the sentence and in its sources.

    Where it finds none in one of them there is nothing to compare. The idea is that of Wang, Cho
    and Lewis, "Asking and Answering Questions to Evaluate the Factual Consistency of Summaries",
    ACL 2020.
    """
    one, other = find(written, question), find(" ".join(sources), question)
    if min(one[1], other[1]) < MIN_MARGIN:
        return True
    said, known = stems(words(one[0])), stems(words(other[0]))
    return not said or not known or bool(said & known)


def _share(text: str, known: frozenset[str], least: int = 1) -> float:
    """The share of the text's words that are known; 1 of a text with less than ``least`` words."""
    own = stems(words(text))
    return len(own & known) / len(own) if len(own) >= least else 1.0
