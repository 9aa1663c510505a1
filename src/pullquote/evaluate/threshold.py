"""Computes from one run what each refusal threshold would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pullquote.evaluate.judge import Judgement
from pullquote.types import Status


@dataclass(frozen=True, slots=True)
class Point:
    """The figures if answers with an answerability below ``threshold`` are refused.

    ``coverage`` is the share of all questions that are answered, and ``precision`` the share of
    those whose first citation is right. ``refusals_right`` and ``refusals_found`` are the precision
    and recall of the refusals, and ``handled`` is ``end_to_end``. ``None``: no question counts.
    """

    threshold: float
    coverage: float
    precision: float | None
    refusals_right: float | None
    refusals_found: float | None
    handled: float


def points(judgements: Sequence[Judgement]) -> tuple[Point, ...]:
    """One point for each set of questions that a threshold can refuse, by ascending threshold.

    Only questions that can be judged end to end count.
    """
    counted = [judgement for judgement in judgements if judgement.handled is not None]
    if not counted:
        return ()
    refusable = sorted(
        (judgement for judgement in counted if judgement.refusable),
        key=lambda judgement: judgement.answerability,
    )
    unanswerable = sum(_unanswerable(judgement) for judgement in counted)
    answered = len(refusable)
    right = sum(bool(judgement.unrefused_right) for judgement in counted)
    # Questions for which nothing can be cited are refused even with a threshold of 0.
    refused_rightly = sum(_unanswerable(one) for one in counted if not one.refusable)
    found = [_point(0.0, len(counted), answered, right, refused_rightly, unanswerable)]
    scores = [judgement.answerability for judgement in refusable]
    for judgement, (own, above) in zip(refusable, pairwise([*scores, 1.0]), strict=True):
        answered -= 1
        right -= bool(judgement.unrefused_right)
        refused_rightly += _unanswerable(judgement)
        if above > own:
            threshold = _between(own, above)
            found.append(
                _point(threshold, len(counted), answered, right, refused_rightly, unanswerable)
            )
    return tuple(found)


def choose(candidates: Sequence[Point], least: Sequence[tuple[str, float]] = ()) -> Point | None:
    """Of the points that keep every floor of ``least``, the one that handles most questions right.

    Of equals, the one that refuses the fewest is chosen. A floor names a field of :class:`Point`.
    Returns ``None`` if no point keeps them all.
    """
    fit = [
        point
        for point in candidates
        if all((getattr(point, name) or 0.0) >= value for name, value in least)
    ]
    return max(fit, key=lambda point: (point.handled, point.coverage), default=None)


def halves(judgements: Sequence[Judgement], least: Sequence[tuple[str, float]]) -> float | None:
    """``end_to_end`` by two-fold cross-validation: fitted on one half, measured on the other.

    Both directions are averaged. This estimates what a threshold fitted on all questions gives on
    new ones. The halves are every other question.
    """
    counted = [judgement for judgement in judgements if judgement.handled is not None]
    right = 0.0
    for fitted, measured in ((counted[::2], counted[1::2]), (counted[1::2], counted[::2])):
        chosen = choose(points(fitted), least)
        if chosen is None or not measured:
            return None
        right += sum(handled_at(item, chosen.threshold) for item in measured)
    return right / len(counted)


def handled_at(judgement: Judgement, threshold: float) -> bool:
    """Whether the question would be handled right with this threshold."""
    if judgement.refusable and judgement.answerability >= threshold:
        return bool(judgement.unrefused_right)
    return _unanswerable(judgement)


def _point(
    threshold: float, total: int, answered: int, right: int, refused_rightly: int, unanswerable: int
) -> Point:
    refused = total - answered
    return Point(
        threshold=threshold,
        coverage=answered / total,
        precision=right / answered if answered else None,
        refusals_right=refused_rightly / refused if refused else None,
        refusals_found=refused_rightly / unanswerable if unanswerable else None,
        handled=(right + refused_rightly) / total,
    )


def _unanswerable(judgement: Judgement) -> bool:
    return judgement.expected is Status.NOT_FOUND


def _between(low: float, high: float) -> float:
    """A threshold with few digits that refuses ``low`` but not ``high``.

    It is above ``low`` and at most ``high``, since only what is below the threshold is refused.
    """
    middle = (low + high) / 2
    for digits in range(2, 16):
        if low < round(middle, digits) <= high:
            return round(middle, digits)
    return high
