"""A sentence terminator and its surroundings: closing marks, brackets, adjacent words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pullquote.text.segment import abbreviations as words
from pullquote.text.segment.characters import (
    BRACKETS_CLOSE,
    QUOTES,
    QUOTES_CLOSE,
    QUOTES_EITHER,
    REACH,
    SPACE,
)

#: An aside in brackets stays whole up to this length; a longer one is split like other text.
_ASIDE_CHARS = 250
_BRACKET = re.compile(r"[()\[\]]")

_CLOSERS = re.compile(f"[{re.escape(QUOTES_CLOSE + QUOTES_EITHER + BRACKETS_CLOSE)}]{{0,{REACH}}}")
_SURE_CLOSERS = re.compile(f"[{re.escape(QUOTES_CLOSE + BRACKETS_CLOSE)}]*")
_SPACED_CLOSE = re.compile(r"[ \u00a0\u202f]([”»\"])(?=\s|$)")
_FOOTNOTES = re.compile(
    r"(?:\[(?:[0-9]{1,3}(?:[,;–-] ?[0-9]{1,3}){0,8}|[a-z][a-z0-9 ,]{0,30})\])*+"
    r"(?:[¹²³⁰⁴-⁹]{1,3}(?:[,˒][¹²³⁰⁴-⁹]{1,3}){0,4}|[†‡§]{1,3})?+(?::[0-9][0-9:–-]{0,20}(?=\s|$))?"
)
_EMOJI = "\U0001f000-\U0001faff☹☺♥❤\u200d\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f"
_TRAILING_EMOJI = re.compile(
    rf"[ \u00a0\u202f]?[\U0001f000-\U0001faff☹☺♥❤][{_EMOJI}]*+(?={SPACE}|$)"
)

_DECIMAL = re.compile(r"\.?\d")


@dataclass(frozen=True, slots=True)
class Stop:
    """A terminator and its surroundings: everything that a rule may use."""

    text: str
    #: The first letter or digit of the sentence so far.
    first: int
    #: Where the terminator begins, and the terminator: ".", "?!", ". . .".
    at: int
    mark: str
    #: Where the sentence would end, after closing quotes, brackets, footnote marks, emoji.
    end: int
    #: What stands between the terminator and ``end``.
    closers: str
    #: Where the next sentence would begin; equal to ``end`` when there is no space between.
    next: int
    #: Where the running text ends.
    limit: int
    #: The word before the terminator: "U.S" before the last full stop of "U.S.".
    token: str
    #: The first word after, past opening quotes and brackets, and where it begins.
    word: str
    word_at: int
    #: Brackets opened within this sentence: whether it would end inside them, or closes them.
    within_aside: bool
    closes_aside: bool

    @property
    def char(self) -> str:
        """The first character after opening quotes and brackets."""
        return self.text[self.word_at] if self.word_at < self.limit else ""

    @property
    def quoted(self) -> bool:
        return any(char in QUOTES for char in self.closers)

    @property
    def plain(self) -> bool:
        return self.mark == "."

    @property
    def asks(self) -> bool:
        return any(char in "!?‼⁇⁈⁉‽" for char in self.mark)

    @property
    def number(self) -> bool:
        return _DECIMAL.match(self.text, self.word_at, self.limit) is not None

    @property
    def starter(self) -> bool:
        """Whether the next word typically begins sentences; not "No." or "In-N-Out"."""
        if not self.word[:1].isupper() or stem(self.word) not in words.STARTERS:
            return False
        end = self.word_at + len(self.word)
        after = self.text[end : min(end + 1, self.limit)]
        return not after.isalnum() and (after == "" or after not in ".-‑&")

    @property
    def opens_sentence(self) -> bool:
        """Whether the word before the terminator is the first of the sentence."""
        return self.at - len(self.token) <= self.first

    def prior(self) -> str:
        """The last word but one before the terminator; "" when there is none."""
        end = self.at - len(self.token)
        while end > self.first and (self.text[end - 1].isspace() or self.text[end - 1] in QUOTES):
            end -= 1
        return word_before(self.text, self.first, end)


def stem(word: str) -> str:
    """ "It’s" -> "it"."""
    return re.split("['’]", word, maxsplit=1)[0].lower()


def word_before(text: str, floor: int, end: int) -> str:
    """The word that ends at ``end``: letters, digits, inner stops; the last part of a compound."""
    start = end
    floor = max(floor, end - REACH)
    while start > floor and (
        text[start - 1].isalnum()
        or text[start - 1] in ".'’&"
        or unicodedata.combining(text[start - 1])
    ):
        start -= 1
    return text[start:end].lstrip(".'’")


def asides(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where short outermost brackets open and close, as two lists in order."""
    waiting: list[int] = []
    pairs: list[tuple[int, int]] = []
    for found in _BRACKET.finditer(text, start, end):
        if found[0] in "([":
            waiting.append(found.start())
        elif waiting and text[waiting[-1]] + found[0] in ("()", "[]"):
            opened = waiting.pop()
            if found.start() - opened <= _ASIDE_CHARS:
                pairs.append((opened, found.start()))
    opens: list[int] = []
    closes: list[int] = []
    for opened, closed in sorted(pairs):
        if not closes or opened > closes[-1]:
            opens.append(opened)
            closes.append(closed)
    return opens, closes


def after_closers(text: str, end: int, limit: int, quote_open: bool) -> int:
    """The position after the closing quotes, brackets, footnote marks and emoji at ``end``.

    An ambiguous quotation mark directly before a letter is an opening one: ``left.“The``. A
    straight quote is a closing one if a quotation is open (``quote_open``).
    """
    run = _CLOSERS.match(text, end, limit)
    stop = run.end() if run else end
    if stop < limit and text[stop].isalnum():
        sure = _SURE_CLOSERS.match(text, end, stop)
        stop = sure.end() if sure else end
        if quote_open and text[stop] == '"':
            stop += 1
    spaced = _SPACED_CLOSE.match(text, stop, limit)
    if spaced and (spaced[1] != '"' or (quote_open and '"' not in text[end:stop])):
        stop = spaced.end()
    for more in (_FOOTNOTES, _TRAILING_EMOJI):
        if found := more.match(text, stop, limit):
            stop = found.end()
    return stop
