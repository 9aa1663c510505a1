"""The chat page's events as its browser sends them, without a browser."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi.testclient import TestClient

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.serve import server
from pullquote.serve.conversation import Conversation, Posed
from pullquote.serve.desk import Desk
from pullquote.serve.feedback import Feedback
from pullquote.serve.page import asking, mount
from pullquote.serve.page.events import Handlers
from pullquote.serve.page.layout import laid_out
from tests.support.api import MILL, QUESTION
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.opened import Opened


class Page:
    """One reader's page: ``state`` and ``status`` are what it shows last."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        config = client.get("/config").json()
        self._names = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
        self._events = config["dependencies"]
        self.visitor = "reader"
        self.state: dict[str, Any] = {}
        self.chat = self.status = self.article = ""

    def ask(self, question: str, since: str = "") -> None:
        """Ask in the box, and wait for the answer."""
        self._send(["pq-question", "submit"], [question, None, since, "", "", ""])

    def act(self, name: str, sent: Any) -> None:
        """What a script of the page sends."""
        self._send(["pq-acts", name], [None, *[""] * 4] if name == "submit" else [None], sent)

    def _send(self, target: list[str], data: list[Any], sent: Any = None) -> None:
        named = [
            [[self._names.get(id_), name] for id_, name in one["targets"]] for one in self._events
        ]
        number: int | None = next(n for n, targets in enumerate(named) if target in targets)
        while number is not None:
            body = {
                "fn_index": number,
                "session_hash": self.visitor,
                "data": data,
                "event_data": sent,
            }
            response = self._client.post("/gradio_api/run/predict", json=body)
            assert response.status_code == 200, response.text
            outputs = [self._names[id_] for id_ in self._events[number]["outputs"]]
            shown = dict(zip(outputs, response.json()["data"], strict=True))
            if isinstance(shown.get("pq-state"), str):
                self.state = json.loads(html.unescape(shown["pq-state"]))
            if isinstance(shown.get("pq-status"), str):
                self.status = shown["pq-status"]
            if isinstance(shown.get("pq-article"), str):
                self.article = shown["pq-article"]
            if isinstance(shown.get("pq-chat"), list):
                self.chat = json.dumps(shown["pq-chat"])
            then = (one["id"] for one in self._events if one["trigger_after"] == number)
            number, data, sent = next(then, None), [None], None


Open = Callable[..., Page]


@pytest.fixture
def opened(assistant: Assistant) -> Opened:
    return Opened(assistant)


@pytest.fixture
def open_page(opened: Opened, tmp_path: Path) -> Open:
    def start(**options: Any) -> Page:
        settings = Settings(feedback=tmp_path / "feedback.sqlite", **options)
        app = server.create_app(opened, settings)  # type: ignore[arg-type]
        return Page(TestClient(app, base_url="http://localhost"))

    return start


def test_each_question_of_the_page_counts_and_one_too_many_stays_in_the_box(
    open_page: Open,
) -> None:
    page = open_page(rate_limit=3)
    page.ask(" ")  # is none, and does not count
    page.ask(QUESTION)
    page.ask("When did the tram open?")
    page.act("submit", "Who owned it?")
    assert (page.status, len(page.state["kept"])) == ("", 3)
    for is_typed in (True, False):
        page.ask(QUESTION) if is_typed else page.act("submit", QUESTION)
        assert "Too many questions. Ask again in " in page.status
        assert len(page.state["kept"]) == 3


def test_what_a_browser_kept_fits_into_a_minute_and_what_does_not_is_not_lost(
    open_page: Open,
) -> None:
    kept = [{"q": f"Who owned mill {n}?", "again": "yes"} for n in range(20)]
    page = open_page()
    page.act("apply", kept)
    assert (page.status, len(page.state["kept"])) == ("", 20)
    page = open_page(rate_limit=2)
    page.act("apply", kept[:4])
    assert "Too many questions. Ask again in " in page.status
    assert [one["q"] for one in page.state["kept"]] == [one["q"] for one in kept[:4]]
    assert page.chat.count("pq-tools") == page.chat.count("pq-failed") > 0
    assert page.chat.count(">Ask again<") == page.chat.count("pq-failed")


def test_a_conversation_does_not_grow_for_ever(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST", 2)
    page = open_page(rate_limit=3)
    for _ in range(2):
        page.ask(QUESTION)
    told = "A conversation has at most 2 questions: press “New conversation” to go on."
    page.ask(QUESTION)
    assert told in page.status
    page.act("apply", [{"q": QUESTION, "again": "yes"}] * 5)
    assert told in page.status
    assert len(page.state["kept"]) == 2
    page.act("clear", None)
    page.ask(QUESTION)
    assert (page.status, len(page.state["kept"])) == ("", 1)


def test_what_is_kept_of_an_article_that_cannot_be_is_short(open_page: Open) -> None:
    page = open_page()
    page.act("apply", [{"q": QUESTION, "document_id": "x" * 9000, "v": "0" * 9000}])
    (kept,) = page.state["kept"]
    assert len(kept["document_id"]) == 2000


def test_of_too_many_visitors_the_one_from_longest_ago_is_forgotten(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mount, "_VISITORS", 1)
    page = open_page()
    page.ask(QUESTION)
    before = page.state["conversation"]
    page.visitor = "another"
    page.ask(QUESTION)
    page.visitor = "reader"
    page.ask("When did the tram open?")
    assert [one["q"] for one in page.state["kept"]] == ["When did the tram open?"]
    assert page.state["conversation"] != before


def test_a_bad_link_is_told_and_costs_nobody_the_conversation(open_page: Open) -> None:
    page = open_page()
    page.act("apply", [{"q": QUESTION, "again": "yes"}, {"q": "Why?", "since": "soon"}, 5])
    assert [one["q"] for one in page.state["kept"]] == [QUESTION]
    assert "The question is empty" in page.status
    page.act("apply", [{"q": "Why?", "since": "soon"}])
    assert "must be a date" in page.status


def test_a_request_means_the_open_article_until_an_answer_takes_its_place(
    open_page: Open,
) -> None:
    def meant() -> Any:
        page.ask("Summarize")
        return page.state["kept"][-1].get("document_id")

    page = open_page()
    page.act("select", {"article": "tram.txt"})
    page.ask("Hello")  # is answered without an article
    assert meant() == "tram.txt"
    assert meant() is None
    page.act("select", {"article": "tram.txt"})
    page.ask(QUESTION)
    assert meant() is None
    page.act("select", {"article": "tram.txt"})
    page.act("select", "pq-3-1")  # a citation of that answer
    assert meant() is None


def test_an_answer_whose_response_was_lost_is_fetched_by_the_timer(
    opened: Opened, tmp_path: Path
) -> None:
    settings = Settings(feedback=tmp_path / "feedback.sqlite")
    with gr.Blocks():
        parts = laid_out(Conversation())
    handlers = Handlers(parts, opened, Desk(settings), settings)  # type: ignore[arg-type]
    conversation = Conversation()
    conversation.ask(Posed(QUESTION))
    assert "Searching" in repr(handlers.look(conversation)[parts.chat][1]["content"].value)
    handlers.answer(conversation)
    # The response is on its way.
    assert handlers.look(conversation).keys() == {parts.chat}
    conversation.answered_at -= 10
    drawn = handlers.look(conversation)
    assert "The mill opened in 1901." in drawn[parts.article]
    assert not drawn[parts.growing].active


def test_an_article_that_is_gone_is_told(open_page: Open) -> None:
    page = open_page()
    page.act("select", {"article": "gone.txt"})
    assert "There is no article &#x27;gone.txt&#x27; in the index." in page.article


def test_a_verdict_is_kept_with_the_answer_as_it_was_shown_and_its_filters(
    open_page: Open, opened: Opened, tmp_path: Path
) -> None:
    page = open_page()
    page.ask(QUESTION, since="2020-01-01")
    changed = make_index(tmp_path / "new", {"mill.txt": MILL.replace("1901", "1902")})
    opened._result = Assistant.with_parts(
        changed, HashingEmbedder(), Settings(refuse_below=0.0, reader="similarity-1")
    )
    page.act("like", "0-up")
    assert page.status == ""
    (entry,) = Feedback(tmp_path / "feedback.sqlite").entries()
    assert entry.cited[0] == "The mill opened in 1901."
    assert entry.filters == {"since": "2020-01-01"}
    assert "saved" not in entry.answer
