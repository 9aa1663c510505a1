"""Joins blocks of text into one text, with paragraphs that the segmenter recognises."""

from __future__ import annotations

import re

#: White space from source formatting. No-break spaces are intentional and stay.
_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")

#: A cell longer than this holds prose, and its table is only layout.
_CELL_OF_A_TABLE = 200

#: An intentional line break in text that is being collected.
BREAK = "\v"


class Prose:
    """Collects paragraphs, list items and table rows, in order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._in_list = False

    def paragraph(self, text: str) -> None:
        """Add a paragraph or a heading; :data:`BREAK` twice ends it and begins another."""
        for piece in re.split(rf"{BREAK}[\s]*{BREAK}", text):
            lines = [_SPACE.sub(" ", line).strip() for line in piece.split(BREAK)]
            if joined := "\n".join(line for line in lines if line):
                self._add(joined, item=False)

    def item(self, text: str) -> None:
        """Add a list item. It gets a marker, which the segmenter skips and never quotes."""
        if joined := _SPACE.sub(" ", text.replace(BREAK, " ")).strip():
            self._add(f"- {joined}", item=True)

    def row(self, cells: list[str]) -> None:
        """Add a table row: one item with tabs between short cells, or a paragraph per long cell."""
        joined = [_SPACE.sub(" ", cell).strip() for cell in cells]
        joined = [cell for cell in joined if cell]
        if any(len(cell) > _CELL_OF_A_TABLE for cell in joined):
            for cell in joined:
                self._add(cell, item=False)
        elif joined:
            self._add("- " + "\t".join(joined), item=True)

    def text(self) -> str:
        """All text added, with a blank line between paragraphs."""
        return "".join(self._parts)

    def _add(self, text: str, *, item: bool) -> None:
        if self._parts:
            self._parts.append("\n" if item and self._in_list else "\n\n")
        self._parts.append(text)
        self._in_list = item
