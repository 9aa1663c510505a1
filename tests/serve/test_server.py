"""The web application without a browser, and the chat's own pass through the gate."""

from __future__ import annotations

import gc
import socket
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event, Thread
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
from tests.support.waiting import until


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


def test_a_host_that_is_none_is_one_clear_sentence(assistant: Assistant) -> None:
    with pytest.raises(
        SettingsError, match=r"cannot listen on a\.\.b:7860 \(this is not a host name"
    ):
        server.serve(Settings(index=assistant.index.place, host="a..b"))


SETTINGS = Settings()


def _asked(opening: Any, *questions: str, settings: Settings = SETTINGS) -> tuple[Exchange, ...]:
    """The exchanges of a conversation in which ``questions`` were asked, all at once."""
    conversation = Conversation()
    conversation.ask(*map(Posed, questions))
    conversation.answer_all(answering(opening, Desk(settings), settings))
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
    conversation.answer_all(answer)
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
        conversation.answer_all(answer)
        assert future.cancelled()
        assert conversation.exchanges == ()


def test_a_question_that_is_asked_while_another_is_answered_needs_no_second_thread() -> None:
    conversation = Conversation()
    begun, go = Event(), Event()

    def answer(posed: Posed, *_: Any) -> Exchange:
        begun.set()
        assert go.wait(30)
        return Exchange(posed, f"To {posed.question}")

    conversation.ask(Posed("first"))
    thread = Thread(target=conversation.answer_all, args=(answer,))
    thread.start()
    assert begun.wait(30)
    conversation.ask(Posed("second"))
    conversation.answer_all(answer)  # does not wait
    assert [one.done for one in conversation.exchanges] == [False, False]
    go.set()
    thread.join(30)
    assert [one.bubble for one in conversation.exchanges] == ["To first", "To second"]


def test_a_conversation_does_not_hold_the_index_that_answered_it(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"mill.txt": "The mill opened in 1901."})
    settings = Settings(refuse_below=1.0, reader="similarity-1")
    assistant = Assistant.with_parts(index, HashingEmbedder(), settings)
    held = weakref.ref(assistant)
    conversation = Conversation()
    conversation.ask(Posed("Why is the sky blue?"))
    conversation.answer_all(answering(Opened(assistant), Desk(settings), settings))  # type: ignore[arg-type]
    assert conversation.exchanges[0].answer is not None
    del assistant, index

    def is_freed() -> bool:
        gc.collect()
        return held() is None

    until(is_freed)


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
    conversation.answer_all(answering(opened, Desk(settings), settings))  # type: ignore[arg-type]
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
    # Others are not told where on the server it was looked for.
    (shown,) = _asked(opening, "When did the mill open?", settings=Settings(host="0.0.0.0"))
    assert "The articles cannot be asked now." in shown.bubble
    assert str(tmp_path) not in shown.bubble


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
