"""Follow-up questions get their subject from the conversation before."""

from __future__ import annotations

import pytest

from pullquote.followups.followup import (
    Act,
    Before,
    Understood,
    earlier_questions,
    standalone,
    understand,
)
from pullquote.types import Turn

FERRY = [
    Turn("user", "Why did the ferry sink?"),
    Turn("assistant", "The ferry sank in a storm."),
]


def after(*questions: str, answer: str = "") -> Before | None:
    """The conversation so far; ``answer`` are the words that answered its last question."""
    before: Before | None = None
    for question in questions:
        before = Before(understand(question, before), lambda: answer)
    return before


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        ("What did IBM announce?", "Why?", "Why did IBM announce that?"),
        ("What did IBM announce on Tuesday?", "why", "Why did IBM announce that on Tuesday?"),
        ("Did the ferry sink?", "And when was that?", "When did the ferry sink?"),
        ("When did the ferry sink?", "how come", "Why did the ferry sink?"),
        ("Did Amazon ban it?", "Why not?", "Why didn’t Amazon ban it?"),
        ("Will the mill reopen?", "Since when?", "Since when will the mill reopen?"),
        ("Why was the mill closed?", "for how long?", "For how long was the mill closed?"),
        ("How many agencies use it?", "Which ones?", "Which agencies use it?"),
    ],
)
def test_a_bare_question_word_asks_about_the_same_event(
    earlier: str, question: str, whole: str
) -> None:
    found = understand(question, after(earlier))
    assert found == Understood(whole, earlier, continues=True)


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        ("What did IBM announce?", "And Microsoft?", "What did Microsoft announce?"),
        ("what did IBM announce", "and microsoft", "what did microsoft announce?"),
        ("What did IBM’s boss say?", "what about Amazon?", "What did Amazon’s boss say?"),
        ("Are the police banned from it?", "and federal agents?",
         "Are federal agents banned from it?"),
        ("How many died in 2019?", "And in 2020?", "How many died in 2020?"),
        ("Who won in Lund?", "And in Malmö?", "Who won in Malmö?"),
        ("Why did the ferry sink?", "and in Lund?", "Why did the ferry sink in Lund?"),
        ("How many left, according to the union?", "and according to the company?",
         "How many left, according to the company?"),
    ],
)  # fmt: skip
def test_another_name_takes_the_place_of_the_first(earlier: str, question: str, whole: str) -> None:
    assert understand(question, after(earlier)) == Understood(whole, whole)


def test_behind_why_another_name_is_compared_with_the_question_before_it() -> None:
    assert understand("And Microsoft?", after("What did IBM announce?", "Why?")).question == (
        "What did Microsoft announce?"
    )


@pytest.mark.parametrize(
    ("earlier", "answer", "question", "whole"),
    [
        ("Who is Daniel Castro?", "vice president", "how old is he",
         "how old is Daniel Castro"),
        ("Who is the mayor of Lund?", "Ann Kerr", "Where does she live?",
         "Where does Ann Kerr live?"),
        ("Who is the mayor of Lund?", "", "Where does she live?",
         "Where does the mayor of Lund live?"),
        ("Who led the study?", "Dr. Ada Bell", "What is her view?",
         "What is Dr. Ada Bell’s view?"),
        ("What is Lumen accused of?", "spying", "When was it founded?",
         "When was Lumen founded?"),
        ("Which hospital closed?", "St Mary", "When did it open?", "When did St Mary open?"),
    ],
)  # fmt: skip
def test_a_pronoun_is_replaced_when_it_is_plain_whom_it_means(
    earlier: str, answer: str, question: str, whole: str
) -> None:
    found = understand(question, after(earlier, answer=answer))
    assert (found.question, found.continues) == (whole, True)


@pytest.mark.parametrize(
    "question",
    [
        "When did it leave?",
        "Where is his boat?",
        "Did they swim?",
        "Is that true?",
        "What about this?",
        "Did the others drown?",
        "And the first?",
        "How much?",
        "Who else?",
        "Did Amazon ban it?",
        "???",
    ],
)
def test_what_no_rule_knows_is_asked_together_with_the_question_before(question: str) -> None:
    found = understand(question, after("Why did the ferry sink?"))
    assert found.question == f"{question} Why did the ferry sink?"
    assert found.by_rule_of_thumb


@pytest.mark.parametrize(
    "question",
    [
        "Who built the theater?",
        "Who is Clare Garvie?",
        "who is garvie",
        "Rekognition?",
        "And why did the council resign?",
        "Why did Amazon stop selling its technology?",
        "Who said that the ban ends?",
        "Who said that Amazon lied?",
        "What happened this year?",
        "Who won the second round?",
        "Who was the first mayor of Lund?",
        "How many people use Rekognition?",
        "How long is Amazon's ban?",
        "Show me more photos of Lund",
        "Tell me more about Rekognition",
    ],
)
def test_a_new_question_that_is_whole_stays_untouched(question: str) -> None:
    assert understand(question, after("Why did the ferry sink?")) == Understood(question, question)


@pytest.mark.parametrize(
    ("question", "act"),
    [
        ("Who said that?", Act.WHO_SAID),
        ("says who", Act.WHO_SAID),
        ("And who told you? ", Act.LOOK_UP),
        ("Whose words are those?", Act.WHO_SAID),
        ("according to whom?", Act.WHO_SAID),
        ("Show me more", Act.MORE),
        ("tell me more please", Act.MORE),
        ("more", Act.MORE),
        ("Go on.", Act.MORE),
        ("what else?", Act.MORE),
    ],
)
def test_some_questions_are_about_the_last_answer(question: str, act: Act) -> None:
    assert understand(question, after("Why did the ferry sink?")).act is act
    assert understand(question, None).act is Act.LOOK_UP


def test_a_pronoun_behind_who_said_that_means_the_speaker() -> None:
    before = after("Is the ban enough?", "Who said that?", answer="Clare Garvie")
    assert understand("Where does she work?", before).question == "Where does Clare Garvie work?"


def test_a_question_without_history_stays_untouched() -> None:
    assert standalone("Why did it sink?", []) == "Why did it sink?"


def test_what_the_assistant_said_and_empty_turns_are_not_the_question_before() -> None:
    history = [
        Turn("assistant", "Ask me about ferries."),
        Turn("user", "  "),
        Turn("user", "?!"),
        Turn("assistant", "The ferry sank."),
    ]
    assert earlier_questions(history) == []
    assert standalone("When did it sink?", history) == "When did it sink?"


def test_follow_ups_follow_one_another() -> None:
    history = [
        Turn("user", "Who is the mayor?"),
        Turn("user", " Why did the ferry  sink? "),
        Turn("user", "And when?"),
    ]
    assert standalone("Where?", history) == "Where did the ferry sink?"
    assert standalone("And in Lund?", history) == "Why did the ferry sink in Lund?"


def test_a_very_long_conversation_is_no_error_and_no_very_long_question() -> None:
    assert len(standalone("Why?", [Turn("user", "And why?")] * 10_000)) < 300
    long = [Turn("user", f"What of it, and of {'x' * 450} {n}?") for n in range(12)]
    assert len(standalone("Did they?", long)) < 1000
