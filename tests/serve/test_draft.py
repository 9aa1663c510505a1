"""An editor's draft is checked over HTTP, without a language model."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pullquote.serve.api import drafts
from pullquote.serve.api.drafts import LONGEST, MOST
from tests.support.api import QUESTION, Serve, error_of

DRAFT = """A heading

The mill opened in 1901. The mill opened in 1950.

The moon is made of “green cheese”. The roof leaked, its owner said."""


@pytest.mark.slow
def test_each_sentence_has_the_quotes_that_support_it_or_the_nearest(serve: Serve) -> None:
    response = serve().post("/api/check-draft", json={"text": DRAFT})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    told = response.json()["sentences"]
    assert [one["supported"] for one in told] == [True, False, False, True]
    for one in told:
        assert DRAFT[one["start_char_index"] : one["end_char_index"]] == one["text"]
    true, false, invented, said = told
    assert [quote["cited_text"] for quote in true["quotes"]] == ["The mill opened in 1901."]
    assert true["quotes"][0]["document_id"] == "mill.txt"
    assert false["quotes"]
    assert false["why"] == "It names a time that is in none of the quotes."
    assert "quotes words" in invented["why"]
    assert said["quotes"][0]["cited_text"] == "Its owner said that the roof leaked."


@pytest.mark.slow
def test_a_sentence_that_is_too_long_is_not_checked_by_its_end_alone(serve: Serve) -> None:
    # The network would read the last 96 tokens: what stands before them is false.
    text = "The tram was painted red, " + "and so on, " * 60 + "and the mill opened in 1901."
    (told,) = serve().post("/api/check-draft", json={"text": text}).json()["sentences"]
    assert (told["supported"], told["why"]) == (False, "It is too long to be checked: split it.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "text"),
        ("x" * (LONGEST + 1), "text"),
        (" \n ", "The draft has no sentences"),
        ("It rained. " * (MOST + 1), f"has {MOST + 1} sentences; at most {MOST}"),
    ],
)
def test_what_is_no_draft_is_told(serve: Serve, text: str, message: str) -> None:
    status, _, told = error_of(serve().post("/api/check-draft", json={"text": text}))
    assert status == 400
    assert message in told


def test_other_sites_readers_check_nothing(serve: Serve) -> None:
    site = "https://post.example"
    headers = {"Origin": site}
    client = serve(origins=(site,))
    foreign = client.post("/api/check-draft", json={"text": "Rain."}, headers=headers)
    assert error_of(foreign)[:2] == (403, "forbidden_origin")


def test_ten_sentences_count_as_a_question(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = SimpleNamespace(json=lambda index: {})
    monkeypatch.setattr(drafts, "check_claim", lambda assistant, said: checked)
    client = serve(rate_limit=3)

    def status(sentences: int) -> int:
        text = "It rained. " * sentences
        return client.post("/api/check-draft", json={"text": text}).status_code

    assert [status(n) for n in (11, 11, 10, 1)] == [200, 429, 200, 429]
    refused = client.post("/api/check-draft", json={"text": "It rained."})
    assert error_of(refused)[:2] == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 429
    # Where few questions are allowed, a long draft takes them all.
    client = serve(rate_limit=2)
    assert [status(n) for n in (MOST, 1)] == [200, 429]
