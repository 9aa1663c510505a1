"""The figures of a question set, each with its interval.

Every figure is a function of the questions' scores and of how often each question counts. So the
same function computes the figure itself and its value in every bootstrap resample.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pullquote.evaluate.intervals import LEVEL, wilson
from pullquote.evaluate.judge import Judgement
from pullquote.types import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[np.float64]
    #: Shape ``(resamples, questions)``: how often each question counts.
    Weights = NDArray[np.float64]

RESAMPLES = 1000
SEED = 20
#: Figures over fewer questions get Wilson's interval instead of a bootstrap interval.
FEW = 30

#: Weights are generated in batches of at most this many numbers, to limit memory.
_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure from 0 to 1 and its interval; ``None`` if no question counts for it.

    ``over`` is the denominator: the number of questions (or refusals, or citations).
    """

    value: float | None
    interval: tuple[float, float] | None
    over: int


@dataclass(frozen=True, slots=True)
class _Value:
    """A figure for given questions: ``of`` maps weights to its value in each resample.

    ``questions`` is the number of questions that decides how wide its interval is.
    """

    of: Callable[[Weights], Column]
    over: int
    questions: int


Figure = Callable[[Sequence[Judgement]], _Value]


def _share(counted: Callable[[Judgement], float | None]) -> Figure:
    """The mean of a value over the questions that have a value."""

    def figure(judgements: Sequence[Judgement]) -> _Value:
        values = [counted(judgement) for judgement in judgements]
        over = _column(value is not None for value in values)
        return _ratio(_column(value or 0.0 for value in values), over)

    return figure


def _of(part: Callable[[Judgement], float], whole: Callable[[Judgement], float]) -> Figure:
    """One sum over the questions divided by another sum."""

    def figure(judgements: Sequence[Judgement]) -> _Value:
        return _ratio(_column(map(part, judgements)), _column(map(whole, judgements)))

    return figure


def _harmonic(first: Figure, second: Figure) -> Figure:
    """The harmonic mean of two figures."""

    def figure(judgements: Sequence[Judgement]) -> _Value:
        one, two = first(judgements), second(judgements)

        def value(weights: Weights) -> Column:
            p, r = one.of(weights), two.of(weights)
            # If nothing was cited, the precision has no value and the recall is 0.
            p = np.where(np.isnan(p) & (r == 0), 0.0, p)
            return np.where(p + r == 0, 0.0, _divided(2 * p * r, p + r))

        return _Value(value, max(one.over, two.over), max(one.questions, two.questions))

    return figure


def _auroc(judgements: Sequence[Judgement]) -> _Value:
    """The chance that an unanswerable question gets a lower answerability than an answerable one.

    This is the area under the ROC curve by the Mann-Whitney statistic; a tie counts half.
    """
    scores = np.array([judgement.answerability for judgement in judgements])
    order = np.argsort(scores, kind="stable")
    _, starts = np.unique(scores[order], return_index=True)
    unanswerable = _column(judgement.expected is Status.NOT_FOUND for judgement in judgements)[
        order
    ]
    answerable = _column(
        judgement.expected not in (None, Status.NOT_FOUND) for judgement in judgements
    )[order]

    def value(weights: Weights) -> Column:
        sorted_ = weights[:, order]
        low = np.add.reduceat(sorted_ * unanswerable, starts, axis=1)
        high = np.add.reduceat(sorted_ * answerable, starts, axis=1)
        below = np.cumsum(low, axis=1) - low
        won = (high * (below + low / 2)).sum(axis=1)
        return _divided(won, low.sum(axis=1) * high.sum(axis=1))

    # The rarer kind limits the precision, however many there are of the other (Birnbaum and Klose,
    # "Bounds for the Variance of the Mann-Whitney Statistic", 1957).
    counts = int(unanswerable.sum()), int(answerable.sum())
    return _Value(value, sum(counts), min(counts))


def _ratio(part: Column, whole: Column) -> _Value:
    return _Value(
        lambda weights: _divided(weights @ part, weights @ whole),
        int(whole.sum()),
        int(np.count_nonzero(whole)),
    )


def _divided(part: Column, whole: Column) -> Column:
    result: Column = np.full(np.shape(part), np.nan)
    np.divide(part, whole, out=result, where=whole != 0)
    return result


def _column(values: Iterable[float]) -> Column:
    return np.fromiter(values, dtype=np.float64)


def _refused(judgement: Judgement) -> bool:
    return judgement.expected is not None and judgement.status is Status.NOT_FOUND


def _unanswerable(judgement: Judgement) -> bool:
    return judgement.expected is Status.NOT_FOUND


def _refused_rightly(judgement: Judgement) -> bool:
    return _refused(judgement) and _unanswerable(judgement)


def _hit(at: int) -> Figure:
    return _share(lambda one: None if one.recall is None else (one.rank or at + 1) <= at)


_PRECISION = _share(lambda one: one.precision)
_RECALL = _share(lambda one: one.recall)

#: All figures, by their names in ``summary.json``. Higher is better for all of them.
FIGURES: Mapping[str, Figure] = {
    "retrieval.hit@1": _hit(1),
    "retrieval.hit@5": _hit(5),
    "retrieval.mrr": _share(
        lambda one: None if one.recall is None else (1 / one.rank if one.rank else 0.0)
    ),
    "citations.precision": _PRECISION,
    "citations.recall": _RECALL,
    "citations.f1": _harmonic(_PRECISION, _RECALL),
    "citations.hit@1": _share(lambda one: one.first_right),
    "citations.verbatim_rate": _of(lambda one: one.verbatim, lambda one: one.citations),
    "answers.token_f1": _share(lambda one: one.token_f1),
    "answers.contains": _share(lambda one: one.contains),
    "abstention.precision": _of(_refused_rightly, _refused),
    "abstention.recall": _of(_refused_rightly, _unanswerable),
    # 2TP / (2TP + FP + FN), which has a value even if nothing was refused.
    "abstention.f1": _of(
        lambda one: 2 * _refused_rightly(one),
        lambda one: _refused(one) + _unanswerable(one),
    ),
    "abstention.auroc": _auroc,
    "status_accuracy": _share(
        lambda one: None if one.expected is None else one.status is one.expected
    ),
    "end_to_end": _share(lambda one: one.handled),
}


def rates(judgements: Sequence[Judgement]) -> dict[str, Rate]:
    """All :data:`FIGURES`. Intervals are percentiles of a bootstrap over questions.

    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993. The seed is fixed. A figure
    over fewer than :data:`FEW` questions gets Wilson's interval.
    """
    values = {name: figure(judgements) for name, figure in FIGURES.items()}
    found = _with_intervals(values, len(judgements))
    for name, rate in found.items():
        count = values[name].questions
        if rate.value is not None and count < FEW:
            found[name] = replace(rate, interval=wilson(rate.value, count))
    return found


def differences(new: Sequence[Judgement], old: Sequence[Judgement]) -> dict[str, Rate]:
    """New minus old for every figure, with the interval of the paired difference.

    Both must judge the same questions in the same order.
    """
    values = {name: _minus(figure(new), figure(old)) for name, figure in FIGURES.items()}
    return _with_intervals(values, len(new))


def _minus(new: _Value, old: _Value) -> _Value:
    return _Value(
        lambda weights: new.of(weights) - old.of(weights),
        min(new.over, old.over),
        min(new.questions, old.questions),
    )


def _with_intervals(values: Mapping[str, _Value], count: int) -> dict[str, Rate]:
    once = np.ones((1, count))
    drawn = _resampled(list(values.values()), count)
    return {
        name: Rate(_number(value.of(once)[0]), _interval(drawn[row]), value.over)
        for row, (name, value) in enumerate(values.items())
    }


def _resampled(values: Sequence[_Value], count: int) -> NDArray[np.float64]:
    """Each figure's value in each resample, shape ``(figures, RESAMPLES)``."""
    random = np.random.default_rng(SEED)
    step = max(1, _AT_ONCE // count)
    pieces = []
    for first in range(0, RESAMPLES, step):
        size = min(step, RESAMPLES - first)
        weights = random.multinomial(count, np.full(count, 1 / count), size=size).astype(float)
        pieces.append(np.stack([value.of(weights) for value in values]))
    return np.concatenate(pieces, axis=1)


def _interval(drawn: Column) -> tuple[float, float] | None:
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return None
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
