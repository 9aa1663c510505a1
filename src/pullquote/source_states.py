"""What was read to build an index, and in what state: one row for each file or address.

It only decides what has to be read anew, and never what an article says.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any


def table(name: str) -> str:
    """The statement that makes a table of records."""
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


def put(connection: sqlite3.Connection, name: str, records: Iterable[SourceRecord]) -> None:
    """Keep records in a table, each in the place of one of its key."""
    connection.executemany(
        f"INSERT OR REPLACE INTO {name} VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((*astuple(record)[:7], json.dumps(record.faults)) for record in records),
    )


def read(connection: sqlite3.Connection, name: str) -> dict[str, SourceRecord]:
    """The records of a table by their keys, in the order of those."""
    rows = connection.execute(f"SELECT * FROM {name} ORDER BY key")
    return {row[0]: _record(row) for row in rows}


def forget(connection: sqlite3.Connection, keys: Iterable[str] | None = None) -> None:
    """Have sources, or every one, read anew by the next run."""
    unread = "UPDATE source SET size = -1, digest = '', etag = NULL, last_modified = NULL"
    if keys is None:
        connection.execute(unread)
    else:
        connection.executemany(f"{unread} WHERE key = ?", ((key,) for key in keys))


def _record(row: tuple[Any, ...]) -> SourceRecord:
    # Of most there is nothing to be parsed.
    faults = () if row[7] == "[]" else tuple((str(a), str(b)) for a, b in json.loads(row[7]))
    key, size, mtime_ns, digest, etag, last_modified, via = row[:7]
    return SourceRecord(key, size, mtime_ns, digest, etag, last_modified, via, faults)
