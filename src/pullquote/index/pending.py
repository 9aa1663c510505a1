"""Stores the progress of an indexing run, so that a killed run can be resumed.

The progress is in the index's own database, invisible to readers of the index. It is valid for one
embedding model and one segmentation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pullquote import source_states
from pullquote.index.database import transaction
from pullquote.index.embedded import Embedded, leave_out, stage
from pullquote.omissions import missed_words
from pullquote.source_states import SourceRecord

#: The key of the state that says what the progress was made with.
PENDING = "pending"

#: An article that was read again and is stored already: its id, digest, and what was left out.
Again = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Planned:
    """An article that the index will hold after the run. ``kept``: it is live already."""

    digest: str
    origin: str
    kept: bool


class Pending:
    """The progress of a run. Raises ``sqlite3.Error`` if it cannot be written."""

    def __init__(self, connection: sqlite3.Connection, segmentation: str) -> None:
        self._connection = connection
        self._segmentation = segmentation
        if self._about()[0] != segmentation:
            self._begin("")
        #: The sources that this run, or an earlier killed one, has processed, by key.
        self.records = source_states.read(connection, "pending")

    def _about(self) -> tuple[str, str]:
        query = "SELECT value FROM state WHERE key = ?"
        found = self._connection.execute(query, (PENDING,)).fetchone()
        segmentation, _, embedder = (found[0] if found else "").partition("\n")
        return segmentation, embedder

    def _begin(self, embedder: str) -> None:
        with transaction(self._connection):
            discard(self._connection)
            self._note(embedder)
        self.records = {}

    def _note(self, embedder: str) -> None:
        value = f"{self._segmentation}\n{embedder}"
        self._connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (PENDING, value))

    @property
    def embedder(self) -> str:
        """The digest of the model that embedded the articles; empty if none were embedded."""
        return self._about()[1]

    def set_embedder(self, digest: str) -> None:
        """Store the model's digest. Discards all progress made with another model."""
        if self.embedder not in ("", digest):
            self._begin(digest)
        else:
            self._note(digest)

    def planned(self) -> dict[str, tuple[str, str]]:
        """Digest and origin of the planned articles, by id."""
        rows = self._connection.execute("SELECT id, digest, origin FROM plan")
        return {id_: (digest, origin) for id_, digest, origin in rows}

    def has(self, digest: str) -> bool:
        """Whether the article with this digest was embedded already."""
        query = "SELECT 1 FROM article WHERE digest = ? AND NOT live"
        return bool(self._connection.execute(query, (digest,)).fetchone())

    def drop(self, keys: Iterable[str]) -> None:
        """Discard the progress for sources that are read again or are gone."""
        with transaction(self._connection):
            for key in keys:
                self.records.pop(key, None)
                self._connection.execute("DELETE FROM plan WHERE origin = ?", (key,))
                self._connection.execute("DELETE FROM pending WHERE key = ?", (key,))

    def commit(
        self,
        embedded: Iterable[Embedded],
        again: Iterable[Again],
        planned: Iterable[tuple[str, Planned]],
        done: Iterable[SourceRecord],
    ) -> None:
        """Store progress, in one transaction.

        What was left out of the articles ``again`` is stored even of live ones: it is in no answer,
        and the next run, which does not read them once more, would not know it.
        """
        records = list(done)
        with transaction(self._connection):
            stage(self._connection, embedded)
            for one in again:
                leave_out(self._connection, *one)
            self._connection.executemany(
                "INSERT OR REPLACE INTO plan VALUES (?, ?, ?)",
                ((id_, one.digest, one.origin) for id_, one in planned),
            )
            source_states.put(self._connection, "pending", records)
        self.records.update({record.key: record for record in records})


class NotKept(Pending):
    """For a preview: nothing is embedded, and nothing is stored."""

    def __init__(self) -> None:
        self.records = {}
        #: How many words each article that was read may lack, by id.
        self.missed: dict[str, int] = {}

    @property
    def embedder(self) -> str:
        """Return nothing."""
        return ""

    def planned(self) -> dict[str, tuple[str, str]]:
        """Return nothing."""
        return {}

    def has(self, digest: str) -> bool:
        """Pretend that everything was embedded already."""
        return True

    def commit(
        self,
        embedded: Iterable[Embedded],
        again: Iterable[Again],
        planned: Iterable[tuple[str, Planned]],
        done: Iterable[SourceRecord],
    ) -> None:
        """Store nothing; only note how many words the articles may lack."""
        self.missed |= {id_: missed_words(left_out) for id_, _, left_out in again}

    def drop(self, keys: Iterable[str]) -> None:
        """Do nothing: nothing is stored."""


def discard(connection: sqlite3.Connection) -> None:
    """Discard all progress. Call this within a transaction."""
    numbers = connection.execute("SELECT number FROM article WHERE NOT live")
    delete(connection, [number for (number,) in numbers])
    connection.execute("DELETE FROM plan")
    connection.execute("DELETE FROM pending")
    connection.execute("DELETE FROM state WHERE key = ?", (PENDING,))


def delete(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Delete articles and everything computed from them. Call this within a transaction."""
    for number in numbers:
        connection.execute(
            "INSERT INTO gone SELECT passage.number FROM passage JOIN article ON "
            "article.number = passage.article WHERE article = ? AND live",
            (number,),
        )
        connection.execute("DELETE FROM passage WHERE article = ?", (number,))
        connection.execute("DELETE FROM signature WHERE article = ?", (number,))
        connection.execute("DELETE FROM content WHERE article = ?", (number,))
        connection.execute("DELETE FROM article WHERE number = ?", (number,))
