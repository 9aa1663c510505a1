"""The time that a question names."""

from __future__ import annotations

from datetime import date

import pytest

from pullquote.text.timeframe import NEWEST, Timeframe, find, prefer
from pullquote.types import Hit, Passage

TODAY = date(2020, 6, 17)  # a Wednesday


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What did the council decide in 2019?", "2019-01-01", "2019-12-31"),
        ("Who won in June 2020?", "2020-06-01", "2020-06-30"),
        ("who won in june 2020", "2020-06-01", "2020-06-30"),
        ("What happened on 12 June 2020?", "2020-06-12", "2020-06-12"),
        ("What happened on June 12th, 2020?", "2020-06-12", "2020-06-12"),
        ("What happened on 2020-06-12?", "2020-06-12", "2020-06-12"),
        ("How high was it last year?", "2019-01-01", "2019-12-31"),
        ("What did it cost this year?", "2020-01-01", "2020-12-31"),
        ("Who resigned last month?", "2020-05-01", "2020-05-31"),
        ("Who resigned this week?", "2020-06-15", "2020-06-21"),
        ("Who resigned last week?", "2020-06-08", "2020-06-14"),
        ("What burned yesterday?", "2020-06-16", "2020-06-16"),
        ("How many fell ill since March 2020?", "2020-03-01", "2020-06-17"),
        ("What was there before 2018?", "0001-01-01", "2018-01-01"),
        ("How many were built between 2016 and 2018?", "2016-01-01", "2018-12-31"),
        ("How many were built from May 2016 to June 2018?", "2016-05-01", "2018-06-30"),
        ("How hot was the summer of 2019?", "2019-06-01", "2019-08-31"),
        ("How cold was winter 2019?", "2019-12-01", "2020-02-29"),
        ("Who led the bank in the 1990s?", "1990-01-01", "1999-12-31"),
        ("What was the profit in Q3 2019?", "2019-07-01", "2019-09-30"),
    ],
)
def test_a_time_is_understood(question: str, first: str, last: str) -> None:
    assert find(question, TODAY) == Timeframe(first, last)


@pytest.mark.parametrize(
    "question",
    [
        "Why did Amazon pause Rekognition?",
        "Did it ship in 2020 units?",
        "How do 2020 people live there?",
        "What does Article 2018 say?",
        "Who wrote 1984?",
        "May the police use it?",
        "How long is the ban?",
        "Is the 2020-foot tower open?",
        "How far is 2,019 miles?",
        "",
        "in 99999999999",
    ],
)
def test_what_names_no_time_is_left_alone(question: str) -> None:
    assert find(question, TODAY) is None


def test_a_time_holds_what_was_written_in_it_or_just_after() -> None:
    frame = Timeframe("2019-01-01", "2019-12-31")
    assert [
        frame.holds(item) for item in ("2018-12-31", "2019-01-01", "2020-01-07", "2020-01-08")
    ] == [
        False,
        True,
        True,
        False,
    ]
    assert not frame.holds(None)
    assert Timeframe("0001-01-01", "9999-12-31").holds("9999-12-31")


def test_articles_of_the_time_are_preferred_and_none_is_lost() -> None:
    dates = {"old": "2015-05-05", "right": "2019-05-05", "none": None}
    hits = [
        Hit(Passage(n, name, 0, 0), 1 / (61 + n))
        for n, name in enumerate(["old", "none", "right", "old", "right"])
    ]
    frame = Timeframe("2019-01-01", "2019-12-31")
    found = prefer(hits, frame, dates.__getitem__)
    assert [match.passage.id for match in found] == [2, 4, 0, 1, 3]
    for other in (Timeframe("1999-01-01", "1999-12-31"), Timeframe("0001-01-01", "9999-12-31")):
        assert prefer(hits[:1], other, dates.__getitem__) == tuple(hits[:1])
    assert prefer(hits, Timeframe("1999-01-01", "1999-12-31"), dates.__getitem__) == tuple(hits)


@pytest.mark.parametrize(
    "question",
    [
        "Who runs the mill now?",
        "What is the latest toll?",
        "Is it currently open?",
        "MOST RECENT game",
    ],
)
def test_the_newest_are_asked_for(question: str) -> None:
    assert find(question, TODAY) is NEWEST
    assert NEWEST.holds(None)
    assert NEWEST.holds("1900-01-01")


def test_a_time_that_is_named_counts_more_than_now() -> None:
    assert find("What is now said of the fire in 2019?", TODAY) == Timeframe(
        "2019-01-01", "2019-12-31"
    )
    assert find("Who bought the now-defunct mill?", TODAY) is None
    assert find("Who knows the mill?", TODAY) is None


def test_newer_articles_are_preferred_and_none_is_lost() -> None:
    dates = {"old": "2015-05-05", "new": "2019-05-05", "none": None}
    hits = [
        Hit(Passage(n, name, 0, 0), 1 / (61 + n))
        for n, name in enumerate(["old", "none", "new", "old", "new"])
    ]
    found = prefer(hits, NEWEST, dates.__getitem__)
    assert [match.passage.id for match in found] == [0, 2, 4, 3, 1]
    for name in ("old", "none"):
        same = [Hit(Passage(n, name, 0, 0), 1 / (61 + n)) for n in range(3)]
        assert [hit.passage.id for hit in prefer(same, NEWEST, dates.__getitem__)] == [0, 1, 2]
    assert prefer([], NEWEST, dates.__getitem__) == ()
