"""The gate for a change: floors, and an earlier evaluation of the same question set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was checked, told in a sentence."""

    passed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """An evaluation beside an earlier one; ``broken`` and ``mended`` are ids of questions.

    ``None`` for both when the earlier results are not there to be compared one by one.
    """

    verdicts: tuple[Verdict, ...]
    broken: tuple[str, ...] | None
    mended: tuple[str, ...] | None
