"""Web pages -> :class:`Article`: the article's own text, without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import trafilatura
from trafilatura.settings import Document

from pullquote.errors import CorpusError
from pullquote.ingest.formats.clean import extracted
from pullquote.ingest.formats.encoding import decode_page
from pullquote.ingest.formats.fault import Fault, damaged
from pullquote.ingest.formats.files import read_bytes
from pullquote.ingest.formats.links import believed
from pullquote.ingest.formats.pagemeta import declared
from pullquote.ingest.formats.tree import parse_html, prose_of
from pullquote.types import Article

#: A long article with all its markup has 1 MB, pages with everything written into them 5 MB.
MAX_BYTES = 10_000_000

#: What XML forbids, and the parser would stop at.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_DAMAGED = "its HTML cannot be read: save the page again"


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The one article of the page at ``path``, fetched from ``url`` if that is given.

    Comments, navigation and footers are left out. Raises :class:`CorpusError` with the reason
    when there is no article.
    """
    yield parse(article_id, read_bytes(path, MAX_BYTES), url)


def parse(article_id: str, data: bytes, url: str | None = None) -> Article:
    """The article of the page in ``data``. Raises :class:`CorpusError` when there is none."""
    page = _FORBIDDEN.sub("", decode_page(data))
    if not page.strip():
        raise CorpusError("it holds no text")
    with damaged(_DAMAGED):
        tree = parse_html(page)
        meta = declared(tree)
        address = believed(meta.canonical, url)
        found = trafilatura.bare_extraction(
            tree,
            url=address,
            include_comments=False,
            with_metadata=True,
            # Only what a page says is its date: any other date in its text is a guess.
            date_extraction_params={
                "original_date": True,
                "extensive_search": False,
                "max_date": date.today().isoformat(),
            },
        )
    if not isinstance(found, Document):
        raise CorpusError("it holds no text")
    with damaged(_DAMAGED):
        text = prose_of(found.body)
    return extracted(
        article_id,
        text,
        title=meta.title or found.title,
        declared_url=meta.canonical,
        fetched_url=url,
        published=meta.published or found.date,
        updated=meta.updated,
        author=meta.author or found.author,
        section=meta.section or next(iter(found.categories or []), None),
        source=None if address else meta.site or found.sitename,
    )
