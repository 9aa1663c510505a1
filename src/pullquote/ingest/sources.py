"""Sources of articles: the protocol, and files of the corpus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import Protocol, cast

from pullquote.errors import CorpusError
from pullquote.ingest.formats import KINDS, Fault
from pullquote.ingest.formats.files import open_regular
from pullquote.ingest.sandbox import Sandbox
from pullquote.source_states import SourceRecord
from pullquote.types import Article


class UnreachableError(CorpusError):
    """A source that cannot be read now but perhaps later: its known articles are kept."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A changed source: its current ``record``, and its articles."""

    record: SourceRecord
    articles: Iterator[Article | Fault]


class Source(Protocol):
    """A file or an address that articles come from."""

    @property
    def key(self) -> str:
        """A permanent unique identifier."""
        ...

    @property
    def shown(self) -> Path | str:
        """The path or address, as it is shown to users."""
        ...

    @property
    def state(self) -> SourceRecord:
        """What is known before reading: without a digest, and with ``size`` 0 if unknown."""
        ...

    def is_as(self, known: SourceRecord) -> bool:
        """Whether the source is certainly unchanged since ``known``, without reading it."""
        ...

    def read(self, known: SourceRecord | None) -> Fresh | SourceRecord:
        """Read the articles; return only the record if nothing has changed since ``known``.

        Raises :class:`~pullquote.errors.CorpusError` if the source cannot be read, either here or
        while iterating over the articles.
        """
        ...


def file_key(path: Path) -> str:
    """The key of a file: its absolute path, with bytes that are not UTF-8 escaped."""
    return os.fsencode(path.absolute()).decode("utf-8", "backslashreplace")


class FileSource:
    """A file of the corpus."""

    def __init__(self, path: Path, article_id: str, sandbox: Sandbox) -> None:
        self.shown = path
        self._article_id = article_id
        self._sandbox = sandbox
        self.key = file_key(path)
        # Taken before reading, so that a file written meanwhile does not count as unchanged.
        try:
            stat = path.stat()
            self.state = SourceRecord(self.key, stat.st_size, stat.st_mtime_ns, "")
        except OSError:
            self.state = SourceRecord(self.key, 0, 0, "")

    def is_as(self, known: SourceRecord) -> bool:
        """Whether size and modification time are the same, and known."""
        now = self.state
        return (now.size, now.mtime_ns) == (known.size, known.mtime_ns) != (0, 0)

    def read(self, known: SourceRecord | None) -> Fresh | SourceRecord:
        """Read the file, unless its content is unchanged.

        The time does not count here: copying or checking out a corpus changes it.
        """
        with open_regular(self.shown) as file:
            digest = file_digest(cast(BufferedReader, file), "sha256").hexdigest()
        record = replace(self.state, digest=digest)
        if known and known.digest == record.digest:
            return replace(record, faults=known.faults)
        kind = KINDS[self.shown.suffix.lower()]
        return Fresh(record, self._sandbox.read(kind, self._article_id, self.shown))
