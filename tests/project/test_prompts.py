"""Prompts are filled in by name, and a model's form of a follow-up is taken only if it is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pullquote import templates
from pullquote.errors import SettingsError, WriterError
from pullquote.followups.condense import condense
from pullquote.followups.followup import Understood
from pullquote.templates import fill
from pullquote.thinking import FORGET


def test_a_value_is_put_in_as_it_is() -> None:
    filled = fill("condense", earlier="- {question} {x}", question="Why {earlier}?")
    assert "- {question} {x}" in filled
    assert "Last question: Why {earlier}?" in filled


@pytest.mark.parametrize(
    "values",
    [{"question": "Why?"}, {"question": "Why?", "earlier": "-", "other": "x"}, {}],
)
def test_a_name_that_is_missing_or_unknown_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"condense\.txt"):
        fill("condense", **values)


def test_a_prompt_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(templates, "prompts_folder", lambda: tmp_path)
    with pytest.raises(SettingsError, match=r"nothing\.txt"):
        fill("nothing")


class Says:
    """A writer that says one thing, or fails."""

    name = "says"

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.prompts: list[str] = []

    def write(self, prompt: str) -> Iterator[str]:
        self.prompts.append(prompt)
        if self.text is None:
            raise WriterError("It is down.")
        yield from self.text


EARLIER = ["What did the Calder Falls council approve?"]
QUESTION = "who is going to build it"
BY_RULES = Understood(f"{QUESTION} {EARLIER[0]}", EARLIER[0], continues=True, by_rule_of_thumb=True)


@pytest.mark.parametrize(
    "text",
    [
        "Who is going to build what the Calder Falls council approved?",
        '"Who is going to build what the Calder Falls council approved?"\n',
        "`Who is going to build what the Calder Falls council approved?`",
        "1. Who is going to build what the Calder Falls council approved?",
        "The question, rewritten: Who is going to build what the Calder Falls council approved?",
        "Here it is:\n\n**Rewritten question:** Who is going to build what the Calder Falls "
        "council approved?\n\nIt now stands alone.",
        f"They mean the council.\nThe mill? {FORGET}\n\n"
        "Who is going to build what the Calder Falls council approved?",
    ],
)
def test_a_form_that_adds_and_loses_nothing_is_taken(text: str) -> None:
    writer = Says(text)
    found = condense(QUESTION, EARLIER, BY_RULES, writer)
    assert found.question == "Who is going to build what the Calder Falls council approved?"
    assert (found.topic, found.continues) == (EARLIER[0], True)
    assert QUESTION in writer.prompts[0]
    assert EARLIER[0] in writer.prompts[0]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "\n\n",
        "Who is going to build the stadium the Calder Falls council approved?",  # adds
        "What did the Calder Falls council approve?",  # loses
        "When is the Calder Falls council going to build it?",  # another kind
        "Who is going to build it?",  # still leans
        "Who is going to build?",  # has nothing of the questions before
        "The tram will be built by Amadi.",
        "build " * 200,
        f"Who is going to build what the Calder Falls council approved?{FORGET}\nNothing.",
        "Hm.\n" * 2000 + "Who is going to build what the Calder Falls council approved?",
    ],
)
def test_any_other_form_leaves_the_rules(text: str | None) -> None:
    assert condense(QUESTION, EARLIER, BY_RULES, Says(text)) is BY_RULES
