"""Parses XML and HTML without entities, files or network, and extracts prose from the trees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any, TypeAlias

from lxml import etree, html  # type: ignore[import-untyped]

from pullquote.errors import CorpusError
from pullquote.ingest.formats.encoding import decode_page
from pullquote.ingest.formats.fault import damaged
from pullquote.ingest.formats.prose import BREAK, Piece, Prose

#: An element of a tree; lxml has no type annotations.
Element: TypeAlias = Any

_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))

_ITEMS = frozenset(("li",))
_CELLS = frozenset(("td", "th"))
_ROWS = frozenset(("tr",))
_BREAKS = frozenset(("br",))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_UNREAD = frozenset(("script", "style", "template", "noscript", "svg", "math", "nav", "rt", "rp"))
#: HTML elements that begin on a new line.
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details"),
        *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "ol"),
        *("p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "ul"),
    )
)


def parse_xml(data: bytes, what: str) -> Element:
    """The root of an XML document.

    Entities that a document declares are never expanded, so a few bytes cannot become gigabytes.
    Raises :class:`CorpusError`, whose message begins with ``what``, if it is not XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    with damaged(f"{what} is damaged: its XML cannot be read"):
        return etree.fromstring(data, parser)


def parse_xhtml(data: bytes, what: str) -> Element:
    """The root of an XHTML page. A page that is not well-formed is parsed as HTML."""
    # "&nbsp;" is declared in a DTD that is not loaded.
    try:
        return parse_xml(_NAMED.sub(_numbered, data), what)
    except CorpusError:
        if b"<!ENTITY" in data:  # only used in attacks, or in a DTD
            raise
    with damaged(f"{what} is damaged: its XHTML cannot be read"):
        return parse_html(decode_page(data))


def parse_html(page: str) -> Element:
    """The root of a web page. Raises lxml's exceptions if there is none."""
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    return html.document_fromstring(page.encode(), parser=parser)


def walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield ``("start", element)`` and ``("end", element)`` for all elements, at any depth.

    After a start, the iterator's ``skip_subtree()`` skips the element's descendants.
    """
    found: Iterator[tuple[str, Element]] = etree.iterwalk(root, events=("start", "end"))
    return found


def _numbered(match: re.Match[bytes]) -> bytes:
    char = html5.get(match[1].decode() + ";")
    if char is None or match[1] in _XML_NAMES:
        return match[0]
    return b"".join(b"&#%d;" % ord(point) for point in char)


def local_name(element: Element) -> str:
    """The element's name without its namespace, in lower case; empty for an entity."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def prose_of(root: Element) -> str:
    """The text of ``root``, with blocks as paragraphs, and without scripts and navigation."""
    prose = Prose()
    buffer: list[str] = []
    cells: list[list[Piece]] = []
    depth = 0  # nesting of cells: a table within a cell is part of the cell's text
    headed = 0  # nesting of headings
    marked = False

    def flush() -> None:
        nonlocal marked
        text = "".join(buffer)
        buffer.clear()
        if not text.strip():
            return
        if depth:
            cells[-1].append((text, headed > 0))
            return
        (prose.heading if headed else prose.item if marked else prose.paragraph)(text)
        marked = False

    steps: Any = walk(root)
    for event, element in steps:
        name = local_name(element)
        if event == "start":
            if name in _UNREAD and element is not root:
                steps.skip_subtree()
                continue
            if name in _CELLS:
                flush()
                if depth == 0:
                    cells.append([])
                depth += 1
            elif name in BLOCKS or name in _ITEMS or name in _ROWS:
                flush()
                marked = name in _ITEMS or (marked and name in ("p", "div"))
                headed += _is_heading(element)
            if name in _BREAKS:
                buffer.append(" " if depth else BREAK)
            elif element.text:
                buffer.append(_plain(element.text))
        else:
            if name in _CELLS:
                flush()
                depth -= 1
            elif name in BLOCKS or name in _ITEMS:
                flush()
                headed -= _is_heading(element)
                if name in _ITEMS:
                    marked = False
            if name in _ROWS and depth == 0:
                prose.row(cells)
                cells.clear()
            if element is not root and element.tail:
                buffer.append(_plain(element.tail))
    if cells:
        prose.row(cells)
    flush()
    return prose.text()


def _is_heading(element: Element) -> bool:
    name = local_name(element)
    return name in _HEADINGS or (name in BLOCKS and element.get("role") == "heading")


def _plain(text: str) -> str:
    return text.replace(BREAK, " ")
