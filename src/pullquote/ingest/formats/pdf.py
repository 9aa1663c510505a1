"""PDF files -> :class:`Article`, from their text layer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf

from pullquote.errors import CorpusError
from pullquote.ingest.formats.clean import MAX_TEXT, clean_text, extracted, has_words
from pullquote.ingest.formats.fault import Fault, damaged
from pullquote.ingest.formats.files import open_regular
from pullquote.ingest.formats.pdflines import Line, paragraphs
from pullquote.types import Article

#: A scanned book with its pictures; text alone has 1 MB.
MAX_BYTES = 100_000_000

#: More than any report, and some minutes of reading: see the sandbox's limit of time.
MAX_PAGES = 2_000

_DAMAGED = "its PDF is damaged: save it again"

#: Titles that programs give: a file's name, or nothing at all.
_NO_TITLE = re.compile(r"(untitled|.*\.(docx?|pdf|indd|qxd|tex|dvi|odt|rtf|pptx?))\Z", re.I)
_PROGRAM = re.compile(r"microsoft (word|powerpoint) - ", re.I)

#: Letters that a font draws as one, which nobody types into a question.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The one article of the PDF at ``path``, fetched from ``url`` if that is given.

    Raises :class:`CorpusError` with the reason when there is none: the file is encrypted, too
    long, or a scan without a text layer.
    """
    with open_regular(path, MAX_BYTES) as file, damaged(_DAMAGED):
        reader = pypdf.PdfReader(file, strict=False)
        if reader.is_encrypted:
            raise CorpusError("it is encrypted: save a copy without a password")
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise CorpusError(
                f"it has {count:,} pages, more than the {MAX_PAGES:,} that an article may have: "
                "split it"
            )
        if not count:
            raise CorpusError(_DAMAGED)
        pages: list[list[Line]] = []
        length = 0
        for page in reader.pages:
            pages.append(_lines(page))
            length += sum(len(line.text) for line in pages[-1])
            if length > MAX_TEXT:  # one stream may be drawn on every page
                raise CorpusError(
                    f"its text has more than {MAX_TEXT / 1e6:.0f} million characters: split it"
                )
        text = "\n\n".join(paragraphs(pages))
        if not has_words(text):
            raise CorpusError(
                "it has no text layer: it is most likely a scan, so run text recognition (OCR) "
                "on it first"
            )
        meta = _metadata(reader)
    yield extracted(article_id, text, fetched_url=url, **meta)


def _lines(page: pypdf.PageObject) -> list[Line]:
    lines: list[Line] = []
    parts: list[str] = []
    place: tuple[float, float, float] | None = None

    def end() -> None:
        nonlocal place
        text = " ".join(clean_text("".join(parts).translate(_LIGATURES)).split())
        if text and place is not None:
            lines.append(Line(text, *place))
        parts.clear()
        place = None

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        nonlocal place
        for piece in text.splitlines(keepends=True):
            if piece.strip() and place is None:
                x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                # The height of the type on the page: many files set size 1 and scale it.
                scale_x = tm[2] * cm[0] + tm[3] * cm[2]
                scale_y = tm[2] * cm[1] + tm[3] * cm[3]
                height = abs(size) * (scale_x**2 + scale_y**2) ** 0.5
                place = (x, y, height or 1.0)
            parts.append(piece)
            if piece.endswith("\n"):
                end()

    page.extract_text(visitor_text=visit)
    end()
    return lines


def _metadata(reader: pypdf.PdfReader) -> dict[str, str | None]:
    """What the file says of itself; a damaged field is as good as none."""
    info = reader.metadata
    if info is None:
        return {}
    title = _PROGRAM.sub("", (info.title or "").strip())
    return {
        "title": None if _NO_TITLE.match(title) else title,
        "author": info.author,
        "published": _day(lambda: info.creation_date),
        "updated": _day(lambda: info.modification_date),
    }


def _day(read_date: Any) -> str | None:
    try:
        moment = read_date()
    except Exception:  # the library raises ValueError and more for a date it cannot read
        return None
    return moment.date().isoformat() if isinstance(moment, datetime) else None
