"""Verifying a saved answer against the current articles."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pullquote.answering import render
from pullquote.answering.compose import Cutoffs, compose
from pullquote.answering.verify import verify
from pullquote.errors import AnswerFileError, CorpusError
from pullquote.index.store import Index
from pullquote.messages import messages
from pullquote.types import Provenance, Reading, ScoredSentence, Timings
from tests.support.indexes import HashingEmbedder, make_index

TEXT = (
    "Title: Bank\nDate: 2020-06-11\nURL: https://example.org/\n\n"
    "The bank “Zoë” closed its branch in Lund. It did not say why. Rents rose.\n\nRain fell."
)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return make_index(tmp_path, {"a.txt": TEXT, "b.txt": TEXT}, HashingEmbedder())


def saved(
    index: Index, question: str, *numbers: int, sure: float = 0.9, not_said: float = 0.0
) -> dict[str, Any]:
    """The JSON of an answer from a reading with these sentences of a.txt."""
    sentences = index.sentences("a.txt")
    span = (sentences[0].start + 4, sentences[0].start + 8)
    read = tuple(
        ScoredSentence(sentences[n], 0.9, not_said, span if n == 0 else None) for n in numbers
    )
    answer = compose(
        question, question, Reading(read, sure), index, Cutoffs(3, 0.3, 0.5),
        Provenance("d", "r", "e"), Timings(1, 2, 3),
    )  # fmt: skip
    return render.to_json(answer, index)


def _message(key: object = "written", text: str = messages().written) -> dict[str, Any]:
    return {"type": "text", "text": text, "citations": [], "origin": "message", "message": key}


def checked(tmp_path: Path, answer: object) -> tuple[int, list[str]]:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    return verify(file, [tmp_path / "corpus"])


def test_a_saved_answer_of_each_status_verifies(tmp_path: Path, index: Index) -> None:
    answered = saved(index, "When?", 0, 3)
    unknown = saved(index, "Why did the bank close its branch?", 1, 0, not_said=0.9)
    nothing = saved(index, "When?", 0, 2, sure=0.1)
    assert [item["status"] for item in (answered, unknown, nothing)] == [
        "answered", "stated_unknown", "not_found",
    ]  # fmt: skip
    for answer in (answered, unknown, nothing):
        assert checked(tmp_path, answer) == (2, [])
    assert checked(tmp_path, saved(index, "When?", sure=0.0)) == (0, [])


def test_a_byte_order_mark_is_no_fault(tmp_path: Path, index: Index) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(saved(index, "When?", 0)), encoding="utf-8-sig")
    assert verify(file, [tmp_path / "corpus"]) == (1, [])


Tamper = Callable[[dict[str, Any]], object]
NOT_SAID = "Quote 1 from 'a.txt' is not what the article says at characters 56 to 97."


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (lambda q: q.update(cited_text=q["cited_text"].replace("ë", "e")), NOT_SAID),
        (lambda q: q.update(cited_text=q["cited_text"].replace("“", '"')), NOT_SAID),
        (lambda q: q.update(cited_text=q["cited_text"] + " "), NOT_SAID),
        (lambda q: q.update(cited_text=""), NOT_SAID),
        (lambda q: q.update(cited_text=None), NOT_SAID),
        (lambda q: q.update(cited_text=["T"]), NOT_SAID),
        (lambda q: q.pop("cited_text"), NOT_SAID),
        (lambda q: q.update(start_char_index=57), "at characters 57 to 97"),
        (lambda q: q.update(start_char_index=True), "at characters True to 97"),
        (lambda q: q.update(start_char_index=56.0), "at characters 56.0 to 97"),
        (lambda q: q.update(start_char_index=None), "at characters None to 97"),
        (lambda q: q.update(start_char_index="56"), "at characters '56' to 97"),
        (lambda q: q.update(end_char_index=-1), "at characters 56 to -1"),
        (lambda q: q.update(end_char_index=10**300), "is not what the article says"),
        (lambda q: q.update(start_char_index=float("nan")), "at characters nan to 97"),
        (
            lambda q: q.update(start_char_index=0, end_char_index=11, cited_text="Title: Bank"),
            "at characters 0 to 11",
        ),
        (lambda q: q.update(document_id="c.txt"), "there is no such article"),
        (lambda q: q.update(document_id=None), "there is no such article"),
        (lambda q: q.update(document_id=["a.txt"]), "there is no such article"),
        (lambda q: q.update(document_id="../corpus/a.txt"), "there is no such article"),
        (lambda q: q.update(document_title="Banks"), "names another title"),
        (lambda q: q.update(published=None), "names another title, date"),
        (lambda q: q.update(url="https://example.com/"), "or address than"),
        (lambda q: q["context"].update(text="The bank"), "its context"),
        (lambda q: q["context"].update(start_char_index=57), "its context"),
        (lambda q: q.update(context={**q["context"], "end_char_index": 60}), "its context"),
        (lambda q: q.update(context="The bank"), "its context"),
        (lambda q: q.update(context=[]), "its context"),
        (lambda q: q.update(context={}), "its context"),
        (lambda q: q["answer_span"].update(end_char_index=98), "its marked words"),
        (lambda q: q["answer_span"].update(start_char_index=0), "its marked words"),
        (lambda q: q.update(answer_span="The"), "its marked words"),
        (lambda q: q["selector"].update(exact="The"), "its selector"),
        (lambda q: q["selector"].update(prefix="x"), "its selector"),
        (lambda q: q["selector"].update(suffix="x"), "its selector"),
        (lambda q: q["selector"].update(suffix=None), "its selector"),
        (lambda q: q.update(selector=[]), "its selector"),
        (lambda q: q.update(number=2), "The citations are numbered [2]"),
        (lambda q: q.update(number=True), "The citations are numbered [True]"),
        (lambda q: q.update(number=None), "The citations are numbered [None]"),
        (lambda q: q.update(number=[1]), "The citations are numbered [[1]]"),
        (lambda q: q.update(number={}), "The citations are numbered [{}]"),
    ],
)
def test_a_quote_that_was_tampered_with_is_named(
    tmp_path: Path, index: Index, tamper: Tamper, named: str
) -> None:
    answer = saved(index, "When?", 0)
    (quote,) = answer["citations"]
    quote["context"] = {
        "start_char_index": 56, "end_char_index": 97, "text": quote["cited_text"],
    }  # fmt: skip
    assert checked(tmp_path, answer) == (1, [])
    before = copy.deepcopy(answer)
    tamper(quote)
    assert repr(answer) != repr(before)
    count, failures = checked(tmp_path, answer)
    assert count == 1
    assert [failure for failure in failures if named in failure] != []


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (lambda a: a["answer"][0].update(text="It closed."), "is not what its citations say"),
        (lambda a: a["answer"][0].update(text=None), "is not what its citations say"),
        (lambda a: a["answer"][0].update(citations=[]), "has no citation and is no fixed message"),
        (lambda a: a["answer"][0].pop("citations"), "has no citation and is no fixed message"),
        (lambda a: a["answer"][0].update(citations=[2]), "cites [2], which are not all there"),
        (lambda a: a["answer"][0].update(citations=[0]), "cites [0], which are not all there"),
        (lambda a: a["answer"][0].update(citations=[True]), "cites [True], which are not"),
        (lambda a: a["answer"][0].update(citations=[[1]]), "cites [[1]], which are not"),
        (lambda a: a["answer"][0].update(citations=None), "cites None, which are not"),
        (lambda a: a["answer"][0].update(citations="1"), "cites '1', which are not"),
        (lambda a: a["answer"][0].update(citations={"1": 1}), "cites {'1': 1}, which are not"),
        (lambda a: a["answer"][0].update(checked="yes"), "has a 'checked' that cannot be read"),
        (lambda a: a["answer"].append({"text": "Buy now!"}), "is no fixed message"),
        (lambda a: a["answer"].append({}), "is no fixed message"),
        (lambda a: a["answer"].append({"text": ["x"]}), "is no fixed message"),
        (lambda a: a["answer"].append(_message(key="not_found")), "is no fixed message"),
        (lambda a: a["answer"].append(_message(key=["written"])), "is no fixed message"),
        (lambda a: a["answer"].append(_message(text="Buy now!")), "is no fixed message"),
        (lambda a: a["answer"][0].update(message="written"), "is a quote and a message"),
        (lambda a: a["answer"].append(a["answer"][0]), "cites [1, 1] of 1 citations"),
        (lambda a: a["answer"].clear(), "cites [] of 1 citations"),
        (lambda a: a.update(status="not_found"), "'not_found' has the wrong citations"),
        (lambda a: a.update(status="sure"), "the status 'sure', which is none"),
        (lambda a: a.update(status=None), "the status None, which is none"),
        (lambda a: a.update(status=["answered"]), "the status ['answered'], which is none"),
        (lambda a: a.update(closest=a["citations"]), "'answered' has the wrong citations"),
        (
            lambda a: a["answer"].insert(0, {"text": messages().differ, "citations": []}),
            "says that articles differ, and does not cite two",
        ),
    ],
)
def test_a_part_that_was_tampered_with_is_named(
    tmp_path: Path, index: Index, tamper: Tamper, named: str
) -> None:
    answer = saved(index, "When?", 0)
    tamper(answer)
    _, failures = checked(tmp_path, answer)
    assert [failure for failure in failures if named in failure] != []


def test_what_an_earlier_version_did_not_write_is_not_missed(tmp_path: Path, index: Index) -> None:
    answer = saved(index, "When?", 0, 3)
    for quote in answer["citations"]:
        for name in ("document_digest", "updated", "section", "source", "also_in", "context"):
            del quote[name]
        quote["sentence_index"] += 7
        quote["score"] = 4
    for block in answer["answer"]:
        del block["origin"], block["message"]
    del answer["closest"], answer["index"], answer["timings_ms"]
    assert checked(tmp_path, answer) == (2, [])


def test_the_closest_are_checked_too(tmp_path: Path, index: Index) -> None:
    answer = saved(index, "When?", 0, sure=0.1)
    answer["closest"][0]["cited_text"] = "The bank stayed."
    assert checked(tmp_path, answer) == (1, [NOT_SAID])


def test_an_article_that_was_edited_since_is_named(tmp_path: Path, index: Index) -> None:
    answer = saved(index, "When?", 0)
    (tmp_path / "corpus/a.txt").write_text(TEXT.replace("branch", "office"), encoding="utf-8")
    assert checked(tmp_path, answer) == (1, [NOT_SAID])


def test_an_article_that_is_gone_or_unreadable_is_named(tmp_path: Path, index: Index) -> None:
    answer = saved(index, "When?", 0)
    (tmp_path / "corpus/a.txt").write_bytes(b"\xff\xfe\x00")
    (failure,) = checked(tmp_path, answer)[1]
    assert failure.startswith("Quote 1 from 'a.txt': its article cannot be read: ")
    (tmp_path / "corpus/a.txt").unlink()
    (failure,) = checked(tmp_path, answer)[1]
    assert failure == f"Quote 1 from 'a.txt': there is no such article in {tmp_path / 'corpus'}."


def test_a_corpus_that_is_gone_is_an_error(tmp_path: Path, index: Index) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(saved(index, "When?", 0)), encoding="utf-8")
    with pytest.raises(CorpusError):
        verify(file, [tmp_path / "elsewhere"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"1",
        b"[]",
        b"{}",
        b'"answer"',
        b'{"answer": [], "citations": {}}',
        b'{"answer": [], "citations": [1]}',
        b'{"answer": [null], "citations": []}',
        b'{"answer": null, "citations": []}',
        b'{"answer": [], "citations": [], "closest": null}',
        b'{"answer": [], "citations": [], "closest": [[]]}',
        b"\xff\xfe{\x00}\x00",
        b"\x00",
        b"[" * 200_000,
        b'{"answer": [], "citations": [], "x": ' + b"9" * 10_000 + b"}",
    ],
)
def test_a_file_that_is_no_saved_answer_is_an_error_and_no_traceback(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "answer.json"
    file.write_bytes(content)
    with pytest.raises(AnswerFileError, match=r"answer\.json"):
        verify(file, [tmp_path])


def test_a_folder_or_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(AnswerFileError, match="cannot be read"):
            verify(file, [tmp_path])


def test_an_answer_without_anything_in_it_is_named(tmp_path: Path, index: Index) -> None:
    assert index.articles.keys() == {"a.txt", "b.txt"}
    assert checked(tmp_path, {"answer": [], "citations": [{}]})[1] != []
    assert checked(tmp_path, {"answer": [{}], "citations": []})[1] != []
