"""Readers' verdicts on answers.

A verdict is saved with its question and answer, and with the random id of its conversation. Nothing
that identifies a person is saved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pullquote.errors import FeedbackError
from pullquote.serve.feedback.file import FeedbackFile
from pullquote.types import Filters, Status

#: How many verdicts are saved. Then new ones are refused: an old verdict is never dropped.
MAX_ENTRIES = 10_000

#: How many earlier questions are saved with a verdict: more than a follow-up can refer to.
MAX_HISTORY = 10

#: The longest comment, in characters.
MAX_COMMENT = 500


class Verdict(StrEnum):
    """A reader's verdict on an answer."""

    UP = "up"
    DOWN = "down"
    WRONG_CITATION = "wrong_citation"


@dataclass(frozen=True, slots=True)
class Entry:
    """A verdict on the answer of one turn, counted from 0, of one conversation.

    ``time`` is UTC in ISO 8601 to the second, ``history`` the user's earlier questions in order,
    and ``answer`` the answer object of the API contract, which includes the digest of the index,
    with the filters of the question, if any (:func:`with_filters`).
    ``comment`` is what the reader wrote with the verdict.
    """

    conversation: str
    turn: int
    time: str
    verdict: Verdict
    question: str
    history: tuple[str, ...]
    document_id: str | None
    answer: Mapping[str, Any]
    comment: str = ""

    @property
    def status(self) -> Status:
        """What the answer claimed."""
        return Status(self.answer["status"])

    @property
    def filters(self) -> Mapping[str, str]:
        """The filters that were set when the question was asked."""
        return self.answer.get("filters") or {}

    @property
    def cited(self) -> tuple[str, ...]:
        """The quotes that the answer cited, in order, each once."""
        return tuple(dict.fromkeys(item["cited_text"] for item in self.answer["citations"]))


class Feedback:
    """The verdicts in one file; the first verdict creates it.

    Threads and processes may share it. Every method raises
    :class:`~pullquote.errors.FeedbackError` when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._file = FeedbackFile(path)

    def record(self, entry: Entry) -> None:
        """Save a verdict; it replaces an earlier one on the same answer.

        A complaint without a comment keeps the comment of the earlier complaint.
        """
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
        with self._file.transaction(write=True) as connection:
            known = "SELECT verdict, comment FROM verdicts WHERE conversation = ? AND turn = ?"
            before = connection.execute(known, place).fetchone()
            (count,) = connection.execute("SELECT count(*) FROM verdicts").fetchone()
            if count >= MAX_ENTRIES and not before:
                raise FeedbackError(
                    f"The feedback in {str(self._file.path)!r} is full ({MAX_ENTRIES:,} "
                    "verdicts): run `pullquote feedback export`, then move the file away."
                )
            said = entry.comment
            if before and Verdict.UP not in (entry.verdict, before[0]):
                said = said or before[1]
            insert = "REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            connection.execute(insert, (*row, said))

    def withdraw(self, conversation: str, turn: int) -> None:
        """Delete the verdict on an answer, if there is one."""
        if self._file.is_begun():
            with self._file.transaction(write=True) as connection:
                delete = "DELETE FROM verdicts WHERE conversation = ? AND turn = ?"
                connection.execute(delete, (conversation, turn))

    def verdicts(self, conversation: str) -> dict[int, Verdict]:
        """The verdicts of one conversation by turn."""
        wanted = "SELECT turn, verdict FROM verdicts WHERE conversation = ? ORDER BY turn"
        return dict(self._file.read(wanted, lambda row: (row[0], Verdict(row[1])), conversation))

    def commented(self, conversation: str) -> list[int]:
        """The turns of one conversation that have a comment, ascending."""
        wanted = "SELECT turn FROM verdicts WHERE conversation = ? AND comment != '' ORDER BY turn"
        return list(self._file.read(wanted, lambda row: int(row[0]), conversation))

    def entries(self) -> tuple[Entry, ...]:
        """All verdicts in the order of time; none when there is no file yet."""
        wanted = (
            "SELECT conversation, turn, time, verdict, question, history, document_id, answer, "
            "comment FROM verdicts ORDER BY time, rowid"
        )
        return self._file.read(wanted, _entry)


def _entry(row: tuple[Any, ...]) -> Entry:
    conversation, turn, time, verdict, question, history, document_id, answer, comment = row
    entry = Entry(
        conversation,
        turn,
        time,
        Verdict(verdict),
        question,
        tuple(json.loads(history)),
        document_id,
        json.loads(answer),
        comment,
    )
    # Find invalid times and answers here, before they are used.
    _ = datetime.fromisoformat(time), entry.status, entry.cited
    return entry


def with_filters(answer: Mapping[str, Any], filters: Filters) -> Mapping[str, Any]:
    """``answer`` with those ``filters`` that are set: without them its question is another one."""
    given = {name: value for name, value in asdict(filters).items() if value}
    return {**answer, "filters": given} if given else answer


def clean_comment(text: str) -> str:
    """A comment as it is saved: printable, encodable, and at most ``MAX_COMMENT`` characters."""
    shown = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+", " ", text)
    return shown.encode("utf-8", "replace").decode().strip()[:MAX_COMMENT]


def merged(files: Iterable[Path]) -> tuple[Entry, ...]:
    """The verdicts of several servers in the order of time; of two on one answer, the later one.

    Raises :class:`~pullquote.errors.FeedbackError`.
    """
    found: dict[tuple[str, int], Entry] = {}
    for entry in (entry for file in files for entry in Feedback(file).entries()):
        place = (entry.conversation, entry.turn)
        if place not in found or found[place].time < entry.time:
            found[place] = entry
    return tuple(sorted(found.values(), key=lambda entry: entry.time))
