"""OpenAI's own client asks a real server."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import openai
import pytest
import uvicorn
from conftest import HashingEmbedder, make_index
from test_server import Opened

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.server import _listen, create_app

TEXT = """url: https://post.example/mill
date: 2020-05-06

The mill opened in 1901. It was owned by Ada Kerr. The mill burned down in 1911."""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    index = make_index(
        tmp_path_factory.mktemp("door"), {"mill.txt": TEXT, "a b.txt": "The club opened in 1950."}
    )
    settings = Settings(reader="similarity-1", refuse_below=0.0)
    return Assistant.with_parts(index, HashingEmbedder(), settings)


def running(opening: Any, settings: Settings) -> Iterator[str]:
    listener = _listen("127.0.0.1", 0)
    app = create_app(opening, settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    yield from running(Opened(assistant), Settings(rate_limit=1000))


@pytest.fixture
def client(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=address, api_key="any", max_retries=0)


def ask(client: openai.OpenAI, *said: str, **more: Any) -> Any:
    messages: Any = [
        {"role": "assistant" if n % 2 else "user", "content": it} for n, it in enumerate(said)
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
    for it, quote in zip(message.annotations, answer["citations"], strict=True):
        place = slice(it.url_citation.start_index, it.url_citation.end_index)
        assert message.content[place] == quote["cited_text"]
        article = assistant.index.article(quote["document_id"])
        assert (
            article.text[quote["start_char_index"] : quote["end_char_index"]]
            == (quote["cited_text"])
        )
    club = ask(client, "When did the club open?").choices[0].message.annotations
    assert f"{address.removesuffix('v1')}api/articles/a%20b.txt" in {
        it.url_citation.url for it in club
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
    assert annotations == [it.model_dump() for it in whole.annotations]


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
    assert [it.id for it in client.models.list()] == ["pullquote"]


def test_too_many_questions_and_foreign_pages_are_refused(assistant: Assistant) -> None:
    for address in running(Opened(assistant), Settings(rate_limit=1)):
        client = openai.OpenAI(base_url=address, api_key="any", max_retries=0)
        ask(client, "When did the mill open?")
        with pytest.raises(openai.RateLimitError):
            ask(client, "When did the mill open?")
        elsewhere = {"Origin": "https://evil.example"}
        with pytest.raises(openai.PermissionDeniedError):
            ask(client, "When did the mill open?", extra_headers=elsewhere)


class Loading:
    """An assistant that is still being opened."""

    done = False
    error = None


def test_while_the_models_load_it_is_told_when_to_come_again() -> None:
    for address in running(Loading(), Settings()):
        client = openai.OpenAI(base_url=address, api_key="any", max_retries=0)
        with pytest.raises(openai.InternalServerError, match="still being loaded") as caught:
            ask(client, "Who?")
        assert int(caught.value.response.headers["Retry-After"]) >= 1
