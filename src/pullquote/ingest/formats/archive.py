"""Opens zip archives, and checks for zip bombs before unpacking anything."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pullquote.errors import CorpusError
from pullquote.ingest.formats.fault import damaged
from pullquote.ingest.formats.files import open_regular

#: The largest archive. A book of 2,000 pages with pictures is smaller; most of it is pictures.
MAX_BYTES = 50_000_000

#: The most bytes of all entries, unpacked. Text shrinks to about a quarter, pictures not at all.
MAX_UNPACKED = 100_000_000

#: The most entries. A large book has some hundred files.
MAX_ENTRIES = 10_000

#: The largest compression ratio of an entry. Prose shrinks to a fifth, the XML of a long table to a
#: fiftieth, a zip bomb to a thousandth. Small entries are not checked.
MAX_RATIO = 200
_SMALL = 1_000_000


class Archive:
    """The entries of an archive by name; made by :func:`open_archive`."""

    def __init__(self, zipped: zipfile.ZipFile, what: str) -> None:
        self._zipped = zipped
        self._what = what

    def __contains__(self, name: str) -> bool:
        return name in self._zipped.NameToInfo

    def read(self, name: str) -> bytes:
        """The bytes of an entry. Raises :class:`CorpusError` if it is missing or damaged."""
        if name not in self:
            raise CorpusError(f"{self._what} is damaged: {name!r} is missing in it")
        with damaged(f"{self._what} is damaged: {name!r} cannot be unpacked"):
            # zipfile never unpacks more than the size in the directory, which was checked.
            return self._zipped.read(name)


@contextmanager
def open_archive(path: Path, what: str) -> Iterator[Archive]:
    """Open the archive at ``path``. ``what`` names it in error messages ("its Word file").

    Raises :class:`CorpusError` if it is too big (packed or unpacked), encrypted, or no archive.
    """
    with open_regular(path, MAX_BYTES) as file:
        with damaged(f"{what} is damaged: it is not a zip archive"):
            zipped = zipfile.ZipFile(file)
        with zipped:
            _check(zipped.infolist(), what)
            yield Archive(zipped, what)


def _check(entries: list[zipfile.ZipInfo], what: str) -> None:
    if len(entries) > MAX_ENTRIES:
        raise CorpusError(f"{what} has {len(entries):,} entries, more than {MAX_ENTRIES:,}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise CorpusError(
            f"{what} has {unpacked / 1e6:.0f} MB unpacked, more than the "
            f"{MAX_UNPACKED / 1e6:.0f} MB that it may have: split it"
        )
    for entry in entries:
        if entry.file_size > max(_SMALL, MAX_RATIO * entry.compress_size):
            raise CorpusError(f"{what} is packed so densely that it looks like a zip bomb")
        if entry.flag_bits & 1:
            raise CorpusError(f"{what} is encrypted: save a copy without a password")
