"""The fuzz targets: every parser of untrusted input.

A target takes any bytes. It may raise only the error that is meant for the user, and what it
returns must be valid. :mod:`benchmarks.fuzz.child` imports this module with coverage turned on.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

import httpcore2

from benchmarks.fuzz.seeds import CONTAINER, PART, zipped
from pullquote.errors import CorpusError, PullquoteError
from pullquote.evaluate.questionset import QuestionSet
from pullquote.ingest import formats
from pullquote.ingest.fetch import (
    Fetcher,
    FetchError,
    FetchLimits,
    Outside,
    discover,
    packing,
    urls,
)
from pullquote.ingest.formats import Fault, dates, encoding, plain, wire

Run = Callable[[bytes], None]

# Files


@cache
def _file(suffix: str) -> Path:
    memory = Path("/dev/shm")
    folder = memory if memory.is_dir() else Path(tempfile.gettempdir())
    return folder / f"fuzz-{os.getpid()}{suffix}"


def _read(kind: str, data: bytes, url: str | None = None) -> None:
    """Read a file as the sandbox does, and check that the results survive the way out of it."""
    path = _file(f".{kind}")
    path.write_bytes(data)
    for item in formats.read(kind, "a", path, url):
        channel = io.BytesIO()
        wire.send(channel, wire.result(item))
        channel.seek(0)
        message = wire.receive(channel)
        assert message is not None
        assert wire.received(message, "a", any_id=kind in ("json", "ndjson")) == (
            item
            if not isinstance(item, Fault)
            else Fault(wire.short_reason(item.where), wire.short_reason(item.reason))
        )


def _plain(data: bytes) -> None:
    """Check what is read from plain text, which needs no sandbox and keeps its header."""
    article = plain.parse("a", data)
    assert 0 <= article.body_start < len(article.text)
    assert article.title
    for day in (article.published, article.updated):
        assert day is None or len(day) == 10


def _reader(kind: str, url: str | None = None) -> Run:
    module = formats.READERS[kind].partition(":")[0]
    import_module(module)  # now, so that its coverage is counted
    return lambda data: _read(kind, data, url)


def _docx(data: bytes) -> None:
    main, _, core = data.partition(PART)
    files = {"word/document.xml": main}
    if core:
        files["docProps/core.xml"] = core
    _read("docx", zipped(files))


def _epub(data: bytes) -> None:
    package, *chapters = data.split(PART)
    files = {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER}
    files |= {"a.opf": package}
    files |= {f"{number}.xhtml": chapter for number, chapter in enumerate(chapters[:20])}
    for chapter in chapters:
        for name in ("container", "encryption"):
            if chapter.startswith(f"<{name}".encode()):
                files[f"META-INF/{name}.xml"] = chapter
    _read("epub", zipped(files))


def _pdf_page(data: bytes) -> None:
    """Read a PDF whose only page has ``data`` as its content stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R"
        b"/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 6\n0000000000 65535 f \n%strailer\n<</Size 6/Root 1 0 R>>\n" % table
    _read("pdf", out + b"startxref\n%d\n%%%%EOF\n" % out.index(b"xref\n0 6"))


def _encoding(data: bytes) -> None:
    encoding.decode_page(data).encode("utf-8", "surrogatepass")


def _dates(data: bytes) -> None:
    day = dates.iso_date(data.decode("utf-8", "replace"))
    assert day is None or len(day) == 10


# The web


def _fetcher(answer: bytes) -> Fetcher:
    """A fetcher that gets ``answer`` from every server."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Fetcher(
        limits=FetchLimits(size=200_000),
        outside=Outside(
            resolve=lambda host, port: ["93.184.216.34"],
            connect=lambda address, port, timeout: httpcore2.MockStream([answer, b""]),
            clock=lambda: now[0],
            sleep=sleep,
            now=lambda: 1_700_000_000.0,
        ),
    )


def _http(data: bytes) -> None:
    fetched = _fetcher(data).get("http://a.example/")
    assert fetched is not None
    assert len(fetched.data) <= 200_000


def _listing(kind: bytes) -> Run:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    import_module("feedparser")

    def run(data: bytes) -> None:
        found = discover.discover(
            _fetcher(head % (kind, len(data)) + data), "http://a.example/", limit=50
        )
        for listed in found.listed:
            assert str(urls.parse(listed.url)) == listed.url

    return run


def _robots(data: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
    fetcher = _fetcher(head % len(data) + data)
    for path in ("/", "/a/b?c=d", "/%C3%A9*$"):
        with contextlib.suppress(FetchError):
            fetcher.get(f"http://a.example{path}")


def _urls(data: bytes) -> None:
    address, _, base = data.decode("utf-8", "surrogateescape").partition("\n")
    start = urls.parse(base) if base else None
    target = urls.parse(address, start)
    assert urls.parse(str(target)) == target
    httpcore2.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)


def _packing(data: bytes) -> None:
    for coding in ("gzip", "deflate"):
        assert len(packing.read([data], coding, 50_000, cut=True)) <= 50_000


# Question sets


def _questions(suffix: str) -> Run:
    def run(data: bytes) -> None:
        path = _file(suffix)
        path.write_bytes(data)
        for question in QuestionSet.read(path).questions:
            assert question.text
            assert question.id

    return run


#: Each target by name: a function that makes it, after importing what it needs, and the error that
#: it may raise.
TARGETS: dict[str, tuple[Callable[[], Run], type[Exception] | tuple[()]]] = {
    "plain": (lambda: _plain, CorpusError),
    "html": (lambda: _reader("html", "https://a.example/b"), CorpusError),
    "encoding": (lambda: _encoding, ()),
    "dates": (lambda: _dates, ()),
    "pdf": (lambda: _reader("pdf"), CorpusError),
    "pdf-page": (lambda: _pdf_page, CorpusError),
    "docx": (lambda: _docx, CorpusError),
    "epub": (lambda: _epub, CorpusError),
    "zip": (lambda: _reader("docx"), CorpusError),
    "json": (lambda: _reader("json"), CorpusError),
    "ndjson": (lambda: _reader("ndjson"), CorpusError),
    "http": (lambda: _http, FetchError),
    "feed": (lambda: _listing(b"application/rss+xml"), FetchError),
    "sitemap": (lambda: _listing(b"application/xml"), FetchError),
    "robots": (lambda: _robots, FetchError),
    "urls": (lambda: _urls, FetchError),
    "packing": (lambda: _packing, packing.PackingError),
    "questions-jsonl": (lambda: _questions(".jsonl"), PullquoteError),
    "questions-csv": (lambda: _questions(".csv"), PullquoteError),
    "questions-squad": (lambda: _questions(".json"), PullquoteError),
}
