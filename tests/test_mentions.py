"""The numbers and names of a question, and the shares of them that a text lacks."""

from __future__ import annotations

import pytest
from helpers_answer import Shelf

from pullquote.mentions import Surroundings, missing, names, numbers

FERRY = "Did Ann see the ferry sink for 1500 dollars in Rome in 1931?"


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a.txt",
        ["The ferry sank in 1931.", "Rain fell."],
        "Ann met Bo",
        ["It cost 1,500 dollars."],
    )
    made.add("b.txt", ["Paris, 12,345.67."])
    return made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It cost 1,000,000 dollars.", {"1000000"}),
        ("It cost 1000000 dollars.", {"1000000"}),
        ("$12,345.67", {"12345.67"}),
        ("At 10:30 on 5.6.2020, 3,14 and 3.14.", {"10:30", "5.6.2020", "3,14", "3.14"}),
        ("In 1990, 1991 and 1992.", {"1990", "1991", "1992"}),
        ("the G-7 and a 747s, 40%", {"7", "747", "40"}),
        ("One and two.", set()),
        ("", set()),
    ],
)
def test_numbers_are_the_same_with_and_without_marks_between_thousands(
    text: str, found: set[str]
) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Why did Amazon ban it in New York?", {"amazon", "new", "york"}),
        ("Amazon banned what?", set()),  # the first word has a capital whatever it is
        ("Who wrote “Ulysses” and ‘Dubliners’ (and Exiles)?", {"ulyss", "dublin", "exil"}),
        ("Where does Łukasz live, and Émile?", {"łukasz", "émile"}),
        ("What did Ann-Marie O’Neil say?", {"ann", "mari", "o", "neil"}),
        ("What did the G-7 say?", {"g"}),
        ("Is what He or The Who said of What it is?", set()),
        ("why did amazon ban it?", set()),
        ("", set()),
    ],
)
def test_names_are_the_words_with_a_capital_inside_the_text(text: str, found: set[str]) -> None:
    assert names(text) == found


def test_the_share_that_is_missing() -> None:
    wanted = frozenset({"a", "b", "c", "d"})
    assert missing(wanted, frozenset({"b", "x"})) == 0.75
    assert missing(wanted, wanted | {"x"}) == 0
    assert missing(wanted, frozenset()) == 1
    assert missing(frozenset(), frozenset({"x"})) == missing(frozenset(), frozenset()) == 0


def test_what_stands_around_a_sentence_by_hand(shelf: Shelf) -> None:
    # Asked: ann, see, ferri, sink, 1500, dollar, rome, 1931; of them the names ann and rome, and
    # the numbers 1500 and 1931. The article has both numbers, and of the names only ann.
    around = Surroundings(FERRY, shelf)
    assert [around.of(it) for it in shelf.sentences("a.txt")] == [
        (2 / 8, 1.0, 0.5, 0.5, 0.0),  # "The ferry sank in 1931." to "Rain fell."
        (3 / 8, 0.5, 0.5, 0.5, 0.0),  # to the subhead "Ann met Bo", which counts
        (2 / 8, 0.5, 0.5, 0.5, 0.0),  # "Rain fell." to the end: ann and dollar, and 1,500
        (2 / 8, 0.5, 0.5, 0.5, 0.0),
    ]
    assert around.of(shelf.sentences("b.txt")[0]) == (0.0, 1.0, 1.0, 1.0, 1.0)


def test_a_question_without_words_names_or_numbers_lacks_nothing(shelf: Shelf) -> None:
    around = Surroundings("Who is it?", shelf)
    assert around.of(shelf.sentences("a.txt")[0]) == (1.0, 0.0, 0.0, 0.0, 0.0)


def test_what_the_head_of_the_article_names_counts_for_the_article_alone() -> None:
    shelf = Shelf()
    shelf.add("a.txt", ["She paid 5 dollars."], head="Ann in Rome, 1931\n\n")
    around = Surroundings("Did Ann pay 5 dollars in 1931?", shelf)
    _, names_nearby, numbers_nearby, names_article, numbers_article = around.of(
        shelf.sentences("a.txt")[0]
    )
    assert (names_nearby, numbers_nearby) == (1.0, 0.5)
    assert (names_article, numbers_article) == (0.0, 0.0)
