"""A language model's server that fails, as the client of it tells."""

from __future__ import annotations

from time import monotonic

import pytest

from pullquote.errors import WriterError
from pullquote.openai_model import MAX_CHARACTERS, OpenAIModel
from tests.support.writer import Script, scripted


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
        (Script(["word "] * MAX_CHARACTERS), "does not stop"),
    ],
    ids=[
        *("html", "html-type", "404", "no-json", "shape", "error", "nothing", "500", "401", "cut"),
        *("length", "endless"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(script: Script, told: str) -> None:
    with pytest.raises(WriterError, match=told) as caught:
        said(script)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "script", [Script(silent=True), Script(["word "] * 100, pause=0.2)], ids=["silent", "slow"]
)
def test_a_server_that_is_too_slow_is_left(script: Script) -> None:
    with pytest.raises(WriterError, match=r"did not finish in 1 seconds|timed out"):
        said(script, timeout=1.0)


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
