"""The blocks of a web page: the smallest elements that hold a run of text, and what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.ingest.formats.tree import BLOCKS, Element, walk

_BLOCK = BLOCKS | {"li", "tr", "td", "th", "caption", "legend", "option", "html", "picture"}
#: Written by :func:`blocks` around text that stands between blocks.
ANONYMOUS = "anonymous"
#: Words of a paragraph whose loss is worth a warning.
WORDS = 12
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ENDS = re.compile(r"[.!?…。！？।۔؟:;]['\"”’»)\]\s]*\Z")
_SPACE = re.compile(r"\s+")


@dataclass(eq=False, slots=True)
class Block:
    """A leaf of the page. ``links`` are the words of it that lead elsewhere."""

    element: Element
    text: str
    words: int
    links: int
    #: Its letters and digits, to compare by.
    key: str
    #: Why it is not in the text, or nothing; and why it would not be outside the article.
    out: str = ""
    doubt: str = ""
    #: Whether an extractor takes it for the article's.
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
        """Whether it ends as a sentence does."""
        return bool(_ENDS.search(self.text))

    @property
    def prose(self) -> bool:
        """Whether it is made of sentences."""
        if self.heading or self.linked > 0.5:
            return False
        return (self.ended and self.words >= 4) or self.words >= 20

    @property
    def paragraph(self) -> bool:
        """Whether it is a whole paragraph, as the author wrote it, of some length."""
        own = self.element.get(ANONYMOUS) is None and self.tag in ("p", "blockquote", "li")
        return own and self.ended and self.words >= WORDS and self.linked < 0.3


def key_of(text: str) -> str:
    """``text`` without anything but letters and digits, to compare by."""
    return "".join(char for char in text.casefold() if char.isalnum())


def is_in(element: Element, scope: Element) -> bool:
    """Whether an element is ``scope`` or below it."""
    return element is scope or any(parent is scope for parent in element.iterancestors())


def blocks(root: Element) -> list[Block]:
    """All leaves below ``root`` that hold words, in order; loose text gets an element of its own.

    A table is a leaf as a whole.
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
        text = _SPACE.sub(" ", "".join(element.itertext())).strip()
        if any(char.isalnum() for char in text):
            found.append(Block(element, text, _words(text), _linked(element), key_of(text)))
    return found


def _words(text: str) -> int:
    # Chinese and Japanese put no spaces: two characters are about a word.
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

    Every element that has a block below it is marked ``holds``, so that no leaf has one.
    """
    holders: list[Element] = []
    for event, element in walk(root):
        if event == "end" and any(child.get("holds") or child.tag in _BLOCK for child in element):
            element.set("holds", "1")
            holders.append(element)
    if root.get("holds") is None:
        return
    for holder in holders:
        run: list[Element] = []
        if holder.text and holder.text.strip():
            run.append(_new(holder, 0, holder.text))
            holder.text = None
        for child in list(holder):
            if child in run:
                continue
            is_block = child.get("holds") or child.tag in _BLOCK
            if is_block:
                run = []
                if child.tail and child.tail.strip():
                    run.append(_new(holder, holder.index(child) + 1, child.tail))
                    child.tail = None
            elif run:
                run[0].append(child)
            elif "".join(child.itertext()).strip() or (child.tail and child.tail.strip()):
                own = _new(holder, holder.index(child), "")
                own.append(child)
                run.append(own)


def _new(parent: Element, place: int, text: str) -> Element:
    own = parent.makeelement("p", {ANONYMOUS: "1"})
    own.text = text
    parent.insert(place, own)
    return own
