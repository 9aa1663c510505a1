"""Stores files that users add to a corpus, under safe names and without overwriting any."""

from __future__ import annotations

import errno
import re
import unicodedata
from itertools import count
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pullquote.errors import AddingError
from pullquote.ingest.formats import KINDS
from pullquote.ingest.formats.clean import clean_field, clean_text, has_words

#: The folder below the corpus where added files are stored.
ADDED = "added"

#: The longest name in bytes, without suffix and number; every file system allows this.
_MAX_STEM = 120

#: Names that are paths, or could lead to another folder.
_PATH = re.compile(r"[/\\\x00-\x1f\x7f]|\A\.{0,2}\Z")

#: Reserved device names on Windows, with any suffix.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)


def file_name(name: str) -> str:
    """``name`` made valid as a file name on any system.

    Raises :class:`~pullquote.errors.AddingError` if it is a path, or its suffix is not supported.
    """
    if _PATH.search(name):
        raise AddingError(f"{name[:100]!r} is not a file name: give it one without folders.")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in KINDS:
        raise AddingError(
            f"{name[:100]!r} is not a text, Markdown, HTML, PDF, DOCX, EPUB or JSON file: "
            "save it as one of these."
        )
    return _stem(name[: -len(suffix)]) + suffix


def text_file(title: str, text: str) -> tuple[str, bytes]:
    """The name and content of a file with the title, if any, and ``text``.

    Raises :class:`~pullquote.errors.AddingError` if there is no text.
    """
    body, heading = clean_text(text), clean_field(title)
    if not has_words(body):
        raise AddingError("There is no text to be added: paste the article's.")
    head = f"title: {heading}\n\n" if heading else ""
    stem = _stem(heading or " ".join(body.split()[:8]))
    return f"{stem}.txt", f"{head}{body}\n".encode()


def _stem(text: str) -> str:
    stem = re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFC", text))
    stem = stem.encode()[:_MAX_STEM].decode(errors="ignore").strip("-.") or "article"
    return f"file-{stem}" if _DEVICE.fullmatch(stem) else stem


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a file with a safe name into ``folder``; if the name is taken, a number is added.

    Raises :class:`~pullquote.errors.AddingError` if the same file is there already, or the folder
    cannot be written.
    """
    stem, suffix = name[: -len(PurePosixPath(name).suffix)], PurePosixPath(name).suffix
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            path = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
            try:
                # Exclusive creation overwrites no file and follows no link.
                with path.open("xb") as file:
                    _fill(file, path, data)
                return path
            except FileExistsError:
                if path.is_file() and path.read_bytes() == data:
                    raise AddingError(
                        f"This is among the articles already, as {path.name}."
                    ) from None
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        way = "make room there" if is_full else "make it writable"
        raise AddingError(
            f"The folder {str(folder)!r} cannot be written ({error.strerror or error}): {way}."
        ) from error
    raise AssertionError("numbers do not end")


def _fill(file: BinaryIO, path: Path, data: bytes) -> None:
    try:
        file.write(data)
        file.flush()
    except OSError:
        # Half an article must not be indexed.
        path.unlink(missing_ok=True)
        raise
