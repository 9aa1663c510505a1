"""Parses the citation marks of language models: [1], [1, 2], [^1], [Source 1], 【1†L2】, (1), ¹."""

from __future__ import annotations

import re
import unicodedata

#: The characters that a mark in brackets may begin with. Behind a mark, another one may follow.
OPENS = "[(【［（<\\"

_WORDS = r"sentences?|sources?|citations?|quotes?|refs?"
_UP_TO = r"(?:[–—-]|to)"


def _list(words: str, digits: int) -> str:
    """A pattern for a list of numbers, each with one of ``words`` in front of it or none."""
    one = rf"(?:(?:{words})\s*:?\s*)?[\^#]?\d{{1,{digits}}}\.?"
    return rf"(?:see\s+)?{one}(?:\s*(?:[,;&]|and|{_UP_TO})\s*{one})*"


# In round brackets, an article may be one of a law, and S3 a car.
_LIST = _list(rf"{_WORDS}|articles?|passages?|s(?=\d)", 4)

#: Marks in square brackets (plain, doubled, escaped or linked), East Asian brackets or ``<sup>``.
_SQUARE = (
    rf"(?:\\?\[\[?\s*{_LIST}\s*\\?\]\]?(?:\([^()\s]*\))?"
    rf"|[【［]\s*{_LIST}\s*(?:†[^】］\n]{{0,40}})?[】］]"
    rf"|<sup>\W{{0,2}}{_LIST}\W{{0,2}}</sup>)"
)

_RAISED = "[¹²³⁰⁴-⁹]{1,2}"

#: Marks that may also be something else: somebody's age, the paragraph of an article, a power.
#: Superscript figures are none after a unit, which is shorter than three letters.
_ROUND = (
    rf"(?:(?<!\d)[(（]\s*{_list(_WORDS, 2)}\s*[)）]|[①-⑳]"
    rf"|(?:(?<=[^\W\d_]{{3}})|(?<=[.,!?。！？”\"’')])){_RAISED}(?:[, ]+{_RAISED})*)"
)


def _runs(mark: str) -> re.Pattern[str]:
    """A pattern for a run of marks that directly follow one another, in round brackets or not."""
    joint = rf"[^\S\n]*(?:(?:[,;&]|and|{_UP_TO})[^\S\n]*)?"
    run = rf"{mark}(?:{joint}{mark})*"
    label = rf"(?:see\s+)?(?:(?:{_WORDS})[:\s]*)?"
    # Most characters open no mark: without the look ahead, each is tried as each kind of mark.
    opens = rf"(?=[{re.escape(OPENS)}①-⑳¹²³⁰⁴-⁹])"
    return re.compile(rf"[^\S\n]*{opens}(?:[(（]\s*{label}{run}\s*[)）]|{run})", re.IGNORECASE)


_SQUARES, _ROUNDS = _runs(_SQUARE), _runs(_ROUND)

#: Finds marks of any form, in a text that is still incomplete.
MARKS = _runs(f"(?:{_SQUARE}|{_ROUND})")

_LINK = r"to|in|on|from|of|with|by|as|per|via|see"
#: What stands before a mark that is a noun: "according to [1]", "as sentence [2] says", "see [3]".
#: Of 27,174 sentences of the training sets, 0.7% end in such a word themselves.
_NEEDS_NOUN = re.compile(
    rf"\b(?:{_LINK})$"
    rf"|(?:^|[.!?…]\W*|\b(?:{_LINK}|and|but|while|that)\s+)(?:{_WORDS}|articles?|passages?)$",
    re.IGNORECASE,
)
#: What stands before one that may also cite what was said: "while [2] says", "[1] says".
_NEEDS_SUBJECT = re.compile(r"(?:^|[.!?…]\W*|\b(?:and|but|while|that))$", re.IGNORECASE)

#: A range of more numbers than this stands only for its two ends.
_WIDEST = 20


def marks_of(line: str) -> re.Pattern[str]:
    """The pattern for the marks of a whole line; others count only without square brackets."""
    return _SQUARES if _SQUARES.search(line) else _ROUNDS


def is_noun(before: str, after: str) -> bool:
    """Whether a mark between these texts is a noun, without which its sentence has a hole.

    In doubt it is one.
    """
    # As much as the forms need; what a model writes may be endless.
    before, after = before.rstrip()[-40:], after.lstrip()
    needs_subject = after[:1].islower() and _NEEDS_SUBJECT.search(before)
    return bool(needs_subject or _NEEDS_NOUN.search(before))


def numbers(marks: str) -> tuple[int, ...]:
    """The numbers in ``marks``, each once, in order; "1-3" gives three numbers."""
    plain = re.sub(r"†[^】］]*|\]\([^()]*\)", "]", re.sub("([①-⑳])", r"[\1]", marks))
    plain = unicodedata.normalize("NFKC", plain)
    found: list[int] = []
    for first, last in re.findall(rf"(\d+)(?:[\s.\])]*{_UP_TO}[\s\[(]*(\d+))?", plain, re.I):
        start, end = int(first), int(last or first)
        found += range(start, end + 1) if 0 <= end - start < _WIDEST else (start, end)
    return tuple(dict.fromkeys(found))
