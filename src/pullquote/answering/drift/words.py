"""Text -> words, as all parts of the drift check see them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from pullquote.text.terms import STOP_WORDS, stem

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:[’'][^\W\d_]+)*(?:[.,]\d+)*|%")
_ENDING = re.compile(r"(?:[’']s|[’'])$", re.IGNORECASE)
#: One thing by two names, both in common use.
_SAME = {
    "u.s": "us", "usa": "us", "u.k": "uk", "e.u": "eu", "u.n": "un", "percent": "%",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word: as it stands, its lower-case form without a possessive ending, and its stem.

    ``clause`` counts the clauses before it, ``start`` is its offset; ``first`` stands at the
    beginning of a sentence or a quotation, where any word has a capital.
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
        """Whether the word says anything by itself."""
        return self.plain not in STOP_WORDS and (len(self.plain) > 1 or not self.plain.isalpha())


_BREAK = re.compile(r"[,;:—–()“”\"]|\s-\s|\b(?:and|but|while|because|although|though)\b")
_NEGATED = re.compile(r"n[’']t$", re.IGNORECASE)


def words(text: str) -> list[Word]:
    """The words of ``text`` in order; "didn’t" is "did" and "not"."""
    found: list[Word] = []
    clause, position = 0, 0
    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        if found and _BREAK.search(between):
            clause += 1
        first = not found or bool(re.search(r"[.!?“\"‘:]\s*$", between))
        position = match.end()
        whole = match.group()
        if whole.lower() in (
            "and",
            "but",
            "while",
            "because",
            "although",
            "though",
            "which",
            "who",
        ):
            clause += 1
        for text_ in _parts(whole):
            plain = _ENDING.sub("", _without_accents(text_)).lower().replace("’", "'").rstrip(".")
            plain = _SAME.get(plain, plain)
            found.append(Word(text_, plain, stem(plain), match.start(), clause, first))
    return found


def _without_accents(word: str) -> str:
    """ "Krakow" for "Kraków": keyboards differ."""
    return "".join(it for it in normalize("NFD", word) if not combining(it))


def _parts(word: str) -> list[str]:
    if word.lower() == "cannot":
        return [word[:3], "not"]
    match = _NEGATED.search(word)
    if not match:
        return [word]
    head = {"ca": "can", "wo": "will", "sha": "shall"}.get(
        word[: match.start()].lower(), word[: match.start()]
    )
    return [head, "not"]


def stems(found: Sequence[Word]) -> frozenset[str]:
    """The stems of the content words."""
    return frozenset(it.stem for it in found if it.content)
