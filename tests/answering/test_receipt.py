"""Receipts: a saved answer that shows its quotes and can be verified."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pullquote.answering.render import to_json, to_receipt, with_date
from pullquote.answering.render.receipt import from_receipt
from pullquote.answering.verify import verify
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.digest import article_digest
from pullquote.errors import AnswerFileError
from pullquote.types import Block, Checked
from tests.support.indexes import HashingEmbedder, make_index

TEXT = "The `mill` ```opened``` in *1901* <b>with</b> [a](link).\n\n# Ada Kerr\n\nShe owned it."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    make_index(tmp_path, {"mill.txt": TEXT})
    return tmp_path / "corpus"


@pytest.fixture
def answer(tmp_path: Path, corpus: Path) -> dict[str, Any]:
    from pullquote.index.store import Index

    index = Index.open(tmp_path / "index")
    settings = Settings(reader="similarity-1", refuse_below=0.0)
    assistant = Assistant.with_parts(index, HashingEmbedder(), settings)
    return with_date(to_json(assistant.ask("When was the mill ``` opened?"), index))


def checked(tmp_path: Path, corpus: Path, text: str, name: str = "a.md") -> list[str]:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return verify(file, [corpus])[1]


def test_a_receipt_holds_the_quotes_their_dates_and_digests_and_is_proved(
    tmp_path: Path, corpus: Path, answer: dict[str, Any]
) -> None:
    text = to_receipt(answer)
    assert from_receipt(text) == answer
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", answer["saved"])
    digest = answer["citations"][0]["document_digest"]
    assert f"SHA\\-256 of the article: {digest}" in text
    assert checked(tmp_path, corpus, text) == []
    assert checked(tmp_path, corpus, "\ufeff" + text.replace("\n", "\r\n"), "b.markdown") == []
    assert checked(tmp_path, corpus, json.dumps(answer), "c.json") == []


def test_an_article_that_is_another_one_now_is_told(
    tmp_path: Path, corpus: Path, answer: dict[str, Any]
) -> None:
    file = corpus / "mill.txt"
    file.write_text(file.read_text(encoding="utf-8") + " It burned.", encoding="utf-8")
    (failure, *_) = checked(tmp_path, corpus, to_receipt(answer))
    assert "its digest is another" in failure


@pytest.mark.parametrize("shown", ["1901", "Receipt", "answered", "Saved 20"])
def test_what_is_shown_cannot_be_altered_apart_from_what_is_held(
    tmp_path: Path, corpus: Path, answer: dict[str, Any], shown: str
) -> None:
    head, json_ = to_receipt(answer).split("```json", 1)
    assert shown in head
    altered = head.replace(shown, shown[:-1] + "X", 1) + "```json" + json_
    with pytest.raises(AnswerFileError, match="differs from its JSON"):
        checked(tmp_path, corpus, altered)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "its JSON is missing"),
        ("# Receipt of an answer\n", "its JSON is missing"),
        ("```json\n{\n```\n", "cannot be read"),
        ("```json\n[]\n```\n", "its JSON is missing"),
        ('```json\n{"answer": []}\n```\n', "not a saved answer"),
        ('```json\n{"question": 5, "answer": 5}\n```\n', "not a saved answer"),
        ("```json\n" + "[" * 100_000 + "\n```\n", "cannot be read"),
    ],
)
def test_what_is_no_receipt_is_told(tmp_path: Path, corpus: Path, text: str, told: str) -> None:
    with pytest.raises(AnswerFileError, match=told):
        checked(tmp_path, corpus, text)


def test_a_written_sentence_is_checked_again(
    tmp_path: Path, corpus: Path, answer: dict[str, Any]
) -> None:
    quote = answer["citations"][0]
    for text, failures in (("The mill opened in 1901.", 0), ("The mill opened in 1902.", 1)):
        block = {"type": "text", "text": text, "citations": [1], "origin": "written"}
        written = {**answer, "answer": [block], "citations": [quote]}
        found = checked(tmp_path, corpus, to_receipt(written))
        assert len(found) == failures, found


def test_which_articles_a_written_sentence_is_made_of_is_shown_and_checked_again(
    tmp_path: Path,
) -> None:
    from pullquote.index.store import Index

    make_index(
        tmp_path, {"mill.txt": "The mill opened in 1901.", "kerr.txt": "Ada *Kerr* owned it."}
    )
    index = Index.open(tmp_path / "index")
    settings = Settings(reader="similarity-1", refuse_below=0.0)
    assistant = Assistant.with_parts(index, HashingEmbedder(), settings)
    of_each = [
        assistant.ask(question, document_id=own)
        for question, own in (("The mill?", "mill.txt"), ("Who owned it?", "kerr.txt"))
    ]
    citations = tuple(replace(one.citations[0], number=n) for n, one in enumerate(of_each, 1))
    checks = Checked("0" * 64, 0.9)
    blocks = tuple(
        Block(citation.quote, (citation.number,), written=True, checked=checks)
        for citation in citations
    )
    provenance = replace(of_each[0].provenance, writer="small")
    made = replace(of_each[0], blocks=blocks, citations=citations, provenance=provenance)
    answer = to_json(made, index)
    receipt = to_receipt(answer)
    assert "Ada \\*Kerr\\* owned it. \\[2\\]  \n— Kerr\n" in receipt
    assert checked(tmp_path, tmp_path / "corpus", receipt) == []
    other = {**answer["answer"][1], "articles": answer["answer"][0]["articles"]}
    for part in (other, {**other, "articles": [{"document_title": "Me", "published": None}]}):
        receipt = to_receipt({**answer, "answer": [answer["answer"][0], part]})
        (fault,) = checked(tmp_path, tmp_path / "corpus", receipt)
        assert "names other articles than it cites" in fault


def test_the_digest_is_the_articles(corpus: Path, answer: dict[str, Any], tmp_path: Path) -> None:
    from pullquote.index.store import Index

    article = Index.open(tmp_path / "index").article("mill.txt")
    assert answer["citations"][0]["document_digest"] == article_digest(article)
