"""Finds out what is at an address, and which pages it lists if it is a feed or a sitemap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from pullquote.addresses import same_page
from pullquote.errors import CorpusError
from pullquote.ingest.fetch import feeds, markup, media, packing, sitemaps
from pullquote.ingest.fetch.client import Fetcher
from pullquote.ingest.fetch.errors import FetchError, RefusedError
from pullquote.ingest.fetch.types import Fetched
from pullquote.ingest.fetch.urls import Target, parse
from pullquote.ingest.listing import Listed

#: The most pages of one listing. A sitemap may list 50,000 pages, an index 50,000 sitemaps.
MAX_PAGES = 10_000

#: The most sitemaps that are read from one index.
MAX_SITEMAPS = 500

#: The most nested levels: an index may list sitemaps (1), and one of them may be an index (2).
MAX_DEPTH = 2

#: Returns the stored ETag and Last-Modified for an address.
Validators = Callable[[str], tuple[str | None, str | None]]

#: Parses a listing: takes its kind ("feed" or "sitemap"), its content and its address.
Listing = Callable[[str, str, str], Iterable[Listed]]

_FEEDS = ("rss", "feed", "rdf")
_SITEMAPS = ("urlset", "sitemapindex")


class Kind(StrEnum):
    """What is at an address. ``UNCHANGED``: the server did not send the document again."""

    PAGE = "page"
    FEED = "feed"
    SITEMAP = "sitemap"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Document:
    """A feed or a sitemap that was read completely. ``url`` is the requested address.

    Store the validators once its pages have been processed, and pass them in the next time.
    """

    url: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was found at an address.

    ``page`` is the document itself if it is a page, so it need not be fetched again. ``listed`` are
    the pages of a feed or a sitemap, without duplicates, and ``documents`` the feeds and sitemaps
    that list them. ``whole`` is false if not all listed pages are here, because of limits or
    because an unchanged sitemap was not read again: then a page that is missing here may still
    exist. ``problems`` are messages for users about what was skipped.
    """

    kind: Kind
    page: Fetched | None = None
    listed: tuple[Listed, ...] = ()
    documents: tuple[Document, ...] = ()
    whole: bool = True
    problems: tuple[str, ...] = ()


def _none_kept(url: str) -> tuple[str | None, str | None]:
    return None, None


def _here(kind: str, content: str, url: str) -> Iterable[Listed]:
    if kind == "feed":
        return feeds.entries(content, parse(url))
    return sitemaps.entries(content, parse(url))


def discover(
    fetcher: Fetcher,
    url: str,
    validators: Validators = _none_kept,
    limit: int = MAX_PAGES,
    listing: Listing = _here,
) -> Discovered:
    """Find out what is at ``url``: a page, or a listing with at most ``limit`` of its pages.

    ``validators`` returns the stored validators of a document. A sitemap index is always read,
    since it does not change when its sitemaps do. If it dates all of its sitemaps, they are read
    newest first, else in order. If one of them cannot be read, that is only reported in
    ``problems``; for ``url`` itself, :class:`~pullquote.ingest.fetch.errors.FetchError` is raised.
    ``listing`` parses untrusted content and may raise ``CorpusError``.
    """
    etag, last_modified = validators(url)
    fetched = fetcher.get(url, etag, last_modified)
    if fetched is None:
        return Discovered(Kind.UNCHANGED, whole=False)
    content = _xml(fetched, fetcher.limits.size)
    root = markup.root(content)
    if root in _FEEDS:
        gathered = _Gathering(fetcher, validators, limit, listing)
        gathered.add_feed(url, fetched, content)
        return gathered.result(Kind.FEED)
    if root in _SITEMAPS:
        gathered = _Gathering(fetcher, validators, limit, listing)
        gathered.add_sitemap(url, fetched, content)
        return gathered.result(Kind.SITEMAP)
    if fetched.content_type in media.XML and root != "html":
        raise FetchError(
            url, "is XML, but no feed, sitemap or page: give the address of one of these."
        )
    if packing.is_gzip(fetched.data):
        raise FetchError(url, "is a packed file and no sitemap: give its address unpacked.")
    return Discovered(Kind.PAGE, page=fetched)


def _xml(fetched: Fetched, size: int) -> str:
    """The XML of a document from its first element on; ``""`` if it is neither XML nor HTML."""
    data = fetched.data
    if packing.is_gzip(data):
        try:
            data = packing.read([data], "gzip", size)
        except packing.PackingError:
            raise FetchError(fetched.url, "is a damaged gzip file: try again later.") from None
        except packing.TooLongError:
            raise FetchError(
                fetched.url,
                f"unpacks to more than {size / 1_000_000:,g} million bytes: allow more, or leave "
                "it out.",
            ) from None
    # Do not trust the content type: servers often declare feeds as text or HTML.
    if not data[:1024].lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n").startswith(b"<"):
        return ""
    return markup.content(markup.decode(data, fetched.charset))


class _Gathering:
    """Collects the pages found so far, the documents that list them, and problems."""

    def __init__(
        self, fetcher: Fetcher, validators: Validators, limit: int, listing: Listing
    ) -> None:
        self._fetcher = fetcher
        self._listing = listing
        self._validators = validators
        self._limit = limit
        self._listed: dict[str, Listed] = {}
        self._documents: list[Document] = []
        self._problems: list[str] = []
        self._seen: set[str] = set()
        self._whole = True

    def result(self, kind: Kind) -> Discovered:
        return Discovered(
            kind,
            listed=tuple(self._listed.values()),
            documents=tuple(self._documents),
            whole=self._whole,
            problems=tuple(self._problems),
        )

    def add_feed(self, url: str, fetched: Fetched, content: str) -> None:
        listed = self._entries("feed", content, fetched.url)
        self._add(
            url, fetched, (listing for listing in listed if self._may_follow(fetched, listing))
        )

    def add_sitemap(self, url: str, fetched: Fetched, content: str, depth: int = 0) -> None:
        """Add the pages of a sitemap or, for an index, those of its sitemaps.

        ``depth`` is the number of indexes above it.
        """
        self._seen |= {_key(url), _key(fetched.url)}
        base = parse(fetched.url)
        entries = self._same_host(self._entries("sitemap", content, fetched.url), base)
        if markup.root(content) == "urlset":
            self._add(url, fetched, entries)
            return
        if depth >= MAX_DEPTH:
            self._miss(f"{url} is an index within an index within an index: it was left aside.")
            return
        if entries and all(entry.updated for entry in entries):
            entries.sort(key=lambda entry: entry.updated or "", reverse=True)
        for entry in entries:
            if not self._child(entry.url, depth + 1):
                break

    def _child(self, url: str, depth: int) -> bool:
        """Read one sitemap of an index. Returns false if no more should be read."""
        if _key(url) in self._seen:
            return True
        if len(self._listed) >= self._limit:
            self._miss(f"Only {self._limit:,} pages are read: the sitemaps from {url} on were not.")
            return False
        if len(self._seen) >= MAX_SITEMAPS:
            self._miss(f"Only {MAX_SITEMAPS} sitemaps are read: those from {url} on were not.")
            return False
        self._seen.add(_key(url))
        try:
            fetched = self._fetcher.get(url, *self._validators(url))
            if fetched is None:
                self._whole = False
                return True
            content = _xml(fetched, self._fetcher.limits.size)
            if markup.root(content) not in _SITEMAPS:
                self._miss(f"{url} is listed as a sitemap and is none.")
                return True
            self.add_sitemap(url, fetched, content, depth)
        except FetchError as error:
            self._miss(str(error))
        return True

    def _add(self, url: str, fetched: Fetched, entries: Iterable[Listed]) -> None:
        for entry in entries:
            key = same_page(entry.url)
            if key in self._listed:
                continue
            if len(self._listed) >= self._limit:
                # Do not record the document as read, or its other pages would never be seen.
                self._miss(f"{url} lists more than the {self._limit:,} pages that are read.")
                return
            self._listed[key] = entry
        self._documents.append(Document(url, fetched.etag, fetched.last_modified))

    def _entries(self, kind: str, content: str, url: str) -> Iterator[Listed]:
        try:
            yield from self._listing(kind, content, url)
        except CorpusError as error:
            raise FetchError(url, f"cannot be read: {error}.") from error

    def _same_host(self, entries: Iterable[Listed], base: Target) -> list[Listed]:
        """The entries on the sitemap's own host: a sitemap must not list pages of other hosts."""
        kept, elsewhere = [], 0
        for entry in entries:
            try:
                target = parse(entry.url, base)
            except RefusedError:
                continue
            if target.host == base.host:
                kept.append(replace(entry, url=str(target)))
            else:
                elsewhere += 1
        if elsewhere:
            self._problems.append(
                f"{base} lists {elsewhere:,} addresses on other hosts than {base.host}: they were "
                "left aside."
            )
        return kept

    def _may_follow(self, fetched: Fetched, entry: Listed) -> bool:
        return self._fetcher.may_follow(fetched.url, entry.url)

    def _miss(self, problem: str) -> None:
        self._whole = False
        self._problems.append(problem)


def _key(url: str) -> str:
    try:
        return str(parse(url))
    except RefusedError:
        return url
