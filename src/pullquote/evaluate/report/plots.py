"""The numbers of the three plots: the threshold, calibration, and latency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from pullquote.evaluate.intervals import wilson
from pullquote.evaluate.judge import Judgement
from pullquote.evaluate.report import calibration
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import Summary
from pullquote.evaluate.threshold import points
from pullquote.types import Status

#: More points than this cannot be distinguished in the chart.
_MOST = 300


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the trade-off: coverage, and the precision of the answers with its interval."""

    coverage: float
    precision: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Threshold:
    """Precision against coverage.

    ``present`` is the coverage and precision of the run; ``None`` if nothing is answered.
    ``refuse_below`` is the threshold of the run, if it had one.
    """

    spots: Sequence[Spot]
    present: tuple[float, float] | None
    refuse_below: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The bins, the expected calibration error, and the number of questions in the bins."""

    bins: Sequence[calibration.Bin]
    error: float
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values are in each step; the last step also counts all values above ``top``."""

    step: float
    counts: tuple[int, ...]
    overflow: bool

    @property
    def top(self) -> float:
        """The end of the last step."""
        return self.step * len(self.counts)


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from question to answer; ``percentiles`` by their names."""

    histogram: Histogram
    percentiles: dict[str, float]
    longest: float
    count: int


def threshold(summary: Summary, judgements: Sequence[Judgement]) -> Threshold | None:
    """Precision at each coverage; ``None`` if no question can be judged."""
    judged = [one for one in judgements if one.handled is not None]
    if not judged:
        return None
    given = summary.settings.get("refuse_below")
    return Threshold(
        spots=_spots(judged),
        present=_present(judged),
        refuse_below=float(given) if isinstance(given, int | float) else None,
    )


def calibrated(judgements: Sequence[Judgement]) -> Calibration | None:
    """The bins of answerability; ``None`` if there is no question that a threshold could refuse."""
    found = calibration.bins(judgements)
    error = calibration.expected_error(found)
    return None if error is None else Calibration(found, error, sum(each.count for each in found))


def latency(summary: Summary, results: Sequence[Result]) -> Latency:
    """How long answers took."""
    times = [result.answer.timings.total for result in results]
    percentiles = dict(summary.latency_ms)
    return Latency(histogram(times, percentiles["p95"]), percentiles, max(times), len(times))


def histogram(values: Sequence[float], p95: float) -> Histogram:
    """About 10 to 25 steps with a round width, scaled so that a few outliers do not squash it."""
    highest = max(values)
    reach = max(min(highest, 2 * p95), 1e-3)
    step = round_step(reach / 24)
    steps = floor(reach / step) + 1
    counts = [0] * steps
    for value in values:
        counts[min(steps - 1, int(value / step))] += 1
    return Histogram(step, tuple(counts), highest >= step * steps)


def round_step(least: float) -> float:
    """The smallest of …, 1, 2, 5, 10, 20, … that is not below ``least``."""
    power = 10.0 ** floor(log10(least))
    for factor in (1, 2, 5):
        if factor * power >= least:
            return factor * power
    return 10 * power


def _spots(judged: Sequence[Judgement]) -> list[Spot]:
    """The points at which something is answered, thinned out, but with the first and last kept."""
    spots = [
        Spot(
            point.coverage,
            point.precision,
            wilson(point.precision, round(point.coverage * len(judged))),
        )
        for point in points(judged)
        if point.precision is not None
    ]
    kept = spots[:: len(spots) // _MOST + 1]
    return kept if not spots or kept[-1] is spots[-1] else [*kept, spots[-1]]


def _present(judged: Sequence[Judgement]) -> tuple[float, float] | None:
    """Coverage and precision of the run itself; ``None`` if no question was answered."""
    answered = [one for one in judged if one.status is not Status.NOT_FOUND]
    if not answered:
        return None
    right = sum(bool(one.first_right) for one in answered)
    return len(answered) / len(judged), right / len(answered)
