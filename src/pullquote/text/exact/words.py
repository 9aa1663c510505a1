"""Splits text into words with the features that tell names from other words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from pullquote.text.terms import STOP_WORDS, stem

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:[’'][^\W\d_]+)*(?:[.,]\d+)*|%")
_ENDING = re.compile(r"(?:[’']s|[’'])$", re.IGNORECASE)
#: Spellings of the same thing, both in common use.
_SAME = {
    "u.s": "us", "usa": "us", "u.k": "uk", "e.u": "eu", "u.n": "un", "percent": "%",
}  # fmt: skip


def word_set(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(re.findall(r"[\w'-]+", text))


@dataclass(frozen=True, slots=True)
class Word:
    """A word: as written, in lower case without a possessive ending (``plain``), and its stem.

    ``clause`` is the number of clauses before it, ``start`` its offset. ``first``: it begins a
    sentence or a quotation, where any word is capitalised.
    """

    text: str
    plain: str
    stem: str
    start: int
    clause: int
    first: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def content(self) -> bool:
        """Whether this is a content word, not a function word."""
        return self.plain not in STOP_WORDS and (len(self.plain) > 1 or not self.plain.isalpha())


_BREAK = re.compile(r"[,;:—–()“”\"]|\s-\s")


def words(text: str) -> list[Word]:
    """The words of ``text`` in order."""
    found: list[Word] = []
    clause, position = 0, 0
    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        if found and _BREAK.search(between):
            clause += 1
        first = not found or bool(re.search(r"[.!?“\"‘:]\s*$", between))
        position = match.end()
        word = match.group()
        plain = _ENDING.sub("", _without_accents(word)).lower().replace("’", "'").rstrip(".")
        plain = _SAME.get(plain, plain)
        found.append(Word(word, plain, stem(plain), match.start(), clause, first))
    return found


def _without_accents(word: str) -> str:
    """ "Krakow" for "Kraków": keyboards differ."""
    return "".join(char for char in normalize("NFD", word) if not combining(char))


def stems(found: Sequence[Word]) -> frozenset[str]:
    """The stems of the content words."""
    return frozenset(word.stem for word in found if word.content)
