"""Counts readers' verdicts and kept questions by week, and lists what an editor should check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pullquote.evaluate.intervals import wilson
from pullquote.serve.feedback import AskedQuestion, Entry, Verdict
from pullquote.types import Status

#: The most weeks shown: the last two years.
MAX_WEEKS = 104


@dataclass(slots=True)
class Week:
    """The counts of the week that begins on the Monday ``begins``.

    ``refused_rated`` counts rated answers that were refusals ("the articles don't say"). ``asked``
    and ``refused`` count kept questions.
    """

    begins: date
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    refused_rated: int = 0
    asked: int = 0
    refused: int = 0

    @property
    def rated(self) -> int:
        """How many answers were rated."""
        return self.verdicts.total()

    @property
    def good(self) -> float | None:
        """The share of good answers among the rated ones; ``None`` if none was rated."""
        return self.verdicts[Verdict.UP] / self.rated if self.rated else None

    @property
    def good_interval(self) -> tuple[float, float] | None:
        """The 95 % interval of :attr:`good`."""
        return None if self.good is None else wilson(self.good, self.rated)


def weeks(entries: Sequence[Entry], questions: Sequence[AskedQuestion]) -> list[Week]:
    """All weeks from the first to the last with any data, in order, including empty ones.

    If there are more than ``MAX_WEEKS``, only the last ones are returned.
    """
    found: dict[date, Week] = {}

    def week_of(day: date) -> Week:
        monday = day - timedelta(days=day.weekday())
        return found.setdefault(monday, Week(monday))

    for entry in entries:
        week = week_of(date.fromisoformat(entry.time[:10]))
        week.verdicts[entry.verdict] += 1
        week.refused_rated += entry.status is Status.NOT_FOUND
    for question in questions:
        week = week_of(question.day)
        week.asked += 1
        week.refused += question.status is Status.NOT_FOUND
    if not found:
        return []
    last = max(found)
    first = max(min(found), last - timedelta(weeks=MAX_WEEKS - 1))
    days = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return [found.get(day, Week(day)) for day in days]


def complaints(entries: Sequence[Entry]) -> list[Entry]:
    """The bad answers and wrong citations, the newest first."""
    return [entry for entry in reversed(entries) if entry.verdict is not Verdict.UP]


def refused(
    entries: Sequence[Entry], questions: Sequence[AskedQuestion]
) -> list[tuple[str, int, int]]:
    """Refused questions, each with how often it was kept and how often rated; most frequent first.

    Questions that differ only in case and spaces are counted as one.
    """
    shown: dict[str, str] = {}
    kept: Counter[str] = Counter()
    rated: Counter[str] = Counter()
    told = [(kept, question.question, question.status) for question in questions]
    told += [(rated, entry.question, entry.status) for entry in entries]
    for counter, text, status in told:
        if status is Status.NOT_FOUND:
            key = " ".join(text.casefold().split())
            shown.setdefault(key, text)
            counter[key] += 1
    # A rated question may also have been kept, so do not add both counts.
    order = sorted(shown, key=lambda key: (-max(kept[key], rated[key]), key))
    return [(shown[key], kept[key], rated[key]) for key in order]
