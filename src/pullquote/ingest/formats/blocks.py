"""Splits a web page into blocks: the smallest block elements that hold text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.ingest.formats.tree import BLOCKS, Element, walk

_BLOCK = BLOCKS | {"li", "tr", "td", "th", "caption", "legend", "option", "html", "picture"}
#: The attribute of elements that :func:`blocks` adds around loose text between blocks.
ANONYMOUS = "anonymous"
#: The least words of a paragraph whose loss is worth a warning.
WORDS = 12
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ENDS = re.compile(r"[.!?…。！？।۔؟:;]['\"”’»)\]\s]*\Z")
_SPACE = re.compile(r"\s+")


@dataclass(eq=False, slots=True)
class Block:
    """A block of text in the page. ``words`` and ``links`` count its words and linked words."""

    element: Element
    text: str
    words: int
    links: int
    #: Its letters and digits only, for comparisons.
    key: str
    #: Why it is left out of the text, or empty. ``doubt`` is why it would be left out if it turns
    #: out to be outside the article's element.
    out: str = ""
    doubt: str = ""
    #: Whether the extractor counts it as part of the article.
    voted: bool = False

    @property
    def tag(self) -> str:
        return str(self.element.tag)

    @property
    def heading(self) -> bool:
        return self.tag in _HEADINGS

    @property
    def linked(self) -> float:
        return self.links / self.words if self.words else 0.0

    @property
    def ended(self) -> bool:
        """Whether it ends like a sentence."""
        return bool(_ENDS.search(self.text))

    @property
    def prose(self) -> bool:
        """Whether it looks like sentences."""
        if self.heading or self.linked > 0.5:
            return False
        return (self.ended and self.words >= 4) or self.words >= 20

    @property
    def paragraph(self) -> bool:
        """Whether it is a complete paragraph of at least :data:`WORDS` words."""
        own = self.element.get(ANONYMOUS) is None and self.tag in ("p", "blockquote", "li")
        return own and self.ended and self.words >= WORDS and self.linked < 0.3


def key_of(text: str) -> str:
    """The letters and digits of ``text``, casefolded, for comparisons."""
    return "".join(char for char in text.casefold() if char.isalnum())


def is_in(element: Element, scope: Element) -> bool:
    """Whether an element is ``scope`` or below it."""
    return element is scope or any(parent is scope for parent in element.iterancestors())


def blocks(root: Element) -> list[Block]:
    """All blocks with words below ``root``, in order. A table is one block.

    Changes the tree: loose text gets an element of its own.
    """
    _wrap_loose(root)
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag not in _BLOCK:
            continue
        if element.tag != "table" and (
            element.get("holds") or next(element.iterancestors("table"), None) is not None
        ):
            continue
        text = _SPACE.sub(" ", "".join(element.itertext()).replace("\u00ad", "")).strip()
        if any(char.isalnum() for char in text):
            found.append(Block(element, text, _words(text), _linked(element), key_of(text)))
    return found


def _words(text: str) -> int:
    # Chinese and Japanese have no spaces: two characters are about one word.
    wide = sum("\u3040" <= char <= "\u9fff" for char in text)
    return len(text.split()) + wide // 2


def _linked(element: Element) -> int:
    inside = next(element.iterancestors("a"), None)
    if inside is not None and inside.get("href"):
        return _words("".join(element.itertext()))
    return sum(
        _words("".join(a.itertext())) for a in element.iter("a") if (a.get("href") or "#")[0] != "#"
    )


def _wrap_loose(root: Element) -> None:
    """Put runs of text and inline elements between blocks into elements of their own.

    Every element with a block below it gets the attribute ``holds``: it is not a block itself.
    """
    holders: list[Element] = []
    for event, element in walk(root):
        if event == "end" and any(child.get("holds") or child.tag in _BLOCK for child in element):
            element.set("holds", "1")
            holders.append(element)
    if root.get("holds") is None:
        return
    for holder in holders:
        run: Element | None = None  # what holds the loose text before
        if holder.text and holder.text.strip():
            run = _anonymous(holder, holder.text)
            holder.text = None
            holder.insert(0, run)
        for child in list(holder):
            if child is run:
                continue
            tail = child.tail or ""
            if child.get("holds") or child.tag in _BLOCK:
                run = None
                if tail.strip():
                    run = _anonymous(holder, tail)
                    child.tail = None
                    child.addnext(run)
                continue
            if run is None and ("".join(child.itertext()) + tail).strip():
                run = _anonymous(holder, "")
                child.addprevious(run)
            if run is not None:
                run.append(child)


def _anonymous(parent: Element, text: str) -> Element:
    own = parent.makeelement("p", {ANONYMOUS: "1"})
    own.text = text
    return own
