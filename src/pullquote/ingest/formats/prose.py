"""Joins blocks of text into one text, with paragraphs that the segmenter recognises."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import TypeAlias

from pullquote.text.segment import split
from pullquote.text.segment.paragraphs import LONGEST_HEADING, paragraphs
from pullquote.types import Article, Sentence

#: White space from source formatting. No-break spaces are intentional and stay.
_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")

#: A cell longer than this holds prose, and its table is only layout.
_CELL_OF_A_TABLE = 200

#: An intentional line break in text that is being collected.
BREAK = "\v"

#: A paragraph of a table cell, and whether it is a heading.
Piece: TypeAlias = tuple[str, bool]

_TWO_BREAKS = re.compile(rf"{BREAK}[\s]*{BREAK}")


class Prose:
    """Collects paragraphs, list items and table rows, in order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        #: Where the headings are among the parts.
        self._headings: list[int] = []
        self._in_list = False

    def paragraph(self, text: str) -> None:
        """Add a paragraph; :data:`BREAK` twice ends it and begins another."""
        for piece in _TWO_BREAKS.split(text):
            lines = [_SPACE.sub(" ", line).strip() for line in piece.split(BREAK)]
            if joined := "\n".join(line for line in lines if line):
                self._add(joined, item=False)

    def heading(self, text: str) -> None:
        """Add a heading, on one line; one as long as a paragraph is added as a paragraph."""
        for piece in _TWO_BREAKS.split(text):
            joined = _SPACE.sub(" ", piece).strip()
            if len(joined) > LONGEST_HEADING:
                self.paragraph(piece)
            elif joined:
                self._add(joined, item=False)
                self._headings.append(len(self._parts) - 1)

    def item(self, text: str) -> None:
        """Add a list item. It gets a marker, which the segmenter skips and never quotes."""
        if joined := _SPACE.sub(" ", text.replace(BREAK, " ")).strip():
            self._add(f"- {joined}", item=True)

    def row(self, cells: Iterable[Iterable[Piece]]) -> None:
        """Add a table row: one item, with tabs between its cells.

        If a cell is long, or the only one and of several paragraphs, the table is layout, and each
        paragraph is added as one. A heading that would be a sentence of the item, such as a
        question, is added as a heading.
        """
        tidy = [[(_SPACE.sub(" ", text).strip(), heading) for text, heading in c] for c in cells]
        kept = [pieces for cell in tidy if (pieces := [piece for piece in cell if piece[0]])]
        long = any(len(" ".join(text for text, _ in cell)) > _CELL_OF_A_TABLE for cell in kept)
        if long or (len(tidy) == len(kept) == 1 and len(kept[0]) > 1):
            for text, heading in chain(*kept):
                (self.heading if heading else self.paragraph)(text)
            return
        for text, heading in _items(kept):
            if heading:
                self.heading(text)
            else:
                self._add(f"- {text}", item=True)

    def text(self) -> str:
        """All text added, with a blank line between paragraphs.

        A heading that the segmenter would take for a sentence, such as a question, gets Markdown's
        mark. The mark is never quoted, and neither is the heading. Others stay as they are, because
        the digest of an article changes with its text.
        """
        plain = "".join(self._parts)
        seen = {p.units for p in paragraphs(plain, 0) if p.heading} if self._headings else set()
        places = [0, *accumulate(map(len, self._parts))]
        marked = list(self._parts)
        for number in self._headings:
            if ((places[number], places[number + 1]),) not in seen:
                marked[number] = f"# {marked[number]}"
        return "".join(marked)

    def _add(self, text: str, *, item: bool) -> None:
        if self._parts:
            self._parts.append("\n" if item and self._in_list else "\n\n")
        self._parts.append(text)
        self._in_list = item


def _items(cells: Iterable[Iterable[Piece]]) -> Iterator[Piece]:
    """A row as one item, cut at each heading that would be a sentence of it."""
    # A piece, with what parts it from the one before: another cell, or another paragraph.
    pieces = [
        (" " if number else "\t", text, heading)
        for cell in cells
        for number, (text, heading) in enumerate(cell)
    ]
    sentences: Sequence[Sentence] = ()
    if any(heading for *_, heading in pieces):
        item = "-" + "".join(parting + text for parting, text, _ in pieces)
        sentences = split(Article("", "", None, None, None, item))
    starts = [sentence.start for sentence in sentences]
    end = 1
    run = ""
    for parting, text, heading in pieces:
        first = bisect_left(starts, end + 1)
        end += 1 + len(text)
        if not heading or first == len(starts) or sentences[first].end > end:
            run += parting + text
            continue
        if run:
            yield run[1:], False
        run = ""
        yield text, True
    if run:
        yield run[1:], False
