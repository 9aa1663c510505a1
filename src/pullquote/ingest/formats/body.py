"""Decides which blocks of a page are the article's text.

An extractor makes a proposal. Blocks that it missed are added if they are built like the rest of
the article, and blocks that are not the article's prose are left out. The text is always cut from
the page itself, in page order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from pullquote.ingest.formats.blocks import ANONYMOUS, Block, blocks, is_in, key_of
from pullquote.ingest.formats.clean import clean_text
from pullquote.ingest.formats.entries import entries_of
from pullquote.ingest.formats.furniture import (
    FORM,
    LINK,
    LINKS,
    asks_consent,
    drop_boxes,
    headed_by_link,
    names,
    note_furniture,
)
from pullquote.ingest.formats.left import OUTSIDE, Left
from pullquote.ingest.formats.tree import Element, prose_of
from pullquote.omissions import Omission

#: Extracts the article's text from a page.
Extractor = Callable[[Element], str]

#: Texts of blocks that only label an advertisement.
_LABELS = frozenset(("advertisement", "advertisment", "ad", "sponsored", "anzeige", "publicidad"))

#: From this many letters and digits, finding a block in another text is no coincidence.
_LONG = 30
#: Up to this many words, an article may be shorter than the text around it.
_BRIEF = 200
_TWICE = "said twice"


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text, and what was left out of the page."""

    text: str
    omissions: tuple[Omission, ...]


def body_of(
    tree: Element, title: str, author: str, extract: Extractor, declared: str, address: str | None
) -> Body:
    """The article in ``tree``, which is changed. The text is empty if there is none.

    ``declared`` is the article's text in the page's metadata, or empty.
    """
    body = tree.find("body") if tree.tag == "html" else tree
    if body is None:
        return Body("", ())
    drop_boxes(body)
    leaves = blocks(body)
    proposed, told = key_of(extract(tree)), key_of(declared)
    for leaf in leaves:
        leaf.voted = leaf.key in proposed or (len(leaf.key) >= _LONG and leaf.key in told)
    _trust_headline(body, leaves, key_of(title))
    note_furniture(body, leaves, entries_of(leaves, address))
    scope = _scope(body, leaves)
    own = [leaf for leaf in leaves if is_in(leaf.element, scope)]
    for leaf in set(leaves) - set(own):
        leaf.out = leaf.out or leaf.doubt or OUTSIDE
    _choose(own, key_of(title), key_of(author))
    left = Left(body, scope, leaves)
    for leaf in leaves:
        if leaf.out and leaf.element.getparent() is not None:
            leaf.element.drop_tree()
    text = clean_text(prose_of(scope)) if any(not leaf.out for leaf in own) else ""
    return Body(text, tuple(left.omissions(text, declared)))


def _trust_headline(body: Element, leaves: list[Block], title: str) -> None:
    """If the extractor chose only few words, and far from the headline, choose those next to it.

    Extractors may choose a long consent box instead of a short article, so it is left out.
    """
    voted = [leaf for leaf in leaves if leaf.voted and leaf.prose]
    if sum(leaf.words for leaf in voted) > _BRIEF:
        return
    for head in leaves:
        if head.heading and len(head.key) >= 10 and head.key in title:
            break
    else:
        return
    for parent in head.element.iterancestors():
        if parent is body:  # no text belongs to the headline more than any other
            return
        near = {leaf for leaf in leaves if leaf.prose and is_in(leaf.element, parent)}
        if near:
            break
    else:
        return
    trusted = any(leaf.voted for leaf in near)
    for leaf in voted:
        if leaf not in near and _is_boxed(leaf, head.element):
            leaf.voted, leaf.out = False, FORM
    for leaf in near:
        leaf.voted = leaf.voted or not trusted


def _is_boxed(leaf: Block, head: Element) -> bool:
    """Whether a block is in a box without the headline whose button asks for consent."""
    for parent in leaf.element.iterancestors():
        if is_in(head, parent):
            return False
        if next(parent.iter("button"), None) is not None:
            return asks_consent(parent)
    return False


def _scope(body: Element, leaves: list[Block]) -> Element:
    """The element that holds the article: most of the extractor's words, and similar siblings."""
    prose = [leaf for leaf in leaves if leaf.prose and not leaf.out]
    voted = [leaf for leaf in prose if leaf.voted] or prose
    total = sum(leaf.words for leaf in voted)
    held: dict[Element, int] = {}
    for leaf in voted:
        for parent in (leaf.element, *leaf.element.iterancestors()):
            held[parent] = held.get(parent, 0) + leaf.words
    scope = body
    for element in body.iter():  # parents come before their children
        if held.get(element, 0) > 0.8 * total and is_in(element, scope):
            scope = element
    while scope is not body:
        around = next(scope.iterancestors("article"), None)
        if around is not None:
            scope = around
        elif scope.tag in ("p", "span", "li", "blockquote") or _has_like(scope, prose):
            scope = scope.getparent()
        else:
            break
    return scope


def _has_like(element: Element, prose: list[Block]) -> bool:
    """Whether a sibling has the same tag and class names, or contains several paragraphs."""
    parent = element.getparent()
    beside: dict[Element, list[Block]] = {}
    for leaf in prose:
        child = leaf.element
        for up in leaf.element.iterancestors():
            if up is parent:
                beside.setdefault(child, []).append(leaf)
                break
            child = up
    beside.pop(element, None)
    for sibling, inside in beside.items():
        if next(sibling.iter("h1"), None) is not None:
            continue
        same = sibling.tag == element.tag and names(sibling) == names(element)
        if same and not headed_by_link(sibling):
            return True
        if sum(leaf.paragraph and not leaf.doubt for leaf in inside) > 1:
            return True
    return False


def _choose(leaves: list[Block], title: str, author: str) -> None:
    """Mark each block that is not part of the article with the reason."""
    seen: set[str] = set()
    announced = _announced(leaves)
    for leaf in leaves:
        if leaf.out:
            continue
        in_list = leaf in announced
        if leaf.key == title or (leaf.tag == "h1" and title.startswith(leaf.key)):
            leaf.out = "the headline"
        elif leaf.key in _LABELS:
            leaf.out = "a label"
        elif leaf.linked > 0.7 and not _is_linked_sentence(leaf) and not in_list:
            leaf.out = LINK
        elif leaf.words >= 6 and leaf.key in seen:
            leaf.out = _TWICE
        elif not leaf.prose and not (leaf.voted or in_list or _is_plain(leaf)):
            leaf.out = "a few words"
        seen.add(leaf.key)
    kept = [leaf for leaf in leaves if not leaf.out]
    for leaf in kept:
        if leaf.words >= 4 and _is_lifted(leaf) and _is_elsewhere(leaf, kept):
            leaf.out = _TWICE
    _trim([leaf for leaf in kept if not leaf.out], title, author)
    _drop_headings_of_nothing(leaves)


def _announced(leaves: list[Block]) -> set[Block]:
    """The items of lists after a colon, unless most of their words are links."""
    found: set[Block] = set()
    before: Block | None = None
    for listed, group in groupby(leaves, _is_listed):
        items = list(group)
        linked = sum(leaf.links for leaf in items) / (sum(leaf.words for leaf in items) or 1)
        said = before and before.voted and before.words > 2 and before.text.endswith(":")
        if listed and said and linked <= 0.7:
            found.update(items)
        before = items[-1]
    return found


def _is_listed(leaf: Block) -> bool:
    return leaf.tag == "li" or next(leaf.element.iterancestors("li"), None) is not None


def _is_linked_sentence(leaf: Block) -> bool:
    """Whether a block of links is a sentence of the article, and no headline of another."""
    full = leaf.text.rstrip("'\"”’»)] ").endswith((".", "!", "…", "。"))
    points = ":" in leaf.text[:25]  # "Read more: ..."
    return leaf.tag == "p" and leaf.voted and full and leaf.words >= 4 and not points


def _is_plain(leaf: Block) -> bool:
    """Whether a short block may still be part of an article, judging by its element."""
    own = leaf.element.get(ANONYMOUS) is None and leaf.tag not in (
        *("div", "section", "article", "main", "header", "li", "dt", "dd"),
    )
    return own or _is_caption(leaf)


def _is_caption(leaf: Block) -> bool:
    for element in (leaf.element, *leaf.element.iterancestors()):
        if element.tag == "figcaption" or "caption" in names(element):
            return True
        if element.tag in ("article", "main", "body"):
            break
    return False


def _is_lifted(leaf: Block) -> bool:
    """Whether a block may be a pull quote: text from the article, repeated for emphasis."""
    return leaf.heading or any(
        element.tag in ("blockquote", "aside", "figure") or {"pull", "pullquote"} & names(element)
        for element in (leaf.element, *leaf.element.iterancestors())
    )


def _is_elsewhere(leaf: Block, kept: list[Block]) -> bool:
    return any(leaf.key in other.key for other in kept if other is not leaf and not other.out)


def _trim(kept: list[Block], title: str, author: str) -> None:
    """Leave out what is before the first and after the last prose, except captions and lists."""
    prose = [
        place for place, leaf in enumerate(kept) if leaf.prose and not _is_byline(leaf, author)
    ]
    if not prose:
        return
    for place, leaf in enumerate(kept):
        # An h1 may be the title without the site's name; a subhead may only happen to be in it.
        repeats = leaf.key in title if leaf.tag == "h1" else leaf.key == title
        heads = place == prose[0] - 1 and leaf.heading and not repeats
        if place < prose[0] and not heads and not _is_caption(leaf):
            leaf.out = "before the first sentence"
        lists = leaf.tag in ("li", "table") and leaf.linked < 0.2
        if place > prose[-1] and not lists and not _is_caption(leaf):
            leaf.out = "after the last sentence"


def _is_byline(leaf: Block, author: str) -> bool:
    """Whether a block is short and names the author or a date."""
    figures = sum(any(char.isdigit() for char in word) for word in leaf.text.split())
    named = bool(author) and author in leaf.key and len(author) * 3 >= len(leaf.key)
    return leaf.words <= 12 and (named or figures * 3 > leaf.words)


def _drop_headings_of_nothing(leaves: list[Block]) -> None:
    following: Block | None = None
    after: Block | None = None
    for leaf in reversed(leaves):
        if leaf.heading and not leaf.out:
            gone = after is not None and after.out in (LINK, LINKS)
            if following is None or gone or (following.heading and following.tag <= leaf.tag):
                leaf.out = "a heading of nothing"
        if not leaf.out:
            following = leaf
        after = leaf
