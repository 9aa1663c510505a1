"""Which state the database of a run is a copy of, and what it knows of the sources."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

from pullquote import source_states
from pullquote.errors import IndexUnusableError
from pullquote.index import database
from pullquote.index.milvus import schema
from pullquote.index.milvus.client import Connected, equal
from pullquote.index.milvus.state import State, open_for_reading
from pullquote.index_place import MilvusPlace
from pullquote.source_states import SourceRecord

_KEY = "milvus"

SOURCE = "source"


def folder(place: MilvusPlace) -> Path:
    """Where the database of an index is kept."""
    name = sha256(str(place).encode()).hexdigest()[:32]
    return user_cache_path("pullquote", appauthor=False) / "milvus" / name


def mark(connection: sqlite3.Connection, state: State | None) -> None:
    """Note which state the database is a copy of. Call this within a transaction."""
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_KEY, _marked(state)))


def is_copy(connection: sqlite3.Connection, state: State | None) -> bool:
    """Whether the database is a copy of this state."""
    found = connection.execute("SELECT value FROM state WHERE key = ?", (_KEY,)).fetchone()
    return bool(found and found[0] == _marked(state))


def _marked(state: State | None) -> str:
    return f"{state.identity} {state.revision}" if state else ""


def known_sources(place: MilvusPlace) -> dict[str, SourceRecord]:
    """What is recorded of each source of an index, by key.

    Raises :class:`IndexUnusableError`.
    """
    client, state = open_for_reading(place)
    try:
        with suppress(IndexUnusableError), closing(database.open_for_reading(folder(place))) as own:
            if is_copy(own, state):
                return source_states.read(own, "source")
        return {one.key: one for one in sources(client)}
    finally:
        client.close()


def sources(client: Connected) -> Iterator[SourceRecord]:
    """What is recorded of all sources."""
    for row in client.scan(schema.RECORD, equal({"kind": SOURCE}), ["value"]):
        known = SourceRecord(*json.loads(row["value"]))
        yield replace(known, faults=tuple((where, why) for where, why in known.faults))
