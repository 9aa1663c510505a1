"""What readers thought of the answers: kept in one SQLite file, given out as drafts of questions.

A verdict is kept with the question and the answer that it is about, and with the random id of a
conversation. Nothing that identifies a person is kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pullquote.errors import FeedbackError
from pullquote.types import Status

#: How many verdicts are kept. A full store says so: an old verdict is never dropped for a new one.
MAX_ENTRIES = 10_000

#: How many earlier questions are kept with one: more than a follow-up is looked back through for.
MAX_HISTORY = 10

#: Seconds to wait for another process. A write takes some milliseconds.
_PATIENCE = 3.0

T = TypeVar("T")

_VERSION = 1
_SCHEMA = """
CREATE TABLE verdicts (
  conversation TEXT NOT NULL,
  turn INTEGER NOT NULL,
  time TEXT NOT NULL,
  verdict TEXT NOT NULL,
  question TEXT NOT NULL,
  history TEXT NOT NULL,
  document_id TEXT,
  answer TEXT NOT NULL,
  PRIMARY KEY (conversation, turn)
)
"""


class Verdict(StrEnum):
    """What a reader thought of an answer."""

    UP = "up"
    DOWN = "down"
    WRONG_CITATION = "wrong_citation"


@dataclass(frozen=True, slots=True)
class Entry:
    """A verdict on the answer of one turn, counted from 0, of one conversation.

    ``time`` is UTC in ISO 8601 to the second, ``history`` the user's earlier questions in order,
    and ``answer`` the contract's answer object, which holds the digest of the index.
    """

    conversation: str
    turn: int
    time: str
    verdict: Verdict
    question: str
    history: tuple[str, ...]
    document_id: str | None
    answer: Mapping[str, Any]

    @property
    def status(self) -> Status:
        """What the answer claimed."""
        return Status(self.answer["status"])

    @property
    def cited(self) -> tuple[str, ...]:
        """The quotes that the answer cited, in order, each once."""
        return tuple(dict.fromkeys(it["cited_text"] for it in self.answer["citations"]))


class Feedback:
    """The verdicts in one file, which the first of them makes.

    Safe to share by threads and processes. Every method raises
    :class:`~pullquote.errors.FeedbackError` when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, entry: Entry) -> None:
        """Keep a verdict, in the place of an earlier one on the same answer."""
        place = (entry.conversation, entry.turn)
        row = (
            *place,
            entry.time,
            entry.verdict.value,
            entry.question,
            json.dumps(entry.history[-MAX_HISTORY:]),
            entry.document_id,
            json.dumps(entry.answer),
        )
        with self._transaction(write=True) as connection:
            known = "SELECT 1 FROM verdicts WHERE conversation = ? AND turn = ?"
            (count,) = connection.execute("SELECT count(*) FROM verdicts").fetchone()
            if count >= MAX_ENTRIES and not connection.execute(known, place).fetchone():
                raise FeedbackError(
                    f"The feedback in {str(self._path)!r} is full ({MAX_ENTRIES:,} verdicts): run "
                    "`pullquote feedback export`, then move the file away."
                )
            connection.execute("REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def withdraw(self, conversation: str, turn: int) -> None:
        """Delete the verdict on an answer, if there is one."""
        if self._is_begun():
            with self._transaction(write=True) as connection:
                delete = "DELETE FROM verdicts WHERE conversation = ? AND turn = ?"
                connection.execute(delete, (conversation, turn))

    def verdicts(self, conversation: str) -> dict[int, Verdict]:
        """The verdicts of one conversation by their turn."""
        wanted = "SELECT turn, verdict FROM verdicts WHERE conversation = ? ORDER BY turn"
        return dict(self._read(wanted, lambda row: (row[0], Verdict(row[1])), conversation))

    def entries(self) -> tuple[Entry, ...]:
        """All verdicts in the order of time; none when there is no file yet."""
        wanted = (
            "SELECT conversation, turn, time, verdict, question, history, document_id, answer "
            "FROM verdicts ORDER BY time, rowid"
        )
        return self._read(wanted, _entry)

    def _read(
        self, query: str, made: Callable[[tuple[Any, ...]], T], *parameters: str
    ) -> tuple[T, ...]:
        if not self._is_begun():
            return ()
        with self._transaction() as connection:
            rows = connection.execute(query, parameters).fetchall()
        try:
            return tuple(map(made, rows))
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(error) from error

    def _is_begun(self) -> bool:
        """Whether there is anything to read. A file that is being made is empty."""
        try:
            return self._path.exists() and self._path.stat().st_size > 0
        except OSError as error:
            raise self._unusable(error) from error

    @contextmanager
    def _transaction(self, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each operation, so that no thread meets another's."""
        address = f"{self._path.absolute().as_uri()}?mode={'rwc' if write else 'rw'}"
        try:
            with closing(
                sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
            ) as connection:
                # What was taken back is overwritten in the file, too.
                connection.execute("PRAGMA secure_delete = ON")
                # A writer waits here: two that have both begun to read could never go on.
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                self._check_schema(connection, write)
                yield connection
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _check_schema(self, connection: sqlite3.Connection, write: bool) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == _VERSION:
            return
        empty = not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        if version or not (empty and write):
            raise FeedbackError(
                f"{str(self._path)!r} holds something else than the feedback of this version of "
                f"Pullquote (schema version {version}, not {_VERSION}): name another file with "
                "the setting 'feedback'."
            )
        connection.execute(_SCHEMA)
        connection.execute("PRAGMA user_version = 1")

    def _unusable(self, error: Exception) -> FeedbackError:
        return FeedbackError(
            f"The feedback file {str(self._path)!r} cannot be used ({error}): see that its folder "
            "is there, that both can be written and that no other program holds the file, or "
            "name another with the setting 'feedback'."
        )

    def _damaged(self, error: Exception) -> FeedbackError:
        return FeedbackError(
            f"The feedback file {str(self._path)!r} is damaged ({error}): move it away, and the "
            "next verdict makes a new one."
        )


def _entry(row: tuple[Any, ...]) -> Entry:
    conversation, turn, time, verdict, question, history, document_id, answer = row
    entry = Entry(
        conversation,
        turn,
        time,
        Verdict(verdict),
        question,
        tuple(json.loads(history)),
        document_id,
        json.loads(answer),
    )
    _ = entry.status, entry.cited  # what is no answer is found here, and not by a reader
    return entry


def drafts(entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """The verdicts, in order of time, as lines of a question set for an editor to finish.

    A question, with its history and article, has one draft. Where all are for it, the draft holds
    the latest answer as gold; otherwise what was shown stands under ``draft``, and the editor
    decides.
    """
    rated: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        rated.setdefault((entry.question, entry.history, entry.document_id), []).append(entry)
    return map(_draft, rated.values())


def _draft(rated: list[Entry]) -> dict[str, Any]:
    first, latest = rated[0], rated[-1]
    asked = json.dumps([first.question, first.history, first.document_id])
    day = first.time[:10].replace("-", "")
    draft: dict[str, Any] = {
        "id": f"feedback-{day}-{sha256(asked.encode()).hexdigest()[:12]}",
        "user_input": first.question,
        "history": list(first.history),
    }
    if first.document_id is not None:
        draft["document_id"] = first.document_id
    verdicts = [verdict.value for verdict in Verdict if any(it.verdict is verdict for it in rated)]
    cited = list(latest.cited)
    if verdicts != [Verdict.UP]:
        draft["draft"] = {"status": latest.status.value, "cited": cited}
    else:
        answerable = latest.status is not Status.NOT_FOUND
        draft |= {"answerable": answerable, "status": latest.status.value}
        if answerable:
            # Quotes and not places: a quote that is no longer in the article is an error.
            draft |= {"evidence": cited[:1], "also_ok": cited[1:]}
    return draft | {"tags": ["feedback", *verdicts]}
