"""Follow-up questions get their subject from the questions before."""

from __future__ import annotations

import pytest

from pullquote.followup import standalone
from pullquote.types import Turn

BEFORE = [
    Turn("user", "Why did the ferry sink?"),
    Turn("assistant", "The ferry sank in a storm."),
]


@pytest.mark.parametrize(
    "question",
    [
        "When did it leave?",
        "Who was she?",
        "Where is his boat?",
        "Did they swim?",
        "Is that true?",
        "Who said that?",
        "What about this?",
        "Did the others drown?",
        "And the first?",
        "The second one?",
        "Why?",
        "Why not?",
        "And when?",
        "How much?",
        "Who else?",
        "And in Lund?",
        "And the mayor of Lund?",
        "What about the mayor of Lund?",
        "and how about microsoft and ibm",
        "Did Amazon ban it?",
        "???",
    ],
)
def test_a_pronoun_or_a_fragment_is_asked_together_with_the_question_before(question: str) -> None:
    assert standalone(question, BEFORE) == f"{question} Why did the ferry sink?"


@pytest.mark.parametrize(
    "question",
    [
        "Who built the theater?",
        "Who is Clare Garvie?",
        "who is garvie",
        "Rekognition",
        "And why did the council resign?",
        "Why did Amazon stop selling its technology?",
        "Who said that the ban ends?",
        "Who said that Amazon lied?",
        "What happened this year?",
        "Who won the second round?",
        "Who was the first mayor of Lund?",
        "How many people use Rekognition?",
    ],
)
def test_a_new_question_that_is_whole_stays_untouched(question: str) -> None:
    assert standalone(question, BEFORE) == question


def test_a_question_without_history_stays_untouched() -> None:
    assert standalone("Why did it sink?", []) == "Why did it sink?"


def test_what_the_assistant_said_and_empty_turns_are_not_the_question_before() -> None:
    history = [
        Turn("assistant", "Ask me about ferries."),
        Turn("user", "  "),
        Turn("assistant", "The ferry sank."),
    ]
    assert standalone("When did it sink?", history) == "When did it sink?"


def test_of_several_earlier_questions_the_last_that_is_whole_ends_the_chain() -> None:
    history = [
        Turn("user", "Who is the mayor?"),
        Turn("user", " Why did the ferry sink? "),
        Turn("user", "And when?"),
    ]
    assert standalone("Where?", history) == "Where? And when? Why did the ferry sink?"


def test_no_more_than_three_earlier_questions_are_added() -> None:
    history = [Turn("user", f"{n}: was it?") for n in ("a", "b", "c", "d")]
    assert standalone("Why?", history) == "Why? d: was it? c: was it? b: was it?"


def test_a_very_long_conversation_is_no_error() -> None:
    assert standalone("Why?", [Turn("user", "And why?")] * 10_000) == "Why?" + " And why?" * 3
