"""Judging one answer against its gold evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pullquote.evaluate.gold import locate
from pullquote.evaluate.judge import Failure, Judgement, judge
from pullquote.evaluate.question import Question
from pullquote.messages import messages
from pullquote.types import Answer, Hit, Passage, Status
from tests.support.answers import PROVENANCE, TIMINGS, Shelf, answered

EVIDENCE, OTHER, BESIDE = "Ada wrote it in a year.", "It rained.", "She was young."


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("a.txt", [EVIDENCE, OTHER, BESIDE], ["Nobody knows why."])
    return shelf


def asked(status: Status | None = Status.ANSWERED, **given: object) -> Question:
    given.setdefault("evidence", ((EVIDENCE,),) if status is Status.ANSWERED else ())
    return Question(id="q", text="Who?", where="line 1", status=status, **given)  # type: ignore[arg-type]


def nothing(shelf: Shelf) -> Answer:
    closest = (shelf.citation(1, "a.txt", 1),)
    block = messages().block("not_found")
    return Answer(
        "Who?", Status.NOT_FOUND, (block,), (), closest, PROVENANCE, TIMINGS, answerability=0.2
    )


def cites(shelf: Shelf, *indices: int, status: Status = Status.ANSWERED) -> Answer:
    citations = [shelf.citation(n, "a.txt", i) for n, i in enumerate(indices, start=1)]
    return replace(answered(*citations), status=status)


def verdict(
    shelf: Shelf,
    question: Question,
    answer: Answer,
    read: Sequence[tuple[int, int]] = ((0, 2),),
    unrefused: Answer | None = None,
) -> Judgement:
    (gold,) = locate([question], shelf.articles)
    hits = [Hit(Passage(n, "a.txt", *span), 1.0) for n, span in enumerate(read)]
    return judge(question, gold, answer, unrefused or answer, hits, shelf)


def test_a_right_answer(shelf: Shelf) -> None:
    question = asked(also_ok=(BESIDE,), references=("a year",))
    judgement = verdict(shelf, question, cites(shelf, 0, 2, 1), read=[(3, 3), (0, 2)])
    assert judgement.failure is None
    assert judgement.precision == pytest.approx(2 / 3)
    assert judgement.recall == 1
    assert judgement.first_right is True
    assert judgement.handled is True
    assert judgement.rank == 2
    assert (judgement.citations, judgement.verbatim) == (3, 3)
    assert judgement.contains is True
    assert judgement.token_f1 == pytest.approx(2 * 1 / (5 + 1))  # "year" of five words and one


def test_the_marked_words_are_the_answer_where_there_are_any(shelf: Shelf) -> None:
    answer = cites(shelf, 0)
    start = shelf.article("a.txt").text.index("a year")
    marked = replace(answer.citations[0], span=(start, start + len("a year")))
    judgement = verdict(
        shelf, asked(references=("one year", "a year")), replace(answer, citations=(marked,))
    )
    assert judgement.token_f1 == 1


def test_a_reference_of_no_words_is_contained_in_nothing(shelf: Shelf) -> None:
    for references in (("A",), ("…", "the")):
        judgement = verdict(shelf, asked(references=references), nothing(shelf))
        assert (judgement.token_f1, judgement.contains) == (None, None)
    judgement = verdict(shelf, asked(references=("A", "a year")), cites(shelf, 1))
    assert (judgement.token_f1, judgement.contains) == (0, False)


@pytest.mark.parametrize(
    ("cited", "read", "failure"),
    [
        ([1, 0], [(0, 2)], Failure.NOT_SELECTED),
        ([1], [(3, 3)], Failure.NOT_RETRIEVED),
        ([], [(0, 2)], Failure.WRONGLY_REFUSED),
        ([], [(3, 3)], Failure.NOT_RETRIEVED),  # what was not read cannot be found
        ([], [], Failure.NOT_RETRIEVED),
    ],
)
def test_what_went_wrong_first(
    shelf: Shelf, cited: list[int], read: list[tuple[int, int]], failure: Failure
) -> None:
    answer = cites(shelf, *cited) if cited else nothing(shelf)
    judgement = verdict(shelf, asked(), answer, read)
    assert judgement.failure is failure
    assert judgement.handled is False


def test_the_right_sentence_with_the_wrong_status(shelf: Shelf) -> None:
    judgement = verdict(shelf, asked(), cites(shelf, 0, status=Status.STATED_UNKNOWN))
    assert judgement.failure is Failure.WRONG_STATUS
    assert judgement.handled is True  # the user still sees the sentence that answers


def test_what_has_no_answer_must_be_refused(shelf: Shelf) -> None:
    judgement = verdict(shelf, asked(Status.NOT_FOUND), cites(shelf, 0), unrefused=cites(shelf, 0))
    assert judgement.failure is Failure.WRONGLY_ANSWERED
    assert judgement.handled is False
    assert (judgement.precision, judgement.recall, judgement.first_right, judgement.rank) == (
        None,
        None,
        None,
        None,
    )
    judgement = verdict(shelf, asked(Status.NOT_FOUND), nothing(shelf))
    assert judgement.failure is None
    assert judgement.handled is True


def test_a_refusal_keeps_what_would_have_been_cited(shelf: Shelf) -> None:
    judgement = verdict(shelf, asked(), nothing(shelf), unrefused=cites(shelf, 0))
    assert judgement.unrefused_right is True
    assert judgement.refusable
    assert judgement.precision is None
    assert judgement.recall == 0
    # The closest sentences are also shown, so they must be verbatim.
    assert (judgement.citations, judgement.verbatim) == (1, 1)


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.NOT_A_QUESTION])
def test_an_answer_that_cites_nothing_has_no_precision(shelf: Shelf, status: Status) -> None:
    judgement = verdict(shelf, asked(), cites(shelf, status=status))
    assert (judgement.precision, judgement.recall, judgement.first_right) == (None, 0, False)


def test_without_evidence_only_the_status_can_be_judged(shelf: Shelf) -> None:
    question = asked(Status.ANSWERED, evidence=())
    assert verdict(shelf, question, cites(shelf, 1)).failure is None
    assert verdict(shelf, question, nothing(shelf)).failure is Failure.WRONGLY_REFUSED
    assert verdict(shelf, question, cites(shelf, 1)).handled is None
    assert verdict(shelf, question, cites(shelf, 1)).lacks_evidence
    assert verdict(shelf, asked(Status.STATED_UNKNOWN, evidence=()), nothing(shelf)).lacks_evidence
    assert not verdict(shelf, asked(), nothing(shelf)).lacks_evidence
    assert not verdict(shelf, asked(Status.NOT_FOUND, evidence=()), nothing(shelf)).lacks_evidence
    assert not verdict(shelf, asked(None, evidence=()), nothing(shelf)).lacks_evidence


def test_a_question_that_says_nothing_is_not_judged(shelf: Shelf) -> None:
    judgement = verdict(shelf, asked(None), nothing(shelf))
    assert judgement.expected is None
    assert judgement.failure is None
    assert judgement.handled is None


def test_a_quote_that_is_not_the_articles_is_counted(shelf: Shelf) -> None:
    answer = cites(shelf, 0)
    forged = replace(answer.citations[0], quote="Bob wrote it in a year.")
    judgement = verdict(shelf, asked(), replace(answer, citations=(forged,)))
    assert (judgement.citations, judgement.verbatim) == (1, 0)
