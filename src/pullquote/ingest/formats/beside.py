"""The text beside an element, on the same line."""

from __future__ import annotations

from pullquote.ingest.formats.tree import BLOCKS, Element, local_name

#: Elements that end a line, and how many pieces of a line are examined.
_LINES = BLOCKS | {"li", "td", "th", "br"}
_PIECES = 40


def text_before(element: Element) -> str:
    """The text before an element on the same line."""
    parts: list[str] = []
    while len(parts) < _PIECES:
        previous = element.getprevious()
        if previous is not None:
            parts.append(previous.tail or "")
            if local_name(previous) in _LINES:
                break
            parts.append("".join(previous.itertext()))
            element = previous
            continue
        element = element.getparent()
        if element is None:
            break
        parts.append(element.text or "")
        if local_name(element) in _LINES:
            break
    return "".join(reversed(parts))


def text_after(element: Element) -> str:
    """The text after an element on the same line."""
    parts = [element.tail or ""]
    while len(parts) < _PIECES:
        following = element.getnext()
        if following is not None:
            if local_name(following) in _LINES:
                break
            parts.append("".join(following.itertext()) + (following.tail or ""))
            element = following
            continue
        element = element.getparent()
        if element is None or local_name(element) in _LINES:
            break
        parts.append(element.tail or "")
    return "".join(parts)
