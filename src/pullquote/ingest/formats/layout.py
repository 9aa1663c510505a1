"""Turns what only arranges a web page, such as layout tables, into ``div`` elements."""

from __future__ import annotations

import re

from pullquote.ingest.formats.tree import BLOCKS, Element

_BLOCK_STYLE = re.compile(r"(?:^|;)\s*display\s*:\s*block\b", re.I)
#: Elements whose spans may be blocks, and those whose custom elements are.
_LINES = BLOCKS.difference(("h1", "h2", "h3", "h4", "h5", "h6")) | {"li", "td", "th"}
_HOLDERS = ("article", "blockquote", "body", "center", "div", "form", "header", "main", "section")
#: The longest cell of a data table, in characters.
_CELL = 200


def make_blocks(tree: Element) -> None:
    """Make ``div`` elements of spans shown as blocks, and of custom elements that are blocks."""
    for parent in tree.iter():  # parents come before their children
        if parent.tag not in _LINES:
            continue
        loose = any((text or "").strip() for text in (parent.text, *(x.tail for x in parent)))
        for child in parent:
            custom = parent.tag in _HOLDERS and not loose and "-" in str(child.tag)
            if custom or is_shown_as_block(child):
                child.tag = "div"


def is_shown_as_block(element: Element) -> bool:
    """Whether an element is a span that its style puts on lines of its own."""
    style = element.get("style") or ""
    block = element.tag == "span" and _BLOCK_STYLE.search(style) is not None
    return block and "float" not in style  # a drop cap floats


def unpack_layout(tree: Element) -> None:
    """Turn tables that are only used for layout into ``div`` elements."""
    layout = [table for table in tree.iter("table") if _is_layout(table)]
    parts = []
    for part in tree.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"):
        table = part if part.tag == "table" else next(part.iterancestors("table"), None)
        if table is None or table in layout:
            parts.append(part)
    for part in parts:
        part.tag = "div"


def _is_layout(table: Element) -> bool:
    """Whether a table is only used for layout."""
    if table.get("role") in ("presentation", "none"):
        return True
    rows = list(table.iter("tr"))
    cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    if len(cells) <= 1 or all(len(row) <= 1 for row in rows):
        return True
    if any(True for _ in table.iter("th")) and not any(True for _ in table.iter("p", "div")):
        return False
    blocks = ("table", "div", "h1", "h2", "h3", "ul", "ol", "blockquote", "figure", "hr")
    return any(
        len(text := "".join(cell.itertext()).strip()) > _CELL
        or (len(list(cell.iter("p"))) > 1)
        or (text and next(cell.iter(*blocks), None) is not None)
        for cell in cells
    )
