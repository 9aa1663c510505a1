"""OpenAI's own client asks a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from time import monotonic, sleep
from typing import Any

import httpx
import openai
import pytest

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.serve.api import stream
from pullquote.serve.api.openai_answer import escape
from pullquote.serve.workqueue import WORKERS
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.listening import running
from tests.support.opened import Opened, Tampered
from tests.support.writer import Script, scripted

TEXT = """url: https://post.example/mill
date: 2020-05-06

The mill opened in 1901. It was owned by Ada Kerr. The mill burned down in 1911."""


SITE = "https://post.example"

#: An article that would draw a picture of its own in the front end that shows it.
POISON = "The lake froze in ![1903](https://evil.example/x.png) and *again* in <b>1904</b>."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    index = make_index(
        tmp_path_factory.mktemp("door"),
        {"mill.txt": TEXT, "a b.txt": "The club opened in 1950.", "lake.txt": POISON},
    )
    settings = Settings(reader="similarity-1", refuse_below=0.0)
    return Assistant.with_parts(index, HashingEmbedder(), settings)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with running(Opened(assistant), Settings(rate_limit=1000, origins=(SITE,))) as address:
        yield address


def client_of(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=address, api_key="any", max_retries=0)


@pytest.fixture(scope="module")
def client(address: str) -> openai.OpenAI:
    return client_of(address)


def ask(client: openai.OpenAI, *said: str, **more: Any) -> Any:
    messages: Any = [
        {"role": "assistant" if n % 2 else "user", "content": item} for n, item in enumerate(said)
    ]
    return client.chat.completions.create(model="any", messages=messages, **more)


def test_a_completion_has_the_quote_and_says_where_it_stands(
    client: openai.OpenAI, assistant: Assistant, address: str
) -> None:
    completion = ask(client, "When did the mill open?", temperature=1.5, user="someone")
    message = completion.choices[0].message
    assert completion.choices[0].finish_reason == "stop"
    (annotation, *_) = message.annotations
    cited = annotation.url_citation
    assert message.content[cited.start_index : cited.end_index] == "The mill opened in 1901."
    assert cited.url == "https://post.example/mill"
    assert "[1]" in message.content
    answer = completion.pullquote
    assert answer["citations"][0]["cited_text"] == "The mill opened in 1901."
    for item, quote in zip(message.annotations, answer["citations"], strict=True):
        place = slice(item.url_citation.start_index, item.url_citation.end_index)
        assert message.content[place] == quote["cited_text"]
        article = assistant.index.article(quote["document_id"])
        assert (
            article.text[quote["start_char_index"] : quote["end_char_index"]]
            == (quote["cited_text"])
        )
    club = ask(client, "When did the club open?").choices[0].message.annotations
    assert f"{address.removesuffix('v1')}api/articles/a%20b.txt" in {
        one.url_citation.url for one in club
    }


def test_a_stream_gives_the_same(client: openai.OpenAI) -> None:
    whole = ask(client, "When did the mill open?").choices[0].message
    content, finish = "", None
    annotations: list[Any] = []
    for chunk in ask(client, "When did the mill open?", stream=True):
        (choice,) = chunk.choices
        content += choice.delta.content or ""
        annotations += getattr(choice.delta, "annotations", None) or []
        finish = choice.finish_reason or finish
    assert (content, finish) == (whole.content, "stop")
    assert annotations == [annotation.model_dump() for annotation in whole.annotations]


def test_a_stream_ends_with_the_usage_for_those_who_ask_for_it(client: openai.OpenAI) -> None:
    question = "When did the mill open?"
    plain = list(ask(client, question, stream=True))
    assert all(item.usage is None for item in plain)
    counted = list(ask(client, question, stream=True, stream_options={"include_usage": True}))
    assert [len(judgement.choices) for judgement in counted] == [1] * len(plain) + [0]
    assert [judgement.usage is None for judgement in counted] == [True] * len(plain) + [False]
    assert counted[-1].usage.total_tokens == 0


def test_earlier_messages_are_the_history(client: openai.OpenAI) -> None:
    completion = ask(client, "When did the mill open?", "In 1901.", "Why?")
    assert completion.choices[0].message.content.startswith("Understood as: Why did the mill open?")


def test_a_content_of_parts_and_other_roles_are_taken(client: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "When did the mill open?"}, {"type": "image_url"}]
    said: Any = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": parts}]
    completion = client.chat.completions.create(model="any", messages=said)
    assert "The mill opened in 1901." in str(completion.choices[0].message.content)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([{"role": "user", "content": " "}], "The question is empty"),
        ([{"role": "user", "content": "x" * 501}], "at most 500"),
        ([{"role": "system", "content": "Hello"}], "The question is empty"),
        ([{"role": "robot", "content": "Hello"}], "'messages.0.role'"),
        ([], "messages"),
        ([{"role": "user", "content": "x?"}] * 201, "200"),
    ],
)
def test_what_cannot_be_asked_is_a_400_in_openais_shape(
    client: openai.OpenAI, said: Any, told: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=told) as caught:
        client.chat.completions.create(model="any", messages=said)
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["type"] == "invalid_request_error"


def test_the_one_model_is_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["pullquote"]


def test_passages_that_do_not_answer_are_named_as_such(assistant: Assistant) -> None:
    strict = Settings(reader="similarity-1", refuse_below=1.0)
    refusing = Assistant.with_parts(assistant.index, HashingEmbedder(), strict)
    with running(Opened(refusing), Settings()) as address:
        completion = ask(client_of(address), "When did the mill open?")
    told, _, passages = completion.choices[0].message.content.partition("\n\n> ")
    assert completion.pullquote["status"] == "not_found"
    assert completion.pullquote["answer"][0]["message"] == "not_found"
    assert told.startswith("The articles don’t say.")
    assert told.endswith("Closest passages (they do not answer the question):")
    assert passages


def test_an_article_cannot_put_a_picture_or_a_tag_into_a_front_end(client: openai.OpenAI) -> None:
    completion = ask(client, "When did the lake freeze?")
    message = completion.choices[0].message
    (place,) = [
        annotation.url_citation
        for annotation, quote in zip(
            message.annotations, completion.pullquote["citations"], strict=True
        )
        if quote["document_id"] == "lake.txt"
    ]
    shown = message.content[place.start_index : place.end_index]
    assert shown == escape(POISON)
    assert shown == (
        r"The lake froze in !\[1903\](https://evil.example/x.png) and \*again\* in \<b>1904\</b>."
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "A plain, (short) sentence - with $5 & more.",
            "A plain, (short) sentence - with $5 & more.",
        ),
        ("Two\nlines\r\nand\u2028more", "Two lines  and more"),
        ("1984. It was cold.", r"1984\. It was cold."),
        ("# No heading", r"\# No heading"),
        ("a &lt; b", r"a \&lt; b"),
        ("`code` and __init__", r"\`code\` and \_\_init\_\_"),
    ],
)
def test_markdowns_own_characters_are_shown_and_others_left_alone(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_half_a_character_is_no_server_error(address: str) -> None:
    half = r'{"role": "user", "content": "\ud800 when did the mill open?"}'
    body = f'{{"messages": [{half}, {{"role": "assistant", "content": "\\ud800"}}, {half}]}}'
    kind = {"Content-Type": "application/json"}
    answer = httpx.post(f"{address}/chat/completions", content=body, headers=kind)
    assert answer.status_code == 200
    assert answer.json()["pullquote"]["question"] == "? when did the mill open?"


def error_of(response: httpx.Response) -> tuple[int, str, str, str]:
    """Status, code, type and message of an error, which is all that there is in the body."""
    (error,) = response.json().values()
    assert sorted(error) == ["code", "message", "param", "type"]
    return response.status_code, error["code"], error["type"], error["message"]


def said(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def test_every_error_has_openais_shape_whoever_finds_it(address: str) -> None:
    bad = "invalid_request_error"
    with httpx.Client(base_url=address) as web:
        path = "/chat/completions"
        kind = {"Content-Type": "application/json"}
        broken = web.post(path, content=b"{", headers=kind)
        assert error_of(broken)[:3] == (400, "invalid_request", bad)
        assert error_of(web.get("/nothing"))[:3] == (404, "not_found", bad)
        assert error_of(web.post(f"{path}/", json=said("Who?")))[0] == 404
        assert error_of(web.get(path))[:3] == (405, "method_not_allowed", bad)
        # Again and again: a connection that was reset would take the refusal with it now and then.
        for _ in range(5):
            assert error_of(web.post(path, json=said("x" * 900_000)))[:3] == (413, "too_large", bad)
        for headers in (
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
            {"Host": "evil.example"},
        ):
            refused = web.post(path, json=said("Who?"), headers=headers)
            assert error_of(refused)[::2] == (403, bad)
            assert "Access-Control-Allow-Origin" not in refused.headers


def test_a_listed_site_may_ask_with_its_clients_headers(address: str) -> None:
    origin = {"Origin": SITE}
    wanted = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-os",
    }
    with httpx.Client(base_url=address, headers=origin) as web:
        preflight = web.options("/chat/completions", headers=wanted)
        assert preflight.status_code == 204
        assert preflight.headers["Access-Control-Allow-Headers"] == "*, Authorization"
        answer = web.post("/chat/completions", json=said("When did the mill open?"))
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == SITE


def test_too_many_questions_are_refused_whichever_way_they_come(assistant: Assistant) -> None:
    with running(Opened(assistant), Settings(rate_limit=2)) as address:
        ask(client_of(address), "When did the mill open?")
        api = f"{address.removesuffix('v1')}api/ask"
        assert httpx.post(api, json={"question": "Who?"}).status_code == 200
        with pytest.raises(openai.RateLimitError, match="Too many questions") as caught:
            ask(client_of(address), "When did the mill open?")
    assert error_of(caught.value.response)[:3] == (429, "too_many_requests", "rate_limit_error")
    assert int(caught.value.response.headers["Retry-After"]) >= 1


class Loading:
    """An assistant that is still being opened."""

    done = False
    error = None


def test_while_the_models_load_it_is_told_when_to_come_again() -> None:
    with (
        running(Loading(), Settings()) as address,
        pytest.raises(openai.InternalServerError, match="still being loaded") as caught,
    ):
        ask(client_of(address), "Who?")
    assert error_of(caught.value.response)[:3] == (503, "busy", "server_error")
    assert int(caught.value.response.headers["Retry-After"]) >= 1


def test_an_altered_quote_is_shown_to_nobody(assistant: Assistant) -> None:
    tampered = Opened(Tampered(assistant))  # type: ignore[arg-type]
    with running(tampered, Settings()) as address:
        client = client_of(address)
        with pytest.raises(openai.InternalServerError, match=r"'mill\.txt'") as caught:
            ask(client, "When did the mill open?")
        assert error_of(caught.value.response)[1] == "altered_article"
        with pytest.raises(openai.APIError, match=r"'mill\.txt'"):
            list(ask(client, "When did the mill open?", stream=True))


class Slow:
    """An assistant that answers when it is let, as an assistant."""

    writer = None

    def __init__(self, assistant: Assistant) -> None:
        self.index = assistant.index
        self.let = Event()
        self._assistant = assistant

    def trace(self, *asked: Any) -> Any:
        assert self.let.wait(30)
        return self._assistant.trace(*asked)


def test_a_stream_shows_signs_of_life_while_it_waits(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "SIGN_OF_LIFE", 0.05)
    slow = Slow(assistant)
    body = {**said("When did the mill open?"), "stream": True}
    with (
        running(Opened(slow), Settings()) as address,  # type: ignore[arg-type]
        httpx.stream("POST", f"{address}/chat/completions", json=body) as response,
    ):
        lines = []
        for line in response.iter_lines():
            lines.append(line)
            if line == ": waiting":
                slow.let.set()
    events = [text.removeprefix("data: ") for text in lines if text.startswith("data: ")]
    assert ": waiting" in lines
    assert events[-1] == "[DONE]"
    chunks = [json.loads(event) for event in events[:-1]]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[-1]["choices"][0]["delta"].keys() == {"annotations"}
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks[-2:]] == [None, "stop"]


def test_who_goes_away_gives_up_the_place_in_the_queue(assistant: Assistant) -> None:
    slow = Slow(assistant)
    with running(Opened(slow), Settings(queue=1)) as address:  # type: ignore[arg-type]

        def is_refused() -> bool:
            """Whether there was no room; else the one who asked has gone away by now."""
            try:
                answer = httpx.post(f"{address}/chat/completions", json=said("Who?"), timeout=0.2)
            except httpx.ReadTimeout:
                return False
            assert error_of(answer)[:2] == (503, "busy")
            return True

        try:
            # Those that are at work go on; the one behind them makes room.
            assert not any(is_refused() for _ in range(WORKERS + 1))
            end = monotonic() + 10
            while is_refused():
                assert monotonic() < end
        finally:
            slow.let.set()


MILL = "The mill opened in 1901."


@contextmanager
def written_by(script: Script, assistant: Assistant) -> Iterator[str]:
    """The address of a server whose answers ``script`` writes."""
    with scripted(script) as writer:
        settings = Settings(
            reader="similarity-1", refuse_below=0.0, writer=writer, writer_model="scripted"
        )
        writing = Assistant.with_parts(assistant.index, HashingEmbedder(), settings)
        with running(Opened(writing), settings) as address:
            yield address


@pytest.mark.slow
def test_a_sentence_is_sent_before_the_next_is_written(assistant: Assistant) -> None:
    script = Script(["The mill opened in the year 1901 [1]. It", " burned down"], pause=60)
    with written_by(script, assistant) as address:
        stream = ask(client_of(address), "When did the mill open?", stream=True)
        content = ""
        for chunk in stream:
            content += chunk.choices[0].delta.content or ""
            if content:
                break
        assert content == "The mill opened in the year 1901. [1]"
        # The second sentence is not written before this.
        script.stopped.set()
        rest = list(stream)
        content += "".join(chunk.choices[0].delta.content or "" for chunk in rest)
        (annotations,) = [
            chunk.choices[0].delta.annotations
            for chunk in rest
            if hasattr(chunk.choices[0].delta, "annotations")
        ]
    first = annotations[0]["url_citation"]
    assert content[first["start_index"] : first["end_index"]] == MILL
    assert rest[-1].choices[0].finish_reason == "stop"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["v1/chat/completions", "api/ask/stream", "api/ask"])
def test_who_goes_away_stops_the_model(assistant: Assistant, path: str) -> None:
    script = Script(["word "] * 2000, pause=0.05)
    body: dict[str, Any] = {"question": "When did the mill open?"}
    if path.startswith("v1"):
        body = {**said(body["question"]), "stream": True}
    with written_by(script, assistant) as address:
        url = address.removesuffix("v1") + path
        with suppress(httpx.ReadTimeout), httpx.stream("POST", url, json=body, timeout=1) as reply:
            # It leaves when the model has begun, and in the middle of a stream where there is one.
            while not script.prompts:
                sleep(0.05)
            next(reply.iter_bytes())
        assert script.left.wait(30)


@pytest.mark.slow
def test_what_is_said_after_a_thought_is_sent_whole(assistant: Assistant) -> None:
    sent = Event()
    thought = "The mill was opened in 1901 [1]. Hm"
    script = Script([thought, sent, ".\n</think>\n", "The mill opened in the year 1901 [1]."])
    with written_by(script, assistant) as address:
        content = ""
        for chunk in ask(client_of(address), "When did the mill open?", stream=True):
            content += chunk.choices[0].delta.content or ""
            if content:
                sent.set()
    first, second, quote, *_ = content.split("\n\n")
    # What was sent cannot be taken back.
    assert first == "The mill was opened in 1901. [1]"
    assert second == "The mill opened in the year 1901. [1]"
    assert quote.startswith(f"> {MILL}")
