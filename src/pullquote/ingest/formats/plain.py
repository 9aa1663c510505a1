"""Plain text and Markdown -> :class:`Article`.

The text is the whole file, decoded and otherwise unchanged, so every offset that Pullquote reports
is also an offset into the file. Header lines are metadata: ``body_start`` skips them, and they are
never removed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pullquote.errors import CorpusError
from pullquote.ingest.formats.clean import title_from
from pullquote.ingest.formats.fault import Fault
from pullquote.ingest.formats.files import read_bytes
from pullquote.ingest.formats.links import believed, site
from pullquote.types import Article

#: A newspaper article is about 6 KB and a long book 3 MB; more is not an article.
MAX_BYTES = 10_000_000

_HEADER = re.compile(
    r"(title|date|url|author|updated|section|source)[ \t]*:[ \t]*([^\r\n]*)(?:\r\n|\r|\n|\Z)", re.I
)
_FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n|\r|\n|\Z)")
_ANY_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")
_INLINE_DATE = re.compile(r"\s*date[ \t]+(\d{4}-\d{2}-\d{2})[ \t]+", re.I)
_BLANK = re.compile(r"\s*")


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The single article in the file at ``path``, fetched from ``url`` if given.

    Raises :class:`CorpusError` with the reason if there is none.
    """
    article = parse(article_id, read_bytes(path, MAX_BYTES))
    if url is not None:
        address = believed(article.url, url)
        article = replace(article, url=address, source=article.source or site(address))
    yield article


def parse(article_id: str, data: bytes) -> Article:
    """The article in ``data``. Raises :class:`CorpusError` with the reason if there is none."""
    text = _decode(data)
    fields, body_start = _header(text)
    if not any(char.isalnum() for char in text[body_start:]):
        raise CorpusError("it holds no text")
    return Article(
        id=article_id,
        title=fields.get("title") or title_from(article_id),
        url=_checked_url(fields.get("url")),
        published=_checked_date(fields, "date"),
        author=fields.get("author") or None,
        text=text,
        body_start=body_start,
        updated=_checked_date(fields, "updated"),
        section=fields.get("section") or None,
        source=fields.get("source") or None,
    )


def _decode(data: bytes) -> str:
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in data:
        raise CorpusError(
            f"it is binary, not text (a zero byte at byte {data.index(0)}): save it as UTF-8"
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        # The decoder counts from after the byte order mark.
        position = len(data) - len(error.object) + error.start
        raise CorpusError(
            f"it is not {encoding.removesuffix('-sig').upper()} (byte {position} is "
            f"0x{data[position]:02x}): save it as UTF-8"
        ) from error
    # Control characters never belong in prose, and can hide text from readers.
    if found := re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text):
        raise CorpusError(
            f"it is binary, not text (control character 0x{ord(found.group()):02x} at "
            f"character {found.start()}): remove it"
        )
    return text


def _header(text: str) -> tuple[dict[str, str], int]:
    """The header's fields by lower-case name, and where the body begins."""
    fields: dict[str, str] = {}
    opening = _FRONT_MATTER.match(text)
    position = opening.end() if opening else 0
    while position < len(text):
        if opening and (closing := _FRONT_MATTER.match(text, position)):
            return fields, _past_blank(text, closing.end())
        if line := _HEADER.match(text, position):
            name = line.group(1).lower()
            if name in fields:
                raise CorpusError(f"its header gives '{name}:' twice: keep one")
            value = line.group(2).strip()
            fields[name] = _unquoted(value) if opening else value
            position = line.end()
        elif opening and (other := _ANY_LINE.match(text, position)):
            position = other.end()
        else:
            break
    if opening:  # never closed, so a horizontal rule and not front matter
        return {}, _past_blank(text, 0)
    if fields:
        return fields, _past_blank(text, position)
    if inline := _INLINE_DATE.match(text):
        return {"date": inline.group(1)}, inline.end()
    return {}, _past_blank(text, 0)


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return value


def _past_blank(text: str, position: int) -> int:
    blank = _BLANK.match(text, position)
    return blank.end() if blank else position


def _checked_date(fields: dict[str, str], name: str) -> str | None:
    value = fields.get(name)
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).date().isoformat()
    except ValueError:
        what = "date" if name == "date" else f"{name} date"
        raise CorpusError(f"its {what} must be such as 2020-06-11, not {value!r}") from None


def _checked_url(value: str | None) -> str | None:
    if not value:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise CorpusError(f"its url {value!r} is not an http or https address")
    return value
