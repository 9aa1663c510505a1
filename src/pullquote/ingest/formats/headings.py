"""Removes from a page's headings what is no part of them, such as permalink signs."""

from __future__ import annotations

import re

from pullquote.ingest.formats.furniture import names
from pullquote.ingest.formats.layout import is_shown_as_block
from pullquote.ingest.formats.tree import Element

_BRACKETED = re.compile(r"\[[^\[\]]{1,20}\]\Z")
#: Class names of a line above a headline, and of the headline itself.
_KICKERS = frozenset(("kicker", "label", "eyebrow", "overline", "category"))
_TITLES = frozenset(("title", "headline", "heading"))


def tidy_headings(tree: Element) -> None:
    """Remove permalink and edit signs, kickers before headlines, and buttons around headings.

    Lines of a heading get a space between them.
    """
    for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        whole = "".join(heading.itertext()).strip()
        for element in list(heading.iter("a", "button", "div", "span")):
            text = "".join(element.itertext()).strip()
            if element.tag == "button" and text == whole:
                element.tag = "span"
                element.set("role", "button")  # still opens what it opened
            elif text != whole and (_is_sign(element, text) or _is_kicker(element, text, whole)):
                element.drop_tree()
            elif is_shown_as_block(element):
                element.tail = f" {element.tail or ''}"


def _is_sign(element: Element, text: str) -> bool:
    """Whether an element is a link that shows only a sign, such as "¶" or "[edit]"."""
    link = next(element.iter("a"), None)
    if link is None:
        return False
    edits = element.tag == "span" or "edit" in f"{text} {link.get('href')}".lower()
    return not any(map(str.isalnum, text)) or (edits and _BRACKETED.match(text) is not None)


def _is_kicker(element: Element, text: str, whole: str) -> bool:
    said = names(element)
    leads = bool(text) and whole.startswith(text) and bool(said & _KICKERS) and not said & _TITLES
    return leads and next(element.iterancestors("h1"), None) is not None
