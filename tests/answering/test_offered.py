"""Suggested questions: each was tried out before, and is answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from pullquote.answering.offered import Offered
from pullquote.answering.suggested import SHOWN, asked_of, starting
from pullquote.asked import MAX_QUESTION, Asked
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.types import Answer, Status
from tests.support.answers import Shelf, answered
from tests.support.indexes import HashingEmbedder, make_index

MILL = """title: The mill
date: 2021-05-06
author: Anna Berg

The old mill on the river opened again in May after two years. It rained.
"""
#: An article whose title is too long for a question about it.
LONG = f"title: {'The long club ' * 40}\n\nThe club won the cup on Sunday, and all were glad of it."
#: An article with nothing but a subhead.
EMPTY = "title: The box\ndate: 2022-01-01\n\n# Nothing\n"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("offered")
    # The title "The mill" is part of many other titles.
    many = {
        f"{n}.txt": f"title: News of the mill {n}\ndate: 2023-01-{n:02}\n\nIt turned {n} times."
        for n in range(1, 29)
    }
    index = make_index(folder, {"mill.txt": MILL, "long.txt": LONG, "box.md": EMPTY, **many})
    settings = Settings(refuse_below=0.99, reader="similarity-1")
    return Assistant.with_parts(index, HashingEmbedder(), settings)


def test_all_that_is_offered_is_answered(assistant: Assistant) -> None:
    index = assistant.index
    mill, long = (asked_of(index.article(name), index) for name in ("mill.txt", "long.txt"))
    wanted = [*starting(index), *mill, *long, "Which vitamins has a banana?"]
    assert any(len(question) > MAX_QUESTION for question in wanted)
    offered = assistant.offered.of(wanted)
    assert {assistant.ask(question).status for question in offered} == {Status.ANSWERED}
    refused = [question for question in wanted if question not in offered]
    assert refused == [*long, "Which vitamins has a banana?"]
    assert offered[0].startswith("What is “News of the mill 28” about?")


def test_a_greeting_offers_what_is_answered(assistant: Assistant) -> None:
    suggestions = assistant.ask("hello").suggestions
    made = tuple(starting(assistant.index))
    assert suggestions == made[:SHOWN]
    # A greeting among the questions to offer is left out.
    assert assistant.offered.of(["hello", suggestions[0]]) == (suggestions[0],)


def test_an_article_is_asked_about_what_it_says_and_who_speaks_in_it(tmp_path: Path) -> None:
    text = (
        "title: A “quiet” street\nauthor: Anna Berg\n\nThe street is closed, said Ines Marlow of "
        "the council. It was time, Marlow said. “I am glad,” said Paul Okafor. “So am I,” said "
        "Maria van Dam. He said nothing else."
    )
    index = make_index(tmp_path, {"street.txt": text})
    made = [
        "What is A “quiet” street about?",
        "What did Ines Marlow say?",
        "What did Paul Okafor say?",
        "Who wrote A “quiet” street?",
    ]
    assert asked_of(index.article("street.txt"), index) == list(starting(index)) == made
    street = Assistant.with_parts(index, HashingEmbedder(), Settings(reader="similarity-1"))
    for question in (made[0], made[-1]):
        assert street.trace(Asked.of(question)).decided_by == "request"


def test_each_is_asked_once_and_what_was_not_asked_is_not_known() -> None:
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return _answer(Status.NOT_FOUND if "no" in question else Status.ANSWERED)

    offered = Offered(ask)
    assert offered.known(["a", "no"]) == ()
    assert offered.of(["a", "no"]) == ("a",)
    assert offered.of(["no", "a", "b"]) == ("a", "b")
    assert offered.known(["no", "b", "c"]) == ("b",)
    assert offered.has_asked(["no", "b"])
    assert not offered.has_asked(["no", "c"])
    assert asked == ["a", "no", "b"]


def test_nobody_waits_for_what_another_asks() -> None:
    begun, go = Event(), Event()

    def ask(question: str) -> Answer:
        if question == "slow":
            begun.set()
            go.wait(60)
        return _answer(Status.ANSWERED)

    offered = Offered(ask)
    assert offered.of(["quick"]) == ("quick",)
    thread = Thread(target=offered.of, args=(["slow"],))
    thread.start()
    assert begun.wait(60)
    assert offered.of(["quick", "slow", "other"]) == ("quick",)
    go.set()
    thread.join()
    assert offered.of(["quick", "slow", "other"]) == ("quick", "slow", "other")


def _answer(status: Status) -> Answer:
    shelf = Shelf()
    shelf.add("a.txt", ["It is so."])
    made = answered(shelf.citation(1, "a.txt", 0))
    return replace(made, status=status)


def test_at_the_end_no_further_question_is_asked_and_the_last_is_waited_for() -> None:
    begun, go_on = Event(), Event()
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        begun.set()
        go_on.wait(30)
        return _answer(Status.ANSWERED)

    offered = Offered(ask)
    asking = Thread(target=offered.of, args=(["a", "b"],))
    asking.start()
    assert begun.wait(30)
    stopping = Thread(target=offered.stop)
    stopping.start()
    stopping.join(0.2)
    assert stopping.is_alive()
    go_on.set()
    stopping.join(30)
    asking.join(30)
    assert (asked, stopping.is_alive()) == (["a"], False)
