"""Books (EPUB 2 and 3) -> one :class:`Article` for each chapter."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pullquote.errors import CorpusError
from pullquote.ingest.formats.archive import Archive, open_archive
from pullquote.ingest.formats.clean import clean_field, extracted, has_words, title_from
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.epubpage import show
from pullquote.ingest.formats.fault import Fault
from pullquote.ingest.formats.stylesheets import hiding, raising
from pullquote.ingest.formats.tree import Element, local_name, parse_xhtml, parse_xml, prose_of
from pullquote.types import Article

_WHAT = "its EPUB"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_HEADINGS = ("h1", "h2", "h3")
#: What the date of an EPUB 2 is that of; without it, it is that of the publication.
_EVENT = "{http://www.idpf.org/2007/opf}event"

#: Algorithms that only obfuscate fonts, so the text is still readable.
_FONT_MASKS = (
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
)

#: A chapter with prose has a paragraph of at least this many words; a cover, a list of chapters or
#: a dedication has none.
_WORDS_OF_PROSE = 12

#: The most bytes of a style sheet that are read.
_MAX_STYLES = 500_000


@dataclass(frozen=True, slots=True)
class _Book:
    """A book's metadata. ``chapters`` are archive entries, with their place in the book."""

    title: str
    author: str | None
    published: str | None
    updated: str | None
    publisher: str | None
    chapters: tuple[tuple[int, str], ...]


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The chapters with prose of the book at ``path``, in order.

    The id of each is ``article_id`` with its place in the book's reading order, from 1:
    ``book.epub#4``. A damaged chapter gives a :class:`Fault`. Raises :class:`CorpusError` with the
    reason if there is no chapter, or the book is copy-protected.
    """
    with open_archive(path, _WHAT) as archive:
        _refuse_protected(archive)
        book = _book(archive, article_id)
        found = False
        for place, name in book.chapters:
            try:
                article = _chapter(archive, name, f"{article_id}#{place}", book, url)
            except CorpusError as error:
                yield Fault(f"chapter {place}", str(error))
                found = True
                continue
            if article is not None:
                yield article
                found = True
    if not found:
        raise CorpusError("it holds no text")


def _refuse_protected(archive: Archive) -> None:
    if _ENCRYPTION not in archive:
        return
    root = parse_xml(archive.read(_ENCRYPTION), _WHAT)
    for element in root.iter():
        if local_name(element) != "encryptionmethod":
            continue
        if local_name(element.getparent()) != "encrypteddata":  # encrypts a key, not content
            continue
        if element.get("Algorithm") not in _FONT_MASKS:
            raise CorpusError("it is protected against copying (DRM): get a copy without")


def _book(archive: Archive, article_id: str) -> _Book:
    container = parse_xml(archive.read(_CONTAINER), _WHAT)
    package_name = next(
        (e.get("full-path") for e in container.iter() if local_name(e) == "rootfile"), None
    )
    if not package_name:
        raise CorpusError(f"{_WHAT} is damaged: its container names no package")
    package = parse_xml(archive.read(package_name), _WHAT)
    metadata: defaultdict[str, list[str]] = defaultdict(list)
    dates: defaultdict[str, list[str]] = defaultdict(list)
    files: dict[str, str] = {}
    spine: list[str] = []
    for element in package.iter():
        name = local_name(element)
        if name == "item" and element.get("id") and element.get("href"):
            kind = element.get("media-type") or ""
            # Skip the table of contents, which is an ordinary page in EPUB 3.
            if "html" in kind and "nav" not in (element.get("properties") or "").split():
                files[element.get("id") or ""] = _resolved(package_name, element.get("href") or "")
        elif name == "itemref":
            spine.append(element.get("idref") or "")
        elif name in ("title", "creator", "publisher"):
            metadata[name].append("".join(element.itertext()).strip())
        elif name == "date":
            dates[element.get(_EVENT, "publication")].append((element.text or "").strip())
        elif name == "meta" and element.get("property") == "dcterms:modified":
            dates["modification"].append((element.text or "").strip())
    published = map(iso_date, (*dates["publication"], *dates["creation"]))
    return _Book(
        title=clean_field(next(iter(metadata["title"]), None)) or title_from(article_id),
        author=", ".join(filter(None, metadata["creator"])) or None,
        published=next(filter(None, published), None),
        updated=next(filter(None, map(iso_date, dates["modification"])), None),
        publisher=next(filter(None, metadata["publisher"]), None),
        chapters=tuple(
            (place, files[idref]) for place, idref in enumerate(spine, 1) if idref in files
        ),
    )


def _resolved(package: str, href: str) -> str:
    """The archive name of a file that a package refers to; it may not exist."""
    path = unquote(href.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(package), path))


def _chapter(
    archive: Archive, name: str, article_id: str, book: _Book, url: str | None
) -> Article | None:
    root = parse_xhtml(archive.read(name), _WHAT)
    body = next((e for e in root.iter() if local_name(e) == "body"), None)
    if body is not None:
        sheets = list(_style_sheets(archive, name, root))
        hidden, raised = (set[str]().union(*map(find, sheets)) for find in (hiding, raising))
        show(body, hidden, raised)
    text = prose_of(body) if body is not None else ""
    if not any(_is_prose(paragraph) for paragraph in text.split("\n\n")):
        return None
    heading = _heading(root)
    return extracted(
        article_id,
        text,
        title=f"{book.title}: {heading}" if heading else book.title,
        fetched_url=url,
        published=book.published,
        updated=book.updated,
        author=book.author,
        source=book.publisher,
    )


def _style_sheets(archive: Archive, chapter: str, root: Element) -> Iterator[str]:
    """A chapter's style sheets. Broken ones are skipped."""
    for element in root.iter():
        if local_name(element) == "style":
            yield "".join(element.itertext())
        elif local_name(element) == "link" and "stylesheet" in (element.get("rel") or ""):
            with suppress(CorpusError):
                sheet = archive.read(_resolved(chapter, element.get("href") or ""))
                yield sheet[:_MAX_STYLES].decode("utf-8", "replace")


def _is_prose(paragraph: str) -> bool:
    return not paragraph.startswith(("- ", "# ")) and len(paragraph.split()) >= _WORDS_OF_PROSE


def _heading(root: Element) -> str | None:
    """The chapter's heading: its first heading element, or else the page title."""
    for wanted in (*_HEADINGS, "title"):
        for element in root.iter():
            if local_name(element) == wanted:
                heading = clean_field(prose_of(element).removeprefix("# "))
                if heading and has_words(heading):
                    return heading
    return None
