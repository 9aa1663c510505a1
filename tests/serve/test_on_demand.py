"""What is sent of an answer only when somebody asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.serve.conversation import Conversation, Posed
from pullquote.serve.desk import Desk
from pullquote.serve.page.on_demand import how_found
from pullquote.serve.page.replies import answering
from tests.support.api import MILL, QUESTION
from tests.support.indexes import make_index
from tests.support.opened import Opened


@pytest.fixture
def conversation(assistant: Assistant) -> Conversation:
    held = Conversation()
    held.ask(Posed(QUESTION))
    opened: Any = Opened(assistant)
    held.answer_all(answering(opened, Desk(Settings()), Settings()))
    return held


def test_how_an_answer_was_found_is_told_of_its_own_conversation(
    conversation: Conversation, assistant: Assistant
) -> None:
    told = how_found("0", conversation, assistant.index)
    assert told is not None
    assert told.startswith(f'<div data-found="{conversation.id}-0">')
    assert "The mill opened in 1901." in told
    assert '<button type="button" class="pq-open" value="mill.txt">' in told
    assert "<summary>Sentences 1 to " in told
    others: list[Any] = ["1", "-1", "x", None, {}]
    for sent in others:
        assert how_found(sent, conversation, assistant.index) is None


def test_a_changed_article_does_not_lend_its_words_to_an_earlier_answer(
    conversation: Conversation, tmp_path: Path
) -> None:
    changed = make_index(tmp_path / "new", {"mill.txt": MILL.replace("The mill opened", "It shut")})
    told = how_found("0", conversation, changed)
    assert told is not None
    assert "The articles have changed since." in told
    assert "1901" not in told
