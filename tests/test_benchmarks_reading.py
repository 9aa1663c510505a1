"""SQuAD's measures by hand, and the best answer in a text."""

from __future__ import annotations

import sys

import pytest
from conftest import ROOT
from helpers_network import by_hand

# The benchmarks are no part of the package.
sys.path.insert(0, str(ROOT))

from benchmarks.reading import best_answer, exact, f1, plain


def test_words_are_compared_without_case_punctuation_and_articles() -> None:
    assert plain("The “U.S.” ban, a year.") == ["“us”", "ban", "year"]
    assert exact("A year.", "the year") == 1.0
    assert exact("one year", "year") == 0.0


@pytest.mark.parametrize(
    ("said", "wanted", "score"),
    [("one year", "year", 2 / 3), ("year", "year", 1), ("", "", 1), ("year", "", 0), ("a", "b", 0)],
)
def test_f1_by_hand(said: str, wanted: str, score: float) -> None:
    assert f1(said, wanted) == pytest.approx(score)


def test_the_best_answer_in_a_text_and_its_margin() -> None:
    network = by_hand({"in": 2}, {"1931": 3}, {})
    answer, margin = best_answer(network, "When did it sink?", "The ferry sank in 1931.")
    assert answer == "in 1931"
    assert margin == 5
