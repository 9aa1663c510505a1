"""Lists the article files of a corpus, with their ids."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pullquote.errors import CorpusError
from pullquote.ingest.formats import KINDS, plain
from pullquote.ingest.formats.files import read_bytes
from pullquote.types import Article

#: The supported formats, for messages.
_READ = "text, Markdown, HTML, PDF, DOCX, EPUB or JSON file"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus and the id of the article in it."""

    article_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or an address that was not indexed, and the reason, as the end of a sentence."""

    path: Path | str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The contents of the corpus: article files by id, and files that were left out."""

    sources: tuple[Source, ...]
    left_out: tuple[LeftOut, ...]


def list_sources(roots: Sequence[Path]) -> Listing:
    """All article files below ``roots`` (folders or single files), ordered by id.

    Hidden files and folders are skipped, and links to folders are not followed. A file that is
    below several roots is listed once, with its id below the first. Raises :class:`CorpusError` if
    a root does not exist or cannot be read.
    """
    sources: dict[str, Source] = {}
    seen: set[str] = set()
    left_out: list[LeftOut] = []
    for root in roots:
        if not os.path.exists(root):  # Path.exists raises for a name that is too long
            raise CorpusError(
                f"The corpus {str(root)!r} does not exist: create the folder and put articles "
                "into it, or name another with --corpus."
            )
        place = os.path.realpath(root if root.is_dir() else root.parent)
        for article_id, path in _files(root, left_out):
            file = os.path.join(place, article_id)
            if file in seen:
                continue
            seen.add(file)
            if os.path.splitext(article_id)[1].lower() not in KINDS:
                left_out.append(LeftOut(path, f"it is not a {_READ}"))
            elif not _is_unicode(article_id):
                left_out.append(LeftOut(path, "its name is not UTF-8: rename it"))
            elif article_id in sources:
                twin = sources[article_id].path
                left_out.append(
                    LeftOut(path, f"{twin} has the same id, {article_id!r}: rename one")
                )
            else:
                sources[article_id] = Source(article_id, path)
    return Listing(tuple(sources[i] for i in sorted(sources)), tuple(left_out))


def no_articles(roots: Sequence[Path]) -> str:
    """The error message for folders without anything to index."""
    named = ", ".join(repr(str(root)) for root in roots)
    return (
        f"There are no articles in {named}: put text, Markdown, HTML, PDF, DOCX, EPUB or JSON "
        "files there."
    )


def _files(root: Path, left_out: list[LeftOut]) -> Iterator[tuple[str, Path]]:
    """Each file with its path below ``root``, computed once per folder because pathlib is slow."""
    if not root.is_dir():
        yield root.name, root
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
        if _is_index(names):
            subfolders.clear()  # an index inside the corpus folder is not part of the corpus
            continue
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        parent = Path(folder)
        below = parent.relative_to(root).as_posix()
        start = "" if below == "." else f"{below}/"
        for name in sorted(names):
            if not name.startswith("."):
                yield start + name, parent / name


def _is_index(names: Iterable[str]) -> bool:
    """Whether a folder holds the files of an index and no others."""
    others = (name for name in names if not name.startswith((".", "index.sqlite")))
    return "index.sqlite" in names and not any(others)


def _is_unicode(name: str) -> bool:
    """False if a file name has undecodable bytes: it cannot be printed, served or linked."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def read_text(article_id: str, path: Path) -> Article:
    """Read the article of a text file. Raises :class:`CorpusError` with the reason."""
    return plain.parse(article_id, read_bytes(path, plain.MAX_BYTES))
