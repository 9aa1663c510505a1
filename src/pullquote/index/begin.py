"""What an indexing run begins with: the sources, and what the index holds of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from pullquote import source_states
from pullquote.errors import CorpusError, IndexUnusableError
from pullquote.index import commit
from pullquote.index.catalog import Catalog
from pullquote.index.manifest import Manifest
from pullquote.index.run import Before
from pullquote.index.segmented import segmentation
from pullquote.ingest import corpus
from pullquote.ingest.corpus import LeftOut, Listing
from pullquote.ingest.sandbox import Sandbox
from pullquote.ingest.sources import FileSource, Source
from pullquote.source_states import SourceRecord


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an index is to hold: the articles below ``roots`` and those at ``urls``.

    The addresses that were added before are read besides. ``adding`` is a file below ``roots``, or
    the address of a page to be added to them. Without ``fetch`` no other page is asked for again.
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
    """The sources of a run, what could not be listed, and what the index holds before it.

    The manifest names what is wanted already. ``known`` are the sources of the index, also where
    all is to be read anew.
    """

    manifest: Manifest
    before: Before
    known: Mapping[str, SourceRecord]
    sources: Sequence[Source]
    left_out: Sequence[LeftOut]


def begin(connection: sqlite3.Connection, folder: Path, wanted: Wanted, sandbox: Sandbox) -> Task:
    """List the sources. Raises :class:`CorpusError` where there is nothing to read."""
    manifest = _manifest(connection, folder, wanted)
    known = source_states.read(connection, "source")
    has_files = not wanted.rebuild and any(record.via is None for record in known.values())
    live = commit.live_articles(connection)
    listing = _listing(wanted, manifest.added, has_files, bool(live))
    adding = [wanted.adding] if isinstance(wanted.adding, str) else []
    added = tuple(dict.fromkeys([*manifest.added, *adding]))
    records = {} if wanted.rebuild else known
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
        Catalog(connection, folder),
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
    """The files of the corpus; none are needed where there are addresses, or at the beginning.

    A folder that is not there is an error where the index has articles of files: it may only be
    away, or misspelt. Addresses that were added do not stand for one. An empty folder is one where
    all articles would be taken out.
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
    """What is known of pages that are not asked for again."""
    from pullquote.ingest.pages import Kept

    return [Kept(record) for record in known.values() if record.via in addresses]


def _check_is_page(address: str, pages: Sequence[Source], missing: Sequence[LeftOut]) -> None:
    """Raise :class:`CorpusError` where an address that is to be added gives no single page."""
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
    # What fetches is loaded for those who fetch.
    from pullquote.ingest.fetch import Fetcher
    from pullquote.ingest.pages import list_pages

    # Not closed: its pages are fetched when they are read.
    return list_pages(urls, Fetcher(wanted.private_hosts), sandbox, known)


def _manifest(connection: sqlite3.Connection, folder: Path, wanted: Wanted) -> Manifest:
    """That of the index, or of one that holds nothing."""
    try:
        return Manifest.of(connection, folder)
    except IndexUnusableError:
        none = ("", "", wanted.embedder, "", 0, segmentation(), (), (), 0, 0, 0, "", None)
        return Manifest(0, *none)
