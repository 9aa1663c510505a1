"""Files of many formats -> :class:`~pullquote.types.Article`.

Each format has its own module, which is imported with its library only when a file of that format
is read. Except for plain text, files should be read in a
:class:`~pullquote.ingest.sandbox.Sandbox`: the parsers are large, and the files are untrusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from pullquote.ingest.formats.fault import Fault
from pullquote.types import Article

__all__ = ["KINDS", "LISTINGS", "READERS", "Fault", "read"]

#: The kind of a file by its suffix, in lower case.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        ".txt": "plain",
        ".md": "plain",
        ".html": "html",
        ".htm": "html",
        ".xhtml": "html",
        ".pdf": "pdf",
        ".docx": "docx",
        ".epub": "epub",
        ".json": "json",
        ".ndjson": "ndjson",
        ".jsonl": "ndjson",
    }
)

#: The function that reads each kind, as ``module:function``.
READERS: Mapping[str, str] = MappingProxyType(
    {
        "plain": "pullquote.ingest.formats.plain:read",
        "html": "pullquote.ingest.formats.html:read",
        "pdf": "pullquote.ingest.formats.pdf:read",
        "docx": "pullquote.ingest.formats.docx:read",
        "epub": "pullquote.ingest.formats.epub:read",
        "json": "pullquote.ingest.formats.export:read_json",
        "ndjson": "pullquote.ingest.formats.export:read_ndjson",
    }
)

#: The functions that read feeds and sitemaps. Only the sandbox calls them.
LISTINGS: Mapping[str, str] = MappingProxyType(
    {
        "feed": "pullquote.ingest.fetch.sandboxed:read_feed",
        "sitemap": "pullquote.ingest.fetch.sandboxed:read_sitemap",
    }
)


def read(
    kind: str, article_id: str, path: Path, url: str | None = None
) -> Iterator[Article | Fault]:
    """Yield the articles of the file at ``path``, and a :class:`Fault` for each bad entry.

    ``kind`` is one of the values of :data:`KINDS`; ``url`` is where the file was fetched from.
    Raises :class:`~pullquote.errors.CorpusError` with the reason, as the end of a sentence, if the
    whole file cannot be read, and :class:`ValueError` for an unknown kind.
    """
    if kind not in READERS:
        raise ValueError(f"there is no kind of file {kind!r}")
    module, _, function = READERS[kind].partition(":")
    found: Iterator[Article | Fault] = getattr(import_module(module), function)(
        article_id, path, url
    )
    return found
