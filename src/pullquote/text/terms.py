"""Terms for lexical matching: words in lower case, without stop words, stemmed."""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"\w+(?:[.,]\d+)*", re.UNICODE)

#: Function words. Question words are included: they say what kind of answer is wanted, not what
#: it is about. "not" and "no" are not included: they carry meaning in news.
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about after again against all also am an and any are as at be because been before
        being between both but by can could did do does doing down during each few for from
        further had has have having he her here hers him his how i if in into is it its itself
        just me more most my of off on once only or other our out over own same she should so some
        such than that the their them then there these they this those through to too under until
        up very was we were what when where which while who whom whose why will with would you
        your s t d ll re ve m tell please""",
    )
)

_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of one lower-case word."""
    return str(_stemmer.stemWord(word))


def terms(text: str) -> list[str]:
    """The content words of ``text``, stemmed, in order."""
    words = (word.lower() for word in _WORD.findall(text.replace("’", "'")))
    return [stem(word) for word in words if word not in STOP_WORDS]
