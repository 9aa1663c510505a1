"""The web application without a browser, and the chat's own pass through the gate."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import IndexUnusableError, ModelError, PullquoteError, SettingsError
from pullquote.serve import server
from pullquote.serve.conversation import Begun, Conversation, Exchange, Posed
from pullquote.serve.desk import Desk
from pullquote.serve.opening import Opening
from pullquote.serve.page.replies import answering
from pullquote.types import Filters
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.opened import Opened, Tampered


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    index = make_index(
        tmp_path, {"mill.txt": "The mill opened in 1901. Its owner said that the roof leaked."}
    )
    return Assistant.with_parts(
        index, HashingEmbedder(), Settings(refuse_below=0.0, reader="similarity-1")
    )


@pytest.fixture
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(
        server.create_app(Opened(assistant), Settings()),  # type: ignore[arg-type]
        base_url="http://localhost",
    ) as client:
        yield client


def test_the_page_and_the_health_check_answer_with_security_headers(client: TestClient) -> None:
    for path in ("/", "/healthz"):
        response = client.get(path)
        assert response.status_code == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("result", "status"), [(None, "loading"), (ModelError("no model"), "failed")]
)
def test_the_health_check_is_503_until_questions_can_be_answered(
    result: PullquoteError | None, status: str
) -> None:
    with TestClient(
        server.create_app(Opened(result), Settings()),  # type: ignore[arg-type]
        base_url="http://localhost",
    ) as client:
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": status}


def test_a_missing_index_is_told_before_the_server_listens(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError, match="`pullquote index`"):
        server.serve(Settings(index=tmp_path / "none"))


def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path, assistant: Assistant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"cannot listen on 127.0.0.1:{port} .*--port"):
            server.serve(Settings(index=assistant.index.place, port=port))


def _asked(opening: Any, *questions: str) -> tuple[Exchange, ...]:
    """The exchanges of a conversation in which ``questions`` were asked, all at once."""
    conversation = Conversation()
    for question in questions:
        conversation.ask(Posed(question))
    for _ in questions:
        conversation.answer_next(answering(opening, Desk(Settings())))
    return conversation.exchanges


def test_the_chat_shows_an_error_that_names_the_article_and_not_an_altered_quote(
    assistant: Assistant,
) -> None:
    opened = Opened(Tampered(assistant))  # type: ignore[arg-type]
    (shown,) = _asked(opened, "When did the mill open?")
    assert "1902" not in repr(shown)
    assert "Quote 1 from &#x27;mill.txt&#x27; is not what the article says" in shown.bubble
    assert (shown.saved, shown.panel, shown.answer) == (("", ""), "", None)


def test_the_chat_answers_each_question_once_and_in_order(assistant: Assistant) -> None:
    shown = _asked(Opened(assistant), "When did the mill open?", "Who owned it?")
    assert [one.posed.question for one in shown] == ["When did the mill open?", "Who owned it?"]
    assert "The mill opened in 1901." in shown[0].bubble
    assert shown[0].answer is not None
    assert shown[0].answer.citations[0].quote == "The mill opened in 1901."
    assert shown[1].answer is not None


def test_a_conversation_that_is_begun_anew_drops_the_answer_that_is_under_way() -> None:
    conversation = Conversation()
    before = conversation.id

    def answer(posed: Posed, _: Any, number: int, *__: Any) -> Exchange:
        if posed.question == "first":
            conversation.forget()
            conversation.ask(Posed("second"))
        return Exchange(posed, f"{number}: {posed.question}")

    conversation.ask(Posed("first"))
    conversation.answer_next(answer)
    assert conversation.exchanges == (Exchange(Posed("second")),)
    conversation.answer_next(answer)
    conversation.answer_next(answer)
    assert conversation.exchanges == (Exchange(Posed("second"), "0: second", True),)
    assert conversation.id != before


def test_what_answers_is_cancelled_when_its_conversation_is_begun_anew() -> None:
    conversation = Conversation()
    futures: list[Future[Any]] = [Future(), Future()]

    def answer(posed: Posed, _: Any, number: int, grown: Any, begun: Begun) -> Exchange:
        if posed.question == "forgotten first":
            conversation.forget()
        begun(futures[0])
        if posed.question == "forgotten then":
            begun(futures[1])
            conversation.forget()
        return Exchange(posed, "an answer")

    for question, future in zip(("forgotten first", "forgotten then"), futures, strict=True):
        conversation.ask(Posed(question))
        conversation.answer_next(answer)
        assert future.cancelled()
        assert conversation.exchanges == ()


def test_a_filtered_question_is_answered_from_the_articles_that_pass_and_says_so(
    tmp_path: Path,
) -> None:
    texts = {
        "mill.txt": "section: <b>Business\ndate: 2021-05-06\n\nThe mill opened in 1901.",
        "club.txt": "section: Sport\ndate: 2019-02-03\n\nThe mill club opened in 1950.",
    }
    index = make_index(tmp_path, texts)
    settings = Settings(refuse_below=0.0, reader="similarity-1")
    opened = Opened(Assistant.with_parts(index, HashingEmbedder(), settings))
    conversation = Conversation()
    asked = [
        Filters(section="sport"),
        Filters(since="2020-01-01", section="<b>Business", source=None),
        Filters(until="2001-01-01", source="post.example"),
        Filters(),
    ]
    for filters in asked:
        conversation.ask(Posed("When did the mill open?", filters))
    assert [one.posed.filters for one in conversation.exchanges] == asked
    for _ in asked:
        conversation.answer_next(answering(opened, Desk(Settings())))  # type: ignore[arg-type]
    shown = conversation.exchanges
    cited = [
        {citation.article_id for citation in shown.answer.citations}
        for shown in shown
        if shown.answer
    ]
    assert cited[:3] == [{"club.txt"}, {"mill.txt"}, set()]
    assert "mill.txt" in cited[3]
    lines = [
        "Only articles of sport",
        "Only articles of &lt;b&gt;Business, from 2020-01-01 on",
        "Only articles published by post.example, up to 2001-01-01. "
        "Clear the filters to ask all articles.",
    ]
    for item, line in zip(shown, lines, strict=False):
        assert item.bubble.startswith(f'<p class="pq-filters">{line}</p>')
    assert "pq-filters" not in shown[3].bubble


def test_an_assistant_that_cannot_be_opened_is_told_to_whoever_started_the_server(
    tmp_path: Path,
) -> None:
    told: list[BaseException] = []
    opening = Opening(Settings(index=tmp_path / "none"), told.append)
    with pytest.raises(IndexUnusableError, match="`pullquote index`"):
        opening.assistant()
    (shown,) = _asked(opening, "When did the mill open?")
    assert "There is no index in" in shown.bubble
    assert opening.error is told[0]


def test_an_unexpected_failure_to_open_is_no_ok(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Settings) -> Assistant:
        raise RuntimeError("onnx: cannot allocate")

    monkeypatch.setattr(Assistant, "open", fail)
    told: list[BaseException] = []
    opening = Opening(Settings(index=tmp_path / "none"), told.append)
    with pytest.raises(ModelError, match="RuntimeError: onnx: cannot allocate"):
        opening.assistant()
    assert opening.error is told[0]
    with TestClient(server.create_app(opening, Settings()), base_url="http://localhost") as client:
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "failed"})
