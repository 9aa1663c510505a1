"""What an indexing run has done so far, so that a run that was killed can be resumed.

A SQLite file beside the builds. Everything in it is about one embedding model, one way to cut
articles, and one build that unchanged articles are carried over from.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pullquote import source_states
from pullquote.index.embedded import Embedded
from pullquote.source_states import SourceRecord
from pullquote.types import Article

JOURNAL = "journal.sqlite"

_SCHEMA = (
    """
CREATE TABLE IF NOT EXISTS about (key TEXT NOT NULL, embedder TEXT);
CREATE TABLE IF NOT EXISTS article (
  digest TEXT PRIMARY KEY,
  fields TEXT NOT NULL,
  sentences BLOB NOT NULL,
  passages BLOB NOT NULL,
  passage_vectors BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS plan (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  origin TEXT NOT NULL,
  kept INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS plan_origin ON plan (origin);
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY) STRICT;
"""
    + source_states.TABLE
)


@dataclass(frozen=True, slots=True)
class Planned:
    """An article of the next build. ``kept``: it is carried over from the former one."""

    id: str
    digest: str
    origin: str
    kept: bool


class Journal:
    """The open journal of a run. Raises ``sqlite3.Error`` when it cannot be written."""

    def __init__(self, folder: Path, about: str) -> None:
        self._path = folder / JOURNAL
        try:
            self._open(about)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # no room, no permission: nothing that a fresh one would mend
            # Half written when the machine went down: what was done is done again.
            self._connection.close()
            remove(folder)
            self._open(about)

    def _open(self, about: str) -> None:
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        # Survives the end of the program at any moment, which is what it is for; the power
        # going may cost it, which costs time alone.
        self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        self._connection.executescript(_SCHEMA)
        known = self._connection.execute("SELECT key FROM about").fetchall()
        if known != [(about,)]:
            self._begin(about, None)
        with self._transaction():
            self._connection.execute("DELETE FROM seen")

    def _begin(self, about: str, embedder: str | None) -> None:
        with self._transaction():
            for table in ("about", "article", "plan", "source"):
                self._connection.execute(f"DELETE FROM {table}")
            self._connection.execute("INSERT INTO about VALUES (?, ?)", (about, embedder))

    @property
    def embedder(self) -> str | None:
        """The digest of the model that its articles were embedded with, if any were."""
        found: tuple[str | None] = self._connection.execute("SELECT embedder FROM about").fetchone()
        return found[0]

    def set_embedder(self, digest: str) -> bool:
        """Note the model's digest. False when it is another than before: all is forgotten then."""
        if self.embedder == digest:
            return True
        if self.embedder is not None:
            about = self._connection.execute("SELECT key FROM about").fetchone()[0]
            self._begin(about, digest)
            return False
        self._connection.execute("UPDATE about SET embedder = ?", (digest,))
        return True

    def close(self) -> None:
        """Let go of the file; what was kept stays for the next run."""
        self._connection.close()

    def _transaction(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def done(self, key: str) -> SourceRecord | None:
        """The record of a source that this run, or one that was killed, has dealt with."""
        found = self._connection.execute("SELECT * FROM source WHERE key = ?", (key,)).fetchone()
        return source_states.record(found) if found else None

    def see(self, key: str) -> None:
        """Note that a source is there in this run."""
        self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,))

    def drop(self, key: str) -> None:
        """Forget what was planned of a source: it is read anew."""
        with self._transaction():
            self._connection.execute("DELETE FROM plan WHERE origin = ?", (key,))
            self._connection.execute("DELETE FROM source WHERE key = ?", (key,))

    def drop_unseen(self) -> None:
        """Forget the sources that are no longer there."""
        with self._transaction():
            unseen = "NOT IN (SELECT key FROM seen)"
            self._connection.execute(f"DELETE FROM plan WHERE origin {unseen}")
            self._connection.execute(f"DELETE FROM source WHERE key {unseen}")

    def owner(self, article_id: str) -> str | None:
        """The key of the source that an article is planned from."""
        query = "SELECT origin FROM plan WHERE id = ?"
        found = self._connection.execute(query, (article_id,)).fetchone()
        return str(found[0]) if found else None

    def has(self, digest: str) -> bool:
        """Whether an article was embedded already."""
        query = "SELECT 1 FROM article WHERE digest = ?"
        return bool(self._connection.execute(query, (digest,)).fetchone())

    def commit(
        self,
        embedded: Iterable[Embedded],
        planned: Iterable[Planned],
        done: Iterable[SourceRecord],
    ) -> None:
        """Keep what was done, all of it or nothing."""
        with self._transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (
                        it.digest,
                        json.dumps({n: getattr(it.article, n) for n in Article.__slots__}),
                        it.sentences.tobytes(),
                        it.passages.tobytes(),
                        it.passage_vectors.tobytes(),
                        it.signature,
                    )
                    for it in embedded
                ),
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO plan VALUES (?, ?, ?, ?)",
                ((it.id, it.digest, it.origin, it.kept) for it in planned),
            )
            self._connection.executemany(source_states.PUT, map(source_states.values, done))

    def plan(self) -> Iterator[Planned]:
        """The articles of the next build, in the order of their ids."""
        last: str | None = None
        query = "SELECT * FROM plan WHERE ? IS NULL OR id > ? ORDER BY id LIMIT 1000"
        while page := self._connection.execute(query, (last, last)).fetchall():
            yield from (
                Planned(id_, digest, origin, bool(kept)) for id_, digest, origin, kept in page
            )
            last = page[-1][0]

    def planned_from(self, key: str) -> int:
        """How many articles are planned from a source."""
        query = "SELECT count(*) FROM plan WHERE origin = ?"
        return int(self._connection.execute(query, (key,)).fetchone()[0])

    def sources(self) -> Iterator[SourceRecord]:
        """The records of all sources, in the order of their keys."""
        rows = self._connection.execute("SELECT * FROM source ORDER BY key")
        yield from map(source_states.record, rows)

    def embedded(self, digest: str) -> Embedded:
        """An article that was embedded; :class:`KeyError` when it was not."""
        query = "SELECT * FROM article WHERE digest = ?"
        row = self._connection.execute(query, (digest,)).fetchone()
        if row is None:
            raise KeyError(digest)
        sentences = np.frombuffer(row[2], dtype=np.int32).reshape(-1, 4)
        passages = np.frombuffer(row[3], dtype=np.int32).reshape(-1, 2)
        return Embedded(
            Article(**json.loads(row[1])),
            digest,
            sentences,
            passages,
            np.frombuffer(row[4], dtype=np.float16).reshape(len(passages), -1),
            row[5],
        )


def remove(folder: Path) -> None:
    """Delete the journal: the build that it was for is there."""
    for ending in ("", "-wal", "-shm"):
        (folder / f"{JOURNAL}{ending}").unlink(missing_ok=True)
