"""Tells the entries of a live page or a list, whose headings may be links, from teasers."""

from __future__ import annotations

from urllib.parse import urlsplit

from pullquote.ingest.formats.blocks import Block, is_in
from pullquote.ingest.formats.furniture import headed_by_link
from pullquote.ingest.formats.links import site
from pullquote.ingest.formats.tree import Element


def entries_of(leaves: list[Block], address: str | None) -> set[Element]:
    """The boxes headed by links that are no teasers, but hold most of the words chosen.

    Their headings are no longer counted as links. ``address`` is the page's.
    """
    boxes: dict[Element, bool] = {}
    led: set[Element] = set()  # boxes whose heading comes before their prose
    begun: set[Element] = set()
    entries: set[Element] = set()
    places: list[int] = []
    for place, leaf in enumerate(leaves):
        above = list(leaf.element.iterancestors())
        boxes |= {box: headed_by_link(box) for box in above if box not in boxes}
        around = {box for box in above if boxes[box]}
        if leaf.heading:
            led |= around - begun
        elif leaf.voted and leaf.prose:
            begun |= around
            entries |= around & led
            places += [place] if around & led else []
    heads = [x for x in leaves if x.heading and entries.intersection(x.element.iterancestors())]
    held = sum(leaves[place].words for place in places)
    whole = sum(leaf.words for leaf in leaves if leaf.voted and leaf.prose)
    hrefs = [_href(head.element) for head in heads]
    own = all(_leads_below(href, address) for href in hrefs)
    if not own and (2 * held <= whole or _are_teasers(leaves, places, hrefs, address)):
        return set()
    for head in heads:
        head.links = 0
    return entries


def _are_teasers(
    leaves: list[Block], places: list[int], hrefs: list[str], address: str | None
) -> bool:
    """Whether the boxes whose prose is at ``places`` are about other pages, and no article.

    They are beside the article, or follow it and lead to other pages of the site. A single box that
    leads there is none of several entries.
    """
    first, last = places[0], places[-1]
    start = next((place for place in range(first) if leaves[place].tag == "h1"), None)
    if start is None:
        return False
    article = next(leaves[start].element.iterancestors("article", "main"), None)
    if article is not None and not is_in(leaves[first].element, article):
        return True
    told = any(leaf.prose for leaf in leaves[start:first])
    goes_on = any(leaf.voted and leaf.prose for leaf in leaves[last + 1 :])
    away = all(site(href) not in (None, site(address)) for href in hrefs)
    return (told or len(hrefs) < 2) and not goes_on and not away


def _href(heading: Element) -> str:
    links = (*heading.iter("a"), *heading.iterancestors("a"))
    return str(links[0].get("href") or "") if links else ""


def _leads_below(href: str, address: str | None) -> bool:
    """Whether a link leads to a part of the page itself."""
    try:
        own = urlsplit(address or "").path.rstrip("/")
        path = urlsplit(href).path
    except ValueError:
        return False
    same = site(href) in (None, site(address))
    return same and bool(own) and (path == own or path.startswith(f"{own}/"))
