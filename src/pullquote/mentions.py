"""What a question names: its numbers and its names, which a text that answers should name too."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pullquote.terms import terms
from pullquote.types import Library, Sentence

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
#: A word with a capital, not at the start: the first word has one whatever it is.
_NAME = re.compile(r"(?<=\s)[\"“‘'(]*([A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŐŘŚŞŠŰŹŻŽ][\w’'-]*)")


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text, as they are written but for the marks between thousands."""
    return frozenset(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", it) for it in _NUMBER.findall(text))


def names(text: str) -> frozenset[str]:
    """The stems of the words that have a capital inside the text."""
    return frozenset(stem for it in _NAME.findall(text) for stem in terms(it) if not stem.isdigit())


def missing(wanted: frozenset[str], found: frozenset[str]) -> float:
    """The share of ``wanted`` that is not among ``found``; 0 when nothing is wanted."""
    return len(wanted - found) / len(wanted) if wanted else 0.0


class Around(NamedTuple):
    """The share of the question's words that stand in a sentence or beside it (``nearby``).

    Then the shares of its names and numbers that are *missing* there, and in the whole article.
    """

    nearby: float
    names_nearby: float
    numbers_nearby: float
    names_article: float
    numbers_article: float


class Surroundings:
    """What of a question stands around a sentence."""

    def __init__(self, question: str, library: Library) -> None:
        self._library = library
        self._terms = frozenset(terms(question))
        self._names = names(question)
        self._numbers = numbers(question)

    def of(self, sentence: Sentence) -> Around:
        """What stands in the sentence or beside it, and in its whole article."""
        article = self._library.article(sentence.article_id)
        sentences = self._library.sentences(sentence.article_id)
        beside = sentences[max(0, sentence.index - 1) : sentence.index + 2]
        near = article.text[beside[0].start : beside[-1].end]
        near_terms, near_numbers = _mentioned(near)
        all_terms, all_numbers = _mentioned(article.text)
        return Around(
            nearby=1 - missing(self._terms, near_terms),
            names_nearby=missing(self._names, near_terms),
            numbers_nearby=missing(self._numbers, near_numbers),
            names_article=missing(self._names, all_terms),
            numbers_article=missing(self._numbers, all_numbers),
        )


@lru_cache(maxsize=4096)
def _mentioned(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The terms and the numbers of a text that is asked about again and again."""
    return frozenset(terms(text)), numbers(text)
