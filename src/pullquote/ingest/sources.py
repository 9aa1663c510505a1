"""What articles are read from: files of the corpus, and whatever else has a key and a state."""

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
    """A source that cannot be read now, and may be later: what is known of it stays."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A source that changed: its ``record`` as of now, and the articles in it."""

    record: SourceRecord
    articles: Iterator[Article | Fault]


class Source(Protocol):
    """A file or an address that articles come from."""

    @property
    def key(self) -> str:
        """What tells it from all others, for good."""
        ...

    @property
    def shown(self) -> Path | str:
        """How a person knows it."""
        ...

    @property
    def state(self) -> SourceRecord:
        """What is known of it before it is read: no digest, and ``size`` 0 when unknown."""
        ...

    def is_as(self, known: SourceRecord) -> bool:
        """Whether it is sure, without reading, that it is as it was."""
        ...

    def read(self, known: SourceRecord | None) -> Fresh | SourceRecord:
        """Its articles; or its record alone when they are the same as in ``known``.

        Raises :class:`~pullquote.errors.CorpusError` when there is nothing to be had from it,
        here or while the articles are gone through.
        """
        ...


def file_key(path: Path) -> str:
    """The key of a file: of a name that is not UTF-8 the odd bytes are written out."""
    return os.fsencode(path.absolute()).decode("utf-8", "backslashreplace")


class FileSource:
    """A file of the corpus."""

    def __init__(self, path: Path, article_id: str, sandbox: Sandbox) -> None:
        self.shown = path
        self._article_id = article_id
        self._sandbox = sandbox
        self.key = file_key(path)
        # Before reading: a file that is written meanwhile must not pass for unchanged.
        try:
            stat = path.stat()
            self.state = SourceRecord(self.key, stat.st_size, stat.st_mtime_ns, "")
        except OSError:
            self.state = SourceRecord(self.key, 0, 0, "")

    def is_as(self, known: SourceRecord) -> bool:
        """Whether size and time are the same, and there are any."""
        now = self.state
        return (now.size, now.mtime_ns) == (known.size, known.mtime_ns) != (0, 0)

    def read(self, known: SourceRecord | None) -> Fresh | SourceRecord:
        """Copying or checking out a corpus renews the times; only the content counts."""
        with open_regular(self.shown) as file:
            digest = file_digest(cast(BufferedReader, file), "sha256").hexdigest()
        record = replace(self.state, digest=digest)
        if known and known.digest == record.digest:
            return replace(record, faults=known.faults)
        kind = KINDS[self.shown.suffix.lower()]
        return Fresh(record, self._sandbox.read(kind, self._article_id, self.shown))
