"""Removes running heads and feet, page numbers and watermarks from pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pullquote.ingest.formats.pdf.columns import body_size, grouped
from pullquote.ingest.formats.pdf.words import Segment

#: How many rows at the top and the bottom of a page may be running lines, and how many pages must
#: share such a row.
_EDGE = 4
_SHARED_BY = 2

#: A heading is at least this much larger than the text. "Chapter 1" and "Chapter 2" as headings are
#: no running heads.
_HEADING = 1.2

#: The least distance of a lone page number from the text, in type heights.
_AWAY = 1.5

#: Text in the same place on this many pages, and on more than half of all, is a watermark, if it
#: is less than ``_LITTLE`` of the page.
_WATERMARK = 3
_LITTLE = 0.2

_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,7}|[A-Z]-\d{1,3})"
_NUMBERED = re.compile(
    rf"(?:page|p\.|seite|pagina|página)?\s*[-–—|·•\[(]*\s*{_NUMBER}"
    r"(?:\s*(?:of|/|von|de|sur|di)\s*\d{1,4})?\s*[-–—|·•\])]*\Z",
    re.I,
)


def without_running_lines(pages: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """The segments of each page, without running lines, page numbers and watermarks.

    Running lines are rows at the edge that another page has too, regardless of numbers in them and
    of horizontal position. The search goes inwards from the edge, up to the first row that no other
    page has. Page numbers are removed if they are alone at an edge.
    """
    body = body_size(pages)
    rows = [grouped(page) for page in pages]
    shared: Counter[tuple[bool, str]] = Counter()
    places: Counter[tuple[str, int, int]] = Counter()
    for page, segments in zip(rows, pages, strict=True):
        shared.update({_key(page[i], i >= 0, body) for i in _edge(page)})
        places.update({_place(segment) for segment in segments})
    kept = []
    for page, segments in zip(rows, pages, strict=True):
        marks = [s for s in segments if places[_place(s)] >= max(_WATERMARK, len(pages) // 2 + 1)]
        # If it is most of a page, it is not a watermark, even if other pages have it too.
        few = _length(marks) < _LITTLE * _length(segments)
        dropped = {id(segment) for segment in marks if few}
        for inwards in (1, -1):
            found = []
            for i in (i for i in _edge(page) if (i >= 0) == (inwards == 1)):
                same = shared[_key(page[i], i >= 0, body)] >= _SHARED_BY
                if not same and not _is_number(page, i, inwards):
                    break
                found.extend(page[i])
            else:  # too many rows for a running head: two pages with the same text
                if len(page) > _EDGE:
                    continue
            dropped.update(map(id, found))
        kept.append([segment for segment in segments if id(segment) not in dropped])
    return kept


def _length(segments: Sequence[Segment]) -> int:
    return sum(len(segment.text) for segment in segments)


def _edge(rows: Sequence[Sequence[Segment]]) -> list[int]:
    """Indices of the rows at the top (0, 1, …) and at the bottom (-1, -2, …), outermost first."""
    count = min(_EDGE, len(rows))
    return [*range(count), *range(-1, -count - 1, -1)]


def _text(row: Sequence[Segment]) -> str:
    return " ".join(segment.text for segment in row)


def _key(row: Sequence[Segment], top: bool, body: float) -> tuple[bool, str]:
    """A key that is equal for the same running line on different pages."""
    text = _text(row)
    if _NUMBERED.match(text):
        return top, "#"
    if max(segment.size for segment in row) < _HEADING * body:
        text = _NOT_LETTERS.sub(" ", _DIGITS.sub(" ", text)).strip() or text
    return top, text


def _place(segment: Segment) -> tuple[str, int, int]:
    return segment.text, round(segment.x0), round(segment.y)


def _is_number(rows: Sequence[Sequence[Segment]], i: int, inwards: int) -> bool:
    """Whether the row is a page number with a distance to the text."""
    row = rows[i]
    if not _NUMBERED.match(_text(row)):
        return False
    if len(rows) == 1:
        return False
    beside = rows[i + inwards] if -len(rows) <= i + inwards < len(rows) else row
    return abs(row[0].y - beside[0].y) > _AWAY * row[0].size
