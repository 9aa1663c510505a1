"""The segments of a page -> its lines, column by column, with table rows kept together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pullquote.ingest.formats.pdf.words import Segment

#: The least rows on each side of a gutter.
_ROWS = 2

#: The least width of a gutter, in type heights. It may be narrower (``_GUTTER_OF_MANY``) between
#: columns of prose or if there are ``_MANY`` rows: in two justified lines, gaps between words may
#: line up by chance.
_GUTTER = 1.3
_GUTTER_OF_MANY = 0.6
_MANY = 4

#: If type sizes differ by more than this factor, it is a box next to the text, not a table.
_OTHER_TYPE = 1.15

#: In a column of prose, lines have at least this many words, and fill this share of its width.
_WORDS = 3
_FULL = 0.7

#: The least share of lines, except the first, that continue a sentence in a column of prose.
_GOES_ON = 0.25

#: Two segments further apart than this, in type heights, are separate cells of a row.
_CELL = 2.0

#: Segments whose baselines are closer than ``_LEVEL`` are on one row. A cell continues on the next
#: row if that is closer than ``_NEXT``. Both in type heights.
_LEVEL = 0.35
_NEXT = 1.5

#: Columns are not searched in pages with more segments; a page of tables has some hundreds.
_MAX_SEGMENTS = 3_000

#: The most places where a gutter is tried.
_MAX_PLACES = 150

#: Headings are a smaller share of a document than this, its body text a larger one.
_BODY = 0.25

_LABEL = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]\Z|[•‣▪●◦–—*§-]\Z")

WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. ``x`` and ``y`` are the start of its baseline, in points from lower left.

    ``size`` is its type size. ``row``: it is a table row, with tabs between its cells.
    """

    text: str
    x: float
    y: float
    size: float
    row: bool = False
    bold: bool = False


def body_size(pages: Sequence[Sequence[Segment | Line]]) -> float:
    """The type size of the body text: the largest common one, since notes may be longer."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for piece in page:
            sizes[round(piece.size, 1)] += len(piece.text)
    enough = _BODY * sizes.total()
    large = [size for size, length in sizes.items() if length >= enough]
    return max(large) if large else median(sizes.elements() if sizes else [0.0])


def lines_of(segments: Sequence[Segment]) -> list[Line]:
    """The lines of a page in reading order.

    Columns are found by a gutter that no line crosses.
    """
    if len(segments) > _MAX_SEGMENTS:
        return list(_rows(segments, False))
    return list(_ordered(segments))


def _ordered(segments: Sequence[Segment]) -> Iterator[Line]:
    place = _gutter(segments)
    if place is None:
        yield from _rows(segments, False)
        return
    for band in _bands(segments, place):
        left = [segment for segment in band if segment.x1 <= place]
        right = [segment for segment in band if segment.x0 >= place]
        if not _is_columns(left, right):
            yield from _rows(band, False)
        elif _is_table(left, right):
            yield from _rows(band, True)
        else:
            yield from _ordered(left)
            yield from _ordered(right)


def _gutter(segments: Sequence[Segment]) -> float | None:
    """The position of the gutter with the most segments next to it; ``None`` if there is none."""
    places = sorted({round(segment.x1, 1) + 0.05 for segment in segments})
    places = places[:: max(1, len(places) // _MAX_PLACES)]
    best: tuple[int, float, float] | None = None
    for place in places:
        count = 0
        width = 0.0
        for band in _bands(segments, place):
            left = [segment for segment in band if segment.x1 <= place]
            right = [segment for segment in band if segment.x0 >= place]
            if _is_columns(left, right):
                count += len(band)
                width = max(width, _width(left, right))
        if count and (best is None or (count, width) > best[:2]):
            best = (count, width, place)
    return best[2] if best else None


def _bands(segments: Sequence[Segment], place: float) -> Iterator[list[Segment]]:
    """From top to bottom, groups of segments that all cross ``place``, or all do not."""
    band: list[Segment] = []
    crossing = False
    for segment in sorted(segments, key=lambda segment: -segment.y):
        crosses = segment.x0 < place < segment.x1
        if band and crosses != crossing:
            yield band
            band = []
        crossing = crosses
        band.append(segment)
    if band:
        yield band


def _width(left: Sequence[Segment], right: Sequence[Segment]) -> float:
    return min(s.x0 for s in right) - max(s.x1 for s in left)


def _is_columns(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Whether the two sides are next to each other, with enough rows and space between them."""
    if len(left) < _ROWS or len(right) < _ROWS:
        return False
    size = median(segment.size for segment in (*left, *right))
    width = _width(left, right) / size
    if width < _GUTTER_OF_MANY:
        return False
    top = min(max(s.y for s in left), max(s.y for s in right)) + _LEVEL * size
    bottom = max(min(s.y for s in left), min(s.y for s in right)) - _LEVEL * size
    beside = [grouped([s for s in side if bottom <= s.y <= top]) for side in (left, right)]
    count = min(map(len, beside))
    return count >= _ROWS and (
        width >= _GUTTER or count >= _MANY or all(_is_prose(rows) for rows in beside)
    )


def _is_table(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Whether the sides are cells of the same rows: on the same baselines, and not prose."""
    sizes = [median(segment.size for segment in side) for side in (left, right)]
    if max(sizes) > _OTHER_TYPE * min(sizes):
        return False
    rows = [grouped(side) for side in (left, right)]
    fewer, more = sorted(rows, key=len)
    level = sum(
        any(abs(row[0].y - other[0].y) < _LEVEL * row[0].size for other in more) for row in fewer
    )
    return level >= 0.8 * len(fewer) and not all(map(_is_prose, rows))


def _is_prose(rows: Sequence[Sequence[Segment]]) -> bool:
    """Whether the rows are lines of prose: full, with several words, and continuing sentences."""
    words = [sum(len(WORD.findall(segment.text)) for segment in row) for row in rows]
    widths = [max(s.x1 for s in row) - min(s.x0 for s in row) for row in rows]
    # In scripts without capitals, any letter may continue a sentence.
    goes_on = [
        row[0].text[0] == row[0].text[0].lower() and row[0].text[0].isalpha() for row in rows
    ]
    return (
        median(words) >= _WORDS
        and median(widths) >= _FULL * max(widths)
        and sum(goes_on) >= _GOES_ON * (len(rows) - 1)
    )


def grouped(segments: Sequence[Segment]) -> list[list[Segment]]:
    """The segments grouped into rows, from top to bottom, each row from left to right."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda segment: (-segment.y, segment.x0)):
        if rows and rows[-1][0].y - segment.y < _LEVEL * max(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        row.sort(key=lambda segment: segment.x0)
    return rows


def _rows(segments: Sequence[Segment], table: bool) -> Iterator[Line]:
    """One line for each row. Cells that continue on the next row are joined."""
    before: list[list[Segment]] = []
    for row in grouped(segments):
        cells = _cells(row, table)
        if before and len(before) > 1 and _continues(before, cells):
            for cell in cells:
                over = next(c for c in before if _over(c, cell[0]))
                over.extend(cell)
            continue
        if before:
            yield _line(before)
        before = cells
    if before:
        yield _line(before)


def _cells(row: Sequence[Segment], table: bool) -> list[list[Segment]]:
    cells: list[list[Segment]] = []
    for segment in row:
        last = cells[-1][-1] if cells else None
        gap = segment.x0 - last.x1 if last else 0.0
        label = last is not None and len(cells) == 1 and _LABEL.match(cells[0][0].text)
        # Text that begins with punctuation is no cell: a word before it was probably covered.
        near = gap < _CELL * segment.size or not (segment.text[0].isalnum() or table)
        if last is not None and (label or (not table and near)):
            cells[-1].append(segment)
        else:
            cells.append([segment])
    return cells


def _continues(before: Sequence[Sequence[Segment]], cells: Sequence[Sequence[Segment]]) -> bool:
    """Whether ``cells`` are directly below cells of the row before, except its first cell."""
    last = before[0][0]
    lowest = min(segment.y for cell in before for segment in cell)
    return (
        lowest - cells[0][0].y < _NEXT * last.size
        and len(cells) < len(before)
        and not _over(before[0], cells[0][0])
        and all(any(_over(cell, c[0]) for cell in before) for c in cells)
    )


def _over(cell: Sequence[Segment], segment: Segment) -> bool:
    return abs(cell[0].x0 - segment.x0) < 0.5 * segment.size


def _line(cells: Sequence[Sequence[Segment]]) -> Line:
    first = cells[0][0]
    texts = [" ".join(segment.text for segment in cell) for cell in cells]
    size = max((s for cell in cells for s in cell), key=lambda s: len(s.text)).size
    bold = all(segment.bold for cell in cells for segment in cell)
    return Line("\t".join(texts), first.x0, first.y, size, len(cells) > 1, bold)
