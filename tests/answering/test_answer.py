"""Which sentences an answer cites, and what it claims."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pullquote.answering import gate
from pullquote.answering.compose import Cutoffs, compose
from pullquote.messages import messages
from pullquote.text.timeframe import Timeframe
from pullquote.types import Answer, Block, Reading, Status
from tests.support.answers import PROVENANCE, TIMINGS, Shelf, reading

LIMITS = Cutoffs(citations=3, refuse_below=0.3, cite_above=0.45)


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a.txt",
        ["The bank closed its branch.", "The bank did not say why.", "Rents rose in May."],
        "A subhead",
        ["Ann met Bo.", "She left.", "Cy stayed."],
        head="Title: Bank\n\n",
    )
    made.add("b.txt", ["The bank closed its branch.", "Jo sang.", "Di danced."])
    return made


def answer(
    shelf: Shelf, read: Reading, question: str = "Who met?", limits: Cutoffs = LIMITS
) -> Answer:
    composed = compose(question, question, read, shelf, limits, PROVENANCE, TIMINGS)
    return gate.check(composed, shelf)


def cited(given: Answer) -> list[tuple[int, str, int]]:
    return [
        (citation.number, citation.article_id, citation.sentence_index)
        for citation in given.citations
    ]


def test_an_answered_question_quotes_its_sentences_and_says_nothing_else(shelf: Shelf) -> None:
    given = answer(shelf, reading(shelf.scored("a.txt", 4, 0.5, span=(99, 102))))
    assert given.status is Status.ANSWERED
    assert given.blocks == (Block("Ann met Bo.", (1,)),)
    assert given.closest == ()
    start = shelf.article("a.txt").text.index("Ann met Bo.")
    (citation,) = given.citations
    assert (citation.start, citation.end) == (start, start + 11)
    assert (citation.score, citation.span, citation.context) == (0.5, (99, 102), None)
    assert (given.question, given.answerability) == ("Who met?", 0.5)
    assert (given.provenance, given.timings) == (PROVENANCE, TIMINGS)


def test_sentences_of_one_article_stand_in_its_order_not_in_that_of_their_scores(
    shelf: Shelf,
) -> None:
    read = reading(
        shelf.scored("a.txt", 6, 0.50),
        shelf.scored("a.txt", 4, 0.49),
        shelf.scored("a.txt", 0, 0.48),
    )
    assert cited(answer(shelf, read)) == [(1, "a.txt", 6), (2, "a.txt", 0), (3, "a.txt", 4)]


def test_of_several_articles_the_one_with_the_best_sentence_comes_first(shelf: Shelf) -> None:
    read = reading(
        shelf.scored("b.txt", 2, 0.50),
        shelf.scored("a.txt", 4, 0.49),
        shelf.scored("b.txt", 1, 0.48),
    )
    assert cited(answer(shelf, read)) == [(1, "b.txt", 2), (2, "a.txt", 4), (3, "b.txt", 1)]


def test_equal_text_in_two_articles_is_cited_where_it_was_read(shelf: Shelf) -> None:
    (citation,) = answer(shelf, reading(shelf.scored("b.txt", 0, 0.5))).citations
    assert (citation.article_id, citation.start) == ("b.txt", 0)


def test_a_further_sentence_is_cited_from_the_readers_threshold_on(shelf: Shelf) -> None:
    read = reading(
        shelf.scored("a.txt", 4, 0.5),
        shelf.scored("a.txt", 5, 0.45),
        shelf.scored("a.txt", 6, 0.449),
    )
    assert cited(answer(shelf, read)) == [(1, "a.txt", 4), (2, "a.txt", 5)]


def test_a_sentence_with_the_same_answer_adds_nothing(shelf: Shelf) -> None:
    bank = shelf.article("a.txt").text.index("bank")
    again = shelf.article("b.txt").text.index("bank")
    read = reading(
        shelf.scored("a.txt", 0, 0.50, span=(bank, bank + 4)),
        shelf.scored("b.txt", 0, 0.49, span=(again, again + 4)),
        shelf.scored("b.txt", 2, 0.48, span=(again + 33, again + 35)),
    )
    assert cited(answer(shelf, read)) == [(1, "a.txt", 0), (2, "b.txt", 2)]


def test_a_part_of_another_word_is_not_the_same_answer(shelf: Shelf) -> None:
    part = shelf.article("b.txt").text.index("ang.")
    read = reading(
        shelf.scored("a.txt", 0, 0.50), shelf.scored("b.txt", 1, 0.49, span=(part, part + 2))
    )
    assert cited(answer(shelf, read)) == [(1, "a.txt", 0), (2, "b.txt", 1)]


def test_what_a_reader_notes_closes_the_answer_whatever_its_status(shelf: Shelf) -> None:
    notes = ("question_cut", "not_english")
    closing = (messages().block("question_cut"), messages().block("not_english"))
    found = replace(reading(shelf.scored("a.txt", 4, 0.5)), notes=notes)
    unsure = replace(found, answerability=0.1)
    unknown = replace(reading(shelf.scored("a.txt", 1, 0.5, not_said=0.4)), notes=notes)
    for read, status in (
        (found, Status.ANSWERED),
        (unsure, Status.NOT_FOUND),
        (unknown, Status.STATED_UNKNOWN),
    ):
        given = answer(shelf, read, question="Why did the bank close its branch?")
        assert given.status is status
        assert given.blocks[-2:] == closing


def test_no_more_sentences_are_cited_than_the_limit(shelf: Shelf) -> None:
    read = reading(*(shelf.scored("a.txt", n, 0.5) for n in (4, 5, 6)))
    assert cited(answer(shelf, read, limits=Cutoffs(2, 0.3, 0.45))) == [
        (1, "a.txt", 4),
        (2, "a.txt", 5),
    ]
    assert cited(answer(shelf, read, limits=Cutoffs(1, 0.3, 0.45))) == [(1, "a.txt", 4)]


def test_of_equal_scores_the_first_read_are_kept(shelf: Shelf) -> None:
    read = reading(shelf.scored("a.txt", 6, 0.5), shelf.scored("a.txt", 4, 0.5))
    assert cited(answer(shelf, read, limits=Cutoffs(1, 0.3, 0.45))) == [(1, "a.txt", 6)]


def test_a_neighbour_that_is_cited_itself_is_no_context(shelf: Shelf) -> None:
    alone = answer(shelf, reading(shelf.scored("a.txt", 5, 0.5)))
    start = shelf.article("a.txt").text.index("Ann met Bo.")
    assert alone.citations[0].context == (start, start + len("Ann met Bo. She left."))
    both = answer(shelf, reading(shelf.scored("a.txt", 5, 0.5), shelf.scored("a.txt", 4, 0.5)))
    assert [citation.context for citation in both.citations] == [None, None]


def test_too_unsure_a_reading_is_not_found_and_shows_the_three_closest(shelf: Shelf) -> None:
    read = reading(
        *(shelf.scored("a.txt", n, 0.29 - n / 100) for n in (0, 2, 4, 5, 6)), answerability=0.299
    )
    given = answer(shelf, read)
    assert given.status is Status.NOT_FOUND
    assert given.blocks == (messages().block("not_found"),)
    assert given.citations == ()
    places = [(citation.number, citation.sentence_index) for citation in given.closest]
    # Sentence 4 comes first because it shares a word with the question.
    assert places == [(1, 4), (2, 0), (3, 2)]


def test_the_closest_have_the_words_of_the_question_or_nearly_answered(shelf: Shelf) -> None:
    read = reading(
        shelf.scored("a.txt", 6, 0.29),
        shelf.scored("b.txt", 1, 0.06),
        shelf.scored("a.txt", 5, 0.05),
        shelf.scored("a.txt", 0, 0.01),
        shelf.scored("b.txt", 0, 0.002),
    )

    def closest(question: str, limits: Cutoffs = LIMITS) -> list[str]:
        given = answer(shelf, read, question, limits)
        return [citation.quote for citation in given.closest]

    own = "The bank closed its branch."
    assert closest("Who closed the bank’s branches?") == [own, own, "Cy stayed."]
    assert closest("Did a bank sing?")[0] == "Cy stayed."
    # A sentence far below the threshold must share words with the question.
    assert closest("Did a bank sing?", replace(LIMITS, refuse_below=0.9))[0] == own
    assert closest("Why?") == ["Cy stayed.", "Jo sang.", "She left."]


def test_a_reading_as_sure_as_the_limit_is_answered(shelf: Shelf) -> None:
    read = reading(shelf.scored("a.txt", 4, 0.5), answerability=0.3)
    assert answer(shelf, read).status is Status.ANSWERED


def test_nothing_read_is_not_found_whatever_the_limit(shelf: Shelf) -> None:
    given = answer(shelf, reading(answerability=1.0), limits=Cutoffs(3, 0.0))
    assert given.status is Status.NOT_FOUND
    assert given.closest == ()


def test_a_stated_unknown_comes_first_and_its_background_after_it(shelf: Shelf) -> None:
    read = reading(
        shelf.scored("a.txt", 1, 0.6, not_said=0.5, span=(50, 65)),
        shelf.scored("a.txt", 0, 0.5, span=(13, 16)),
        shelf.scored("a.txt", 2, 0.1, span=(60, 62)),
        shelf.scored("a.txt", 4, 0.49),
        shelf.scored("b.txt", 0, 0.5),
    )
    given = answer(shelf, read, "Why did the bank close its branch?")
    assert given.status is Status.STATED_UNKNOWN
    assert given.blocks == (
        messages().block("stated_unknown"),
        Block("The bank did not say why.", (1,)),
        messages().block("background"),
        Block("The bank closed its branch.", (2,)),
        Block("Rents rose in May.", (3,)),
    )
    assert cited(given) == [(1, "a.txt", 1), (2, "a.txt", 0), (3, "a.txt", 2)]
    first, *others = given.citations
    assert first.span is not None
    assert shelf.article("a.txt").text[slice(*first.span)] == "did not say why"
    assert [other.span for other in others] == [None, None]
    assert given.closest == ()


def test_a_stated_unknown_of_which_the_reader_is_unsure_is_refused(shelf: Shelf) -> None:
    read = reading(shelf.scored("a.txt", 1, 0.4, not_said=0.4), answerability=0.29)
    assert answer(shelf, read).status is Status.NOT_FOUND


def test_the_larger_of_the_two_classes_decides_the_status(shelf: Shelf) -> None:
    for not_said, status in ((0.29, Status.ANSWERED), (0.31, Status.STATED_UNKNOWN)):
        read = reading(shelf.scored("a.txt", 1, 0.6, not_said=not_said))
        assert answer(shelf, read).status is status


def test_what_says_that_it_is_not_known_is_no_further_answer(shelf: Shelf) -> None:
    read = reading(shelf.scored("a.txt", 4, 0.5), shelf.scored("a.txt", 1, 0.5, not_said=0.4))
    assert cited(answer(shelf, read)) == [(1, "a.txt", 4)]


def test_the_limit_counts_the_background_too(shelf: Shelf) -> None:
    read = reading(*(shelf.scored("a.txt", n, 0.5, not_said=n * 0.5) for n in (1, 0, 2)))
    question = "Why did the bank close its branch?"
    assert cited(answer(shelf, read, question, Cutoffs(2, 0.3, 0.45))) == [
        (1, "a.txt", 1), (2, "a.txt", 0)
    ]  # fmt: skip
    assert cited(answer(shelf, read, question, Cutoffs(1, 0.3, 0.45))) == [(1, "a.txt", 1)]


def test_the_question_that_is_shown_is_the_one_that_was_typed(shelf: Shelf) -> None:
    read = reading(shelf.scored("a.txt", 1, 0.5))
    whole = "Why? The bank closed its branch?"
    given = compose("Why?", whole, read, shelf, LIMITS, PROVENANCE, TIMINGS)
    assert (given.question, given.understood) == ("Why?", whole)


@pytest.mark.parametrize(
    ("old", "new", "status"), [(0.0, 0.92, Status.STATED_UNKNOWN), (0.92, 0.0, Status.ANSWERED)]
)
def test_the_articles_of_the_time_that_is_asked_about_decide_the_status(
    old: float, new: float, status: Status
) -> None:
    shelf = Shelf()
    for name, year in (("a.txt", 2018), ("b.txt", 2020)):
        shelf.add(name, ["Two people were hurt."], head="Title: Fire\n\n")
        shelf.articles[name] = replace(shelf.articles[name], published=f"{year}-06-03")
    read = reading(
        shelf.scored("a.txt", 0, 0.95, not_said=old), shelf.scored("b.txt", 0, 0.93, not_said=new)
    )
    frame = Timeframe("2020-01-01", "2020-12-31")
    composed = compose("Who?", "Who?", read, shelf, LIMITS, PROVENANCE, TIMINGS, frame)
    assert composed.status is status
    assert {citation.article_id for citation in composed.citations} == {"b.txt"}
