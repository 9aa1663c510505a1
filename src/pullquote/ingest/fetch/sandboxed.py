"""Reads feeds and sitemaps from files, for the sandbox's worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pullquote.errors import CorpusError
from pullquote.ingest.fetch import feeds, sitemaps
from pullquote.ingest.fetch.errors import FetchError
from pullquote.ingest.fetch.urls import Target, parse
from pullquote.ingest.listing import Listed


def read_feed(_: str, path: Path, url: str) -> Iterator[Listed]:
    """The pages of the feed from ``url``. Raises :class:`CorpusError` if it is not a feed."""
    return _read(feeds.entries, path, url)


def read_sitemap(_: str, path: Path, url: str) -> Iterator[Listed]:
    """The entries of the sitemap from ``url``. Raises :class:`CorpusError` if it is broken."""
    return _read(sitemaps.entries, path, url)


def _read(
    entries: Callable[[str, Target], Iterable[Listed]], path: Path, url: str
) -> Iterator[Listed]:
    try:
        yield from entries(path.read_bytes().decode(), parse(url))
    except FetchError as error:
        raise CorpusError(f"it {error.reason.rstrip('.')}") from error
