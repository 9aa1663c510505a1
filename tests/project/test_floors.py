"""No change may make the project's own question sets worse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.rates import Rate
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.types import Status
from tests.support import floors
from tests.support.floors import CORPORA, Pinned, chosen, floor_of, measure, merged


def test_which_questions_are_asked_depends_on_each_alone_and_each_set_still_asks_for_refusals() -> (
    None
):
    for name in CORPORA:
        questions = QuestionSet.read(floors.FOLDER / f"{name}.jsonl").questions
        asked = chosen(questions, floors.ONE_IN[name])
        assert chosen(questions[::-1], floors.ONE_IN[name]) == asked[::-1]
        assert sum(question.status is Status.NOT_FOUND for question in asked) >= 2
        assert len(asked) >= 18
        assert chosen(questions, 1) == tuple(questions)


@pytest.mark.timeout(900)  # a hundred questions, on however slow a machine
@pytest.mark.parametrize("name", CORPORA)
def test_the_figures_keep_their_floors(
    name: str, real_embedder: SentenceTransformersEmbedder
) -> None:
    pinned = floors.read()[name]
    now, found = measure(name, real_embedder)
    mend = "the data or the reader is another one: pin it with `make floors`"
    assert (now.questions, now.articles) == (pinned.questions, pinned.articles), mend
    assert now.reader == pinned.reader, mend
    low = {
        figure: f"{found[figure].value} is below {least}"
        for figure, least in pinned.floors.items()
        if (found[figure].value or 0.0) < least
    }
    assert low == {}


def test_every_set_has_floors_that_hold_something() -> None:
    pinned = floors.read()
    assert pinned.keys() == CORPORA.keys()
    for item in pinned.values():
        assert item.floors.keys() <= set(floors.FIGURES)
        # A set may have too few questions without an answer to hold how many are refused.
        assert set(floors.FIGURES) - item.floors.keys() <= {"abstention.recall"}
        assert all(least > 0 for least in item.floors.values())
        assert item.floors["citations.verbatim_rate"] == 1


def test_the_set_on_the_customers_article_asks_for_everything() -> None:
    questions = QuestionSet.read(floors.FOLDER / "amazon" / "questions.jsonl").questions
    assert len(questions) >= 60
    by_status = [question.status for question in questions]
    # What is no question is left out of an evaluation.
    assert set(by_status) == set(Status) - {Status.NOT_A_QUESTION}
    assert by_status.count(Status.NOT_FOUND) >= len(questions) / 4
    assert sum(bool(question.history) for question in questions) >= 5


def test_the_follow_ups_ask_in_many_ways_and_change_the_topic_often() -> None:
    sets = [floors.FOLDER / name / "followups.jsonl" for name in ("amazon", "gazette")]
    questions = [question for file in sets for question in QuestionSet.read(file).questions]
    assert len(questions) >= 40
    assert all(question.history for question in questions)
    assert sum("topic_change" in question.tags for question in questions) >= 12
    asked = {(question.history, question.text) for question in questions}
    # The conversation that must be right at each turn.
    assert (("What did IBM announce?",), "Why?") in asked
    assert (("What did IBM announce?", "Why?"), "And Microsoft?") in asked
    last = ("What did IBM announce?", "Why?", "And Microsoft?")
    assert (last, "How long is Amazon's ban?") in asked


OLD = Pinned("q", "a", "reader", {"end_to_end": 0.5, "citations.f1": 0.4})


def test_floors_go_up_by_themselves() -> None:
    new = replace(OLD, floors={"end_to_end": 0.6, "citations.f1": 0.4})
    assert merged(OLD, new, lower=False) == new
    assert merged(None, new, lower=False) == new


@pytest.mark.parametrize("floors", [{"end_to_end": 0.6, "citations.f1": 0.3}, {"end_to_end": 0.6}])
def test_a_floor_goes_down_only_when_that_is_asked_for(floors: dict[str, float]) -> None:
    new = replace(OLD, questions="other", floors=floors)
    with pytest.raises(ValueError, match=r"citations\.f1 from 0\.4 to"):
        merged(OLD, new, lower=False)
    assert merged(OLD, new, lower=True) == new


@pytest.mark.parametrize(
    ("figure", "rate", "floor"),
    [
        ("end_to_end", Rate(0.5, None, 100), 0.48),
        ("end_to_end", Rate(0.5, None, 20), 0.4),
        ("end_to_end", Rate(2 / 3, None, 10), 0.466),
        ("end_to_end", Rate(0.0, None, 10), 0.0),
        ("abstention.auroc", Rate(None, None, 0), 0.0),
        ("citations.verbatim_rate", Rate(0.99, None, 100), 1.0),
    ],
)
def test_a_floor_leaves_room_below_what_was_measured(figure: str, rate: Rate, floor: float) -> None:
    assert floor_of(figure, rate) == pytest.approx(floor)
