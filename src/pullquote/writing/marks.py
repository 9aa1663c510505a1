"""Parses the citation marks of language models: [1], [1, 2], [^1], [Sentence 1], 【1†L2】, (1)."""

from __future__ import annotations

import re

_LABEL = r"(?:(?:sentences?|sources?|citations?|quotes?|refs?)\s*:?\s*)?[\^#]?"
_LIST = rf"{_LABEL}\d{{1,4}}(?:\s*(?:[,;&–-]|and)\s*{_LABEL}\d{{1,4}})*"

#: Marks in square brackets (plain, doubled, escaped or linked), East Asian brackets or ``<sup>``.
_SQUARE = (
    rf"(?:\\?\[\[?\s*{_LIST}\s*\\?\]\]?(?:\([^()\s]*\))?"
    rf"|[【［]\s*{_LIST}\s*(?:†[^】］\n]{{0,40}})?[】］]"
    rf"|<sup>\W{{0,2}}{_LIST}\W{{0,2}}</sup>)"
)

#: Marks in round brackets. These may also be somebody's age.
_ROUND = rf"[(（]\s*{_LABEL}\d{{1,2}}(?:\s*(?:[,;&–-]|and)\s*{_LABEL}\d{{1,2}})*\s*[)）]"


def _runs(mark: str) -> re.Pattern[str]:
    """A pattern for a run of marks that directly follow one another."""
    joint = r"[^\S\n]*(?:(?:[,;&]|and)[^\S\n]*)?"
    return re.compile(rf"[^\S\n]*{mark}(?:{joint}{mark})*", re.IGNORECASE)


_SQUARES, _ROUNDS = _runs(_SQUARE), _runs(_ROUND)

#: Finds marks of any form, in a text that is still incomplete.
MARKS = _runs(f"(?:{_SQUARE}|{_ROUND})")

#: The characters that a mark may begin with. At the end of a piece, another mark may follow.
OPENS = "[(【［（<\\"

#: A range of more numbers than this stands only for its two ends.
_WIDEST = 20


def marks_of(line: str) -> re.Pattern[str]:
    """The pattern for the marks of a whole line; round brackets count only without square ones."""
    return _SQUARES if _SQUARES.search(line) else _ROUNDS


def numbers(marks: str) -> tuple[int, ...]:
    """The numbers in ``marks``, each once, in order; "1-3" gives three numbers."""
    plain = re.sub(r"†[^】］]*|\]\([^()]*\)", "", marks)
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[–-]\s*(\d+))?", plain):
        start, end = int(first), int(last or first)
        found += range(start, end + 1) if 0 <= end - start < _WIDEST else (start, end)
    return tuple(dict.fromkeys(found))
