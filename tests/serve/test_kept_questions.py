"""Questions that nobody rated: kept only where the owner wants it, for some days, and deleted."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from pullquote.errors import FeedbackError
from pullquote.serve.feedback import AskedQuestion, KeptQuestions, questions
from pullquote.types import Status
from tests.support.api import Serve

TODAY = date(2026, 3, 31)


def kept_on(file: Path, day: date, days: int = 30) -> KeptQuestions:
    return KeptQuestions(file, days, lambda: day)


def texts(store: KeptQuestions) -> list[str]:
    return [kept.question for kept in store.questions()]


def test_a_question_is_kept_for_so_many_days_and_then_is_gone_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "feedback.sqlite"
    kept_on(file, TODAY).keep("Who is <private>?", Status.NOT_FOUND)
    last = TODAY + timedelta(days=30)
    assert kept_on(file, last).questions() == (
        AskedQuestion(TODAY, "Who is <private>?", Status.NOT_FOUND),
    )
    late = kept_on(file, last + timedelta(days=1))
    assert late.questions() == ()
    late.keep("A later one?", Status.ANSWERED)
    assert texts(late) == ["A later one?"]
    assert b"private" not in file.read_bytes()


def test_old_questions_go_and_all_do_when_they_are_told_to(tmp_path: Path) -> None:
    file = tmp_path / "feedback.sqlite"
    for age in (40, 3, 0):
        kept_on(file, TODAY - timedelta(days=age), 100).keep(f"Of {age}?", Status.ANSWERED)
    assert kept_on(file, TODAY).forget_old() == 1
    assert texts(kept_on(file, TODAY, 100)) == ["Of 3?", "Of 0?"]
    assert kept_on(file, TODAY).forget() == 2
    assert texts(kept_on(file, TODAY, 100)) == []
    assert b"Of " not in file.read_bytes()


def test_where_no_file_is_nothing_is_forgotten_or_made(tmp_path: Path) -> None:
    store = KeptQuestions(tmp_path / "feedback.sqlite", 30)
    assert (store.questions(), store.forget_old(), store.forget()) == ((), 0, 0)
    assert list(tmp_path.iterdir()) == []


def test_of_too_many_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MAX_QUESTIONS", 2)
    store = kept_on(tmp_path / "feedback.sqlite", TODAY)
    for name in "abc":
        store.keep(name, Status.ANSWERED)
    assert texts(store) == ["b", "c"]


def test_a_row_that_is_no_question_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "feedback.sqlite"
    store = kept_on(file, TODAY)
    store.keep("a", Status.ANSWERED)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE questions SET status = 'wonderful'")
    with pytest.raises(FeedbackError, match="is damaged"):
        store.questions()


def ask_everywhere(serve: Serve, **settings: object) -> None:
    with serve(**settings) as client:
        for path in ("/api/ask", "/api/ask/stream"):
            client.post(path, json={"question": f"When did the mill open, {path}?"})
        client.post("/api/ask", json={"question": "hello"})
        said = [{"role": "user", "content": "When did the tram open?"}]
        client.post("/v1/chat/completions", json={"model": "pullquote", "messages": said})
        # What is rated is kept with its verdict, and is no question more.
        client.post("/api/feedback", json={"question": "When?", "verdict": "none"})


def test_a_server_keeps_what_is_asked_only_where_it_is_told_to(
    serve: Serve, tmp_path: Path
) -> None:
    file = tmp_path / "feedback.sqlite"
    ask_everywhere(serve)
    assert not file.exists()
    ask_everywhere(serve, keep_questions=True)
    assert sorted(texts(KeptQuestions(file, 30))) == [
        "When did the mill open, /api/ask/stream?",
        "When did the mill open, /api/ask?",
        "When did the tram open?",
    ]


def test_a_server_deletes_what_is_too_old_though_it_keeps_none_any_more(
    serve: Serve, tmp_path: Path
) -> None:
    file = tmp_path / "feedback.sqlite"
    kept_on(file, date(2020, 1, 1)).keep("Long ago?", Status.ANSWERED)
    with serve():
        assert b"Long ago" not in file.read_bytes()


def test_a_question_that_cannot_be_kept_is_answered(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "feedback.sqlite").write_bytes(b"no database " * 100)
    with serve(keep_questions=True) as client:
        body = client.post("/api/ask", json={"question": "When did the mill open?"}).json()
    assert body["status"] == "answered"
