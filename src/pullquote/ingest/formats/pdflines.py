"""The printed lines of a document -> its paragraphs.

A page has no paragraphs, only lines at places. Lines are joined unless something says that a
paragraph ends: a wider gap, other type, an indent, a bullet, or a short line with a full stop.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

#: A gap between baselines this many times the usual one ends a paragraph. Type is set with gaps
#: that differ by some hundredths, and with half a line or more between paragraphs.
_GAP = 1.25
_GAP_IN_SENTENCE = 2.0

#: Type this much larger or smaller is a heading's or a caption's.
_TYPE = 0.1

#: An indent of a first line, in heights of its type. Two thirds is less than any printer's.
_INDENT = 0.66

#: A last line is shorter than this part of the usual one; longer ones cannot be told.
_SHORT = 0.8

#: Lines at the top and the bottom of a page that may be running ones, and how many pages must
#: share one.
_EDGE = 2
_SHARED_BY = 3

_BULLET = re.compile(r"[•‣▪●◦–*-]\s")
_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(
    r"(?:page|p\.)?\s*[-–—]?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*[-–—]?\Z", re.I
)
_ENDS = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*\Z")
_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010]\Z")
_CONTINUED = re.compile(r"([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: where its baseline begins, in points from the lower left, and its size."""

    text: str
    x: float
    y: float
    size: float


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of a document, its running heads and page numbers left out.

    A word divided at a line's end is put together: without its hyphen, unless the document
    writes it with one elsewhere and nowhere without.
    """
    kept = _without_running_lines(pages)
    lines = [line for page in kept for line in page]
    if not lines:
        return []
    gaps = [
        gap
        for page in kept
        for above, below in pairwise(page)
        if 0 < (gap := above.y - below.y) < 3 * above.size
    ]
    usual_gap = median(gaps) if gaps else 0.0
    usual_length = median(len(line.text) for line in lines)
    words = Counter(word for line in lines for word in _WORD.findall(line.text.lower()))
    found: list[str] = []
    before: Line | None = None
    for page in kept:
        for line in page:
            if before is None or _begins(before, line, usual_gap, usual_length):
                found.append(line.text)
            else:
                found[-1] = _joined(found[-1], line.text, words)
            before = line
    return [paragraph.replace("\u00ad", "") for paragraph in found]


def _begins(before: Line, line: Line, usual_gap: float, usual_length: float) -> bool:
    """Whether ``line`` begins a paragraph."""
    ended = _ENDS.search(before.text) is not None
    gap = before.y - line.y
    if abs(line.size - before.size) > _TYPE * max(before.size, line.size):
        return True
    if _BULLET.match(line.text):
        return True
    if gap < -0.5 * line.size or gap > 10 * line.size:  # a new column or page
        return ended or not line.text[:1].islower()
    # A line that goes on in lower case was most likely only set apart.
    goes_on = not ended and line.text[:1].islower()
    if usual_gap and gap > (_GAP_IN_SENTENCE if goes_on else _GAP) * usual_gap:
        return True
    if gap > 0 and line.x - before.x > _INDENT * line.size and not _BULLET.match(before.text):
        return True
    return ended and len(before.text) < _SHORT * usual_length


def _joined(text: str, following: str, words: Counter[str]) -> str:
    if text.endswith("\u00ad"):
        return text[:-1] + following
    first = _HYPHENATED.search(text)
    second = _CONTINUED.match(following)
    if not first or not second or not following[0].islower():
        # "the U.S.-\nbacked" and "1998-\n2004" keep their hyphen, and get no space.
        return text + following if re.search(r"[^\s-][-\u2010]\Z", text) else f"{text} {following}"
    start, end = first[1].lower(), second[1].lower()
    if words[f"{start}-{end}"] and not words[start + end]:
        return text + following
    return text[:-1] + following


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    shared = Counter(key for page in pages for key in {_key(page[i]) for i in _edges(page)})
    kept = []
    for page in pages:
        dropped = {
            i
            for i in _edges(page)
            if shared[_key(page[i])] >= _SHARED_BY
            or (len(pages) > 1 and _NUMBERED.match(page[i].text))
        }
        kept.append([line for i, line in enumerate(page) if i not in dropped])
    return kept


def _key(line: Line) -> tuple[str, int]:
    """Equal for the same line on another page, whatever its number, at the same height."""
    return _DIGITS.sub("#", line.text), round(line.y)


def _edges(page: Sequence[Line]) -> set[int]:
    """The lines that stand highest and lowest, wherever they stand in the file."""
    by_height = sorted(range(len(page)), key=lambda i: page[i].y)
    return {*by_height[:_EDGE], *by_height[-_EDGE:]}
