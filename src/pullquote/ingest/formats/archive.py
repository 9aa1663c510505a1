"""A zip archive that may be a bomb: measured before a byte of it is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pullquote.errors import CorpusError
from pullquote.ingest.formats.fault import damaged
from pullquote.ingest.formats.files import open_regular

#: A book of 2,000 pages with its pictures has less; what is packed is mostly pictures.
MAX_BYTES = 50_000_000

#: All entries together, unpacked: text is packed to about a quarter, pictures not at all.
MAX_UNPACKED = 100_000_000

#: A large book has some hundred files.
MAX_ENTRIES = 10_000

#: How many times its packed size an entry may have. Prose is packed to a fifth, the XML of a
#: long table to a fiftieth, a bomb to a thousandth; small entries may be anything.
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
        """The bytes of the entry. Raises :class:`CorpusError` when it is missing or damaged."""
        if name not in self:
            raise CorpusError(f"{self._what} is damaged: {name!r} is missing in it")
        with damaged(f"{self._what} is damaged: {name!r} cannot be unpacked"):
            # Whatever the directory claims, the library unpacks no more than it claims.
            return self._zipped.read(name)


@contextmanager
def open_archive(path: Path, what: str) -> Iterator[Archive]:
    """The archive at ``path``; ``what`` names it in reasons ("its Word file").

    Raises :class:`CorpusError` when it is too big, packed or unpacked, encrypted, or no archive.
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
