"""Word files (.docx, ECMA-376) -> :class:`Article`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from pullquote.ingest.formats.archive import Archive, open_archive
from pullquote.ingest.formats.clean import extracted
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.docxtext import Reader, Styles
from pullquote.ingest.formats.fault import Fault
from pullquote.ingest.formats.tree import Element, local_name, parse_xml
from pullquote.types import Article

_WHAT = "its Word file"
_CORE = "docProps/core.xml"


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The single article of the Word file at ``path``, fetched from ``url`` if given.

    Its text is the body with all tracked changes accepted, followed by the notes that it refers
    to. Headers, footers, struck-out and hidden text are left out. Raises :class:`CorpusError` with
    the reason if there is no article.
    """
    with open_archive(path, _WHAT) as archive:
        main = _part(archive, "", "officeDocument", "word/document.xml")
        root = parse_xml(archive.read(main), _WHAT)
        core = _core(archive)
        styles, *notes = (
            _parsed(archive, _part(archive, main, kind, f"word/{kind}.xml"))
            for kind in ("styles", "footnotes", "endnotes")
        )
        reader = Reader(Styles(styles))
    for body in root:
        if local_name(body) == "body":
            reader.blocks(body)
    reader.notes([note for part in notes for note in part])
    yield extracted(
        article_id,
        reader.text(),
        title=core.get("title"),
        fetched_url=url,
        published=iso_date(core.get("created", "")),
        updated=iso_date(core.get("modified", "")),
        author=core.get("creator"),
    )


def _core(archive: Archive) -> dict[str, str]:
    """The file's core properties by name; they are optional."""
    return {local_name(child): (child.text or "").strip() for child in _parsed(archive, _CORE)}


def _part(archive: Archive, source: str, kind: str, usual: str) -> str:
    """The name of the part of a ``kind`` that the part ``source`` refers to, else the ``usual``."""
    folder, name = posixpath.split(source)
    for relation in _parsed(archive, posixpath.join(folder, "_rels", f"{name}.rels")):
        if (relation.get("Type") or "").endswith(f"/{kind}"):
            path = posixpath.join("/", folder, relation.get("Target") or "")
            return posixpath.normpath(path).lstrip("/")
    return usual


def _parsed(archive: Archive, name: str) -> list[Element]:
    """The elements directly below the root of an optional part of the file."""
    return list(parse_xml(archive.read(name), _WHAT)) if name in archive else []
