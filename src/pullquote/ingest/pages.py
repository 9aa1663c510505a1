"""Sources on the web: pages, and the pages that feeds and sitemaps list."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from pullquote.addresses import same_page
from pullquote.errors import CorpusError
from pullquote.ingest.corpus import LeftOut
from pullquote.ingest.fetch import Fetched, Fetcher, FetchError, GoneError, media
from pullquote.ingest.fetch.discover import Discovered, Kind, Validators, discover
from pullquote.ingest.formats import Fault
from pullquote.ingest.formats.clean import clean_field, title_from
from pullquote.ingest.formats.encoding import decode_page
from pullquote.ingest.listing import Listed
from pullquote.ingest.sandbox import Sandbox
from pullquote.ingest.sources import Fresh, Source, UnreachableError
from pullquote.source_states import SourceRecord
from pullquote.types import Article

_KINDS = {
    **dict.fromkeys(media.HTML, "html"),
    "application/pdf": "pdf",
    media.DOCX: "docx",
    "application/epub+zip": "epub",
    "text/plain": "plain",
    "text/markdown": "plain",
}

#: Days after its listed date from which a page is not fetched again if the date is unchanged. A
#: fresher page is fetched anyway: a second change on the same day would not change the date.
_SETTLED = 2


def list_pages(
    urls: Sequence[str], fetcher: Fetcher, sandbox: Sandbox, known: Mapping[str, SourceRecord]
) -> tuple[list[Source], list[LeftOut]]:
    """The pages at ``urls`` and the pages listed there, and what could not be fetched.

    A page that a feed no longer lists is kept, since feeds list only the newest pages. A page that
    a completely read sitemap no longer lists is dropped. What is unreachable now is kept. Of two
    addresses of the same page, the one that is known is read, or the first.
    """
    sources: dict[str, Source] = {}
    left_out: list[LeftOut] = []
    for url in dict.fromkeys(urls):
        own_known = {key: item for key, item in known.items() if item.via == url}
        try:
            found = discover(fetcher, url, _validators(own_known), listing=sandbox.listing)
        except FetchError as error:
            left_out.append(LeftOut(url, f"it {error.reason.rstrip('.')}"))
            if isinstance(error, GoneError):
                own_known.pop(url, None)  # the page itself; what a feed once listed is not gone
            for key, item in own_known.items():
                sources.setdefault(key, Kept(item))
            continue
        left_out += [LeftOut(url, problem.rstrip(".")) for problem in found.problems]
        own = _sources(url, found, fetcher, sandbox)
        if found.kind is not Kind.SITEMAP or not found.whole:
            own = {**{key: Kept(item) for key, item in own_known.items()}, **own}
        for key, source in own.items():
            sources.setdefault(key, source)
    pages: dict[str, Source] = {}
    for key in sorted(sources, key=lambda key: key not in known):
        pages.setdefault(same_page(key), sources[key])
    return list(pages.values()), left_out


def _validators(known: Mapping[str, SourceRecord]) -> Validators:
    def of(url: str) -> tuple[str | None, str | None]:
        record = known.get(url)
        return (record.etag, record.last_modified) if record else (None, None)

    return of


def _sources(url: str, found: Discovered, fetcher: Fetcher, sandbox: Sandbox) -> dict[str, Source]:
    if found.page:
        return {url: PageSource(Listed(url), url, fetcher, sandbox, found.page)}
    pages = {listing.url: PageSource(listing, url, fetcher, sandbox) for listing in found.listed}
    documents = {
        document.url: Kept(
            SourceRecord(document.url, 0, 0, "listing", document.etag, document.last_modified, url)
        )
        for document in found.documents
    }
    return {**pages, **documents}


class Kept:
    """A source that is not read: its known articles are kept, or it has none of its own."""

    def __init__(self, record: SourceRecord) -> None:
        self.key = self.shown = record.key
        self.state = record

    def is_as(self, known: SourceRecord) -> bool:
        return known == self.state

    def read(self, known: SourceRecord | None) -> Fresh | SourceRecord:
        return Fresh(self.state, iter(()))


class PageSource:
    """A page on the web. Its article's id is the given or listed address."""

    def __init__(
        self,
        listed: Listed,
        via: str,
        fetcher: Fetcher,
        sandbox: Sandbox,
        page: Fetched | None = None,
    ) -> None:
        self.key = self.shown = listed.url
        self._listed = listed
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._page = page
        changed = date.fromisoformat(listed.updated).toordinal() if listed.updated else 0
        self.state = SourceRecord(self.key, 0, changed, "", via=via)

    def is_as(self, known: SourceRecord) -> bool:
        """Whether the listing gives the same date as before, and that date is not too recent."""
        today = datetime.now(UTC).date().toordinal()
        return 0 < self.state.mtime_ns == known.mtime_ns < today - _SETTLED and bool(known.digest)

    def read(self, known: SourceRecord | None) -> Fresh | SourceRecord:
        """Its article, or only its record if the page has not changed."""
        page = self._page or self._fetched(known)
        if page is None and known:
            return replace(known, mtime_ns=self.state.mtime_ns, via=self.state.via)
        if page is None:
            raise CorpusError("its server answered a question that was not asked (304)")
        record = replace(
            self.state,
            digest=sha256(page.data).hexdigest(),
            etag=page.etag,
            last_modified=page.last_modified,
        )
        if known and known.digest == record.digest:
            return replace(record, faults=known.faults)
        return Fresh(record, self._articles(page))

    def _fetched(self, known: SourceRecord | None) -> Fetched | None:
        etag, last_modified = (known.etag, known.last_modified) if known else (None, None)
        try:
            return self._fetcher.get(self.key, etag, last_modified)
        except GoneError as error:
            raise CorpusError(f"it {error.reason.rstrip('.')}") from error
        except FetchError as error:
            raise UnreachableError(f"it {error.reason.rstrip('.')}") from error

    def _articles(self, page: Fetched) -> Iterator[Article | Fault]:
        kind = _KINDS.get(page.content_type)
        if kind is None:
            raise CorpusError(f"it is {page.content_type}, which cannot be an article")
        data = page.data
        if page.charset and kind in ("html", "plain"):
            # The character encoding in the HTTP header overrides the one in the page.
            data = codecs.BOM_UTF8 + decode_page(data, page.charset).encode()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "page")
            path.write_bytes(data)
            for item in self._sandbox.read(kind, self.key, path, page.url):
                yield self._with_listing(item, page.url) if isinstance(item, Article) else item

    def _with_listing(self, article: Article, url: str) -> Article:
        """The article, with missing metadata taken from the listing."""
        listed = self._listed
        own_title = "" if article.title == title_from(article.id) else article.title
        return replace(
            article,
            url=article.url or url,
            title=own_title or clean_field(listed.title) or article.title,
            published=article.published or listed.published,
            updated=article.updated or listed.updated,
            author=article.author or clean_field(listed.author),
            section=article.section or clean_field(listed.section),
        )
