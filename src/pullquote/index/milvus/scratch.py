"""The database that a run over an index in Milvus works on: a copy of what is short, in SQLite.

It has the rows of all articles without their texts, the sources and what is withdrawn, so that the
steps of a run are the same as on one machine. It also keeps what a run has embedded that was killed
or could not publish. It may be lost at any time: then it is copied again.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from pullquote import source_states
from pullquote.index.commit import withdrawn
from pullquote.index.database import transaction
from pullquote.index.milvus import schema
from pullquote.index.milvus.catalog import visible
from pullquote.index.milvus.client import Connected, equal
from pullquote.index.milvus.known import is_copy, mark, sources
from pullquote.index.milvus.state import State
from pullquote.index.pending import PENDING
from pullquote.source_states import SourceRecord

WITHDRAWN = "withdrawn"

#: Where the numbers of articles and of passages stand.
_NUMBERS = {
    "article": (
        ("article", "number"),
        ("signature", "article"),
        ("content", "article"),
        ("passage", "article"),
    ),
    "passage": (("passage", "number"),),
}


@dataclass(frozen=True, slots=True)
class Short:
    """Which articles the database has, by number with group and origin, and what else is short."""

    articles: dict[int, tuple[int | None, str]]
    sources: dict[str, SourceRecord]
    withdrawn: frozenset[str]

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Short:
        """What the database has now, without what is not published."""
        rows = connection.execute("SELECT number, twins, origin FROM article WHERE live")
        return cls(
            {number: (group, origin) for number, group, origin in rows},
            source_states.read(connection, "source"),
            withdrawn(connection),
        )


def copy(connection: sqlite3.Connection, client: Connected, state: State | None) -> None:
    """Make the database a copy of the state, unless it is one. What was embedded is kept."""
    if is_copy(connection, state):
        return
    with transaction(connection):
        live = "(SELECT number FROM article WHERE live)"
        for table in ("signature", "content", "passage"):
            connection.execute(f"DELETE FROM {table} WHERE article IN {live}")
        connection.execute("DELETE FROM article WHERE live")
        for table in ("gone", "source", "withdrawn"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM state WHERE key != ?", (PENDING,))
        _renumber(connection, state.numbers if state else {})
        if state:
            _fill(connection, client, state)
        mark(connection, state)


def _renumber(connection: sqlite3.Connection, used: Mapping[str, int]) -> None:
    """Give what is not published numbers above those used by the index."""
    connection.execute("DELETE FROM sqlite_sequence")
    for kind, columns in _NUMBERS.items():
        first = used.get(kind, 0)
        for table, column in columns:
            # In two steps, so that no row meets another's old number.
            for change in (f"-{column} - {first}", f"-{column}"):
                connection.execute(f"UPDATE {table} SET {column} = {change}")
        last = connection.execute(f"SELECT max(number) FROM {kind}").fetchone()[0]
        connection.execute(
            "INSERT INTO sqlite_sequence VALUES (?, ?)", (kind, max(first, last or 0))
        )


def _fill(connection: sqlite3.Connection, client: Connected, state: State) -> None:
    fields = ("number", "origin", "twins", "signature", "fields")
    for row in client.scan(schema.ARTICLE, visible(state.manifest.generation), fields):
        values = {
            **json.loads(row["fields"]),
            "number": row["number"],
            "live": 1,
            "origin": row["origin"],
            "twins": row["twins"] or None,
        }
        connection.execute(
            f"INSERT INTO article ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
            [*values.values()],
        )
        signature = base64.b64decode(row["signature"])
        connection.execute("INSERT INTO signature VALUES (?, ?)", (row["number"], signature))
    source_states.put(connection, "source", sources(client))
    gone = client.scan(schema.RECORD, equal({"kind": WITHDRAWN}), ["value"])
    connection.executemany("INSERT INTO withdrawn VALUES (?)", ((row["value"],) for row in gone))
    state.manifest.write(connection)
