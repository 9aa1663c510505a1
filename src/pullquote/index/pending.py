"""What an indexing run has done so far, so that a run that was killed can be resumed.

It lies in the index's own database and is seen by nobody who reads the index. All of it is about
one embedding model and one way to cut articles.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pullquote import source_states
from pullquote.index.database import transaction
from pullquote.index.embedded import Embedded, stage
from pullquote.source_states import SourceRecord

_KEY = "pending"


@dataclass(frozen=True, slots=True)
class Planned:
    """An article of the next state. ``kept``: it is live already."""

    digest: str
    origin: str
    kept: bool


class Pending:
    """What a run has done. Raises ``sqlite3.Error`` when it cannot be written."""

    def __init__(self, connection: sqlite3.Connection, segmentation: str) -> None:
        self._connection = connection
        self._segmentation = segmentation
        if self._about()[0] != segmentation:
            self._begin("")
        #: By their keys, the sources that this run, or one that was killed, has dealt with.
        self.records = source_states.read(connection, "pending")

    def _about(self) -> tuple[str, str]:
        query = "SELECT value FROM state WHERE key = ?"
        found = self._connection.execute(query, (_KEY,)).fetchone()
        segmentation, _, embedder = (found[0] if found else "").partition("\n")
        return segmentation, embedder

    def _begin(self, embedder: str) -> None:
        with transaction(self._connection):
            discard(self._connection)
            self._note(embedder)
        self.records = {}

    def _note(self, embedder: str) -> None:
        value = f"{self._segmentation}\n{embedder}"
        self._connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_KEY, value))

    def set_embedder(self, digest: str) -> bool:
        """Note the model's digest. False when it is another than before: all is forgotten then."""
        before = self._about()[1]
        if before and before != digest:
            self._begin(digest)
            return False
        if not before:
            self._note(digest)
        return True

    @property
    def embedder(self) -> str:
        """The digest of the model that its articles were embedded with, if any were."""
        return self._about()[1]

    def planned(self) -> dict[str, tuple[str, str]]:
        """Digest and origin of the articles that were read, by their ids."""
        rows = self._connection.execute("SELECT id, digest, origin FROM plan")
        return {id_: (digest, origin) for id_, digest, origin in rows}

    def has(self, digest: str) -> bool:
        """Whether an article was embedded already."""
        query = "SELECT 1 FROM article WHERE digest = ? AND NOT live"
        return bool(self._connection.execute(query, (digest,)).fetchone())

    def drop(self, keys: Iterable[str]) -> None:
        """Forget what was planned of sources: they are read anew, or have gone."""
        with transaction(self._connection):
            for key in keys:
                self.records.pop(key, None)
                self._connection.execute("DELETE FROM plan WHERE origin = ?", (key,))
                self._connection.execute("DELETE FROM pending WHERE key = ?", (key,))

    def commit(
        self,
        embedded: Iterable[Embedded],
        planned: Iterable[tuple[str, Planned]],
        done: Iterable[SourceRecord],
    ) -> None:
        """Keep what was done, all of it or nothing."""
        records = list(done)
        with transaction(self._connection):
            stage(self._connection, embedded)
            self._connection.executemany(
                "INSERT OR REPLACE INTO plan VALUES (?, ?, ?)",
                ((id_, one.digest, one.origin) for id_, one in planned),
            )
            source_states.put(self._connection, "pending", records)
        self.records.update({record.key: record for record in records})


class NotKept(Pending):
    """Of a run that only looks: nothing is embedded, and nothing kept."""

    def __init__(self) -> None:
        self.records = {}

    def planned(self) -> dict[str, tuple[str, str]]:
        """None."""
        return {}

    def has(self, digest: str) -> bool:
        """As if everything was embedded already."""
        return True

    def commit(
        self,
        embedded: Iterable[Embedded],
        planned: Iterable[tuple[str, Planned]],
        done: Iterable[SourceRecord],
    ) -> None:
        """Keep nothing."""

    def drop(self, keys: Iterable[str]) -> None:
        """There is nothing to forget."""


def discard(connection: sqlite3.Connection) -> None:
    """Forget all that a run has done, within a transaction."""
    numbers = connection.execute("SELECT number FROM article WHERE NOT live")
    delete(connection, [number for (number,) in numbers])
    connection.execute("DELETE FROM plan")
    connection.execute("DELETE FROM pending")
    connection.execute("DELETE FROM state WHERE key = ?", (_KEY,))


def delete(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Delete articles with all that was computed of them, within a transaction."""
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
