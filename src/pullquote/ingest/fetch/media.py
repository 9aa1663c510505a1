"""The media types of documents that are fetched."""

from __future__ import annotations

import re

from pullquote.ingest.formats.encoding import known

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

HTML = frozenset({"text/html", "application/xhtml+xml"})

XML = frozenset(
    {
        "application/atom+xml",
        "application/rdf+xml",
        "application/rss+xml",
        "application/xml",
        "text/xml",
    }
)

ACCEPTED = (
    HTML
    | XML
    | {
        DOCX,
        "application/epub+zip",
        "application/gzip",  # a sitemap, sitemap.xml.gz
        "application/pdf",
        "application/x-gzip",
        "text/markdown",
        "text/plain",
    }
)

#: Content types that servers send for unknown files.
_UNKNOWN = frozenset({"", "application/octet-stream", "binary/octet-stream"})

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


def split(header: str) -> tuple[str, str | None]:
    """The type, in lower case, and the charset in a Content-Type header.

    The type is ``""`` if the server does not know it.
    """
    kind = header.partition(";")[0].strip().lower()
    match = _CHARSET.search(header)
    return "" if kind in _UNKNOWN else kind, known(match[1]) if match else None


def sniff(data: bytes) -> str | None:
    """The type of ``data``, guessed from its first bytes; ``None`` for unsupported types."""
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"%pdf-"):
        return "application/pdf"
    if head.startswith(b"\x1f\x8b"):
        return "application/gzip"
    if data.startswith(b"PK\x03\x04"):
        if b"mimetypeapplication/epub+zip" in data[:100]:
            return "application/epub+zip"
        return DOCX if b"word/" in data else None
    if head.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if head.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"<rdf:rdf")):
        return "application/xml"
    if not head or b"\0" in head:
        return None
    return None if head.startswith((b"{", b"[")) else "text/plain"
