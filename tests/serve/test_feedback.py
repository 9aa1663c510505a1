"""Readers' verdicts: kept with no address, given out as drafts of questions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pullquote.errors import FeedbackError
from pullquote.serve.feedback import (
    MAX_COMMENT,
    Entry,
    Feedback,
    Verdict,
    clean_comment,
    drafts,
    file,
    merged,
    verdicts,
    with_filters,
)
from pullquote.types import Filters

NASTY = "Wer's “war” '); DROP TABLE verdicts; -- \u2028 \U0001f600 <script>?"


def answer(status: str = "answered", cited: Sequence[str] = ("One.", "Two.")) -> dict[str, object]:
    return {
        "status": status,
        "citations": [{"cited_text": text} for text in cited],
        "index": {"digest": "d1"},
    }


def entry(turn: int = 0, verdict: Verdict = Verdict.UP, **changes: object) -> Entry:
    made = Entry("c1", turn, "2026-03-04T05:06:07", verdict, f"Who is {turn}?", (), None, answer())
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path / "feedback.sqlite")


def test_what_was_recorded_is_read_back(store: Feedback) -> None:
    first = entry(
        question=NASTY,
        history=("Before?", NASTY),
        document_id="a b/ü.txt",
        answer=answer(cited=[NASTY]),
    )
    later = entry(1, Verdict.DOWN, time="2026-03-04T05:06:08")
    store.record(later)
    store.record(first)
    assert store.entries() == (first, later)
    assert store.verdicts("c1") == {0: Verdict.UP, 1: Verdict.DOWN}
    assert store.verdicts("another") == {}


def test_the_filters_of_a_question_are_kept_with_its_answer(store: Feedback) -> None:
    asked = Filters(since="2020-01-01", section="Town")
    store.record(entry(answer=with_filters(answer(), asked)))
    store.record(entry(1, answer=with_filters(answer(), Filters())))
    filtered, other = store.entries()
    assert filtered.filters == {"since": "2020-01-01", "section": "Town"}
    assert (other.filters, other.answer) == ({}, answer())


def test_another_verdict_takes_the_place_of_the_first(store: Feedback) -> None:
    store.record(entry())
    store.record(entry(verdict=Verdict.WRONG_CITATION))
    assert [item.verdict for item in store.entries()] == [Verdict.WRONG_CITATION]
    store.withdraw("c1", 0)
    assert store.entries() == ()
    store.withdraw("c1", 0)  # nothing is there any more


def test_there_is_no_file_before_the_first_verdict(tmp_path: Path, store: Feedback) -> None:
    assert store.entries() == ()
    store.withdraw("c1", 0)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_kept_but_these_columns(tmp_path: Path, store: Feedback) -> None:
    store.record(entry())
    with sqlite3.connect(tmp_path / "feedback.sqlite") as connection:
        rows = connection.execute("SELECT * FROM verdicts")
        assert [column[0] for column in rows.description] == [
            "conversation",
            "turn",
            "time",
            "verdict",
            "question",
            "history",
            "document_id",
            "answer",
            "comment",
        ]


def test_threads_do_not_lose_one_anothers_verdicts(store: Feedback) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.record(entry(n)), range(60)))
    assert sorted(item.turn for item in store.entries()) == list(range(60))


def test_verdicts_given_and_taken_back_at_once_wait_for_one_another(store: Feedback) -> None:
    def change_mind(n: int) -> None:
        store.record(entry(n))
        if n % 2:
            store.withdraw("c1", n)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change_mind, range(60)))
    assert sorted(item.turn for item in store.entries()) == list(range(0, 60, 2))


def test_a_file_that_another_program_holds_is_one_sentence(
    tmp_path: Path, store: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.record(entry())
    monkeypatch.setattr(file, "PATIENCE", 0.1)
    with sqlite3.connect(tmp_path / "feedback.sqlite") as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(FeedbackError, match=r"cannot be used \(database is locked\)"):
            store.record(entry(1))
        with pytest.raises(FeedbackError, match=r"cannot be used \(database is locked\)"):
            store.entries()
    assert store.entries() == (entry(),)


def test_what_was_taken_back_is_gone_from_the_file(tmp_path: Path, store: Feedback) -> None:
    store.record(entry(question="Something private?"))
    assert b"private" in (tmp_path / "feedback.sqlite").read_bytes()
    store.withdraw("c1", 0)
    assert b"private" not in (tmp_path / "feedback.sqlite").read_bytes()


def test_a_file_of_a_later_schema_is_left_alone(tmp_path: Path, store: Feedback) -> None:
    store.record(entry())
    with sqlite3.connect(tmp_path / "feedback.sqlite") as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(FeedbackError, match="schema version 3, not 2"):
        store.entries()


@pytest.mark.parametrize("begins", ["reading", "writing"])
def test_a_file_of_the_first_schema_is_read_and_written_on(
    tmp_path: Path, store: Feedback, begins: str
) -> None:
    store.record(entry())
    with sqlite3.connect(tmp_path / "feedback.sqlite") as connection:
        connection.execute("ALTER TABLE verdicts DROP COLUMN comment")
        connection.execute("DROP TABLE questions")
        connection.execute("PRAGMA user_version = 1")
    if begins == "reading":
        assert store.entries() == (entry(),)
    store.record(entry(1, Verdict.DOWN, comment="Too short."))
    assert store.entries() == (entry(), entry(1, Verdict.DOWN, comment="Too short."))


def test_a_comment_is_kept_until_the_complaint_is_taken_back(store: Feedback) -> None:
    store.record(entry(verdict=Verdict.DOWN))
    assert store.commented("c1") == []
    store.record(entry(verdict=Verdict.DOWN, comment=NASTY))
    assert store.commented("c1") == [0]
    store.record(entry(verdict=Verdict.WRONG_CITATION))
    assert [item.comment for item in store.entries()] == [NASTY]
    store.record(entry(verdict=Verdict.UP))
    assert store.commented("c1") == []


def test_a_comment_is_what_can_be_written_and_shown() -> None:
    assert clean_comment(" a\x1b[2J\tb\n\ud800 c ") == "a [2J b\n? c"
    assert clean_comment("x" * 2000) == "x" * MAX_COMMENT


def test_the_files_of_several_servers_are_one(tmp_path: Path) -> None:
    for name, turns in (("a", (0, 3)), ("b", (2,)), ("copy", (0,))):
        for turn in turns:
            later = name == "copy"
            Feedback(tmp_path / name).record(
                entry(
                    turn,
                    Verdict.DOWN if later else Verdict.UP,
                    time=f"2026-03-04T05:06:0{turn + 5 * later}",
                )
            )
    files = [tmp_path / name for name in ("a", "b", "copy", "missing")]
    assert [(item.turn, item.verdict) for item in merged(files)] == [
        (2, Verdict.UP),
        (3, Verdict.UP),
        (0, Verdict.DOWN),
    ]


def test_a_full_store_says_so_and_loses_nothing(
    store: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "MAX_ENTRIES", 2)
    store.record(entry(0))
    store.record(entry(1))
    with pytest.raises(FeedbackError, match="is full"):
        store.record(entry(2))
    store.record(entry(1, Verdict.DOWN))  # a change of mind needs no room
    assert [item.turn for item in store.entries()] == [0, 1]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="cannot be used"):
        Feedback(tmp_path / "none" / "feedback.sqlite").record(entry())
    with pytest.raises(FeedbackError, match="cannot be used"):
        Feedback(tmp_path).entries()


@pytest.mark.parametrize(
    "content", [b"no database, but a text of some length", b"SQLite format 3\0x"]
)
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "feedback.sqlite").write_bytes(content)
    store = Feedback(tmp_path / "feedback.sqlite")
    with pytest.raises(FeedbackError, match="is damaged") as reading:
        store.entries()
    with pytest.raises(FeedbackError, match="is damaged") as writing:
        store.record(entry())
    assert "\n" not in f"{reading.value}{writing.value}"
    assert (tmp_path / "feedback.sqlite").read_bytes() == content


def test_somebody_elses_database_is_left_alone(tmp_path: Path, store: Feedback) -> None:
    with sqlite3.connect(tmp_path / "feedback.sqlite") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(FeedbackError, match="does not hold the feedback"):
        store.record(entry())


def test_a_row_that_is_no_answer_is_one_sentence(tmp_path: Path, store: Feedback) -> None:
    store.record(entry())
    with sqlite3.connect(tmp_path / "feedback.sqlite") as connection:
        connection.execute("UPDATE verdicts SET answer = '{}'")
    with pytest.raises(FeedbackError, match="is damaged"):
        store.entries()


def test_a_thumb_up_is_gold() -> None:
    (draft,) = drafts([entry(history=("Before?",), document_id="a.txt")])
    assert draft.pop("id").startswith("feedback-20260304-")
    assert draft == {
        "user_input": "Who is 0?",
        "history": ["Before?"],
        "document_id": "a.txt",
        "answerable": True,
        "status": "answered",
        "evidence": ["One."],
        "also_ok": ["Two."],
        "tags": ["feedback", "up"],
    }


def test_a_thumb_up_for_a_refusal_says_that_there_is_no_answer() -> None:
    (draft,) = drafts([entry(answer=answer("not_found", ()))])
    assert draft["answerable"] is False
    assert draft["status"] == "not_found"
    assert "evidence" not in draft


def test_a_greeting_makes_no_draft() -> None:
    assert list(drafts([entry(answer=answer("not_a_question", ()))])) == []


def test_an_answer_from_some_of_the_articles_is_the_editors_to_judge() -> None:
    filters = {"since": "2020-01-01"}
    some = entry(question="Who?", answer={**answer(), "filters": filters})
    every, filtered = drafts([entry(question="Who?"), some, some])
    assert every["evidence"] == ["One."]
    assert filtered["draft"] == {
        "status": "answered",
        "cited": ["One.", "Two."],
        "filters": filters,
    }
    assert filtered.keys() == {"id", "user_input", "history", "draft", "tags"}
    assert filtered["id"] != every["id"]


@pytest.mark.parametrize("verdict", [Verdict.DOWN, Verdict.WRONG_CITATION])
def test_a_complaint_leaves_what_is_right_to_the_editor(verdict: Verdict) -> None:
    (draft,) = drafts([entry(verdict=verdict)])
    assert draft.keys().isdisjoint({"answerable", "status", "evidence"})
    assert draft["draft"] == {"status": "answered", "cited": ["One.", "Two."]}
    assert draft["tags"] == ["feedback", verdict.value]


def test_an_editor_reads_what_readers_said_was_wrong() -> None:
    said = [entry(verdict=Verdict.DOWN, conversation=name, comment="Old.") for name in "ab"]
    (draft,) = drafts([*said, entry(verdict=Verdict.UP, conversation="c")])
    assert draft["draft"]["comments"] == ["Old."]


def test_a_question_has_one_draft_and_contradiction_is_told() -> None:
    twice = [entry(), entry(conversation="c2")]
    assert len(list(drafts(twice))) == 1
    (draft,) = drafts([*twice, entry(conversation="c3", verdict=Verdict.DOWN)])
    assert draft["tags"] == ["feedback", "up", "down"]
    assert "evidence" not in draft
    other = entry(conversation="c4", history=("Before?",))
    assert len({item["id"] for item in drafts([*twice, other])}) == 2
    assert json.dumps(list(drafts(twice))) == json.dumps(list(drafts(twice)))
