"""Word files (.docx, ECMA-376) -> :class:`Article`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pullquote.ingest.formats.archive import Archive, open_archive
from pullquote.ingest.formats.clean import extracted
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.fault import Fault
from pullquote.ingest.formats.prose import BREAK, Prose
from pullquote.ingest.formats.tree import Element, local_name, parse_xml, walk
from pullquote.types import Article

_WHAT = "its Word file"
_MAIN = "word/document.xml"
_CORE = "docProps/core.xml"

#: Struck text, the codes of fields, and what older versions of Word show instead of a drawing.
_UNREAD = frozenset(("del", "movefrom", "instrtext", "fallback", "ppr", "rpr"))


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The one article of the Word file at ``path``, fetched from ``url`` if that is given.

    Its text is that of the body, as it stands when all changes are accepted, without headers,
    footers and notes. Raises :class:`CorpusError` with the reason when there is none.
    """
    with open_archive(path, _WHAT) as archive:
        root = parse_xml(archive.read(_MAIN), _WHAT)
        core = _core(archive)
    prose = Prose()
    for body in root:
        if local_name(body) == "body":
            _collect(body, prose)
    yield extracted(
        article_id,
        prose.text(),
        title=core.get("title"),
        fetched_url=url,
        published=iso_date(core.get("created", "")),
        updated=iso_date(core.get("modified", "")),
        author=core.get("creator"),
    )


def _core(archive: Archive) -> dict[str, str]:
    """The file's core properties by name; a file need not have any."""
    if _CORE not in archive:
        return {}
    root = parse_xml(archive.read(_CORE), _WHAT)
    return {local_name(child): (child.text or "").strip() for child in root}


def _collect(parent: Element, prose: Prose) -> None:
    """Add the paragraphs and tables of a body, looking into the boxes that wrap some of them."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        name = local_name(element)
        if name == "p":
            (prose.item if _is_listed(element) else prose.paragraph)(_text(element))
        elif name == "tbl":
            for row in element:
                if local_name(row) == "tr":
                    prose.row([_text(cell) for cell in row if local_name(cell) == "tc"])
        elif name not in _UNREAD:
            waiting.extend(reversed(element))


def _is_listed(paragraph: Element) -> bool:
    """Whether the paragraph itself says that it is an item of a list."""
    return any(
        local_name(mark) == "numpr"
        for properties in paragraph
        if local_name(properties) == "ppr"
        for mark in properties
    )


def _text(element: Element) -> str:
    parts: list[str] = []
    steps: Any = walk(element)
    for event, child in steps:
        name = local_name(child)
        if event == "end":
            if name == "p" and child is not element:
                parts.append(" ")
        elif name in _UNREAD:
            steps.skip_subtree()
        elif name == "t":
            parts.append((child.text or "").replace(BREAK, " "))
        elif name == "tab":
            parts.append("\t")
        elif name in ("br", "cr"):
            parts.append(BREAK)
        elif name == "nobreakhyphen":
            parts.append("\u2011")
    return "".join(parts)
