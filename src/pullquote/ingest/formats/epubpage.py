"""Reduces a book page to its visible text, without page numbers and note marks."""

from __future__ import annotations

import re
from collections.abc import Set

from pullquote.ingest.formats.raised import is_mark, read_raised
from pullquote.ingest.formats.tree import Element, local_name

_STRUCK = frozenset(("del", "s", "strike", "rtc"))

#: EPUB types and ARIA roles of page breaks and note marks.
_BESIDE_TEXT = frozenset(
    ("pagebreak", "noteref", "backlink", "doc-pagebreak", "doc-noteref", "doc-backlink")
)

#: Class and id names of page numbers in books before EPUB 3.
_PAGE_NAME = re.compile(r"(?:page|pg|folio)(?:[-_]?(?:num(?:ber)?|no|break|\w{0,2}\d+))?", re.I)
_PAGE_NUMBER = re.compile(
    r"[\[({]?\s*(?:p(?:age|g)?\.?\s*)?(?:\d{1,4}|[ivxlc]{1,8})\s*[\])}]?", re.I
)

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_STRUCK_OUT = re.compile(r"text-decoration[a-z-]*\s*:[^;}]{0,100}line-through", re.I)

_BRACE = re.compile(r"[{}]")
_SELECTOR = re.compile(r"\s*[a-z0-9]*([.#][\w-]+)\s*", re.I)


def hiding(css: str) -> frozenset[str]:
    """The classes (".x") and ids ("#x") that a style sheet hides or strikes out.

    Rules within "@media" are ignored, since they are for certain devices. So are selectors of more
    than a class or an id, since they apply only in certain places.
    """
    first, *commented = css.split("/*")
    plain = first + "".join(part.partition("*/")[2] for part in commented)
    found: set[str] = set()
    start = depth = 0
    selectors = ""
    for brace in _BRACE.finditer(plain):
        text = plain[start : brace.start()]
        start = brace.end()
        if brace[0] == "{":
            depth += 1
            selectors = text if depth == 1 else ""
            continue
        if depth == 1 and (_UNSEEN.search(text) or _STRUCK_OUT.search(text)):
            simple = map(_SELECTOR.fullmatch, selectors.split(","))
            found.update(match[1] for match in simple if match)
        depth = max(0, depth - 1)
    return frozenset(found)


def show(body: Element, hidden: Set[str]) -> None:
    """Remove from ``body`` what is not visible text; ``hidden`` comes from :func:`hiding`."""
    for element in list(body.iter()):
        name = local_name(element)
        if not name or element is body:
            continue
        if name in _STRUCK or _is_unseen(element, hidden) or _is_beside_text(element):
            _replace(element, "")
        elif name == "sup":
            sign = _text(element).strip()
            _replace(element, read_raised(_before(element), sign, _after(element)))
        elif name == "q":
            _quote(element)


def _text(element: Element) -> str:
    return "".join(element.itertext())


def _is_unseen(element: Element, hidden: Set[str]) -> bool:
    style = element.get("style") or ""
    names = {f".{name}" for name in (element.get("class") or "").split()}
    names.add(f"#{element.get('id')}")
    return (
        element.get("hidden") is not None
        or bool(style and (_UNSEEN.search(style) or _STRUCK_OUT.search(style)))
        or not hidden.isdisjoint(names)
    )


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


def _before(element: Element) -> str:
    """The text right before an element."""
    previous = element.getprevious()
    if previous is not None:
        return (_text(previous) if isinstance(previous.tag, str) else "") + (previous.tail or "")
    parent = element.getparent()
    return parent.text or "" if parent is not None else ""


def _after(element: Element) -> str:
    """The text right after an element."""
    following = element.getnext()
    inside = _text(following) if following is not None and isinstance(following.tag, str) else ""
    return (element.tail or "") + inside


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


def _quote(element: Element) -> None:
    """Add the quotation marks that e-readers show around a ``q`` element."""
    within = sum(local_name(parent) == "q" for parent in element.iterancestors())
    opening, closing = ("‘", "’") if within % 2 else ("“", "”")
    element.text = opening + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + closing
    else:
        element.text += closing
