"""Reads sitemaps, sitemap indexes and news sitemaps (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from xml.parsers import expat

from pullquote.ingest.fetch.errors import FetchError
from pullquote.ingest.fetch.urls import MAX_URL, Target
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.listing import Listed

#: The fields that are read, by their path below ``url`` or ``sitemap``.
_FIELDS = {
    ("loc",): "loc",
    ("lastmod",): "lastmod",
    ("news", "title"): "title",
    ("news", "publication_date"): "published",
}

#: Deeper nesting means that the document is damaged or malicious.
_MAX_DEPTH = 100


class _BrokenError(Exception):
    """The document is invalid or unsafe, so reading stops."""


class _Reader:
    """Collects the fields of a sitemap's entries, and nothing else."""

    def __init__(self) -> None:
        self.entries: list[dict[str, str]] = []
        self._path: list[str] = []
        self._field: str | None = None
        self._entry: dict[str, str] = {}

    def read(self, content: str) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(content.encode("utf-8", "replace"), True)

    def _doctype(self, *about: object) -> None:
        raise _BrokenError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(":")[2])
        if len(self._path) > _MAX_DEPTH:
            raise _BrokenError
        if len(self._path) == 2:
            self._entry = {}
        self._field = _FIELDS.get(tuple(self._path[2:]))

    def _end(self, name: str) -> None:
        if len(self._path) == 2 and self._path[1] in ("url", "sitemap"):
            self.entries.append(self._entry)
        self._path.pop()
        self._field = None

    def _data(self, data: str) -> None:
        if self._field is not None:
            kept = self._entry.get(self._field, "")
            # The limit avoids quadratic time for joining the pieces of an endless value.
            if len(kept) <= MAX_URL:
                self._entry[self._field] = kept + data


def entries(content: str, base: Target) -> list[Listed]:
    """The entries of a sitemap or a sitemap index, in order.

    ``content`` begins at the first element. The ``url`` of each entry is not checked. Raises
    :class:`FetchError` if the document at ``base`` is not well-formed.
    """
    reader = _Reader()
    try:
        reader.read(content)
    except (expat.ExpatError, _BrokenError):
        raise FetchError(
            str(base), "is a broken sitemap: tell the site, or give a feed or a page."
        ) from None
    return [
        Listed(
            url=entry["loc"].strip(),
            title=" ".join(entry.get("title", "").split()) or None,
            published=iso_date(entry.get("published")),
            updated=iso_date(entry.get("lastmod")),
        )
        for entry in reader.entries
        if entry.get("loc", "").strip()
    ]
