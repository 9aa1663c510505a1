"""The measures of a single question; every case can be checked by hand."""

from __future__ import annotations

import pytest

from pullquote.evaluate.gold import Place
from pullquote.evaluate.measures import (
    citation_precision,
    citation_recall,
    contains,
    rank_of_evidence,
    token_f1,
)


def at(start: int, end: int, article: str = "a.txt") -> Place:
    return Place(article, start, end)


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (at(0, 10), at(0, 10), True),
        (at(0, 10), at(5, 15), True),  # 5 of 10 shared: exactly half
        (at(0, 10), at(6, 16), False),  # 4 of 10
        (at(0, 100), at(40, 44), True),  # all of the shorter
        (at(0, 100), at(98, 102), True),  # 2 of 4
        (at(0, 100), at(99, 103), False),  # 1 of 4
        (at(0, 10), at(10, 20), False),  # touching is not sharing
        (at(0, 10), at(50, 60), False),
        (at(0, 10), at(0, 10, "b.txt"), False),
    ],
)
def test_a_place_meets_another_when_half_of_the_shorter_is_shared(
    one: Place, other: Place, meets: bool
) -> None:
    assert one.meets(other) is meets
    assert other.meets(one) is meets


def test_citation_precision_is_the_share_of_citations_that_are_right() -> None:
    cited = [at(0, 10), at(20, 30), at(40, 50)]
    assert citation_precision(cited, [at(0, 10), at(40, 50)]) == pytest.approx(2 / 3)
    assert citation_precision(cited, []) == 0
    assert citation_precision([at(0, 10)], [at(0, 10), at(0, 10)]) == 1


def test_citation_recall_is_the_share_of_groups_of_which_one_place_is_met() -> None:
    groups = [(at(0, 10), at(100, 110)), (at(20, 30),), (at(40, 50),)]
    assert citation_recall([at(100, 110), at(40, 50)], groups) == pytest.approx(2 / 3)
    assert citation_recall([], groups) == 0
    # Both places of one group are still one group.
    assert citation_recall([at(0, 10), at(100, 110)], groups) == pytest.approx(1 / 3)


def test_the_rank_of_the_evidence_counts_from_one() -> None:
    passages = [at(0, 100), at(100, 200), at(200, 300)]
    assert rank_of_evidence(passages, [at(250, 260), at(150, 160)]) == 2
    assert rank_of_evidence(passages, [at(10, 20)]) == 1
    assert rank_of_evidence(passages, [at(310, 320)]) is None
    assert rank_of_evidence([], [at(10, 20)]) is None
    assert rank_of_evidence(passages, []) is None


@pytest.mark.parametrize(
    ("answer", "reference", "score"),
    [
        ("a year", "a year", 1.0),
        ("The year!", "a year", 1.0),  # case, articles and punctuation do not count
        ("for one year", "one year", 0.8),  # 2 shared of 3 and 2: 2 * 2 / 5
        ("in San Francisco", "San Francisco", 0.8),
        ("two two", "two", 2 / 3),  # one shared of 2 and 1
        ("Oregon", "Ohio", 0.0),
        ("", "Ohio", 0.0),
        ("“8-5”", "85", 1.0),  # as in SQuAD: punctuation is removed, what it joined stays joined
        ("the", "a", 1.0),  # nothing is left of either
    ],
)
def test_token_f1_by_hand(answer: str, reference: str, score: float) -> None:
    assert token_f1(answer, reference) == pytest.approx(score)


@pytest.mark.parametrize(
    ("answer", "reference", "found"),
    [
        ("Amazon banned it for a year, it said.", "a year", True),
        ("Amazon banned it for a year.", "FOR A YEAR", True),
        ("It lasted three years.", "year", False),  # whole words
        ("a category", "cat", False),
        ("one and two", "one two", False),  # in a row
        ("", "year", False),
        ("anything", "", True),
    ],
)
def test_contains_by_hand(answer: str, reference: str, found: bool) -> None:
    assert contains(answer, reference) is found
