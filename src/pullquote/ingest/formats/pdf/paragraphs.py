"""The lines of a document -> its paragraphs.

A PDF page has no paragraphs, only positioned lines. Lines are joined unless something shows that a
paragraph ends: a wider gap, another type size, an indent, a bullet, or a short line with a full
stop. If a footnote or a caption interrupts a sentence, it is placed after the sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pullquote.ingest.formats.pdf.columns import Line, body_size
from pullquote.ingest.formats.pdf.hyphens import joined

#: A gap between baselines of this many times the usual one ends a paragraph. Line gaps vary by some
#: hundredths, and paragraphs are separated by half a line or more.
_GAP = 1.25
_GAP_IN_SENTENCE = 2.0

#: A line whose type size differs by more than this share is a heading or a caption.
_TYPE = 0.1

#: The type of notes is smaller than that of the text by at least this share.
_NOTE_TYPE = 0.06

#: The least indent of a first line, in type heights. Two thirds is less than printers use.
_INDENT = 0.66

#: A line shorter than this share of the usual length may be the last of its paragraph.
_SHORT = 0.8

_BULLET = re.compile(r"(?:[•‣▪●◦–*-]|\(?\d{1,3}[.)]|\([a-z]\))\s")
_ENDS = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*\Z")
_LEADERS = re.compile(r"(?:\. ?){4,}\s*\d*\Z")
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§])[.)]?\s*(?=[A-Z“\"'‘(])")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of a document, whose pages are given in reading order.

    The marks of footnotes are removed. Words hyphenated at the end of a line are joined.
    """
    body = body_size(pages)
    marked = [list(_without_marks(page, body)) for page in pages]
    measure = _Measure(marked)
    words = Counter(
        word for page in marked for line, _ in page for word in _WORD.findall(line.text.lower())
    )
    found: list[str] = []
    before: Line | None = None
    at = -1  # the paragraph of the line before
    unended: tuple[int, Line] | None = None  # paragraph and last body line, if a sentence is open
    for line, begins in (item for page in marked for item in page):
        is_body = abs(line.size - body) <= _TYPE * body and not line.row
        if line.row and before is not None and before.row:
            found[at] += f"\n- {line.text}"
        elif line.row:
            found.append(f"- {line.text}")
            at = len(found) - 1
        elif before is not None and not before.row and not begins and measure.same(before, line):
            found[at] = joined(found[at], line.text, words)
        elif is_body and unended and unended[1] is not before and measure.on(unended[1], line):
            at = unended[0]
            found[at] = joined(found[at], line.text, words)
        else:
            found.append(line.text)
            at = len(found) - 1
        if is_body:
            unended = None if _ENDS.search(line.text) else (at, line)
        before = line
    return [paragraph.replace("\u00ad", "") for paragraph in found]


class _Measure:
    """The usual gap between baselines, and the usual line length, in a document."""

    def __init__(self, pages: Sequence[Sequence[tuple[Line, bool]]]) -> None:
        gaps = [
            gap
            for page in pages
            for (above, _), (below, _) in pairwise(page)
            if 0 < (gap := above.y - below.y) < 3 * above.size and _alike(above, below)
        ]
        self._gap = median(gaps) if gaps else 0.0
        lengths = [len(line.text) for page in pages for line, _ in page if not line.row]
        self._length = median(lengths) if lengths else 0.0

    def on(self, before: Line, line: Line) -> bool:
        """Whether ``line`` continues the sentence of ``before``, regardless of its position."""
        if _ENDS.search(before.text) or _BULLET.match(line.text):
            return False
        return line.text[:1].islower() or len(before.text) >= _SHORT * self._length

    def same(self, before: Line, line: Line) -> bool:
        """Whether ``line`` belongs to the paragraph of ``before``."""
        ended = _ENDS.search(before.text) is not None
        gap = before.y - line.y
        if not _alike(before, line):
            return False
        if _BULLET.match(line.text) or _LEADERS.search(before.text):
            return False
        if gap < -0.5 * line.size or gap > 10 * line.size:  # a new column or page
            return self.on(before, line)
        # A line that continues in lower case is most likely in the same paragraph.
        goes_on = not ended and line.text[:1].islower()
        if line.bold != before.bold and not goes_on:
            return False
        if self._gap and gap > (_GAP_IN_SENTENCE if goes_on else _GAP) * self._gap:
            return False
        if gap > 0 and line.x - before.x > _INDENT * line.size and not _BULLET.match(before.text):
            return False
        return not (ended and len(before.text) < _SHORT * self._length)


def _alike(one: Line, other: Line) -> bool:
    """Whether both have about the same type size."""
    return abs(one.size - other.size) <= _TYPE * max(one.size, other.size)


def _without_marks(page: Sequence[Line], body: float) -> Iterator[tuple[Line, bool]]:
    """Each line, and whether it is the first line of a footnote; the footnote mark is removed."""
    lowest = min((line.y for line in page if line.size > (1 - _NOTE_TYPE) * body), default=0.0)
    for line in page:
        small = line.size <= (1 - _NOTE_TYPE) * body and line.y < lowest
        mark = _NOTE.match(line.text) if small and not line.row else None
        yield (replace(line, text=line.text[mark.end() :]), True) if mark else (line, False)
