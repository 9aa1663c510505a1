"""``pullquote feedback``: drafts, the report and forgetting, as an owner types them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pullquote.cli import main
from pullquote.evaluate.report import feedback_page
from pullquote.serve.feedback import Entry, Feedback, KeptQuestions, Verdict
from pullquote.types import Status

HOSTILE = '<img src="https://example.org/x.png" onerror=alert(1)>'
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(file: Path, turn: int, verdict: Verdict, **more: Any) -> None:
    cited = more.pop("cited", ["The mill opened."])
    status = "answered" if cited else "not_found"
    answer = {"status": status, "citations": [{"cited_text": text} for text in cited]}
    time = (NOW - more.pop("age", timedelta())).isoformat(timespec="seconds")
    question = more.pop("question", f"Who is {turn}?")
    Feedback(file).record(Entry(file.name, turn, time, verdict, question, (), None, answer, **more))


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["feedback", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    return shown.err


def test_the_report_tells_what_was_rated_refused_and_disliked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "feedback.sqlite"
    put(file, 0, Verdict.UP, age=timedelta(weeks=3), comment="Thanks.")
    put(file, 1, Verdict.DOWN, question=HOSTILE, comment=f"Wrong {HOSTILE}", cited=[HOSTILE])
    put(file, 2, Verdict.DOWN, cited=[], question="What does it cost?")
    for _ in range(3):
        KeptQuestions(file, 30).keep("WHAT does it  cost?", Status.NOT_FOUND)
    KeptQuestions(file, 30).keep("When did it open?", Status.ANSWERED)
    assert main(["feedback", "report"]) == 0
    told = "3 verdicts and 4 questions from feedback.sqlite: see feedback.html.\n"
    assert capsys.readouterr().out.endswith(told)
    page = (folder / "feedback.html").read_text(encoding="utf-8")
    assert "1 of 3 rated answers good" in page
    assert "2 complaints, 1 with a comment." in page
    assert "<img" not in page
    assert page.count("&lt;img") == 3
    assert "asked 3 times, rated 1 time" in page
    # Three weeks lie between the first and the last: each has its row.
    assert page.count('<th scope="row">') == 4


def test_good_answers_that_are_not_shown_are_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback_page, "MAX_ROWS", 2)
    for turn in range(3):
        put(folder / "feedback.sqlite", turn, Verdict.UP)
    assert main(["feedback", "report"]) == 0
    page = (folder / "feedback.html").read_text(encoding="utf-8")
    assert "2 answers, the newest first" in page
    assert "1 older one not shown." in page


def test_the_files_of_several_servers_are_reported_together(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder / "a.sqlite", 0, Verdict.UP)
    put(folder / "b.sqlite", 0, Verdict.DOWN)
    KeptQuestions(folder / "b.sqlite", 30).keep("Why?", Status.NOT_FOUND)
    assert main(["feedback", "report", "a.sqlite", "b.sqlite", "--out", "sub/out.html"]) == 0
    assert "2 verdicts and 1 question from a.sqlite, b.sqlite" in capsys.readouterr().out
    page = (folder / "sub" / "out.html").read_text(encoding="utf-8")
    assert "1 of 2 rated answers good" in page
    # A file that is named twice counts once.
    assert main(["feedback", "report", "b.sqlite", "b.sqlite"]) == 0
    assert "1 verdict and 1 question from b.sqlite:" in capsys.readouterr().out
    assert main(["feedback", "export", "a.sqlite", "b.sqlite"]) == 0
    assert "1 draft from a.sqlite, b.sqlite" in capsys.readouterr().err


def test_what_cannot_be_reported_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "nothing to report: feedback.sqlite holds no" in refusal(capsys, "report")
    put(folder / "feedback.sqlite", 0, Verdict.UP)
    Feedback(folder / "feedback.sqlite").withdraw("feedback.sqlite", 0)
    assert "nothing to report" in refusal(capsys, "report")
    assert "no feedback file 'none.sqlite'" in refusal(capsys, "report", "none.sqlite")
    (folder / "bad.sqlite").write_bytes(b"no database " * 100)
    assert "'bad.sqlite' is damaged" in refusal(capsys, "report", "bad.sqlite").replace(
        str(folder) + "/", ""
    )
    put(folder / "feedback.sqlite", 0, Verdict.UP)
    (folder / "taken").mkdir()
    assert "'taken' cannot be written" in refusal(capsys, "report", "--out", "taken")
    assert "--out goes only with `pullquote feedback report`" in refusal(
        capsys, "export", "--out", "a.html"
    )


def test_kept_questions_are_forgotten_and_verdicts_stay(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "feedback.sqlite"
    put(file, 0, Verdict.UP)
    for age in (20, 5, 0):
        day = NOW.date() - timedelta(days=age)
        on_that_day = KeptQuestions(file, 100, partial(date.fromordinal, day.toordinal()))
        on_that_day.keep(f"Of {age}?", Status.ANSWERED)
    assert main(["feedback", "forget", "--older-than", "7"]) == 0
    assert capsys.readouterr().out.startswith("Deleted 1 kept question from feedback.sqlite")
    assert [kept.question for kept in KeptQuestions(file, 100).questions()] == ["Of 5?", "Of 0?"]
    assert main(["feedback", "forget"]) == 0
    assert KeptQuestions(file, 100).questions() == ()
    assert len(Feedback(file).entries()) == 1
    capsys.readouterr()
    assert "takes days, from 0" in refusal(capsys, "forget", "--older-than", "-1")
    assert "--older-than goes only with" in refusal(capsys, "report", "--older-than", "7")
