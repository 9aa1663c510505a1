"""The names in a question, which an article that answers it should contain too."""

from __future__ import annotations

import re
from functools import lru_cache

from pullquote.text.terms import terms
from pullquote.types import Article

#: The capital letters of European languages in Latin script, for a regex character class.
CAPITALS = "A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŐŘŚŞŠŰŹŻŽ"

#: A capitalised word that is not the first: the first word is always capitalised.
_NAME = re.compile(rf"(?<=\s)[\"“‘'(]*([{CAPITALS}][\w’'-]*)")


def names(text: str) -> frozenset[str]:
    """The stems of the capitalised words, except for the first word of the text."""
    return frozenset(
        stem for character in _NAME.findall(text) for stem in terms(character) if not stem.isdigit()
    )


def missing(wanted: frozenset[str], article: Article) -> float:
    """The share of the ``wanted`` stems that the article lacks; 0 when ``wanted`` is empty."""
    return len(wanted - _stems(article.text)) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=1024)
def _stems(text: str) -> frozenset[str]:
    """The stems of a text, cached because the same articles are used again and again."""
    return frozenset(terms(text))
