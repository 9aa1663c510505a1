"""The measures for one question: pure functions, small enough to check by hand."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

from pullquote.evaluate.gold import Place

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "‘’“”–—…")


def citation_precision(cited: Sequence[Place], right: Sequence[Place]) -> float:
    """The share of citations that meet a right place. Needs at least one citation."""
    return sum(any(item.meets(place) for place in right) for item in cited) / len(cited)


def citation_recall(cited: Sequence[Place], groups: Sequence[Sequence[Place]]) -> float:
    """The share of groups with a cited place. Needs at least one group."""
    met = sum(any(item.meets(place) for item in cited for place in group) for group in groups)
    return met / len(groups)


def rank_of_evidence(passages: Sequence[Place], evidence: Sequence[Place]) -> int | None:
    """The rank, from 1, of the first passage that holds evidence; ``None`` if none does."""
    for rank, passage in enumerate(passages, start=1):
        if any(passage.meets(place) for place in evidence):
            return rank
    return None


def has_words(reference: str) -> bool:
    """Whether a reference has words that count; without any, every answer would contain it."""
    return bool(_words(reference))


def token_f1(answer: str, reference: str) -> float:
    """The F1 score of the answer's words, as in SQuAD's own evaluation.

    Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016.
    Case, punctuation and the words "a", "an" and "the" do not count.
    """
    given, wanted = _words(answer), _words(reference)
    if not given or not wanted:
        return float(given == wanted)
    shared = (Counter(given) & Counter(wanted)).total()
    return 2 * shared / (len(given) + len(wanted))


def contains(answer: str, reference: str) -> bool:
    """Whether the answer contains the words of the reference, consecutively."""
    given, wanted = _words(answer), _words(reference)
    size = len(wanted)
    return any(given[i : i + size] == wanted for i in range(len(given) - size + 1))


def _words(text: str) -> list[str]:
    plain = text.casefold().translate(_PUNCTUATION)
    return _ARTICLES.sub(" ", plain).split()
