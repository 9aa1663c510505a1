"""Lists what was left out of an article's page, and whether it may be missing in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pullquote.ingest.formats.blocks import WORDS, Block, is_in, key_of
from pullquote.ingest.formats.clean import clean_text
from pullquote.ingest.formats.furniture import FORM, LINK
from pullquote.ingest.formats.repair import NOTE
from pullquote.ingest.formats.tree import Element
from pullquote.omissions import Omission

OUTSIDE = "outside the article"

#: Splits text into sentences, roughly: it is only used for comparisons.
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_TAG = re.compile(r"<[^<>]*>")


class Left:
    """The blocks and notes of ``body`` in order, recorded before left-out ones are removed."""

    def __init__(self, body: Element, scope: Element, leaves: list[Block]) -> None:
        self._suspects = _suspects(leaves, scope)
        own = {leaf.element: leaf for leaf in leaves}
        self._in_order: list[Block | Element] = []
        for element in body.iter():
            if leaf := own.get(element):
                # Outside the article, only prose is listed.
                if leaf.prose or is_in(element, scope):
                    self._in_order.append(leaf)
            elif element.get(NOTE) and element.get("text") and is_in(element, scope):
                self._in_order.append(element)

    def omissions(self, text: str, declared: str) -> Iterator[Omission]:
        """What was left out of ``text``, including sentences that occur only in ``declared``."""
        place, kept = 0, key_of(text)
        known = kept
        for leaf in self._in_order:
            if not isinstance(leaf, Block):
                yield Omission(place, clean_text(leaf.get("text")), leaf.get(NOTE), False)
                continue
            known += leaf.key
            if leaf.out:
                missed = leaf in self._suspects and leaf.key not in kept
                yield Omission(place, clean_text(leaf.text), leaf.out, missed)
            elif (found := text.find(leaf.text[:40].rstrip(), place)) >= 0:
                end = text.find("\n", found + 1)
                place = end if end >= 0 else len(text)
        for sentence in _SENTENCE.split(_TAG.sub(" ", declared)):
            if len(sentence.split()) >= WORDS and key_of(sentence) not in known:
                yield Omission(
                    len(text), clean_text(sentence), "declared, but not on the page", True
                )


def _suspects(leaves: list[Block], scope: Element) -> set[Block]:
    """The left-out paragraphs that look like part of the article."""
    found: set[Block] = set()
    beside: dict[Element, list[Block]] = {}
    for leaf in leaves:
        if leaf.paragraph and leaf.out:
            outside = leaf.out in (OUTSIDE, leaf.doubt)
            boxed = leaf.out == FORM and is_in(leaf.element, scope)
            if leaf.voted and (outside or boxed or leaf.out.startswith("named")):
                found.add(leaf)
            if outside:
                beside.setdefault(leaf.element.getparent(), []).append(leaf)
    # A teaser within an article is usual; if there is so much, it may be the article.
    teasers = [leaf for leaf in leaves if leaf.voted and leaf.paragraph and leaf.out == LINK]
    teasers = [leaf for leaf in teasers if is_in(leaf.element, scope)]
    whole = sum(leaf.words for leaf in leaves if leaf.voted and leaf.prose)
    if 3 * sum(leaf.words for leaf in teasers) > whole:
        found.update(teasers)
    for several in beside.values():
        found.update(several if len(several) > 1 else ())
    return found
