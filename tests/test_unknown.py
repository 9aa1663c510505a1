"""Whether the articles say themselves that what was asked is not known."""

from __future__ import annotations

import pytest
from helpers_answer import Shelf, reading

from pullquote import unknown
from pullquote.types import ScoredSentence

#: The sentence that says so is number 1; number 0 reports the event.
EVENT = "The bank closed its branch in Lund."
WHY = "It did not say why."
UNTOLD = "A spokesman would not comment."


def shelf(said: str = WHY, second: str = EVENT) -> Shelf:
    made = Shelf()
    made.add("a.txt", [EVENT, said, "Rain fell."], ["Ann met Bo.", EVENT], [WHY])
    made.add("b.txt", [second, said])
    return made


def found(question: str, made: Shelf, *scored: ScoredSentence) -> tuple[str, int] | None:
    stated = unknown.find(question, reading(*scored), made)
    if stated is None:
        return None
    return stated.sentence.article_id, stated.sentence.index


@pytest.mark.parametrize(
    ("said", "question", "agrees"),
    [
        (WHY, "Why did the bank close its branch?", True),
        (WHY, "reason bank closed branch", True),
        (WHY, "When did the bank close its branch?", False),
        (WHY, "How many branches were closed?", False),
        (WHY, "Did the bank close its branch?", False),
        (WHY, "What did the bank close?", False),
        ("No date was set.", "When does the branch close?", True),
        ("No date was set.", "Why does the branch close?", False),
        ("It is not clear whether it will open again.", "Will it open again?", True),
        ("It is not clear whether it will open again.", "When will it open again?", False),
        (UNTOLD, "Will it open again?", True),
        (UNTOLD, "What will the bank do?", False),
        (UNTOLD, "Why did the bank close its branch?", False),
        (UNTOLD, "Who closed the branch?", False),
        ("It said why.", "Why did the bank close its branch?", False),
    ],
)
def test_what_is_left_open_must_be_what_is_asked(said: str, question: str, agrees: bool) -> None:
    made = shelf(said)
    place = found(question, made, made.scored("a.txt", 1, 0.5))
    assert place == (("a.txt", 1) if agrees else None)


def test_the_clause_is_marked_and_the_event_before_it_lends_relevance() -> None:
    made = shelf()
    event, said = made.scored("a.txt", 0, 0.75), made.scored("a.txt", 1, 0.25, relevance=0.375)
    stated = unknown.find("Why did it close?", reading(event, said), made)
    assert stated is not None
    start = len(EVENT) + 1
    # Relevance is the mean of both: (0.75 + 0.375) / 2.
    assert stated == ScoredSentence(
        said.sentence, 0.5625, 0.375, (start + len("It "), start + len("It did not say why"))
    )


def test_a_sentence_is_relevant_through_the_one_before_it() -> None:
    made = shelf()
    event = made.scored("a.txt", 0, 0.68)
    # (0.68 + 0.02) / 2 = 0.35, above both limits: 0.34 and 0.55 * 0.68 = 0.374 it is not.
    assert found("Why?", made, event, made.scored("a.txt", 1, 0.02)) is None
    assert found("Why?", made, event, made.scored("a.txt", 1, 0.08)) == ("a.txt", 1)


def test_a_sentence_that_is_not_about_the_question_does_not_count() -> None:
    made = shelf()
    assert found("Why?", made, made.scored("a.txt", 1, 0.5, relevance=0.34)) == ("a.txt", 1)
    assert found("Why?", made, made.scored("a.txt", 1, 0.5, relevance=0.339)) is None


def test_a_sentence_that_does_not_tell_what_it_leaves_open_must_be_more_relevant() -> None:
    made = shelf(UNTOLD)
    assert found("Will it?", made, made.scored("a.txt", 1, 0.5, relevance=0.45)) == ("a.txt", 1)
    assert found("Will it?", made, made.scored("a.txt", 1, 0.5, relevance=0.449)) is None


def test_a_sentence_far_less_relevant_than_the_best_does_not_count() -> None:
    made = shelf()
    best = made.scored("a.txt", 2, 0.8, relevance=0.8)
    assert found("Why?", made, best, made.scored("a.txt", 1, 0.3, relevance=0.45)) == ("a.txt", 1)
    assert found("Why?", made, best, made.scored("a.txt", 1, 0.3, relevance=0.43)) is None


def test_the_sentence_before_lends_nothing_across_a_paragraph() -> None:
    made = shelf()
    event = made.scored("a.txt", 4, 0.2, relevance=0.5)
    assert made.text("a.txt", 5) == WHY
    # The mean of both would do: 0.375.
    assert found("Why?", made, event, made.scored("a.txt", 5, 0.1, relevance=0.25)) is None
    assert found("Why?", made, event, made.scored("a.txt", 5, 0.45)) == ("a.txt", 5)


def test_a_sentence_before_that_was_not_read_lends_nothing() -> None:
    made = shelf()
    assert found("Why?", made, made.scored("a.txt", 1, 0.2)) is None


def test_the_sentence_before_is_one_of_the_same_article() -> None:
    made = shelf()
    other = made.scored("b.txt", 0, 0.6)
    assert found("Why?", made, other, made.scored("a.txt", 1, 0.1)) is None


def test_of_two_that_say_so_the_more_relevant_counts_whatever_its_score() -> None:
    made = shelf()
    first = made.scored("a.txt", 1, 0.9, relevance=0.5)
    second = made.scored("b.txt", 1, 0.1, relevance=0.6)
    assert found("Why?", made, first, second) == ("b.txt", 1)


def test_of_two_equally_relevant_the_one_read_first_counts() -> None:
    made = shelf()
    first, second = made.scored("a.txt", 1, 0.5), made.scored("b.txt", 1, 0.5)
    assert found("Why?", made, first, second) == ("a.txt", 1)
    assert found("Why?", made, second, first) == ("b.txt", 1)


def test_nothing_read_is_nothing_found() -> None:
    assert found("Why?", shelf()) is None


@pytest.mark.parametrize(
    ("answer", "takes"), [("would not comment", True), ("not", True), ("A spokesman", False)]
)
def test_a_clause_that_the_reader_took_for_the_answer_is_one(answer: str, takes: bool) -> None:
    made = shelf(UNTOLD)
    start = made.article("a.txt").text.index(answer)
    best = made.scored("a.txt", 1, 0.5, relevance=0.1, span=(start, start + len(answer)))
    stated = unknown.find("What did the bank tell reporters?", reading(best), made)
    assert (stated is not None) == takes


def test_a_clause_about_another_kind_of_thing_is_none_though_the_reader_took_it() -> None:
    made = shelf(WHY)
    start = made.article("a.txt").text.index("did not say why")
    best = made.scored("a.txt", 1, 0.5, relevance=0.1, span=(start, start + 15))
    assert unknown.find("How many branches closed?", reading(best), made) is None


def test_an_article_that_lacks_what_another_one_names_says_nothing_of_it() -> None:
    made = shelf(second="The mill in Lund closed its gates to Ostrander.")
    about = [made.scored("a.txt", 0, 0.5), made.scored("a.txt", 1, 0.5)]
    there = [made.scored("b.txt", 0, 0.5), made.scored("b.txt", 1, 0.4)]
    question = "Why did the mill close its gates to Ostrander?"
    assert found(question, made, *about) == ("a.txt", 1)
    assert found(question, made, *about, *there) == ("b.txt", 1)
