"""The figures over a question set, on sets small enough to count by hand."""

from __future__ import annotations

import math

import pytest

from pullquote.evaluate.judge import Judgement
from pullquote.evaluate.rates import FIGURES, differences, rates
from tests.support.judgements import (
    ANSWERED,
    NOT_FOUND,
    UNKNOWN,
    judged,
    none,
    refused,
    right,
    wrong,
)


def value(name: str, *judgements: Judgement) -> float | None:
    return rates(judgements)[name].value


def test_retrieval_by_hand() -> None:
    found = [judged(rank=rank, recall=0.0) for rank in (1, 2, 5, 6, None)]
    aside = judged(rank=1)  # not counted: a question without evidence
    assert value("retrieval.hit@1", *found, aside) == pytest.approx(1 / 5)
    assert value("retrieval.hit@5", *found, aside) == pytest.approx(3 / 5)
    assert value("retrieval.mrr", *found, aside) == pytest.approx((1 + 1 / 2 + 1 / 5 + 1 / 6) / 5)


def test_citation_precision_leaves_out_what_was_refused_and_recall_does_not() -> None:
    judgements = [
        judged(precision=0.5, recall=1.0),
        judged(precision=1.0, recall=0.5),
        judged(status=NOT_FOUND, precision=None, recall=0.0),
    ]
    assert value("citations.precision", *judgements) == pytest.approx(0.75)
    assert value("citations.recall", *judgements) == pytest.approx(0.5)
    # The harmonic mean of .75 and .5.
    assert value("citations.f1", *judgements) == pytest.approx(0.6)


def test_citation_f1_is_zero_when_nothing_is_cited() -> None:
    assert value("citations.precision", refused(), refused()) is None
    assert value("citations.recall", refused(), refused()) == 0
    assert value("citations.f1", refused(), refused()) == 0
    assert value("citations.f1", wrong()) == 0
    assert value("citations.f1", none()) is None


def test_the_first_citation_counts_over_all_questions_with_evidence() -> None:
    assert value("citations.hit@1", right(), wrong(), refused(), none()) == pytest.approx(1 / 3)


def test_the_verbatim_rate_counts_citations_not_questions() -> None:
    judgements = [judged(citations=3, verbatim=3), judged(citations=1, verbatim=0), judged()]
    rate = rates(judgements)["citations.verbatim_rate"]
    assert rate.value == pytest.approx(3 / 4)
    assert rate.over == 4
    assert value("citations.verbatim_rate", judged()) is None


def test_answers_by_hand() -> None:
    judgements = [
        judged(token_f1=0.8, contains=True),
        judged(token_f1=0.0, contains=False),
        judged(),
    ]
    assert value("answers.token_f1", *judgements) == pytest.approx(0.4)
    assert value("answers.contains", *judgements) == pytest.approx(0.5)


def test_abstention_by_hand() -> None:
    # Three refusals, two of them right; four questions without an answer.
    judgements = [
        none(refused=True),
        none(refused=True),
        none(),
        none(),
        refused(),
        right(),
        judged(expected=None, status=NOT_FOUND),  # not counted: the set does not say what is right
    ]
    assert value("abstention.precision", *judgements) == pytest.approx(2 / 3)
    assert value("abstention.recall", *judgements) == pytest.approx(2 / 4)
    assert value("abstention.f1", *judgements) == pytest.approx(2 * 2 / (3 + 4))


def test_a_reader_that_never_refuses_has_no_precision_but_an_f1_of_zero() -> None:
    judgements = [none(), right()]
    assert value("abstention.precision", *judgements) is None
    assert value("abstention.recall", *judgements) == 0
    assert value("abstention.f1", *judgements) == 0


def test_without_unanswerable_questions_there_is_nothing_to_find() -> None:
    assert value("abstention.recall", right(), right()) is None
    assert value("abstention.f1", right(), right()) is None
    assert value("abstention.auroc", right(0.1), right(0.9)) is None
    assert value("abstention.precision", right(), refused()) == 0


@pytest.mark.parametrize(
    ("unanswerable", "answerable", "area"),
    [
        ([0.1, 0.2], [0.8, 0.9], 1.0),
        ([0.8, 0.9], [0.1, 0.2], 0.0),
        ([0.5], [0.5], 0.5),  # a tie counts half
        ([0.1, 0.6], [0.5, 0.7], 0.75),  # three of four pairs
        ([0.1, 0.5], [0.5, 0.5, 0.4], 4 / 6),  # 3 + (0 + 1/2 + 1/2) of 6 pairs
    ],
)
def test_auroc_counts_the_pairs_in_the_right_order(
    unanswerable: list[float], answerable: list[float], area: float
) -> None:
    judgements = [*map(none, unanswerable), *map(right, answerable), judged(expected=None)]
    assert value("abstention.auroc", *judgements) == pytest.approx(area)


def test_status_accuracy_and_end_to_end_by_hand() -> None:
    judgements = [
        right(),
        judged(expected=UNKNOWN, status=ANSWERED, handled=True),  # the right sentence all the same
        none(refused=True),
        none(),
        judged(expected=None),
        judged(expected=ANSWERED),  # without evidence: only the status can be judged
    ]
    assert value("status_accuracy", *judgements) == pytest.approx(3 / 5)
    assert value("end_to_end", *judgements) == pytest.approx(3 / 4)


def test_a_set_that_says_nothing_has_no_figures() -> None:
    found = rates([judged(expected=None)])
    assert found.keys() == FIGURES.keys()
    assert {name for name, rate in found.items() if rate.value is not None} == set()
    assert {rate.interval for rate in found.values()} == {None}


def test_the_interval_of_a_share_is_about_what_theory_says() -> None:
    found = rates([right()] * 50 + [wrong()] * 50)["end_to_end"]
    assert found.value == 0.5
    assert found.over == 100
    assert found.interval is not None
    half = 1.96 * math.sqrt(0.5 * 0.5 / 100)
    assert found.interval[0] == pytest.approx(0.5 - half, abs=0.02)
    assert found.interval[1] == pytest.approx(0.5 + half, abs=0.02)


def test_the_interval_is_the_same_every_time() -> None:
    judgements = [right(), wrong(), none(), refused(), none(0.1, refused=True)]
    assert rates(judgements) == rates(judgements)


def test_a_figure_of_few_questions_has_wilsons_interval_also_when_nothing_varies() -> None:
    # All n right: the lower end is n / (n + z^2).
    assert rates([right()] * 5)["end_to_end"].interval == pytest.approx((0.56552, 1), abs=1e-5)
    assert rates([right()] * 29)["end_to_end"].interval == pytest.approx((0.88303, 1), abs=1e-5)
    assert rates([right()] * 30)["end_to_end"].interval == (1.0, 1.0)
    # 12 right of 20: (0.6 + 0.09604 - 0.21481) / 1.19207 and (... + ...) / 1.19207
    found = rates([right()] * 12 + [wrong()] * 8)["end_to_end"].interval
    assert found == pytest.approx((0.38658, 0.78119), abs=1e-4)


def test_which_interval_goes_by_the_questions_that_have_a_part_in_the_figure() -> None:
    found = rates([right(0.9)] * 40 + [none(0.1, refused=True)] * 4)
    assert found["end_to_end"].interval == (1.0, 1.0)
    assert found["citations.f1"].interval == (1.0, 1.0)
    of_four = pytest.approx((4 / (4 + 1.959964**2), 1.0), abs=1e-5)
    assert found["abstention.recall"].interval == of_four
    assert found["abstention.auroc"].interval == of_four  # it varies as a share of the rarer kind
    # Ninety quotes from three questions count as three for the interval.
    quoted = rates([judged(citations=30, verbatim=30)] * 3)["citations.verbatim_rate"]
    assert quoted.over == 90
    assert quoted.interval == pytest.approx((3 / (3 + 1.959964**2), 1.0), abs=1e-5)


def test_the_interval_of_a_difference_is_the_bootstraps_however_few_there_are() -> None:
    assert differences([right()] * 5, [right()] * 5)["end_to_end"].interval == (0.0, 0.0)


def test_a_difference_is_that_of_the_figures_and_its_interval_is_paired() -> None:
    old = [right()] * 90 + [wrong()] * 10
    new = [right()] * 80 + [wrong()] * 20
    found = differences(new, old)["end_to_end"]
    assert found.value == pytest.approx(-0.1)
    # Ten questions of a hundred became wrong and none became right: that is more than chance,
    # although the intervals of the two figures overlap.
    assert found.interval is not None
    assert found.interval[1] < 0
    before, after = rates(old)["end_to_end"].interval, rates(new)["end_to_end"].interval
    assert before
    assert after
    assert after[1] > before[0]


def test_as_many_broken_as_mended_is_no_difference() -> None:
    old = [right()] * 5 + [wrong()] * 5
    found = differences(old[::-1], old)["end_to_end"]
    assert found.value == 0
    assert found.interval is not None
    assert found.interval[0] < 0 < found.interval[1]
