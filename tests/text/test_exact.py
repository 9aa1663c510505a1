"""Figures, dates, names and quoted words of a written sentence stand in its sources."""

from __future__ import annotations

import pytest

from pullquote.text.exact import Difference, find
from pullquote.text.exact.words import words

BAN = (
    "Amazon banned police use of its technology for a year, but did not say why it acted on May 25."
)
COST = "The tram will cost at least $412 million, or 5 percent more than planned, Ann Kerr said."


@pytest.mark.parametrize(
    ("written", "source"),
    [
        (BAN, BAN),
        ("Amazon banned police use of its technology for one year.", BAN),
        ("Police use of the technology was banned by Amazon for a year.", BAN),
        ("Ann Kerr said the tram will cost at least $412 million.", COST),
        ("According to Kerr, the tram will cost 5% more than planned.", COST),
        ("The pool closed on June 3, 2019.", "The pool was closed on Jun. 3, 2019, and emptied."),
        ("Twelve people were hurt.", "In the storm 12 people were hurt."),
        ("He called it “a textbook case.”", "Bo Lind called it “a textbook case” of theft."),
        ("He said “it doesn't matter.”", "He said it doesn’t matter."),
        ("Lind welcomed the U.S. ruling.", "Bo Lind welcomed the US ruling on Monday."),
        ("One of those hurt was a child.", "Twelve people were hurt, a child among them."),
        ("The vote was on June 11.", "June 11 was the day of the vote."),
        ("It opens at 5 p.m.", "It opens at 5pm."),
        ("May he sue?", "He may sue."),
        ("The wall is 30 metres high.", "The wall is 30 m high."),
        ("Two-thirds of the seats were won.", "It won 8 of the 12 seats."),
        ("Four out of five came.", "Of the 10 people, 8 came."),
        ("He waited three decades.", "He waited for 30 years."),
        ("It costs 400,000 dollars.", "It costs $400,000 a year."),
        # Words, bounds and lengths of time are the network's.
        ("Amazon banned police use of its technology for a month.", BAN),
        ("Ann Kerr said the tram will cost at most $412 million.", COST),
        ("Amazon allowed army use of its technology for a year.", BAN),
    ],
)
def test_what_stands_in_a_source_passes(written: str, source: str) -> None:
    assert find(written, [source]) is None


@pytest.mark.parametrize(
    ("written", "source", "difference"),
    [
        ("Amazon banned police use of its technology for two years.", BAN, Difference.FIGURE),
        ("Amazon did not say why it acted on May 26.", BAN, Difference.FIGURE),
        ("Amazon did not say why it acted on June 25.", BAN, Difference.DATE),
        ("Microsoft banned police use of its technology for a year.", BAN, Difference.NAME),
        ("Amazon banned police use of Rekognition for a year.", BAN, Difference.NAME),
        ("Amazon “banned all police use” of its technology.", BAN, Difference.QUOTATION),
        ("Ann Kerr said the tram will cost at least $412 billion.", COST, Difference.FIGURE),
        ("Ann Kerr said the tram will cost 6 percent more than planned.", COST, Difference.FIGURE),
        ("The tram will cost 412 million percent more.", COST, Difference.FIGURE),
        ("The pool closed on a Sunday in June.", "It was closed on Friday.", Difference.DATE),
        ("It opens at 8 p.m.", "It opens at 8 a.m.", Difference.DATE),
        ("It opens at 8pm.", "It opens at 8 a.m.", Difference.DATE),
        ("It takes two weeks.", "It takes two months.", Difference.FIGURE),
        ("It costs $5 a day.", "It costs $5 a week.", Difference.FIGURE),
        ("It fell by 200 in 12 towns.", "It fell by 300 in 12 towns.", Difference.FIGURE),
        ("March 12 was the day of the vote.", "The vote was on April 12.", Difference.DATE),
        ("Ann Kerr said the tram will cost €412 million at least.", COST, Difference.FIGURE),
    ],
)
def test_what_stands_in_no_source_is_found(
    written: str, source: str, difference: Difference
) -> None:
    assert find(written, [source]) is difference


def test_a_name_is_not_put_together_from_two() -> None:
    source = "Ann Kerr and Bo Lind own the mill."
    assert find("Ann Lind owns the mill.", [source]) is Difference.NAME
    assert find("Ann Kerr owns the mill.", [source]) is None


@pytest.mark.parametrize("written", ["", "…", "[1]", "?!"])
def test_a_sentence_without_words_says_nothing(written: str) -> None:
    assert find(written, [BAN]) is Difference.NOTHING


def test_hostile_text_is_no_error() -> None:
    for text in ("“" * 500, "1" * 400, "𝟙𝟚 ½ ٣", "a\x00b", "İ" * 50, "- " * 300, "$" * 300):
        find(text, [text, BAN])
        find(text, [BAN])
        find(BAN, [text])


def test_words_know_their_possessor() -> None:
    assert [word.plain for word in words("Amazon’s staff in Kraków")] == [
        *("amazon", "staff", "in", "krakow"),
    ]  # fmt: skip
