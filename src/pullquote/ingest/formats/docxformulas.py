"""Writes the formulas of a Word file as text, as in "E=mc²" and "(a+b)/2".

They are Office Math Markup: ECMA-376, part 1, 22.1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from pullquote.ingest.formats.docxtree import UNREAD, chosen, value_at
from pullquote.ingest.formats.formulas import UNSEEN, fraction, joined, root, scripted
from pullquote.ingest.formats.tree import Element, local_name

#: Forms whose parts stand above or beside one another, with no sign between them.
_APART = frozenset(("eqarr", "f", "func", "m", "mr"))


def written(element: Element, read: Callable[[Element], str]) -> str:
    """A formula, or a part of one, as text. ``read`` gives the text of a run."""
    name = local_name(element)
    if name == "r":
        return read(element).translate(UNSEEN)
    children = [child for child in chosen(element) if local_name(child) not in UNREAD]
    named = [(local_name(child), written(child, read)) for child in children]
    texts = [text for _, text in named if text]
    part = defaultdict(str, named)
    if name == "f" and value_at(element, "fpr", "type") != "noBar":
        return fraction(part["num"], part["den"])
    if name == "rad":
        return root(part["e"], part["deg"])
    if name in ("ssub", "ssup", "ssubsup"):
        return scripted(part["e"], part["sub"], part["sup"])
    if name == "spre":
        return scripted("", part["sub"], part["sup"]) + part["e"]
    if name in ("limlow", "limupp"):
        limits = (part["lim"], "") if name == "limlow" else ("", part["lim"])
        return scripted(part["e"], *limits)
    if name == "nary":
        sign = value_at(element, "narypr", "chr") or "∫"
        return f"{scripted(sign, part['sub'], part['sup'])} {part['e']}"
    if name == "d":
        given = [value_at(element, "dpr", sign) for sign in ("begchr", "sepchr", "endchr")]
        opening, between, closing = (
            usual if sign is None else sign for sign, usual in zip(given, "(|)", strict=True)
        )
        return opening + between.join(texts) + closing
    return " ".join(texts) if name in _APART else joined(texts)
