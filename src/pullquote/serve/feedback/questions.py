"""Questions that readers asked, kept for some days if the owner wants it.

The day, the question and the status of its answer are kept: nothing says who asked, or that two
questions were asked by one person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pullquote.serve.feedback.file import FeedbackFile
from pullquote.types import Status

#: How many questions are kept. Of more the oldest go: nobody wrote them for the owner.
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
    """The questions of a feedback file; those older than ``days`` are deleted.

    Every method raises :class:`~pullquote.errors.FeedbackError` when the file cannot be used.
    """

    def __init__(self, path: Path, days: int, today: Callable[[], date] = _today) -> None:
        self._file = FeedbackFile(path)
        self._days = days
        self._today = today

    def keep(self, question: str, status: Status) -> None:
        """Keep a question that was answered now."""
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
        """All that may still be kept, in the order of time."""
        return self._file.read(
            "SELECT day, question, status FROM questions WHERE day >= ? ORDER BY rowid",
            lambda row: AskedQuestion(date.fromisoformat(row[0]), row[1], Status(row[2])),
            self._first().isoformat(),
        )

    def forget_old(self) -> int:
        """Delete those older than ``days``; how many."""
        return self._forget(self._first())

    def forget(self) -> int:
        """Delete all; how many."""
        return self._forget(date.max)

    def _first(self) -> date:
        """The earliest day that is kept."""
        return self._today() - timedelta(days=self._days)

    def _forget(self, before: date) -> int:
        if not self._file.is_begun():
            return 0
        with self._file.transaction(write=True) as connection:
            delete = "DELETE FROM questions WHERE day < ?"
            return connection.execute(delete, (before.isoformat(),)).rowcount
