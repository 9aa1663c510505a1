"""PDF files -> :class:`Article`, from their text layer.

A page is read in steps, each in its own module: find the visible ``glyphs``; build ``words`` from
them (``spaces``); remove ``running`` heads; ``merge`` pieces that typesetting separated; order them
by ``columns``; join lines to ``paragraphs``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from pullquote.errors import CorpusError
from pullquote.ingest.formats.clean import MAX_TEXT, clean_text, extracted, has_words
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.fault import Fault, damaged
from pullquote.ingest.formats.files import open_regular
from pullquote.ingest.formats.pdf.columns import WORD, Line, lines_of
from pullquote.ingest.formats.pdf.glyphs import Glyph, TooManyGlyphsError, glyph_groups
from pullquote.ingest.formats.pdf.merge import put_together
from pullquote.ingest.formats.pdf.paragraphs import paragraphs
from pullquote.ingest.formats.pdf.running import without_running_lines
from pullquote.ingest.formats.pdf.words import Segment, segments
from pullquote.types import Article

#: The size of a scanned book with its pictures; text alone has 1 MB.
MAX_BYTES = 100_000_000

#: More than any report has. Reading them takes minutes: see the sandbox's time limit.
MAX_PAGES = 2_000

#: The least rotated lines that are kept: a table has more, a stamp fewer.
_SIDEWAYS = 3

_DAMAGED = "its PDF is damaged: save it again"
_TOO_LONG = f"its text has more than {MAX_TEXT / 1e6:.0f} million characters: split it"

_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)", re.ASCII)

#: Meaningless titles set by programs, such as file names.
_NO_TITLE = re.compile(r"(untitled|.*\.(docx?|pdf|indd|qxd|tex|dvi|odt|rtf|pptx?))\Z", re.I)
_PROGRAM = re.compile(r"microsoft (word|powerpoint) - ", re.I)

#: Ligatures, which nobody types into a question.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The single article of the PDF at ``path``, fetched from ``url`` if given.

    Raises :class:`CorpusError` with the reason if there is none: the file is damaged, encrypted,
    too long, or a scan without a text layer.
    """
    with open_regular(path, MAX_BYTES) as file, damaged(_DAMAGED):
        document = _opened(file)
        count = len(document)
        if count > MAX_PAGES:
            raise CorpusError(
                f"it has {count:,} pages, more than the {MAX_PAGES:,} that an article may have: "
                "split it"
            )
        if not count:
            raise CorpusError(_DAMAGED)
        text = "\n\n".join(paragraphs(_pages(document)))
        if not has_words(text):
            raise CorpusError(
                "it has no text layer: it is most likely a scan, so run text recognition (OCR) "
                "on it first"
            )
        meta = _metadata(document)
    yield extracted(article_id, text, fetched_url=url, **meta)


def _opened(file: BinaryIO) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise CorpusError("it is encrypted: save a copy without a password") from error
        raise


def _pages(document: pypdfium2.PdfDocument) -> list[list[Line]]:
    """The lines of each page: the upright ones, followed by the rotated ones."""
    upright: list[list[Segment]] = []
    sideways: list[list[list[Segment]]] = []
    length = 0
    for page in document:
        groups = [_cleaned(segments(group)) for group in _glyph_groups(page)]
        page.close()
        upright.append(groups[0] if groups else [])
        sideways.append([group for group in groups[1:] if len(group) >= _SIDEWAYS])
        length += sum(len(segment.text) for group in groups for segment in group)
        if length > MAX_TEXT:  # a small file may draw the same content on every page
            raise CorpusError(_TOO_LONG)
    kept = without_running_lines(upright)
    words = Counter(
        word.lower() for page in kept for segment in page for word in WORD.findall(segment.text)
    )
    return [
        [line for group in (page, *more) for line in lines_of(put_together(group, words))]
        for page, more in zip(kept, sideways, strict=True)
    ]


def _glyph_groups(page: pypdfium2.PdfPage) -> list[list[Glyph]]:
    try:
        return list(glyph_groups(page))
    except TooManyGlyphsError:
        raise CorpusError(_TOO_LONG) from None


def _cleaned(found: Sequence[Segment]) -> list[Segment]:
    """The segments without control characters, and with ligatures split into letters."""
    cleaned = (
        replace(segment, text=" ".join(clean_text(text, soft_hyphens=True).split()))
        for segment in found
        for text in [segment.text.translate(_LIGATURES)]
    )
    return [segment for segment in cleaned if segment.text]


def _metadata(document: pypdfium2.PdfDocument) -> dict[str, str | None]:
    """The file's metadata; invalid fields count as missing."""
    info = document.get_metadata_dict(skip_empty=True)
    title = _PROGRAM.sub("", info.get("Title", "").strip())
    return {
        "title": None if _NO_TITLE.match(title) else title,
        "author": info.get("Author"),
        "published": _day(info.get("CreationDate", "")),
        "updated": _day(info.get("ModDate", "")),
    }


def _day(moment: str) -> str | None:
    """ "D:20200611230000-04'00'" -> "2020-06-11"."""
    found = _DATE.match(moment)
    return iso_date("-".join(found.groups())) if found else None
