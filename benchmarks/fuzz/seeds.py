"""The inputs that fuzzing starts from: the literals in a parser's tests, and made documents."""

from __future__ import annotations

import ast
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from tests.support.documents import SIMPLE, XHTML, W, pdf_bytes
from tests.support.places import ROOT

#: Separates the files that a fuzzed input is split into to make a book or a Word file.
PART = b"\n%%%%\n"
CONTAINER = b'<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>'
_KEYS = (
    b"<encryption><EncryptedData><EncryptionMethod"
    b' Algorithm="http://www.idpf.org/2008/embedding"/></EncryptedData></encryption>'
)


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


_OPF = (
    b"<package><metadata><title>The Book</title><creator>Ann Lee</creator><date>2020</date>"
    b'</metadata><manifest><item id="a" href="0.xhtml" media-type="application/xhtml+xml"/>'
    b'</manifest><spine><itemref idref="a"/></spine></package>'
)
_WORDS = "A ban on software was announced on Wednesday, the company said. " * 4
_CHAPTER = (XHTML % f"<h1>One &amp; all</h1><p>{_WORDS}</p>").encode()
_DOCUMENT = (
    f"<w:document {W}><w:body><w:p><w:r><w:t>{_WORDS}</w:t></w:r></w:p></w:body></w:document>"
)
_EXPORT = json.dumps(
    [
        {
            "id": 7,
            "title": "A",
            "url": "https://a.example/",
            "published": "2020-06-11",
            "text": _WORDS,
        }
    ]
).encode()
_SQUAD = json.dumps(
    {
        "data": [
            {
                "title": "A",
                "paragraphs": [
                    {
                        "context": _WORDS,
                        "qas": [
                            {
                                "id": "1",
                                "question": "What?",
                                "answers": [{"text": "ban", "answer_start": 2}],
                                "is_impossible": False,
                            }
                        ],
                    }
                ],
            }
        ]
    }
).encode()

_FORMATS = ("ingest/test_formats.py", "ingest/test_formats_documents.py")
_FETCH = ("ingest/test_fetch.py", "ingest/test_fetch_discover.py")
_SETS = ("evaluate/test_questionset.py",)

#: For each target, the tests whose literals are seeds.
TESTS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("plain", "html", "encoding", "dates", "json", "ndjson"), _FORMATS),
    **dict.fromkeys(("docx", "epub"), _FORMATS[1:]),
    **dict.fromkeys(("http", "feed", "sitemap", "robots", "urls"), _FETCH),
    **dict.fromkeys(("questions-jsonl", "questions-csv", "questions-squad"), _SETS),
}

MADE: Mapping[str, Sequence[bytes]] = {
    "html": [_CHAPTER],
    "pdf": [pdf_bytes([SIMPLE])],
    "pdf-page": [
        b"BT /F1 12 Tf 1 0 0 1 72 700 Tm (A ban on software) Tj 0 -14 Td [(now) -300 (.)] TJ ET"
    ],
    "docx": [_DOCUMENT.encode()],
    "zip": [zipped({"word/document.xml": _DOCUMENT.encode()})],
    "epub": [
        PART.join((_OPF, _CHAPTER, _CHAPTER)),
        PART.join((_OPF, _CHAPTER, CONTAINER, _KEYS)),
    ],
    "http": [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ntext"],
    "packing": [bytes.fromhex("1f8b08000000000002ff0300"), b"x\x9c"],
    "json": [_EXPORT, b'{"of": "a", "articles": %s}' % _EXPORT],
    "ndjson": [_EXPORT[1:-1]],
    "questions-jsonl": [
        b'{"id": "1", "user_input": "What?", "status": "answered", "evidence": ["A ban."]}\n'
    ],
    "questions-csv": [b'user_input,status,evidence,tags\nWhat?,answered,"[""A ban.""]",a;b\n'],
    "questions-squad": [_SQUAD],
}


def seeds(name: str) -> Iterator[bytes]:
    """The seeds of a target."""
    yield from MADE.get(name, ())
    for file in TESTS.get(name, ()):
        for node in ast.walk(ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                value = node.value
                yield value if isinstance(value, bytes) else value.encode("utf-8", "replace")
