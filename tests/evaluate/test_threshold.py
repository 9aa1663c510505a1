"""The refusal threshold: the figures for each, and which one is chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.evaluate.judge import Judgement
from pullquote.evaluate.threshold import choose, halves, handled_at, points
from tests.support.judgements import NOT_FOUND, UNKNOWN, judged, none, refused, right, wrong

#: Judgements in the order of their answerability.
FIVE = [none(0.1), right(0.3), none(0.4), wrong(0.6), right(0.9)]


def test_every_threshold_by_hand() -> None:
    found = points(FIVE)
    assert [match.threshold for match in found] == [0.0, 0.2, 0.35, 0.5, 0.75, 0.95]
    assert [match.coverage for match in found] == pytest.approx([1, 0.8, 0.6, 0.4, 0.2, 0])
    assert [match.precision for match in found][:5] == pytest.approx(
        [2 / 5, 2 / 4, 1 / 3, 1 / 2, 1]
    )
    assert found[5].precision is None
    assert found[0].refusals_right is None
    assert [match.refusals_right for match in found][1:] == pytest.approx(
        [1, 1 / 2, 2 / 3, 2 / 4, 2 / 5]
    )
    assert [match.refusals_found for match in found] == pytest.approx([0, 0.5, 0.5, 1, 1, 1])
    assert [match.handled for match in found] == pytest.approx([0.4, 0.6, 0.4, 0.6, 0.6, 0.4])


def test_questions_of_equal_answerability_fall_together() -> None:
    found = points([right(0.5), none(0.5), right(0.7)])
    assert [match.threshold for match in found] == [0.0, 0.6, 0.85]


def test_a_stated_unknown_is_refused_as_an_answer_is_and_nothing_always() -> None:
    stated = judged(
        expected=UNKNOWN, status=UNKNOWN, unrefused=UNKNOWN, unrefused_right=True, handled=True,
        answerability=0.7,
    )  # fmt: skip
    nothing = judged(
        expected=NOT_FOUND, status=NOT_FOUND, unrefused=NOT_FOUND, handled=True, answerability=0.0
    )
    found = points([stated, nothing, right(0.5)])
    assert [match.coverage for match in found] == pytest.approx([2 / 3, 1 / 3, 0])
    assert [match.handled for match in found] == pytest.approx([1, 2 / 3, 1 / 3])
    assert found[0].refusals_right == 1


def test_what_cannot_be_judged_has_no_part() -> None:
    assert points([judged(), judged(expected=None)]) == ()
    assert len(points([judged(answerability=0.2), right(0.5)])) == 2


def test_of_equals_the_one_that_refuses_fewest_is_chosen() -> None:
    # Handled right: .6 at 0.2, 0.5 and 0.75.
    chosen = choose(points(FIVE))
    assert chosen is not None
    assert chosen.threshold == 0.2
    # With any threshold, one of the two is handled right.
    nothing_refused = choose(points([right(0.3), none(0.6)]))
    assert nothing_refused is not None
    assert nothing_refused.threshold == 0.0


def test_floors_come_before_the_best() -> None:
    candidates = points(FIVE)
    chosen = choose(candidates, [("refusals_right", 0.9)])
    assert chosen is not None
    assert chosen.threshold == 0.2
    chosen = choose(candidates, [("refusals_found", 1.0), ("refusals_right", 0.6)])
    assert chosen is not None
    assert chosen.threshold == 0.5
    assert choose(candidates, [("handled", 0.7)]) is None


def test_a_floor_on_refusals_is_not_kept_by_refusing_nothing() -> None:
    assert choose(points([right(0.2), right(0.8)]), [("refusals_right", 0.5)]) is None


def test_halves_are_measured_on_the_questions_that_had_no_part_in_the_fit() -> None:
    low, high = none(0.1), right(0.9)
    assert halves([low, low, high, high], []) == 1
    # In the second half it is the other way round. The threshold of the first half, 0.5, gets both
    # questions of the second wrong; that of the second, 0, gets one question of the first right.
    assert halves([low, right(0.1), high, none(0.9)], []) == pytest.approx(1 / 4)


def test_a_single_question_has_no_halves() -> None:
    assert halves([right()], []) is None


SCORES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.75, 1.0])
KINDS = st.sampled_from([right, wrong, none, refused])


@given(st.lists(st.tuples(KINDS, SCORES), min_size=1, max_size=12))
def test_the_curve_says_what_each_threshold_would_really_give(
    made: list[tuple[object, float]],
) -> None:
    judgements: list[Judgement] = [kind(score) for kind, score in made]  # type: ignore[operator]
    for point in points(judgements):
        handled = sum(handled_at(one, point.threshold) for one in judgements)
        assert point.handled == pytest.approx(handled / len(judgements))
        below = sum(one.answerability < point.threshold for one in judgements)
        assert point.coverage == pytest.approx(1 - below / len(judgements))
