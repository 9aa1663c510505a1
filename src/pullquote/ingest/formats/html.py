"""Web pages -> :class:`Article`: the article's own text, without the rest of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path

from trafilatura import bare_extraction
from trafilatura.metadata import extract_metadata
from trafilatura.settings import Document

from pullquote.errors import CorpusError
from pullquote.ingest.formats.blocks import key_of
from pullquote.ingest.formats.body import body_of
from pullquote.ingest.formats.clean import extracted
from pullquote.ingest.formats.encoding import decode_page
from pullquote.ingest.formats.fault import Fault, damaged
from pullquote.ingest.formats.files import read_bytes
from pullquote.ingest.formats.furniture import is_by_others
from pullquote.ingest.formats.headings import tidy_headings
from pullquote.ingest.formats.links import believed
from pullquote.ingest.formats.locale import reread
from pullquote.ingest.formats.pagemeta import declared, decoded
from pullquote.ingest.formats.repair import repair
from pullquote.ingest.formats.tree import Element, parse_html
from pullquote.omissions import packed
from pullquote.types import Article

#: A long article with all its markup has 1 MB, a page with everything inlined 5 MB.
MAX_BYTES = 10_000_000

#: Characters that XML forbids; the parser would stop at them.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_DAMAGED = "its HTML cannot be read: save the page again"


#: Use only the date that a page declares: any other date in its text would be a guess.
_DATES = {"original_date": True, "extensive_search": False}


#: The least letters of a heading that may be the headline.
_HEADLINE = 10
#: The most words in the name of a person or an agency.
_WORDS_OF_A_NAME = 6


def _proposed(tree: Element) -> str:
    found = bare_extraction(tree, include_comments=False)
    return found.text or "" if isinstance(found, Document) else ""


def _without_site(title: str, site: str | None) -> str:
    """A title without the site's name, which many pages put before or after it."""
    if site:
        name = re.escape(site)
        title = re.sub(rf"\s+[-|–—·:»]+\s+{name}\Z|\A{name}\s*[-|–—·:»]+\s+", "", title)
    return title


def _own_part(tree: Element) -> Element:
    """A copy of the page without parts that have other dates and authors, such as comments."""
    own = deepcopy(tree)
    title = key_of(own.findtext(".//title") or "")
    length = sum(map(len, own.itertext()))
    parts = ("article", "aside", "div", "footer", "li", "ol", "p", "section", "ul")
    for element in list(own.iter(*parts)):
        # The article itself may have a misleading name, or a link in its headline.
        if is_by_others(element) and 2 * sum(map(len, element.itertext())) < length:
            heads = (key_of("".join(head.itertext())) for head in element.iter("h2", "h3"))
            if not any(len(head) >= _HEADLINE and head in title for head in heads):
                element.drop_tree()
    return own


def _person(author: str | None) -> str | None:
    """The author found by a library without dates, unless it looks like a sentence."""
    author = re.sub(r"(?:\A|[;,])[^;,]*\d[^;,]*", "", author or "").strip("; ,") or None
    for name in re.split(r"[;,]\s*", author or ""):
        words = name.split()
        small = sum(word[0].islower() for word in words)
        if len(words) > _WORDS_OF_A_NAME or 2 * small > len(words):
            return None
    return author


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The single article of the page at ``path``, fetched from ``url`` if given.

    Comments, navigation and footers are left out. Raises :class:`CorpusError` with the reason if
    there is no article.
    """
    yield parse(article_id, read_bytes(path, MAX_BYTES), url)


def parse(article_id: str, data: bytes, url: str | None = None) -> Article:
    """The article of the page in ``data``. Raises :class:`CorpusError` if there is none."""
    page = _FORBIDDEN.sub("", decode_page(data))
    if not page.strip():
        raise CorpusError("it holds no text")
    with damaged(_DAMAGED):
        tree = parse_html(page)
        tidy_headings(tree)
        own = _own_part(tree)
        meta = declared(tree, own)
        address = believed(meta.canonical, url)
        found = extract_metadata(own, address, _DATES | {"max_date": date.today().isoformat()})
        site = meta.site or decoded(found.sitename)
        title = _without_site(meta.title or decoded(found.title) or "", site)
        day = found.date and reread(found.date, page, meta.month_first)
        author = meta.author or _person(decoded(found.author)) or ""
        repair(tree)
        body = body_of(tree, title, author, _proposed, meta.body or "", address)
    return extracted(
        article_id,
        body.text,
        title=title,
        declared_url=meta.canonical,
        fetched_url=url,
        published=meta.published or day,
        updated=meta.updated,
        author=author,
        section=meta.section or decoded(next(iter(found.categories or []), None)),
        source=None if address else site,
        left_out=packed(body.omissions),
    )
