"""Finds parts and values of the elements of a Word file."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.ingest.formats.tree import Element, local_name

#: Elements without visible text: deleted or moved-away text, field codes, properties.
UNREAD = frozenset(
    ("del", "movefrom", "instrtext", "delinstrtext", "deltext", "ppr", "rpr", "sdtpr", "sdtendpr")
)


def chosen(parent: Element) -> Iterator[Element]:
    """The children of ``parent``; of alternatives, the first choice or else the fallback."""
    for child in parent:
        if local_name(child) != "alternatecontent":
            yield child
            continue
        choice = descendant(child, "choice")
        found = choice if choice is not None and len(choice) else descendant(child, "fallback")
        if found is not None:
            yield from chosen(found)


def descendant(element: Element, *names: str) -> Element | None:
    """The descendant reached by following ``names``, one level per name; ``None`` if missing."""
    for name in names:
        element = next((child for child in element if local_name(child) == name), None)
        if element is None:
            return None
    return element


def value_of(element: Element, name: str = "val") -> str | None:
    """The value of an attribute, whatever its namespace; ``None`` if it is missing."""
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), None)


def value_at(element: Element, *names: str) -> str | None:
    """The value of the descendant reached by ``names``; ``None`` if one of them is missing."""
    found = descendant(element, *names)
    return None if found is None else value_of(found)
