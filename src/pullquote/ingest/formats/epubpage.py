"""Reduces a book page to its visible text, without page numbers and note marks."""

from __future__ import annotations

import re
from collections.abc import Set

from pullquote.ingest.formats.beside import text_after, text_before
from pullquote.ingest.formats.formulas import write_formulas
from pullquote.ingest.formats.quotemarks import put_marks
from pullquote.ingest.formats.raised import is_mark, is_sign, read_raised
from pullquote.ingest.formats.stylesheets import HIDES, RAISES, STRIKES, select
from pullquote.ingest.formats.tree import Element, local_name

#: Struck-out text, annotations above other text, and what is shown only instead of a fallback.
_UNREAD = frozenset(("del", "s", "strike", "rtc", "case"))

#: EPUB types and ARIA roles of page breaks and note marks.
_BESIDE_TEXT = frozenset(
    ("pagebreak", "noteref", "backlink", "doc-pagebreak", "doc-noteref", "doc-backlink")
)

#: Class and id names of page numbers in books before EPUB 3.
_PAGE_NAME = re.compile(r"(?:page|pg|folio)(?:[-_]?(?:num(?:ber)?|no|break|\w{0,2}\d+))?", re.I)
_PAGE_NUMBER = re.compile(
    r"[\[({]?\s*(?:p(?:age|g)?\.?\s*)?(?:\d{1,4}|[ivxlc]{1,8})\s*[\])}]?", re.I
)


def show(body: Element, hidden: Set[str], raised: Set[str]) -> None:
    """Remove from ``body`` what is not visible text, and write exponents and formulas as text.

    ``hidden`` and ``raised`` are the classes and ids that the page's style sheets hide and raise.
    """
    write_formulas(body)
    for element in list(body.iter()):
        name = local_name(element)
        if not name or element is body:
            continue
        if name in _UNREAD or _is_unseen(element, hidden) or _is_beside_text(element):
            _replace(element, "")
        elif name == "sup" or (name == "span" and _is_raised(element, raised)):
            sign = _text(element).strip()
            _replace(element, read_raised(text_before(element), sign, text_after(element)))
    put_marks(body)


def _text(element: Element) -> str:
    return "".join(element.itertext())


def _is_unseen(element: Element, hidden: Set[str]) -> bool:
    style = element.get("style") or ""
    return (
        element.get("hidden") is not None
        or bool(style and (HIDES.search(style) or STRIKES.search(style)))
        or select(hidden, element)
    )


def _is_raised(element: Element, raised: Set[str]) -> bool:
    said = RAISES.search(element.get("style") or "") is not None or select(raised, element)
    return said and is_sign(_text(element).strip())


def _is_beside_text(element: Element) -> bool:
    """Whether an element is a page number, a note mark, or a link back from a note."""
    roles = element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or ""
    if not _BESIDE_TEXT.isdisjoint((*roles.split(), *(element.get("role") or "").split())):
        return True
    names = [*(element.get("class") or "").split(), element.get("id") or ""]
    if any(map(_PAGE_NAME.fullmatch, names)):
        return _PAGE_NUMBER.fullmatch(_text(element).strip()) is not None
    # Note marks such as "<a href='#n1'>[1]</a>", or raised ones.
    if local_name(element) != "a" or "#" not in (element.get("href") or ""):
        return False
    text = _text(element).strip()
    raised = any(local_name(child) == "sup" for child in element)
    return is_mark(text) and (raised or text.startswith("["))


def _replace(element: Element, text: str) -> None:
    """Replace an element by ``text``; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    text += element.tail or ""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)
