"""Files that people add to a corpus: a safe name for each, and none in the place of another."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from pathlib import Path, PurePosixPath

from pullquote.errors import AddingError
from pullquote.ingest.formats import KINDS
from pullquote.ingest.formats.clean import clean_field, clean_text, has_words

#: The folder below the corpus that they are put into.
ADDED = "added"

#: Bytes of a name without its suffix and a number: every file system takes them.
_MAX_STEM = 120

#: What a name cannot hold without leading elsewhere.
_PATH = re.compile(r"[/\\\x00-\x1f\x7f]|\A\.{0,2}\Z")

#: Names of devices on Windows, whatever their suffix is.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)


def file_name(name: str) -> str:
    """``name`` as that of a file on any system.

    Raises :class:`~pullquote.errors.AddingError` when it is a path, or no kind of article.
    """
    if _PATH.search(name):
        raise AddingError(f"{name[:100]!r} is no name of a file: give it one without folders.")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in KINDS:
        raise AddingError(
            f"{name[:100]!r} is not a text, Markdown, HTML, PDF, DOCX, EPUB or JSON file: "
            "save it as one of these."
        )
    return _stem(name[: -len(suffix)]) + suffix


def text_file(title: str, text: str) -> tuple[str, bytes]:
    """The name and the content of a file of ``text``, below its title if it has one.

    Raises :class:`~pullquote.errors.AddingError` when there is no text.
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
    """Write a file of a safe name into ``folder``; where there is another one, beside it.

    Raises :class:`~pullquote.errors.AddingError` when the same file is there already, or the
    folder cannot be written.
    """
    stem, suffix = name[: -len(PurePosixPath(name).suffix)], PurePosixPath(name).suffix
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            path = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
            try:
                # Exclusively: no file is written over, and no link is followed.
                with path.open("xb") as file:
                    file.write(data)
                return path
            except FileExistsError:
                if path.is_file() and path.read_bytes() == data:
                    raise AddingError(
                        f"This is among the articles already, as {path.name}."
                    ) from None
    except OSError as error:
        raise AddingError(
            f"The folder {str(folder)!r} cannot be written ({error.strerror or error}): make it "
            "writable."
        ) from error
    raise AssertionError("numbers do not end")
