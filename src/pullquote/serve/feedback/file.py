"""The SQLite file for verdicts and saved questions: its schema, transactions and errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from pullquote.errors import FeedbackError

#: The most seconds to wait for another process. A write takes some milliseconds.
PATIENCE = 3.0

T = TypeVar("T")

_VERSION = 2
_QUESTIONS = """
CREATE TABLE questions (
  day TEXT NOT NULL,
  question TEXT NOT NULL,
  status TEXT NOT NULL
)
"""
_SCHEMA = (
    """
CREATE TABLE verdicts (
  conversation TEXT NOT NULL,
  turn INTEGER NOT NULL,
  time TEXT NOT NULL,
  verdict TEXT NOT NULL,
  question TEXT NOT NULL,
  history TEXT NOT NULL,
  document_id TEXT,
  answer TEXT NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (conversation, turn)
)
""",
    _QUESTIONS,
)

#: Migrates a file of version 1.
_FROM_1 = ("ALTER TABLE verdicts ADD COLUMN comment TEXT NOT NULL DEFAULT ''", _QUESTIONS)


class FeedbackFile:
    """The file; the first write creates it. Threads and processes may share it.

    Every method raises :class:`~pullquote.errors.FeedbackError` when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(
        self, query: str, made: Callable[[tuple[Any, ...]], T], *parameters: str
    ) -> tuple[T, ...]:
        """The rows of a query, each converted by ``made``; none when there is no file yet."""
        if not self.is_begun():
            return ()
        with self.transaction() as connection:
            rows = connection.execute(query, parameters).fetchall()
        try:
            return tuple(map(made, rows))
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(error) from error

    def is_begun(self) -> bool:
        """Whether there is anything to read. While a file is being created, it is empty."""
        try:
            return self.path.exists() and self.path.stat().st_size > 0
        except OSError as error:
            raise self._unusable(error) from error

    @contextmanager
    def transaction(self, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction on its own connection, so that threads never share one."""
        address = f"{self.path.absolute().as_uri()}?mode={'rwc' if write else 'rw'}"
        try:
            with closing(
                sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
            ) as connection:
                # Deleted data is also overwritten in the file.
                connection.execute("PRAGMA secure_delete = ON")
                changes = write or _version(connection) == 1
                # Writers wait here. If two had already begun to read, neither could go on.
                connection.execute("BEGIN IMMEDIATE" if changes else "BEGIN")
                self._check_schema(connection, write)
                yield connection
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _check_schema(self, connection: sqlite3.Connection, write: bool) -> None:
        version = _version(connection)
        if version == _VERSION:
            return
        empty = not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        if version != 1 and (version or not (empty and write)):
            raise FeedbackError(
                f"{str(self.path)!r} does not hold the feedback of this version of "
                f"Pullquote (schema version {version}, not {_VERSION}): name another file with "
                "the setting 'feedback'."
            )
        for statement in _FROM_1 if version == 1 else _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")

    def _unusable(self, error: Exception) -> FeedbackError:
        return FeedbackError(
            f"The feedback file {str(self.path)!r} cannot be used ({error}): see that its folder "
            "is there, that both can be written and that no other program holds the file, or "
            "name another with the setting 'feedback'."
        )

    def _damaged(self, error: Exception) -> FeedbackError:
        return FeedbackError(
            f"The feedback file {str(self.path)!r} is damaged ({error}): move it away, and the "
            "next verdict makes a new one."
        )


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
