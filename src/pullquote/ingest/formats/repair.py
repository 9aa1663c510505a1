"""Reduces a web page's tree to what a reader sees: no hidden or struck text, no note marks."""

from __future__ import annotations

import re

from pullquote.ingest.formats.beside import text_after, text_before
from pullquote.ingest.formats.formulas import write_formulas
from pullquote.ingest.formats.layout import make_blocks, unpack_layout
from pullquote.ingest.formats.quotemarks import put_marks
from pullquote.ingest.formats.raised import is_sign, read_raised
from pullquote.ingest.formats.stylesheets import RAISES, STRIKES, hiding, raising, select
from pullquote.ingest.formats.tree import Element

#: Elements that never contain prose.
_UNSEEN = (
    *("script", "style", "template", "noscript", "svg", "iframe", "object", "embed"),
    *("canvas", "audio", "video", "select", "textarea", "input", "nav", "menu", "amp-ad"),
    *("amp-consent", "amp-sidebar", "amp-list", "rt", "rp"),
)
_STRUCK = ("del", "s", "strike")
#: Inline elements that extractors drop with their words, or that they split sentences at.
_WITH_WORDS = ("time", "output", "button", "label", "data", "nobr", "meter", "font", "ins", "mark")

_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|left\s*:\s*-\d{3,}",
    re.I,
)
_HIDING_CLASSES = frozenset(
    (
        *("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text"),
        *("screen-reader-only", "screenreader-only", "screenreader", "element-invisible", "hidden"),
        *("u-visually-hidden", "a11y-hidden", "is-hidden", "d-none", "hide", "invisible"),
        *("offscreen", "off-screen", "print-only", "sr-text", "u-hidden", "show-for-sr"),
        *("is-visually-hidden", "assistive-text", "accessibly-hidden", "visually-hide"),
    )
)
#: A class that shows a hidden element from a certain window width on: "d-md-block".
_SHOWN = re.compile(r"[:-](?:block|flex|inline|inline-block|grid|table)$")

#: Superscript note marks: "3", "[5]", "a", "*", or several with commas.
_NOTE = re.compile(r"[\[(]?\s*(?:\d{1,3}|[a-z]|[ivx]+|[*†‡§¶]+)(?:\s*[,–-]\s*\d{1,3})*\s*[\])]?\Z")
#: Where a note mark leads, and what leads back from a note.
_TO_NOTE = re.compile(r"#_?(?:(?:foot|end|cite_?)?notes?|fn|ftn|edn|ref)[-_:.\w]*\Z", re.I)
_BACK = re.compile(r"[↩↑↵⏎⤴⬆^][\ufe0e\ufe0f]?\Z")
_BRACKETED = re.compile(r"\[[^\[\]]{1,20}\]\Z")

#: The attribute of an element that replaces a removed one, with the reason for the removal.
NOTE = "taken-out"

#: Roles of what a button opens and no reader takes for a part of the text.
_OVERLAYS = ("alertdialog", "dialog", "listbox", "menu", "navigation", "search", "tooltip")

#: The longest link back from a note, in characters.
_BACKLINK = 40


def repair(tree: Element) -> None:
    """Reduce ``tree`` in place to what a reader sees."""
    css = "\n".join(style.text or "" for style in tree.iter("style"))
    hidden, raised = hiding(css), raising(css)
    opened = _opened(tree)
    for element in write_formulas(tree):
        _take_out(element, "a formula")
    for element in list(tree.iter(*_UNSEEN)):
        _drop(element)
    words = _length(tree)
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and (why := _unread(element, words, hidden, opened)):
            _take_out(element, why)
    make_blocks(tree)
    for element in list(tree.iter("sup", "span", "a")):
        _mend_raised(element, raised)
    put_marks(tree)
    for element in list(tree.iter(*_WITH_WORDS)):
        if _in_sentence(element) or element.tag not in ("button", "time"):
            element.drop_tag()
        elif element.tag == "time":  # the publication time, not part of the prose
            _drop(element)
    unpack_layout(tree)


def _length(element: Element) -> int:
    return sum(len(text) for text in element.itertext())


def _drop(element: Element) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _take_out(element: Element, why: str) -> None:
    """Replace an element by an empty one whose attributes keep its text and the reason."""
    if (parent := element.getparent()) is None:
        return
    note = element.makeelement("span", {NOTE: why, "text": "".join(element.itertext()).strip()})
    note.tail = element.tail
    parent.replace(element, note)


def _opened(tree: Element) -> frozenset[str]:
    """The ids of the panels that a reader opens with a button or a tab."""
    ids: set[str] = set()
    for element in tree.iter():
        if element.tag == "button" or element.get("role") in ("button", "tab"):
            ids.update((element.get("aria-controls") or "").split())
    panels = (element for element in tree.iter() if element.get("id") in ids)
    return frozenset(
        panel.get("id")
        for panel in panels
        if panel.get("role") not in _OVERLAYS and next(panel.iter("form", "dialog"), None) is None
    )


def _unread(element: Element, words: int, by_style: frozenset[str], opened: frozenset[str]) -> str:
    """Why an element is not read: it is hidden or struck out. Empty if it is read.

    ``opened`` are the ids of panels that a reader opens. So does a search in the page with others.
    """
    style = element.get("style") or ""
    if element.tag in _STRUCK or (style and STRIKES.search(style)):
        return "struck out"
    hidden = element.get("hidden") is not None or bool(style and _HIDING_STYLE.search(style))
    # On an inline element, aria-hidden may only mark a drop cap. On others, the text is a copy.
    if element.get("aria-hidden") == "true" and element.tag not in ("span", "b", "i", "em", "a"):
        hidden = True
    classes = (element.get("class") or "").split()
    if not _HIDING_CLASSES.isdisjoint(classes):
        hidden = hidden or not any(_SHOWN.search(name) for name in classes)
    hidden = hidden or select(by_style, element)
    opens = element.get("id") in opened or element.get("hidden") == "until-found"
    # If most of the page is hidden, a script will show it, so it is read.
    return "hidden" if hidden and not opens and _length(element) * 2 < words else ""


def _mend_raised(element: Element, raised: frozenset[str]) -> None:
    """Remove a note mark, or write an exponent in superscript characters, as in 10⁶.

    ``raised`` are the classes and ids that the page's style sheets raise.
    """
    if element.getparent() is None:
        return
    text = "".join(element.itertext()).strip()
    role = f"{element.get('role') or ''} {element.get('class') or ''} {element.get('rel') or ''}"
    if len(text) <= _BACKLINK and any(word.endswith("backlink") for word in role.split()):
        _drop(element)
        return
    if element.tag == "a":
        href = element.get("href") or ""
        if (
            "noteref" in role
            or "footnote" in role.split()
            or ("#" in href and (_BRACKETED.match(text) or _BACK.match(text)))
            or (_TO_NOTE.search(href) and _NOTE.match(text.lower()))
        ):
            _drop(element)
        return
    if element.tag == "span" and not (
        RAISES.search(element.get("style") or "") or (select(raised, element) and is_sign(text))
    ):
        counts = text.isdecimal() and text_after(element)[:1] == "⁄"
        if counts and text_before(element)[-1:].isdecimal():
            element.text = f" {element.text or ''}"
        return
    linked = element.find(".//a") is not None or element.getparent().tag == "a"
    note = _BRACKETED.match(text) or (linked and _NOTE.match(text.lower()))
    if "reference" in role or "noteref" in role or note:
        _drop(element)
        return
    for child in list(element):
        element.remove(child)
    element.text = read_raised(text_before(element), text, text_after(element))
    element.drop_tag()


def _in_sentence(element: Element) -> bool:
    """Whether an element is within a line of text, or in a table cell."""
    around = text_before(element).strip() + text_after(element).strip()
    return len(around) > 20 or next(element.iterancestors("td", "th"), None) is not None
