"""Blocks of text -> one text whose paragraphs the segmenter sees."""

from __future__ import annotations

import re

#: White space that a page writes for its source's sake. A no-break space is meant, and stays.
_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")

#: A cell longer than this holds prose, and its row is a matter of layout.
_CELL_OF_A_TABLE = 200

#: A line break that is meant, while text is being collected.
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
        """Add a list item. It gets a mark, which the segmenter steps over and never quotes."""
        if joined := _SPACE.sub(" ", text.replace(BREAK, " ")).strip():
            self._add(f"- {joined}", item=True)

    def row(self, cells: list[str]) -> None:
        """Add a table's row: one item, with tabs between the cells, when they are short."""
        joined = [_SPACE.sub(" ", cell).strip() for cell in cells]
        joined = [cell for cell in joined if cell]
        if any(len(cell) > _CELL_OF_A_TABLE for cell in joined):
            for cell in joined:
                self._add(cell, item=False)
        elif joined:
            self._add("- " + "\t".join(joined), item=True)

    def text(self) -> str:
        """Everything added, with a blank line between paragraphs."""
        return "".join(self._parts)

    def _add(self, text: str, *, item: bool) -> None:
        if self._parts:
            self._parts.append("\n" if item and self._in_list else "\n\n")
        self._parts.append(text)
        self._in_list = item
