"""The HTTP API without a browser: the contract's routes, errors and stream."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import GateError, ModelError
from pullquote.index.catalog import Catalog
from pullquote.index.store import Index
from pullquote.index.update import withdraw
from pullquote.messages import messages
from pullquote.serve import server
from pullquote.serve.feedback import Feedback, Verdict
from tests.support.api import MILL, QUESTION, error_of
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.opened import Opened

Client = Callable[..., TestClient]


@pytest.fixture
def client(assistant: Assistant, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(feedback=tmp_path / "feedback.sqlite")
    app = server.create_app(Opened(assistant), settings)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost:7860") as client:
        yield client


def ask(client: TestClient, **body: Any) -> Any:
    return client.post("/api/ask", json={"question": QUESTION, **body})


def events_of(response: Any) -> list[tuple[str, dict[str, Any]]]:
    events = []
    for block in response.text.strip().split("\n\n"):
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def test_an_answer_is_the_contracts_object(client: TestClient) -> None:
    response = ask(client)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    answer = response.json()
    assert set(answer) == {
        *("question", "understood_as", "status", "answer", "citations", "closest", "index"),
        *("timings_ms", "suggestions"),
    }
    first = answer["citations"][0]
    assert first["cited_text"] == "The mill opened in 1901."
    assert (first["document_id"], first["published"]) == ("mill.txt", "2024-02-03")
    start, end = first["start_char_index"], first["end_char_index"]
    assert MILL[start:end] == first["cited_text"]


@pytest.mark.parametrize(
    "scope",
    [
        {"document_id": "tram.txt"},
        {"url": "tram.txt"},
    ],
)
def test_a_question_can_be_asked_of_one_article(client: TestClient, scope: dict[str, str]) -> None:
    cited = ask(client, **scope).json()["citations"]
    assert {item["document_id"] for item in cited} == {"tram.txt"}


def test_how_an_answer_was_found_is_told_to_own_pages_and_programs_alone(
    assistant: Assistant,
) -> None:
    settings = Settings(origins=("https://other.example",))
    app = server.create_app(Opened(assistant), settings)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost:7860") as client:
        told = ask(client, explain=True).json()["explain"]
        assert "The mill opened in 1901." in told["passages"][0]["text"]
        assert told["sentences"][0]["text"] == "The mill opened in 1901."
        assert told["answerability"] >= told["threshold"]
        client.headers["Origin"] = "https://other.example"
        assert ask(client).status_code == 200
        assert error_of(ask(client, explain=True)) == (
            403,
            "forbidden_origin",
            "Only this server's own pages are told how an answer was found.",
        )


def test_an_article_is_found_by_the_address_of_its_page(client: TestClient) -> None:
    response = ask(client, question="Is it green?", url="http://example.org/mill/?utm_source=x#top")
    assert {item["document_id"] for item in response.json()["citations"]} == {"mill.txt"}


def test_earlier_questions_give_a_follow_up_its_subject(client: TestClient) -> None:
    history = [{"role": "user", "text": "When did the tram open?"}]
    history += [{"role": "assistant", "text": "In 1923."}]
    response = ask(client, question="Was it painted?", history=history)
    assert response.json()["citations"][0]["document_id"] == "tram.txt"


def test_the_stream_gives_the_parts_and_then_the_whole_answer(client: TestClient) -> None:
    response = client.post("/api/ask/stream", json={"question": QUESTION})
    assert response.headers["Content-Type"].startswith("text/event-stream")
    events = events_of(response)
    names = [name for name, _ in events]
    assert names[0] == "message_start"
    assert names[-1] == "message_stop"
    assert set(names[1:-1]) == {"content_block_delta", "citations_delta"}
    assert all(name == data["type"] for name, data in events)
    whole = events[-1][1]["answer"]
    citations = [data["citation"] for name, data in events if name == "citations_delta"]
    assert citations == whole["citations"]
    texts = [data["delta"]["text"] for name, data in events if name == "content_block_delta"]
    assert texts == [block["text"] for block in whole["answer"]]
    keys = [data["message"] for name, data in events if name == "content_block_delta"]
    assert keys == [block["message"] for block in whole["answer"]]
    same = ask(client).json()
    assert {**whole, "timings_ms": 0} == {**same, "timings_ms": 0}


def test_a_refusal_says_in_the_stream_too_what_helps(assistant: Assistant, tmp_path: Path) -> None:
    settings = Settings(feedback=tmp_path / "feedback.sqlite", contact="desk@post.example")
    app = server.create_app(Opened(assistant), settings)  # type: ignore[arg-type]
    # An article without an author.
    asked = {"question": "Who wrote this?", "document_id": "tram.txt"}
    with TestClient(app, base_url="http://localhost:7860") as client:
        once = client.post("/api/ask", json=asked).json()
        events = events_of(client.post("/api/ask/stream", json=asked))
    assert once["help"]["contact"] == "desk@post.example"
    assert events[-1][1]["answer"]["help"] == once["help"]


def test_a_message_comes_with_its_key(client: TestClient) -> None:
    asked = {"question": "more", "history": [{"role": "user", "text": QUESTION}]}
    answer = client.post("/api/ask", json=asked).json()
    told = [item for item in answer["answer"] if item["origin"] == "message"]
    assert told
    assert [messages().block(item["message"]).text for item in told] == [
        item["text"] for item in told
    ]
    assert {item["message"] for item in answer["answer"] if item["citations"]} <= {None}
    response = client.post("/api/ask/stream", json=asked)
    deltas = [data for name, data in events_of(response) if name == "content_block_delta"]
    assert [delta["message"] for delta in deltas] == [item["message"] for item in answer["answer"]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'question' is missing."),
        ({"question": ""}, "'question' is empty."),
        ({"question": " \n"}, "'question' is empty"),
        ({"question": "x" * 501}, "'question' is longer than 500 characters."),
        ({"question": 7}, "'question' must be text."),
        ({"question": None}, "'question' must be text."),
        ({"question": "a", "histroy": []}, "'histroy', which is not known."),
        ({"question": "a", "history": [{"role": "user", "text": "b"}] * 13}, "'history' has more"),
        ({"question": "a", "history": [{"role": "root", "text": "b"}]}, "'history.0.role': "),
        ({"question": "a", "history": {"role": "user"}}, "'history' must be a list."),
        ({"question": "a", "url": "b", "document_id": "c"}, "'document_id' or 'url', not both"),
        ({"question": "???"}, "The question has no words"),
        ({"question": "\u200b"}, "The question has no words"),
        ([], "The body must be a JSON object."),
        ("why", "The body must be a JSON object."),
        (None, "The body is missing."),
    ],
)
@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_a_request_that_cannot_be_read_says_what_is_wrong(
    client: TestClient, path: str, body: Any, message: str
) -> None:
    status, code, text = error_of(client.post(path, json=body))
    assert (status, code[:7]) == (400, "invalid")
    assert message in text


@pytest.mark.parametrize(
    "body", [b"{", b"", b'{"question": "\xff"}', b'{"question": "a' + b"[" * 9000, b"\x00"]
)
def test_what_is_no_json_is_a_400(client: TestClient, body: bytes) -> None:
    response = client.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
    assert error_of(response)[:2] == (400, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        {"question": "\ud800 mill"},
        {"question": "mill", "url": "\udfff"},
        {"question": "mill", "document_id": "\ud83d"},
        {"question": "mill", "\ud800": 1},
    ],
)
def test_half_a_character_is_no_server_error(client: TestClient, body: dict[str, str]) -> None:
    response = client.post(
        "/api/ask", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert response.status_code in (200, 400, 404)


@pytest.mark.parametrize("scope", ["document_id", "url"])
def test_an_article_that_is_not_there_is_a_404(client: TestClient, scope: str) -> None:
    status, code, message = error_of(ask(client, **{scope: "https://example.org/none"}))
    assert (status, code) == (404, "unknown_article")
    assert "'https://example.org/none'" in message


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/none", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/ask", 405),
        ("DELETE", "/api/articles", 405),
        ("GET", "/api/articles/none.txt", 404),
        ("GET", "/api/articles?limit=0", 400),
        ("GET", "/api/articles?offset=x", 400),
    ],
)
def test_every_error_has_the_contracts_shape(
    client: TestClient, method: str, path: str, status: int
) -> None:
    assert error_of(client.request(method, path))[0] == status


def test_the_articles_are_listed_a_part_at_a_time(client: TestClient) -> None:
    response = client.get("/api/articles?limit=1")
    assert response.headers["Cache-Control"] == "no-store"
    first = response.json()
    second = client.get("/api/articles?limit=1&offset=1").json()
    assert (first["total"], second["total"]) == (2, 2)
    assert [item["document_id"] for item in first["articles"] + second["articles"]] == [
        "mill.txt",
        "tram.txt",
    ]
    assert first["articles"][0]["document_title"] == "The mill"


def test_an_article_comes_with_the_text_that_offsets_point_into(client: TestClient) -> None:
    article = client.get("/api/articles/mill.txt").json()
    assert article["text"] == MILL
    assert article["url"] == "https://www.example.org/mill"


def test_an_articles_own_id_comes_before_another_ones_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Catalog, "at_page", lambda self, address: "tram.txt")
    assert client.get("/api/articles/mill.txt").json()["document_id"] == "mill.txt"


def _rows(file: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(file) as connection:
        return connection.execute("SELECT verdict, question, answer FROM verdicts").fetchall()


def test_a_verdict_is_kept_with_the_answer_of_the_index_and_taken_back(
    client: TestClient, tmp_path: Path
) -> None:
    kept = client.post("/api/feedback", json={"question": QUESTION, "verdict": "down"}).json()
    assert kept["turn"] == 0
    ((verdict, question, answer),) = _rows(tmp_path / "feedback.sqlite")
    assert (verdict, question) == ("down", QUESTION)
    assert json.loads(answer)["citations"][0]["cited_text"] == "The mill opened in 1901."
    again = {"question": QUESTION, "verdict": "none", **kept}
    assert client.post("/api/feedback", json=again).status_code == 200
    assert _rows(tmp_path / "feedback.sqlite") == []


def test_a_verdict_is_taken_back_though_its_article_is_gone(
    client: TestClient, tmp_path: Path
) -> None:
    asked = {"question": QUESTION, "document_id": "mill.txt"}
    kept = client.post("/api/feedback", json={**asked, "verdict": "up"}).json()
    asked["document_id"] = "gone.txt"
    assert error_of(client.post("/api/feedback", json={**asked, "verdict": "up"}))[0] == 404
    assert client.post("/api/feedback", json={**asked, **kept, "verdict": "none"}).json() == kept
    assert _rows(tmp_path / "feedback.sqlite") == []


def test_a_comment_is_kept_with_the_verdict_and_no_address_is(
    client: TestClient, tmp_path: Path
) -> None:
    body: dict[str, Any] = {"question": QUESTION, "filters": {"since": "2024-01-01"}}
    body |= {"verdict": "down", "comment": " It <b>shut</b>\x00 in 1902. "}
    response = client.post("/api/feedback", json=body, headers={"X-Forwarded-For": "203.0.113.9"})
    assert response.status_code == 200
    (entry,) = Feedback(tmp_path / "feedback.sqlite").entries()
    assert (entry.verdict, entry.comment) == ("down", "It <b>shut</b>  in 1902.")
    assert entry.filters == {"since": "2024-01-01"}
    kept = (tmp_path / "feedback.sqlite").read_bytes()
    assert b"203.0.113.9" not in kept
    assert b"testclient" not in kept


@pytest.mark.parametrize("comment", ["x" * 501, 5, None, ["a"]])
def test_a_comment_that_is_none_is_refused(client: TestClient, comment: object) -> None:
    body = {"question": QUESTION, "verdict": "down", "comment": comment}
    status, code, message = error_of(client.post("/api/feedback", json=body))
    assert (status, code) == (400, "invalid_request")
    assert "comment" in message


def test_each_verdict_of_the_chat_can_be_given() -> None:
    from pullquote.serve.api.schema import Judged

    allowed = Judged.model_json_schema()["properties"]["verdict"]["enum"]
    assert allowed == [*(item.value for item in Verdict), "none"]


def test_a_verdict_cannot_bring_an_answer_of_its_own(client: TestClient) -> None:
    body = {"question": QUESTION, "verdict": "up", "answer": {"status": "answered"}}
    assert error_of(client.post("/api/feedback", json=body))[:2] == (400, "invalid_request")


def test_a_visitor_is_not_told_where_the_feedback_lies(assistant: Assistant) -> None:
    settings = Settings(feedback=Path("/proc/none/feedback.sqlite"))
    app = server.create_app(Opened(assistant), settings)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost") as client:
        response = client.post("/api/feedback", json={"question": QUESTION, "verdict": "up"})
    status, code, message = error_of(response)
    assert (status, code) == (503, "feedback_unavailable")
    assert "/proc" not in message


class Broken:
    """An assistant with a fault of ours in it."""

    def __init__(self, assistant: Assistant) -> None:
        self.index = assistant.index
        self.writer = None

    def trace(self, *_: Any) -> None:
        raise RuntimeError("secret: /etc/path")


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_a_fault_of_ours_is_told_without_its_trace(assistant: Assistant, path: str) -> None:
    settings = Settings(rate_limit=1000)
    app = server.create_app(Opened(Broken(assistant)), settings)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        response = client.post(path, json={"question": QUESTION})
        if path == "/api/ask":
            assert error_of(response)[:2] == (503, "unavailable")
        else:
            assert [name for name, _ in events_of(response)] == ["message_start", "error"]
        assert "secret" not in response.text
        # Its place in the queue is free again.
        for _ in range(40):
            assert "unavailable" in client.post(path, json={"question": QUESTION}).text


class Tampered:
    """An assistant whose articles were altered behind its back."""

    def __init__(self, assistant: Assistant) -> None:
        self.index = assistant.index
        self.writer = None

    def trace(self, *_: Any) -> None:
        raise GateError("A quote from 'mill.txt' is not what the article says.")


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_an_altered_article_is_an_error_that_names_it(assistant: Assistant, path: str) -> None:
    app = server.create_app(Opened(Tampered(assistant)), Settings())  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost") as client:
        response = client.post(path, json={"question": QUESTION})
    assert "'mill.txt' is not what the article says" in response.text
    if path == "/api/ask":
        assert error_of(response)[:2] == (503, "altered_article")
    else:
        assert [name for name, _ in events_of(response)] == ["message_start", "error"]


@pytest.mark.parametrize(
    ("result", "code"), [(None, "busy"), (ModelError("/srv/models is missing"), "unavailable")]
)
def test_before_questions_can_be_answered_the_api_is_a_503(result: Any, code: str) -> None:
    with TestClient(
        server.create_app(Opened(result), Settings()),  # type: ignore[arg-type]
        base_url="http://localhost",
    ) as client:
        for response in (ask(client), client.get("/api/articles")):
            assert error_of(response)[:2] == (503, code)
            assert int(response.headers["Retry-After"]) >= 1
            assert "/srv" not in response.text


def test_the_openapi_document_names_the_contracts_routes(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["servers"] == [{"url": "/api"}]
    assert {
        *("/ask", "/ask/stream", "/articles", "/articles/{document_id}", "/feedback"),
    } <= set(document["paths"])


# Filters


def test_filters_choose_the_articles_that_are_read_and_listed(tmp_path: Path) -> None:
    texts = {
        "a.txt": "title: A\ndate: 2019-05-01\nsection: Town\n\nThe mill opened in 1901.",
        "b.txt": "title: B\ndate: 2020-05-01\nsection: Nature\n\nThe mill was opened by a king.",
        "c.txt": "title: C\n\nThe ferry sank in 1912.",
    }
    folder = make_index(tmp_path, texts).folder
    settings = Settings(
        index=folder, reader="similarity-1", refuse_below=0.0, rate_limit=1000, embedder="hashing"
    )
    asked = Assistant.with_parts(Index.open(folder), HashingEmbedder(), settings)
    app = server.create_app(Opened(asked), settings)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost") as client:

        def cited(**filters: object) -> set[str]:
            body = {"question": "When did the mill open?", "filters": filters}
            answer = client.post("/api/ask", json=body).json()
            return {item["document_id"] for item in answer["citations"] + answer["closest"]}

        assert cited(section="town") == {"a.txt"}
        assert cited(since="2020-01-01") == {"b.txt"}
        assert cited(since="2019-01-01", until="2019-12-31", section=None) == {"a.txt"}
        assert cited(source="nobody") == set()
        listed = client.get("/api/articles", params={"section": "NATURE"}).json()
        assert (listed["total"], [listing["document_id"] for listing in listed["articles"]]) == (
            1,
            ["b.txt"],
        )
        assert listed["articles"][0]["section"] == "Nature"
        assert listed["next"] is None
        page = client.get("/api/articles", params={"limit": 1, "offset": 1}).json()
        assert (page["total"], [item["document_id"] for item in page["articles"]]) == (3, ["b.txt"])
        assert client.get("/api/facets").json() == {
            "sections": [{"name": "Nature", "articles": 1}, {"name": "Town", "articles": 1}],
            "sources": [],
            "first": "2019-05-01",
            "last": "2020-05-01",
        }
        for wrong in (
            {"since": "2019-13-01"},
            {"since": "yesterday"},
            {"since": "2020-01-02", "until": "2020-01-01"},
            {"section": ""},
            {"section": "x" * 201},
            {"author": "me"},
            {"since": 2019},
        ):
            body = {"question": "When did the mill open?", "filters": wrong}
            assert error_of(client.post("/api/ask", json=body))[:2] == (400, "invalid_request")
        for wrong in ({"since": "2019-02-30"}, {"sectoin": "Town"}, {"limit": 1001}, {"after": ""}):
            assert error_of(client.get("/api/articles", params=wrong))[:2] == (
                400,
                "invalid_request",
            )


def test_the_list_of_articles_is_gone_through_by_its_cursor(tmp_path: Path) -> None:
    texts = {
        f"{name}.txt": f"section: {'Town' if name in 'abd' else 'Sea'}\n\nThe mill {name} is old."
        for name in "abcde"
    }
    folder = make_index(tmp_path, texts).folder
    withdraw(folder, ["b.txt"])
    settings = Settings(index=folder, reader="similarity-1", embedder="hashing")
    asked = Assistant.with_parts(Index.open(folder), HashingEmbedder(), settings)
    app = server.create_app(Opened(asked), settings)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://localhost") as client:

        def pages(**params: str | int) -> list[tuple[int, list[str]]]:
            found = []
            while True:
                page = client.get("/api/articles", params=params).json()
                found.append((page["total"], [item["document_id"] for item in page["articles"]]))
                if page["next"] is None:
                    return found
                params = {**params, "after": page["next"]}

        assert pages(limit=2) == [(4, ["a.txt", "c.txt"]), (4, ["d.txt", "e.txt"])]
        assert pages(limit=1, section="town") == [(2, ["a.txt"]), (2, ["d.txt"])]
        assert pages(section="none") == [(0, [])]
        assert pages(after="z") == [(4, [])]
