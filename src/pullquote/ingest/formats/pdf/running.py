"""Pages -> the same without running heads, feet and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pullquote.ingest.formats.pdf.columns import body_size, grouped
from pullquote.ingest.formats.pdf.words import Segment

#: Rows at the top and the bottom of a page that may be running ones, and how many pages must
#: share one.
_EDGE = 4
_SHARED_BY = 2

#: A heading is so much larger than the text; "Chapter 1" and "Chapter 2" are no running heads.
_HEADING = 1.2

#: A lone page number stands so many heights of its type away from the text.
_AWAY = 1.5

#: What stands on so many pages, and on more than half of all, at one place is a watermark.
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
    """The segments of each page but those at its edges that another page has as well.

    Two lines are the same whatever numbers they hold and where on the row they stand; from the
    edge inwards, the first that no other page has ends the search. A page number is left out
    wherever it stands alone at an edge, and so is what most pages have at one place.
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
        # Most of a page is no watermark, whatever other pages say.
        few = _length(marks) < _LITTLE * _length(segments)
        dropped = {id(segment) for segment in marks if few}
        for inwards in (1, -1):
            found = []
            for i in (i for i in _edge(page) if (i >= 0) == (inwards == 1)):
                same = shared[_key(page[i], i >= 0, body)] >= _SHARED_BY
                if not same and not _is_number(page, i, inwards):
                    break
                found.extend(page[i])
            else:  # so many are no heads: two pages with the same text
                if len(page) > _EDGE:
                    continue
            dropped.update(map(id, found))
        kept.append([segment for segment in segments if id(segment) not in dropped])
    return kept


def _length(segments: Sequence[Segment]) -> int:
    return sum(len(segment.text) for segment in segments)


def _edge(rows: Sequence[Sequence[Segment]]) -> list[int]:
    """The rows at the top, counted from 0, and at the bottom, from -1, outermost first."""
    count = min(_EDGE, len(rows))
    return [*range(count), *range(-1, -count - 1, -1)]


def _text(row: Sequence[Segment]) -> str:
    return " ".join(segment.text for segment in row)


def _key(row: Sequence[Segment], top: bool, body: float) -> tuple[bool, str]:
    """Equal for the same line on another page."""
    text = _text(row)
    if _NUMBERED.match(text):
        return top, "#"
    if max(segment.size for segment in row) < _HEADING * body:
        text = _NOT_LETTERS.sub(" ", _DIGITS.sub(" ", text)).strip() or text
    return top, text


def _place(segment: Segment) -> tuple[str, int, int]:
    return segment.text, round(segment.x0), round(segment.y)


def _is_number(rows: Sequence[Sequence[Segment]], i: int, inwards: int) -> bool:
    """The row is a page number, and apart from the text."""
    row = rows[i]
    if not _NUMBERED.match(_text(row)):
        return False
    if len(rows) == 1:
        return False
    beside = rows[i + inwards] if -len(rows) <= i + inwards < len(rows) else row
    return abs(row[0].y - beside[0].y) > _AWAY * row[0].size
