"""Open WebUI as it really calls: a session of it, by hand, in the form of its requests.

It lists the models, asks in a stream with usage, and then, of the same model, for a title, for tags
and for questions to ask next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.serve.api.front_ends import answer_to
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.listening import running
from tests.support.opened import Opened

QUESTION = "When did the mill open?"

#: As its ``utils/task.py`` fills its templates in; the words of the tasks are not its own.
TASK = """### Task:
{task}
### Guidelines:
- Answer with the object alone.
### Output:
JSON format: {{ "{key}": {shape} }}
### Chat History:
<chat_history>
USER: {question}
ASSISTANT: {answer}
</chat_history>"""

#: What it sends with every request.
HEADERS = {"Authorization": "Bearer any", "Content-Type": "application/json"}


@pytest.fixture
def web(tmp_path: Path) -> Iterator[httpx.Client]:
    index = make_index(tmp_path, {"mill.txt": "The mill opened in 1901. It burned down in 1911."})
    settings = Settings(reader="similarity-1", refuse_below=0.0)
    assistant = Assistant.with_parts(index, HashingEmbedder(), settings)
    with (
        running(Opened(assistant), settings) as address,
        httpx.Client(base_url=address, headers=HEADERS) as client,
    ):
        yield client


def chunks_of(response: httpx.Response) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in response.text.splitlines() if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def task(key: str, answer: str) -> dict[str, Any]:
    shape = '"..."' if key == "title" else '["...", "..."]'
    asked = TASK.format(
        task=f"Make the {key}.", key=key, shape=shape, question=QUESTION, answer=answer
    )
    return {
        "model": "pullquote",
        "messages": [{"role": "user", "content": asked}],
        "stream": False,
        "max_completion_tokens": 1000,
    }


def test_a_session_has_an_answer_a_title_and_no_answers_to_its_own_tasks(web: httpx.Client) -> None:
    (model,) = web.get("/models").json()["data"]
    said = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": QUESTION}]
    asked = {
        "stream": True,
        "model": model["id"],
        "messages": said,
        "stream_options": {"include_usage": True},
        "temperature": 0.7,
        "tools": [{"type": "function", "function": {"name": "get_time", "parameters": {}}}],
    }
    response = web.post("/chat/completions", json=asked)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    chunks = chunks_of(response)
    content = "".join(
        chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"]
    )
    assert "The mill opened in 1901. [1]" in content
    assert chunks[-1]["usage"]["total_tokens"] == 0
    wanted = {"title": QUESTION, "tags": [], "follow_ups": []}
    for key, value in wanted.items():
        answer = web.post("/chat/completions", json=task(key, content)).json()
        (choice,) = answer["choices"]
        assert json.loads(choice["message"]["content"]) == {key: value}
        assert choice["finish_reason"] == "stop"
        # It is no answer of the articles'.
        assert "pullquote" not in answer
        assert choice["message"]["annotations"] == []
    streamed = web.post("/chat/completions", json={**task("title", content), "stream": True})
    (chunk,) = chunks_of(streamed)
    assert json.loads(chunk["choices"][0]["delta"]["content"]) == {"title": QUESTION}
    # The next question comes with the conversation.
    said += [{"role": "assistant", "content": content}, {"role": "user", "content": "Why?"}]
    follow = web.post("/chat/completions", json={"model": "pullquote", "messages": said}).json()
    assert follow["pullquote"]["understood_as"] == "Why did the mill open?"


def test_a_title_is_short_and_whole_words_of_a_person_are_no_task() -> None:
    long = task("title", "In 1901.")["messages"][0]["content"].replace(QUESTION, "word " * 40)
    title = json.loads(answer_to(long) or "")["title"]
    assert title.startswith("word word")
    assert title.endswith("word…")
    assert len(title) <= 60
    assert answer_to(QUESTION) is None
    assert answer_to("### Task:\nWhen did the mill open?") is None
    assert (
        answer_to(f'Why "JSON format: {{"title": 1}}" <chat_history>{QUESTION}</chat_history>?')
        is None
    )
