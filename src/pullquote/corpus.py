"""Files of a corpus -> :class:`Article`.

The text of an article is the whole file, decoded and otherwise untouched, so every offset
that Pullquote gives out is also an offset into the file. Header lines are metadata: they are
stepped over with ``body_start``, never cut away.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from pullquote.errors import CorpusError
from pullquote.types import Article

SUFFIXES = (".txt", ".md")

#: A newspaper article is about 6 KB and a long book 3 MB; more is not an article.
MAX_BYTES = 10_000_000

_HEADER = re.compile(r"(title|date|url|author)[ \t]*:[ \t]*([^\r\n]*)(?:\r\n|\r|\n|\Z)", re.I)
_FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n|\r|\n|\Z)")
_ANY_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")
_INLINE_DATE = re.compile(r"\s*date[ \t]+(\d{4}-\d{2}-\d{2})[ \t]+", re.I)
_BLANK = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus and the id of the article in it."""

    article_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that was not indexed, and why, as the end of a sentence."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in the corpus folders: articles by id, and what is none of ours."""

    sources: tuple[Source, ...]
    left_out: tuple[LeftOut, ...]


def list_sources(roots: Sequence[Path]) -> Listing:
    """All article files below ``roots`` (folders or single files), ordered by id.

    Hidden files and folders are passed over, links to folders are not followed. Raises
    :class:`CorpusError` when a root does not exist or cannot be read, or nothing was found.
    """
    sources: dict[str, Source] = {}
    left_out: list[LeftOut] = []
    for root in roots:
        if not os.path.exists(root):  # Path.exists raises for a name that is too long
            raise CorpusError(
                f"The corpus {str(root)!r} does not exist: create the folder and put .txt or .md "
                "files into it, or name another with --corpus."
            )
        for path in _files(root, left_out):
            article_id = path.name if path == root else path.relative_to(root).as_posix()
            if path.suffix.lower() not in SUFFIXES:
                left_out.append(LeftOut(path, "it is neither a .txt nor a .md file"))
            elif not _is_unicode(article_id):
                left_out.append(LeftOut(path, "its name is not UTF-8: rename it"))
            elif article_id in sources:
                twin = sources[article_id].path
                if twin.absolute() != path.absolute():  # a root that was named twice
                    left_out.append(
                        LeftOut(path, f"{twin} has the same id, {article_id!r}: rename one")
                    )
            else:
                sources[article_id] = Source(article_id, path)
    if not sources:
        named = ", ".join(repr(str(root)) for root in roots)
        raise CorpusError(f"There are no .txt or .md files in {named}: put the articles there.")
    return Listing(tuple(sources[i] for i in sorted(sources)), tuple(left_out))


def _files(root: Path, left_out: list[LeftOut]) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return

    def unreadable(error: OSError) -> None:
        if Path(error.filename) == root:
            raise CorpusError(
                f"The corpus {str(root)!r} cannot be read ({error.strerror}): make it readable, "
                "or name another with --corpus."
            )
        left_out.append(
            LeftOut(Path(error.filename), f"the folder cannot be read ({error.strerror})")
        )

    for folder, subfolders, names in os.walk(root, onerror=unreadable):
        if "manifest.json" in names and any(name.startswith("build-") for name in subfolders):
            subfolders.clear()  # an index that was put inside the corpus is no part of it
            continue
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name)


def _is_unicode(name: str) -> bool:
    """False for a file name of other bytes: its stand-ins cannot be printed, served or linked."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises :class:`CorpusError` when it is too big or unreadable."""
    try:
        if not path.is_file():
            raise CorpusError("it is no regular file but a pipe, a device or a link to nothing")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise CorpusError(
                f"it has {size / 1e6:.1f} MB, more than the {MAX_BYTES / 1e6:.0f} MB that an "
                "article may have: split it"
            )
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"it cannot be read ({error.strerror})") from error


def parse(article_id: str, data: bytes) -> Article:
    """The article in ``data``. Raises :class:`CorpusError` with the reason when there is none."""
    text = _decode(data)
    fields, body_start = _header(text)
    if not any(char.isalnum() for char in text[body_start:]):
        raise CorpusError("it holds no text")
    return Article(
        id=article_id,
        title=fields.get("title") or _title_from(article_id),
        url=_checked_url(fields.get("url")),
        published=_checked_date(fields.get("date")),
        author=fields.get("author") or None,
        text=text,
        body_start=body_start,
    )


def file_digest(data: bytes) -> str:
    """SHA-256 of a source file, in hexadecimal."""
    return sha256(data).hexdigest()


def article_digest(article: Article) -> str:
    """SHA-256 over everything that a reader is shown of an article, in hexadecimal."""
    shown = (
        article.id,
        article.title,
        article.url or "",
        article.published or "",
        article.author or "",
        str(article.body_start),
        article.text,
    )
    # Lengths keep ("ab", "c") apart from ("a", "bc"); lone surrogates cannot occur in decoded
    # text, but may in text that somebody tampered with, and must not raise here.
    encoded = [part.encode("utf-8", "surrogatepass") for part in shown]
    return sha256(b"".join(b"%d:%b" % (len(part), part) for part in encoded)).hexdigest()


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
        # The decoder counts from behind the byte order mark.
        position = len(data) - len(error.object) + error.start
        raise CorpusError(
            f"it is not {encoding.removesuffix('-sig').upper()} (byte {position} is "
            f"0x{data[position]:02x}): save it as UTF-8"
        ) from error
    # A control character never belongs to prose, and hides text from a reader's eye.
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
    if opening:  # never closed: a horizontal rule, not a header
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


def _title_from(article_id: str) -> str:
    words = re.sub(r"[-_\s]+", " ", Path(article_id).stem).strip()
    return words[:1].upper() + words[1:] or article_id


def _checked_date(value: str | None) -> str | None:
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).date().isoformat()
    except ValueError:
        raise CorpusError(f"its date {value!r} is not of the form 2020-06-11") from None


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
