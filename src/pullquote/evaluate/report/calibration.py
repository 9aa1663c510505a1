"""Calibration: whether answers with an answerability of 0.7 are right seven times in ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.evaluate.intervals import wilson
from pullquote.evaluate.judge import Judgement

#: The most bins, and the least questions per bin, if there are enough questions.
BINS, LEAST = 10, 5


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions with similar answerability, on average ``mean``.

    ``right`` is the share whose first citation is right, with its ``interval``.
    """

    mean: float
    right: float
    interval: tuple[float, float]
    count: int


def bins(judgements: Sequence[Judgement]) -> tuple[Bin, ...]:
    """The questions that a threshold could refuse, in bins of about equal size, ascending.

    Equal answerabilities share a bin, so bins may differ in size and be fewer.
    """
    scored = sorted(
        (one.answerability, bool(one.unrefused_right))
        for one in judgements
        if one.handled is not None and one.refusable
    )
    wanted = min(BINS, max(1, len(scored) // LEAST))
    found = []
    first = 0
    for number in range(1, wanted + 1):
        end = round(number * len(scored) / wanted)
        while 0 < end < len(scored) and scored[end][0] == scored[end - 1][0]:
            end += 1
        if end > first:
            found.append(_bin(scored[first:end]))
            first = end
    return tuple(found)


def expected_error(found: Sequence[Bin]) -> float | None:
    """The expected calibration error: the average distance between ``mean`` and ``right``.

    Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
    Binning", AAAI 2015. ``None`` if there is no bin.
    """
    total = sum(each.count for each in found)
    if not total:
        return None
    return sum(each.count * abs(each.mean - each.right) for each in found) / total


def _bin(scored: Sequence[tuple[float, bool]]) -> Bin:
    count = len(scored)
    right = sum(hit for _, hit in scored) / count
    return Bin(
        mean=sum(score for score, _ in scored) / count,
        right=right,
        interval=wilson(right, count),
        count=count,
    )
