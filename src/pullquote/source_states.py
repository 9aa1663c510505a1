"""What was read to build an index, and in what state: one row for each file or address.

It lies beside a build's other files and, unlike them, may be written again: it only decides what
has to be read anew, and never what an article says.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

LEDGER = "sources.sqlite"

TABLE = """
CREATE TABLE IF NOT EXISTS source (
  key TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  digest TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  via TEXT,
  faults TEXT NOT NULL
) STRICT;
"""

PUT = "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

#: What is wrong with a source, or with an entry of it (then the first says which).
Faults = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source as it was when it was read.

    ``key`` is the absolute path of a file, or an address; ``digest`` the SHA-256 of its bytes.
    Of what was fetched, ``etag`` and ``last_modified`` are the server's, and ``via`` is the
    address that led to it. ``faults`` say what was left out of it.
    """

    key: str
    size: int
    mtime_ns: int
    digest: str
    etag: str | None = None
    last_modified: str | None = None
    via: str | None = None
    faults: Faults = ()


def values(record: SourceRecord) -> tuple[Any, ...]:
    """What :data:`PUT` takes."""
    return (*astuple(record)[:7], json.dumps(record.faults))


def record(row: tuple[Any, ...]) -> SourceRecord:
    """The record of a row of the table."""
    faults = tuple((str(where), str(reason)) for where, reason in json.loads(row[7]))
    key, size, mtime_ns, digest, etag, last_modified, via = row[:7]
    return SourceRecord(key, size, mtime_ns, digest, etag, last_modified, via, faults)


class Ledger:
    """The records of a build. One that is missing or damaged is empty: all is read anew."""

    def __init__(self, build: Path) -> None:
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        self._path = build / LEDGER
        if self._path.is_file():
            opened = sqlite3.connect(
                self._path, isolation_level=None, check_same_thread=False, timeout=30
            )
            with suppress(sqlite3.Error):
                opened.execute("SELECT * FROM source LIMIT 1").fetchall()
                self._connection = opened
                return
            opened.close()
        self._connection.executescript(TABLE)

    def get(self, key: str) -> SourceRecord | None:
        """The record of a source, if it was read."""
        found = self._connection.execute("SELECT * FROM source WHERE key = ?", (key,)).fetchone()
        return record(found) if found else None

    def all(self) -> Iterator[SourceRecord]:
        """The records of all sources, in the order of their keys."""
        yield from map(record, self._connection.execute("SELECT * FROM source ORDER BY key"))

    def via(self, address: str) -> list[SourceRecord]:
        """The records of what an address led to, itself included."""
        query = "SELECT * FROM source WHERE via = ? ORDER BY key"
        return [record(it) for it in self._connection.execute(query, (address,))]

    def replace(self, records: Iterable[SourceRecord]) -> None:
        """Keep these records and no others."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM source")
            self._connection.executemany(PUT, map(values, records))

    def forget_states(self) -> None:
        """Have every source read anew by the next run."""
        self._connection.execute(
            "UPDATE source SET size = -1, digest = '', etag = NULL, last_modified = NULL"
        )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
