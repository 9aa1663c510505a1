"""Prepares an indexing run: lists the sources and reads what the index already holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from pullquote import source_states
from pullquote.errors import CorpusError, IndexUnusableError
from pullquote.index import commit
from pullquote.index.commit import Live
from pullquote.index.manifest import Manifest
from pullquote.index.run import Before
from pullquote.index.segmented import segmentation
from pullquote.index.target import Target
from pullquote.ingest import corpus
from pullquote.ingest.corpus import LeftOut, Listing
from pullquote.ingest.sandbox import Sandbox
from pullquote.ingest.sources import FileSource, Source
from pullquote.source_states import SourceRecord


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an index should hold: the articles below ``roots`` and those at ``urls``.

    Addresses that were added earlier are read too. ``adding`` is a new file below ``roots`` or the
    address of a page to add. Without ``fetch``, no other page is fetched again.
    """

    roots: Sequence[Path]
    urls: Sequence[str]
    private_hosts: Sequence[str]
    embedder: str
    adding: Path | str | None
    fetch: bool
    rebuild: bool


@dataclass(frozen=True, slots=True)
class Task:
    """The sources of a run, what could not be listed, and what the index held before the run.

    ``manifest`` already names the wanted roots and addresses. ``known`` are the sources that the
    index knows, even when everything is to be read again.
    """

    manifest: Manifest
    before: Before
    known: Mapping[str, SourceRecord]
    sources: Sequence[Source]
    left_out: Sequence[LeftOut]


def begin(target: Target, wanted: Wanted, sandbox: Sandbox) -> Task:
    """Prepare a run. Raises :class:`CorpusError` if there is nothing to read."""
    connection = target.connection
    live = commit.live_articles(connection)
    manifest = _manifest(target, wanted, live)
    known = source_states.read(connection, "source")
    has_files = not wanted.rebuild and any(record.via is None for record in known.values())
    listing = _listing(wanted, manifest.added, has_files, bool(live))
    adding = [wanted.adding] if isinstance(wanted.adding, str) else []
    added = tuple(dict.fromkeys([*manifest.added, *adding]))
    # Also a rebuilt index keeps the pages that a feed no longer lists or that are unreachable now.
    records = {key: record.unread() for key, record in known.items()} if wanted.rebuild else known
    addresses = dict.fromkeys([*wanted.urls, *added])
    all_asked = wanted.fetch or not records
    asked = [url for url in addresses if all_asked or url == wanted.adding]
    pages, missing = _pages(asked, wanted, sandbox, records if all_asked else {})
    for address in adding:
        _check_is_page(address, pages, missing)
    if not all_asked:
        pages += _unasked(addresses.keys() - {*asked}, records)
    reusable = (
        manifest.generation > 0
        and not wanted.rebuild
        and (manifest.segmentation, manifest.embedder) == (segmentation(), wanted.embedder)
    )
    before = Before(
        target.catalog,
        live,
        records,
        commit.withdrawn(connection),
        manifest.embedder_digest,
        reusable,
    )
    files = [FileSource(source.path, source.article_id, sandbox) for source in listing.sources]
    corpus_roots = tuple(str(root.absolute()) for root in wanted.roots)
    manifest = replace(manifest, corpus=corpus_roots, urls=tuple(wanted.urls), added=added)
    return Task(manifest, before, known, [*files, *pages], [*listing.left_out, *missing])


def _listing(wanted: Wanted, added: Sequence[str], has_files: bool, has_articles: bool) -> Listing:
    """The files of the corpus. None are needed if there are URLs, or if the index is new.

    A missing folder is an error if no URLs are set (added addresses do not count), or if the index
    has articles from files: the folder may be unmounted or misspelt. An empty folder is an error
    if all articles would be removed.
    """
    try:
        listing = corpus.list_sources(wanted.roots)
    except CorpusError:
        if wanted.urls and not has_files:
            return Listing((), ())
        raise
    if has_articles and not (listing.sources or wanted.urls or added):
        raise CorpusError(corpus.no_articles(wanted.roots))
    return listing


def _unasked(addresses: Set[str], known: Mapping[str, SourceRecord]) -> list[Source]:
    """Sources for the known pages that are not fetched again."""
    from pullquote.ingest.pages import Kept

    return [Kept(record) for record in known.values() if record.via in addresses]


def _check_is_page(address: str, pages: Sequence[Source], missing: Sequence[LeftOut]) -> None:
    """Raise :class:`CorpusError` if the address to add is not a single page."""
    for omission in missing:
        if omission.path == address:
            raise CorpusError(omission.reason)
    from pullquote.ingest.pages import Kept

    if not any(page.key == address and not isinstance(page, Kept) for page in pages):
        raise CorpusError("it is a feed or a sitemap: name it in the setting 'urls'")


def _pages(
    urls: Sequence[str], wanted: Wanted, sandbox: Sandbox, known: Mapping[str, SourceRecord]
) -> tuple[list[Source], list[LeftOut]]:
    if not urls:
        return [], []
    # Imported late: most runs fetch nothing.
    from pullquote.ingest.fetch import Fetcher
    from pullquote.ingest.pages import list_pages

    # The fetcher is not closed: pages are fetched only when they are read.
    return list_pages(urls, Fetcher(wanted.private_hosts), sandbox, known)


def _manifest(target: Target, wanted: Wanted, live: Mapping[str, Live]) -> Manifest:
    """The manifest of the index; a new one if there is none, or if a damaged one is replaced."""
    try:
        if found := Manifest.find(target.connection, target.place):
            return found
    except IndexUnusableError:
        if not wanted.rebuild:
            raise
    none = ("", "", wanted.embedder, "", 0, segmentation(), (), (), 0, 0, 0, "", None)
    return Manifest(0, *none).with_contents(((id_, one.digest) for id_, one in live.items()), ())
