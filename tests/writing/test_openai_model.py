"""A language model's server that fails, as the client of it tells."""

from __future__ import annotations

import json
from itertools import count
from time import monotonic

import pytest

from pullquote.errors import BusyError, WriterError
from pullquote.openai_model import MAX_CHARACTERS, OpenAIModel
from pullquote.writing.writers import WhileAwaited
from tests.support.writer import Script, scripted


def event(**told: object) -> bytes:
    return f"data: {json.dumps(told)}\n\n".encode()


def choice(finish: str | None = None, **told: object) -> bytes:
    return event(choices=[{"index": 0, "finish_reason": finish, **told}])


def said(script: Script, timeout: float = 20.0) -> str:
    with scripted(script) as address:
        return "".join(OpenAIModel(address, "any", "", timeout).write("Why?"))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (Script(raw=b"<html><h1>502 Bad Gateway</h1></html>"), "broke off"),
        (Script(raw=b"<html>", headers={"Content-Type": "text/html"}), "broke off"),
        (Script(raw=b"<html>No such page</html>", status=404), "No such page"),
        (Script(raw=b"data: {not json}\n\n"), "JSONDecodeError"),
        (Script(raw=b'data: {"choices": 7}\n\n'), "failed: "),
        (Script(raw=b'data: {"error": {"message": "out of memory"}}\n\n'), "out of memory"),
        (Script(raw=b""), "broke off"),
        (Script(["x"], status=500), "InternalServerError"),
        (Script(["x"], status=401), "AuthenticationError"),
        (Script(["Amazon banned"], cut=True), "broke off"),
        (Script(["Amazon banned"], finish="length"), "more than 2000 tokens"),
        (Script(["Amazon banned"], finish="content_filter"), "held back the rest"),
        (Script(["word " * 50] * MAX_CHARACTERS), "does not stop writing"),
        (Script([b": ping\n" * 1000] * 1000), "does not stop sending"),
        (Script([b"data: " + b"x" * 10**6] * 10), "does not stop sending"),
        (Script(raw=b'data: {"error": "\\ud83d"}\n\n'), r"failed: \?"),
    ],
    ids=[
        *("html", "html-type", "404", "no-json", "shape", "error", "nothing", "500", "401", "cut"),
        *("length", "filter", "endless", "endless-comments", "endless-line", "half-a-character"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(script: Script, told: str) -> None:
    with pytest.raises(WriterError, match=told) as caught:
        said(script)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "script",
    [
        Script(silent=True),
        Script(["word "] * 100, pause=0.2),
        Script([b": ping\n\n"] * 100, pause=0.2),
        Script([b"data: "] + [b"x"] * 100, pause=0.2),
    ],
    ids=["silent", "slow", "comments", "line"],
)
def test_a_server_that_is_too_slow_is_left(script: Script) -> None:
    began = monotonic()
    with pytest.raises(WriterError, match="did not finish in 1 seconds"):
        said(script, timeout=1.0)
    assert monotonic() - began < 10


def test_a_server_that_only_says_that_it_is_there_is_left_when_nobody_waits() -> None:
    asked = count()
    with scripted(Script([b": ping\n\n"] * 100, pause=0.2)) as address:
        writer = WhileAwaited(OpenAIModel(address, "any", "", 60.0), lambda: next(asked) < 2)
        with pytest.raises(BusyError):
            list(writer.write("Why?"))


@pytest.mark.parametrize(
    "pieces",
    [
        ["A 😀 [1].", choice("stop")],
        ["A 😀 [1].", choice("stop", delta=None)],
        ["A 😀 [1].", choice("stop", delta={}), event(usage={"total_tokens": 3})],
        [event(choices=None), event(choices=[]), choice("stop", delta={"content": "A 😀 [1]."})],
        [choice("stop", delta={"content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
            {"type": "text", "text": "A 😀 [1]."},
        ]})],
        ["A \ud83d", "\ude00 [1].", choice("stop")],
        [b"\xef\xbb\xbf: hello\r\n", "A 😀 [1].", choice("stop"), b"data: {not json}\n\n"],
    ],
    ids=["no-delta", "null-delta", "usage", "no-choices", "list", "two-halves", "after-the-end"],
)  # fmt: skip
def test_a_whole_reply_is_read_in_whatever_shape_it_is_sent(pieces: list[str | bytes]) -> None:
    assert said(Script(pieces, cut=True)) == "A 😀 [1]."


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("llama3.2", {"max_tokens": 2000, "temperature": 0.0}),
        ("gpt-5-mini", {"max_completion_tokens": 2000}),
        ("o3", {"max_completion_tokens": 2000}),
    ],
)
def test_a_model_is_asked_in_the_terms_that_it_takes(
    model: str, options: dict[str, object]
) -> None:
    script = Script(["x"])
    with scripted(script) as address:
        "".join(OpenAIModel(address, model, "", 20.0).write("Why?"))
    assert script.options == [{"model": model, "stream": True, **options}]


def test_a_server_that_is_not_there_is_named_as_such() -> None:
    with pytest.raises(WriterError, match="Connection error"):
        "".join(OpenAIModel("http://127.0.0.1:9/v1", "any", "", 5.0).write("Why?"))


@pytest.mark.parametrize(("status", "told"), [(429, "RateLimit"), (503, "InternalServerError")])
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(
    status: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [monotonic()]
    monkeypatch.setattr("pullquote.openai_model.monotonic", lambda: now[0])
    script = Script(["x"], status=status, headers={"Retry-After": "7"})
    with scripted(script) as address:
        model = OpenAIModel(address, "any", "", 5.0)
        with pytest.raises(WriterError, match=told):
            list(model.write("Why?"))
        now[0] += 6
        with pytest.raises(WriterError, match="busy for 1 seconds more"):
            list(model.write("Why?"))
        assert len(script.prompts) == 1
        now[0] += 2
        script.status = 200
        assert "".join(model.write("Why?")) == "x"


@pytest.mark.parametrize(("told", "least"), [("2.5", 2), ("Fri, 01 Jan 2100 00:00:00 GMT", 55)])
def test_a_busy_server_may_tell_a_fraction_or_a_date(told: str, least: float) -> None:
    script = Script(["x"], status=429, headers={"Retry-After": told})
    with scripted(script) as address:
        model = OpenAIModel(address, "any", "", 20.0)
        with pytest.raises(WriterError, match="RateLimit"):
            list(model.write("Why?"))
        assert model._rests_until - monotonic() > least - 1


def test_a_failure_beside_it_does_not_shorten_the_time_that_a_server_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = OpenAIModel("http://127.0.0.1:9/v1", "any", "", 5.0)
    until = monotonic() + 50

    def fails(**_: object) -> None:
        model._rests_until = until  # another thread is told in the meantime
        raise OSError("broken pipe")

    monkeypatch.setattr(model, "_open", fails)
    with pytest.raises(WriterError, match="broken pipe"):
        list(model.write("Why?"))
    assert model._rests_until == until


def test_a_server_cannot_ask_to_be_left_alone_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [monotonic()]
    monkeypatch.setattr("pullquote.openai_model.monotonic", lambda: now[0])
    script = Script(["x"], status=429, headers={"Retry-After": "86400"})
    with scripted(script) as address:
        model = OpenAIModel(address, "any", "", 5.0)
        with pytest.raises(WriterError):
            list(model.write("Why?"))
        now[0] += 61
        script.status = 200
        assert "".join(model.write("Why?")) == "x"


def test_who_has_heard_enough_closes_the_connection() -> None:
    script = Script(["word "] * 600, pause=0.05)
    with scripted(script) as address:
        reply = OpenAIModel(address, "any", "", 60.0).write("Why?")
        assert next(reply) == "word "
        del reply
        assert script.left.wait(20)
