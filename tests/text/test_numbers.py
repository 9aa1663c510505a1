"""Figures are read with their units, or not at all."""

from __future__ import annotations

import time

import pytest

from pullquote.text.numbers import Amount, figures, the_one


def amounts(text: str) -> list[Amount]:
    return [figure.amount for figure in figures(text) if figure.amount]


def test_figures_are_read_with_their_units() -> None:
    assert amounts("1.2 million people, $3bn, about 5 %, a year and twenty-one") == [
        Amount(1_200_000, "peopl"),
        Amount(3e9, "$"),
        Amount(5, "%", rough=True),
        Amount(365, "days"),
    ]
    assert amounts("in 2019, on page 3.") == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("one hundred and twenty wolves", Amount(120, "wolv")),
        ("two thousand five hundred wolves", Amount(2500, "wolv")),
        ("two hundred thousand dollars", Amount(200_000, "$")),
        ("two dozen wolves", Amount(24, "wolv")),
        ("half a million wolves", Amount(500_000, "wolv")),
        ("half a year", Amount(182.5, "days")),
        ("US$5", Amount(5, "$")),
        ("A$5", Amount(5, "A$")),
        ("$5 a day", Amount(5, "$/day")),
        ("5 percentage points", Amount(5, "percentag")),
        ("no fewer than 5 wolves", Amount(5, "wolv", bound=1)),
        ("no more than 5 wolves", Amount(5, "wolv", bound=-1)),
        ("In 2019, 5 wolves", Amount(5, "wolv")),
        ("2000 wolves", Amount(2000, "wolv")),
        ("$30m", Amount(30_000_000, "$")),
    ],
)
def test_a_figure_is_understood(text: str, amount: Amount) -> None:
    assert amounts(text) == [amount]


@pytest.mark.parametrize(
    "text",
    [
        "10 to 12 wolves", "10-12 wolves", "12 of the 30 wolves", "2 1/2 years", "2½ years",
        "two and a half years", "a year and a half", "another five wolves", "the first 12 wolves",
        "12 or more wolves", "Covid-19 cases", "an F-16 jet", "12th wolf", "3-1",
        "1.200.000 wolves", "30 m tall", "", "a wolf", "one of them", "\x00", "٣",
    ],
)  # fmt: skip
def test_in_doubt_a_figure_is_not_understood(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (Amount(100, "%"), Amount(98, "%"), False),
        (Amount(100, "%"), Amount(97, "%"), True),
        (Amount(100, "%", rough=True), Amount(90, "%"), False),
        (Amount(100, "%", rough=True), Amount(89, "%"), True),
        (Amount(5, "wolv", bound=1), Amount(7, "wolv"), False),
        (Amount(7, "wolv", bound=1), Amount(5, "wolv"), True),
        (Amount(5, "wolv", bound=-1), Amount(3, "wolv"), False),
        (Amount(5, "wolv", bound=1), Amount(3, "wolv", bound=-1), True),
        (Amount(5, "wolv", bound=1), Amount(9, "wolv", bound=1), False),
        (Amount(5, "wolv"), Amount(9, "bear"), False),
        (Amount(0, "wolv"), Amount(0, "wolv"), False),
        (Amount(float("inf"), "wolv"), Amount(5, "wolv"), False),
    ],
)
def test_figures_differ_that_cannot_both_be_true(one: Amount, other: Amount, differs: bool) -> None:
    assert one.differs(other) is other.differs(one) is differs


def test_a_long_row_of_dots_between_two_figures_takes_no_time() -> None:
    began = time.monotonic()
    assert len(figures(f"12 {'.' * 50_000} x, 13 wolves")) == 2
    assert time.monotonic() - began < 5  # 0.01 s; once, hours


def test_of_two_figures_neither_is_the_one() -> None:
    text = "Five wolves killed 12 sheep."
    assert the_one(text, (0, len(text))) is None
    found = the_one(text, (12, len(text)))
    assert found is not None
    assert text[found.start : found.unit_end] == "12 sheep"
