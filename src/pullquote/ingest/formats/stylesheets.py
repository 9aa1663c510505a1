"""What style sheets hide, strike out or raise."""

from __future__ import annotations

import re
from collections.abc import Set

from pullquote.ingest.formats.tree import Element

STRIKES = re.compile(r"text-decoration[a-z-]*\s*:[^;}]{0,100}line-through", re.I)
RAISES = re.compile(r"vertical-align\s*:\s*super", re.I)
HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)

_BRACE = re.compile(r"[{}]")
_SELECTOR = re.compile(r"\s*[a-z0-9]*([.#][\w-]+)\s*", re.I)


def hiding(css: str) -> frozenset[str]:
    """The classes (".x") and ids ("#x") that a style sheet hides or strikes out."""
    return _selectors(css, HIDES, STRIKES)


def raising(css: str) -> frozenset[str]:
    """The classes and ids whose text a style sheet shows as superscript."""
    return _selectors(css, RAISES)


def select(selectors: Set[str], element: Element) -> bool:
    """Whether one of the ``selectors``, classes and ids, is the element's."""
    if not selectors:
        return False
    own = {f".{name}" for name in (element.get("class") or "").split()}
    return not selectors.isdisjoint(own | {f"#{element.get('id')}"})


def _selectors(css: str, *declarations: re.Pattern[str]) -> frozenset[str]:
    """The classes and ids of the rules with one of the ``declarations``.

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
        if depth == 1 and any(declared.search(text) for declared in declarations):
            simple = map(_SELECTOR.fullmatch, selectors.split(","))
            found.update(match[1] for match in simple if match)
        depth = max(0, depth - 1)
    return frozenset(found)
