"""What a question names, which an article that answers should name too."""

from __future__ import annotations

import re
from functools import lru_cache

from pullquote.text.terms import terms
from pullquote.types import Article

#: The capitals of Europe's languages in Latin letters, for a class of characters.
CAPITALS = "A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŐŘŚŞŠŰŹŻŽ"

#: A word with a capital, not at the start: the first word has one whatever it is.
_NAME = re.compile(rf"(?<=\s)[\"“‘'(]*([{CAPITALS}][\w’'-]*)")


def names(text: str) -> frozenset[str]:
    """The stems of the words that have a capital inside the text."""
    return frozenset(
        stem for character in _NAME.findall(text) for stem in terms(character) if not stem.isdigit()
    )


def words_of(article: Article) -> frozenset[str]:
    """All stems of words that the article has: what of a question's names it may be about."""
    return _stems(article.text)


def missing(wanted: frozenset[str], article: Article) -> float:
    """The share of ``wanted`` stems that the article does not have; 0 when nothing is wanted."""
    return len(wanted - _stems(article.text)) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=1024)
def _stems(text: str) -> frozenset[str]:
    """An article is asked about again and again."""
    return frozenset(terms(text))
