"""Questions about the last answer itself, such as "Who said that?" and "Show me more"."""

from __future__ import annotations

from pathlib import Path

import pytest

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.messages import messages
from pullquote.text.attribution import named
from pullquote.types import Answer, Status, Turn
from tests.support.indexes import HashingEmbedder, make_index

TEXT = """The mill opened in 1901. “We will build it again,” said Ada Kerr, its owner. It was \
insured for a million dollars.

The council met on Monday. Nobody came. The mill burned down in 1911."""


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("“It is late,” said Clare Garvie, a researcher.", "Clare Garvie"),
        ("Dr. Ada Bell told the court that it was late.", "Dr. Ada Bell"),
        ("The tower was clean, according to the hospital.", "the hospital"),
        ("According to Bo Lind, it was late.", "Bo Lind"),
        ("Bo Lind, the mayor of Lund, said it was late.", "Bo Lind"),
        ("“It is late,” said the mayor.", "the mayor"),
        ("It was late on Monday.", None),
        ("“Bo Lind said so,” she said.", None),
        ("The mill opened in 1901.", None),
    ],
)
def test_a_sentence_names_its_speaker(sentence: str, who: str | None) -> None:
    found = named(sentence)
    assert (sentence[slice(*found)] if found else None) == who


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    index = make_index(tmp_path, {"mill.txt": TEXT})
    settings = Settings(reader="similarity-1", refuse_below=0.0, citations=2)
    return Assistant.with_parts(index, HashingEmbedder(), settings)


def ask(assistant: Assistant, *questions: str) -> Answer:
    return assistant.ask(questions[-1], [Turn("user", question) for question in questions[:-1]])


def test_who_said_that_marks_the_speaker_of_what_was_cited(assistant: Assistant) -> None:
    before = ask(assistant, "Will we build it again?")
    assert before.citations[0].quote.startswith("“We will build it again,”")
    answer = ask(assistant, "Will we build it again?", "Who said that?")
    (citation, *_) = answer.citations
    assert citation.span is not None
    assert assistant.index.article("mill.txt").text[slice(*citation.span)] == "Ada Kerr"
    assert (answer.status, answer.understood) == (Status.ANSWERED, None)


def test_what_the_article_says_itself_has_no_speaker(assistant: Assistant) -> None:
    answer = ask(assistant, "When did the mill open?", "says who?")
    assert answer.citations[0].quote == "The mill opened in 1901."
    assert answer.blocks[-1].message == "said_by_article"


def test_more_goes_on_where_the_last_answer_ended_until_the_article_does(
    assistant: Assistant,
) -> None:
    asked = ["Did the council meet on Monday?"]
    assert ask(assistant, *asked).citations[-1].quote == "The council met on Monday."
    answer = ask(assistant, *asked, "show me more")
    assert [citation.quote for citation in answer.citations] == [
        "Nobody came.",
        "The mill burned down in 1911.",
    ]
    assert answer.blocks[0].message == "more"
    answer = ask(assistant, *asked, "show me more", "more")
    assert (answer.status, answer.blocks[0].message) == (Status.NOT_FOUND, "no_more")


def test_asked_at_first_they_are_questions_like_others(assistant: Assistant) -> None:
    said = {messages().said_by_article, messages().more, messages().no_more}
    for question in ("Who said that?", "more mill"):
        answer = ask(assistant, question)
        assert answer.citations
        assert not said & {block.text for block in answer.blocks}
