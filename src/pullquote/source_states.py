"""The state of each file or address when it was last indexed, one table row each.

It decides only which sources have to be read again, never what an article says.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any


def table(name: str) -> str:
    """The SQL statement that creates a table of records."""
    return f"""
CREATE TABLE {name} (
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


#: Problems of a source as ``(entry, problem)``; ``entry`` is empty for the source as a whole.
Faults = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source as it was when it was read.

    ``key`` is the absolute path of a file, or an address; ``digest`` the SHA-256 of its bytes.
    For a fetched source, ``etag`` and ``last_modified`` are the server's headers, and ``via`` is
    the address that led to it. ``faults`` say what was left out of the source.
    """

    key: str
    size: int
    mtime_ns: int
    digest: str
    etag: str | None = None
    last_modified: str | None = None
    via: str | None = None
    faults: Faults = ()

    def unread(self) -> SourceRecord:
        """The record of a source that must be read again."""
        return replace(
            self, size=0, mtime_ns=0, digest="", etag=None, last_modified=None, faults=()
        )


def put(connection: sqlite3.Connection, name: str, records: Iterable[SourceRecord]) -> None:
    """Write records to a table; each replaces the record with the same key."""
    connection.executemany(
        f"INSERT OR REPLACE INTO {name} VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((*astuple(record)[:7], json.dumps(record.faults)) for record in records),
    )


def read(connection: sqlite3.Connection, name: str) -> dict[str, SourceRecord]:
    """The records of a table by key, sorted by key."""
    rows = connection.execute(f"SELECT * FROM {name} ORDER BY key")
    return {row[0]: _record(row) for row in rows}


def forget(connection: sqlite3.Connection, keys: Iterable[str] | None = None) -> None:
    """Mark sources (all without ``keys``) so that the next run reads them again."""
    chosen = None if keys is None else [(key,) for key in keys]
    # Also those that an interrupted run has read: the next run would not read them again.
    for name in ("source", "pending"):
        unread = (
            f"UPDATE {name} SET size = 0, mtime_ns = 0, digest = '', etag = NULL, "
            "last_modified = NULL, faults = '[]'"
        )
        if chosen is None:
            connection.execute(unread)
        else:
            connection.executemany(f"{unread} WHERE key = ?", chosen)


def _record(row: tuple[Any, ...]) -> SourceRecord:
    # Most sources have no faults: skip the JSON parser.
    faults = () if row[7] == "[]" else tuple((str(a), str(b)) for a, b in json.loads(row[7]))
    key, size, mtime_ns, digest, etag, last_modified, via = row[:7]
    return SourceRecord(key, size, mtime_ns, digest, etag, last_modified, via, faults)
