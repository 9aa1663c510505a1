"""Writes the formulas of a page (MathML) as text, as in "E=mc²" and "(a+b)/2"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree  # type: ignore[import-untyped]

from pullquote.ingest.formats.beside import text_before
from pullquote.ingest.formats.raised import superscript
from pullquote.ingest.formats.tree import Element, local_name

_LEAVES = frozenset(("mi", "mn", "mo", "ms", "mtext"))
#: The other elements that are written, and how many parts those with a fixed number have.
_FORMS: dict[str, int | None] = {
    **dict.fromkeys(("math", "mrow", "mstyle", "mpadded", "semantics", "msqrt"), None),
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup"), 2),
    "msubsup": 3,
}
_NOTES = ("{*}annotation", "{*}annotation-xml", "{*}mspace", "{*}mphantom")
_DEEP = 50
#: Inline elements that scripts put around a formula and its copies.
_AROUND = frozenset(("span", "nobr", "mjx-container", "mjx-assistive-mml"))
#: What multiplies and applies functions has no width.
UNSEEN = dict.fromkeys(range(0x2061, 0x2065))
_SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SIMPLE = re.compile(r"[\d.,]*|\w")
#: The thickness of the bar of what is no fraction, such as a binomial coefficient.
_NO_BAR = re.compile(r"0+(?:\.0+)?(?:[a-z]+|%)?")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def write_formulas(tree: Element) -> list[Element]:
    """Write the formulas in ``tree`` as text, and remove the copies beside them.

    Returns those that cannot be written in one line.
    """
    left = []
    for math in list(tree.iter("{*}math")):
        whole = _with_copies(math)
        if whole is not math:
            math.tail, tail = None, whole.tail
            whole.getparent().replace(whole, math)
            math.tail = tail
        etree.strip_elements(math, *_NOTES, with_tail=False)
        text = _written(math)
        if not text:
            left.append(math)
            continue
        before = text_before(math)[-1:]
        for child in list(math):
            math.remove(child)
        math.tag, math.text = "span", joined([before, text]).removeprefix(before)
    return left


def _with_copies(math: Element) -> Element:
    """A formula with the elements around it that only hold it and copies for other readers."""
    whole = math
    while (parent := whole.getparent()) is not None and local_name(parent) in _AROUND:
        copies = all(
            other.get("aria-hidden") == "true" or local_name(other) in ("img", "script")
            for other in parent
            if other is not whole
        )
        if not copies or (parent.text or "").strip() or any((x.tail or "").strip() for x in parent):
            break
        whole = parent
    return whole


def _written(element: Element, depth: int = 0) -> str | None:
    """A formula or a part of one as text; ``None`` if it has a form that takes several lines."""
    name = local_name(element)
    if name in _LEAVES:
        text = re.sub(r"\s+", " ", "".join(element.itertext())).translate(UNSEEN)
        return text if name == "mtext" else text.strip()
    if name not in _FORMS or depth > _DEEP:
        return None
    parts = [element.text.strip()] if (element.text or "").strip() else []
    for child in element:
        part = _written(child, depth + 1)
        if part is None:
            return None
        parts.append(part)
    if _FORMS[name] not in (None, len(parts)):
        return None
    if name == "mfrac":
        has_bar = not _NO_BAR.fullmatch(element.get("linethickness") or "")
        return fraction(*parts) if has_bar else None
    if name == "mroot":
        return root(*parts)
    if name == "msup":
        return scripted(parts[0], "", parts[1])
    if name in ("msub", "msubsup"):
        return scripted(*parts)
    return root(joined(parts)) if name == "msqrt" else joined(parts)


def fraction(above: str, below: str) -> str:
    """ "1/2", "(a+b)/2"."""
    return f"{_grouped(above.strip())}/{_grouped(below.strip())}"


def root(text: str, degree: str = "") -> str:
    """ "√2", "∛(a+b)", "√[n]x"."""
    return _ROOTS.get(degree, f"√[{degree}]") + _grouped(text)


def scripted(base: str, lowered: str, raised: str = "") -> str:
    """ "x₁", "10⁶", "x_(i,j)^k"."""
    lowered = _shifted(lowered, lowered.translate(_SUBSCRIPT), "_")
    return base + lowered + _shifted(raised, superscript(raised), "^")


def joined(parts: Sequence[str]) -> str:
    """The parts as one text, with a space between figures: "3 1/2"."""
    text = ""
    for part in parts:
        apart = text[-1:].isdigit() and part[:1].isdecimal()
        text += f" {part}" if apart else part
    return text


def _shifted(text: str, written: str, sign: str) -> str:
    """What is raised or lowered, ``written`` in such characters if there is one for each."""
    if not any(map(str.isalnum, text)):
        return text
    return f"{sign}{_grouped(text)}" if any(char in text for char in written) else written


def _grouped(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"
