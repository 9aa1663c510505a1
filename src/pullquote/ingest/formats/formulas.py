"""Writes a page's formulas as text, as in "E=mc²" and "(a+b)/2"."""

from __future__ import annotations

import re

from pullquote.ingest.formats.raised import superscript
from pullquote.ingest.formats.tree import Element

_LEAVES = frozenset(("mi", "mn", "mo", "ms", "mtext"))
_FORMS = frozenset(
    (
        *("math", "mrow", "mstyle", "mpadded", "semantics"),
        *("mfrac", "msqrt", "msub", "msup", "msubsup"),
    )
)
_NOTES = ("annotation", "annotation-xml", "mspace", "mphantom")
_DEEP = 50
#: Inline elements that scripts put around a formula and its copies.
_AROUND = frozenset(("span", "nobr", "mjx-container", "mjx-assistive-mml"))
#: What multiplies and applies functions has no width.
_UNSEEN = re.compile("[\u2061-\u2064]")
_SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SIMPLE = re.compile(r"[\d.,]*|\w")


def write_formulas(tree: Element) -> list[Element]:
    """Write the formulas in ``tree`` as text, and remove the copies beside them.

    Returns those that cannot be written in one line.
    """
    left = []
    for math in list(tree.iter("math")):
        whole = _with_copies(math)
        if whole is not math:
            math.tail, tail = None, whole.tail
            whole.getparent().replace(whole, math)
            math.tail = tail
        for note in list(math.iter(*_NOTES)):
            note.drop_tree()
        text = _written(math)
        if not text:
            left.append(math)
            continue
        for child in list(math):
            math.remove(child)
        math.tag, math.text = "span", text
    return left


def _with_copies(math: Element) -> Element:
    """A formula with the elements around it that only hold it and copies for other readers."""
    whole = math
    while (parent := whole.getparent()) is not None and parent.tag in _AROUND:
        other = (child for child in parent if child is not whole)
        copies = all(x.get("aria-hidden") == "true" or x.tag in ("img", "script") for x in other)
        if not copies or (parent.text or "").strip() or any((x.tail or "").strip() for x in parent):
            break
        whole = parent
    return whole


def _written(element: Element, depth: int = 0) -> str | None:
    """A formula or a part of one as text; ``None`` if it has a form that takes several lines."""
    if element.tag in _LEAVES:
        text = _UNSEEN.sub("", re.sub(r"\s+", " ", "".join(element.itertext())))
        return text if element.tag == "mtext" else text.strip()
    if element.tag not in _FORMS or depth > _DEEP:
        return None
    parts = [element.text.strip()] if (element.text or "").strip() else []
    for child in element:
        part = _written(child, depth + 1)
        if part is None:
            return None
        parts.append(part)
    if element.tag == "mfrac":
        return "/".join(map(_grouped, parts))
    if element.tag == "msqrt":
        return f"√{_grouped(_joined(parts))}"
    if element.tag in ("msup", "msubsup"):
        parts[-1:] = [_shifted(part, superscript(part), "^") for part in parts[-1:]]
    if element.tag in ("msub", "msubsup"):
        parts[1:2] = [_shifted(part, part.translate(_SUBSCRIPT), "_") for part in parts[1:2]]
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    """The parts as one text, with a space between figures: "3 1/2"."""
    text = ""
    for part in parts:
        apart = text[-1:].isdecimal() and part[:1].isdecimal()
        text += f" {part}" if apart else part
    return text


def _shifted(text: str, written: str, sign: str) -> str:
    """What is raised or lowered, ``written`` in such characters if there is one for each."""
    if not any(map(str.isalnum, text)):
        return text
    return f"{sign}{_grouped(text)}" if any(char in text for char in written) else written


def _grouped(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"
