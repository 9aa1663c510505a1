"""Saves readers' questions for some days, if the site owner wants it.

Only the day, the question and the status of its answer are saved: nothing shows who asked, or that
one person asked two questions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pullquote.serve.feedback.file import FeedbackFile
from pullquote.types import Status

#: How many questions are saved. After that the oldest are deleted: unlike verdicts, nobody wrote
#: them for the site owner.
MAX_QUESTIONS = 100_000


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question, the status of its answer, and the day in UTC."""

    day: date
    question: str
    status: Status


def _today() -> date:
    return datetime.now(UTC).date()


class KeptQuestions:
    """The saved questions of a feedback file; those older than ``days`` are deleted.

    Every method raises :class:`~pullquote.errors.FeedbackError` when the file cannot be used.
    """

    def __init__(self, path: Path, days: int, today: Callable[[], date] = _today) -> None:
        self._file = FeedbackFile(path)
        self._days = days
        self._today = today

    def keep(self, question: str, status: Status) -> None:
        """Save a question that was just answered."""
        with self._file.transaction(write=True) as connection:
            connection.execute("DELETE FROM questions WHERE day < ?", (self._first().isoformat(),))
            connection.execute(
                "INSERT INTO questions VALUES (?, ?, ?)",
                (self._today().isoformat(), question, status.value),
            )
            connection.execute(
                "DELETE FROM questions WHERE rowid <= (SELECT max(rowid) FROM questions) - ?",
                (MAX_QUESTIONS,),
            )

    def questions(self) -> tuple[AskedQuestion, ...]:
        """All questions that are not too old, in the order of time."""
        return self._file.read(
            "SELECT day, question, status FROM questions WHERE day >= ? ORDER BY rowid",
            lambda row: AskedQuestion(date.fromisoformat(row[0]), row[1], Status(row[2])),
            self._first().isoformat(),
        )

    def forget_old(self) -> int:
        """Delete the questions older than ``days``; returns how many."""
        return self._forget(self._first())

    def forget(self) -> int:
        """Delete all questions; returns how many."""
        return self._forget(date.max)

    def _first(self) -> date:
        """The earliest day whose questions are kept."""
        return self._today() - timedelta(days=self._days)

    def _forget(self, before: date) -> int:
        if not self._file.is_begun():
            return 0
        with self._file.transaction(write=True) as connection:
            delete = "DELETE FROM questions WHERE day < ?"
            return connection.execute(delete, (before.isoformat(),)).rowcount
