"""``pullquote eval``: what it reads, writes, prints, and how it exits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pullquote.cli import main
from pullquote.config import Settings
from pullquote.index.embed import SentenceTransformersEmbedder
from tests.support.indexes import HashingEmbedder, write_corpus

BAN = "The ban on cameras lasts a year."
WHY = "The company did not say why it paused the ban."
LINES = (
    {"id": "ban", "user_input": "How long does the ban last?", "evidence": [BAN]},
    {"id": "why", "user_input": "Why did the company pause the ban?", "evidence": [WHY],
     "status": "stated_unknown"},
    {"id": "none", "user_input": "zzz qqq xxx", "answerable": False},
)  # fmt: skip


@pytest.fixture
def folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small index and a question set; the model is a stand-in."""
    monkeypatch.setattr(SentenceTransformersEmbedder, "open", lambda name: HashingEmbedder())
    write_corpus(folder / "corpus", {"a.txt": f"{BAN} {WHY}\n\nRain fell on Monday."})
    write_set(folder / "set.jsonl")
    assert main(["index"]) == 0
    return folder


def write_set(file: Path, *lines: dict[str, Any]) -> None:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines or LINES))


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["eval", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


Told = Callable[..., tuple[int, str, str]]


def test_a_run_writes_its_files_and_prints_its_figures(folder: Path, told: Told) -> None:
    code, out, err = told("set.jsonl", "--out", "out")
    assert (code, err) == (0, "")
    assert "3 questions of set.jsonl: 1 answered, 1 stated unknown, 1 not found" in out
    assert "end_to_end                   1.000" in out
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {"results.jsonl", "summary.json", "junit.xml", "report.html"}
    summary = json.loads((folder / "out" / "summary.json").read_text())
    assert summary["end_to_end"] == 1.0
    assert summary["settings"]["reader"].startswith("pullquote-judge-1@")
    assert 0 < summary["settings"]["refuse_below"] < 1
    ids = [json.loads(line)["id"] for line in (folder / "out" / "results.jsonl").open()]
    assert ids == ["ban", "why", "none"]


def test_floors_decide_the_exit_code(folder: Path, told: Told) -> None:
    assert told("set.jsonl", "--min", "end_to_end=1", "--min", "citations.f1=0.1")[0] == 0
    write_set(folder / "set.jsonl", *LINES, {"id": "x", "user_input": "rain?", "answerable": False})
    code, out, _ = told("set.jsonl", "--min", "end_to_end=1", "--min", "citations.f1=0.1")
    assert code == 1
    assert "FAILED  end_to_end 0.750 is below the floor 1" in out
    assert "passed  citations.f1" in out


def test_a_change_for_the_worse_stops_the_build(folder: Path, told: Told) -> None:
    assert told("set.jsonl", "--out", "old")[0] == 0
    code, out, _ = told("set.jsonl", "--out", "new", "--baseline", "old/summary.json")
    assert code == 0
    assert "passed  no figure is worse than in 'old/summary.json'" in out
    (folder / "pullquote.toml").write_text("refuse_below = 1.0")
    code, out, _ = told("set.jsonl", "--out", "new", "--baseline", "old/summary.json")
    assert code == 1
    assert "FAILED  citations.recall fell from 1.000 to 0.000" in out
    assert "broken  ban: How long does the ban last? (wrongly_refused)" in out
    # And back: what was mended is told, and nothing fails.
    (folder / "pullquote.toml").write_text("")
    code, out, _ = told("set.jsonl", "--out", "newer", "--baseline", "new/summary.json")
    assert code == 0
    assert "mended  ban: How long does the ban last?\n" in out


def test_a_baseline_may_be_the_run_before_in_the_same_folder(folder: Path, told: Told) -> None:
    assert told("set.jsonl")[0] == 0
    assert told("set.jsonl", "--baseline", "evaluation/summary.json")[0] == 0


def test_a_run_that_fails_does_not_become_its_own_baseline(folder: Path, told: Told) -> None:
    (folder / "pullquote.toml").write_text('reader = "similarity-1"')
    assert told("set.jsonl")[0] == 0
    names = ("summary.json", "results.jsonl")
    before = [(folder / "evaluation" / name).read_bytes() for name in names]
    (folder / "pullquote.toml").write_text('reader = "similarity-1"\nrefuse_below = 1.0')
    (folder / "evaluation" / "junit.xml").unlink()
    for _ in range(2):
        code, out, err = told("set.jsonl", "--baseline", "evaluation/summary.json")
        assert (code, "FAILED  citations.recall" in out) == (1, True)
        assert err == (
            "pullquote: summary.json and results.jsonl in 'evaluation' stay as they were: they are "
            "the baseline, and this run did not pass.\n"
        )
    assert [(folder / "evaluation" / name).read_bytes() for name in names] == before
    assert "wrongly_refused" in (folder / "evaluation" / "junit.xml").read_text()


def test_a_greeting_is_left_out_of_the_figures_and_told(folder: Path, told: Told) -> None:
    (folder / "pullquote.toml").write_text('reader = "similarity-1"')
    hello = {"id": "hello", "user_input": "Hello!", "evidence": [BAN]}
    write_set(folder / "set.jsonl", LINES[0], hello)
    code, out, err = told("set.jsonl")
    assert (code, out.startswith("1 question of set.jsonl: 1 answered\n")) == (0, True)
    assert err == (
        "pullquote: 1 of 2 questions left out of the figures, taken for a greeting or the like: "
        "hello.\n"
    )
    assert "hello" not in (folder / "evaluation" / "results.jsonl").read_text()
    write_set(folder / "set.jsonl", hello)
    code, out, err = told("set.jsonl")
    assert (code, out) == (2, "")
    assert err.startswith("pullquote: There is nothing to judge: ")


def test_a_baseline_of_another_set_is_an_error_and_leaves_all_as_it_was(
    folder: Path, told: Told
) -> None:
    assert told("set.jsonl", "--out", "old")[0] == 0
    before = (folder / "old" / "summary.json").read_bytes()
    write_set(folder / "set.jsonl", *LINES[:2])
    code, out, err = told("set.jsonl", "--out", "old", "--baseline", "old/summary.json")
    assert (code, out) == (2, "")
    assert "made with another question set" in err
    assert (folder / "old" / "summary.json").read_bytes() == before


def test_evidence_that_the_corpus_lost_is_an_error(folder: Path, told: Told) -> None:
    (folder / "corpus" / "a.txt").write_text(BAN)
    code, out, err = told("set.jsonl", "--corpus", "corpus", "--out", "out")
    assert (code, out) == (2, "")
    assert "set.jsonl, line 2, question 'why': the quote" in err
    assert not (folder / "out" / "summary.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.jsonl"], "There is no question set 'none.jsonl'"),
        (["set.jsonl", "--min", "f1=0.5"], "there is no figure 'f1'"),
        (["set.jsonl", "--baseline", "none.json"], "cannot be read"),
        (["set.jsonl", "--index", "nowhere"], "There is no index in 'nowhere'"),
        (["set.jsonl", "--corpus", "nowhere"], "The corpus 'nowhere' does not exist"),
        (["set.jsonl", "--out", "set.jsonl"], "cannot be written"),
        (
            ["set.jsonl", "--sweep", "--min", "citations.f1=0.5"],
            "there is no figure 'citations.f1'",
        ),
    ],
)
def test_a_mistake_is_one_sentence(
    folder: Path, told: Told, arguments: list[str], message: str
) -> None:
    code, out, err = told(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["set.jsonl", "--out", "set.jsonl"], "'set.jsonl' cannot be written (File exists): "),
        (["set.jsonl", "--stress", "--index", "milvus-lite:a.db"], "--stress copies the index"),
        (["--stress", "--index", "http://milvus:19530/news"], "--stress copies the index"),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_asked(
    folder: Path,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(SentenceTransformersEmbedder, "open", loaded.append)
    code, out, err = told(*arguments)
    assert (code, out, loaded) == (2, "", [])
    assert err.startswith(f"pullquote: {message}")


def test_a_corpus_is_indexed_in_the_folder_of_the_results(folder: Path, told: Told) -> None:
    (folder / "corpus" / "b.pdf").write_bytes(b"%PDF")
    code, _, err = told("set.jsonl", "--corpus", "corpus", "--out", "out")
    assert code == 0
    assert "left out corpus/b.pdf: " in err
    assert (folder / "out" / "index" / "index.sqlite").is_file()


def test_squad_is_asked_of_its_own_articles(folder: Path, told: Told) -> None:
    asked = {
        "id": "s1",
        "question": "How long does the ban last?",
        "is_impossible": False,
        "answers": [{"text": "a year", "answer_start": BAN.index("a year")}],
    }
    paragraphs = [{"context": f"{BAN} Rain fell.", "qas": [asked]}]
    data = {"version": "v2.0", "data": [{"title": "Ban", "paragraphs": paragraphs}]}
    (folder / "dev.json").write_text(json.dumps(data))
    code, out, err = told("dev.json", "--min", "end_to_end=1")
    assert (code, err) == (0, "")
    assert out.startswith("1 question of dev.json: 1 answered")
    code, out, err = told("dev.json", "--corpus", "corpus")
    assert code == 2
    assert "brings its own articles" in err


def test_a_sweep_writes_the_threshold_where_it_is_read(folder: Path, told: Told) -> None:
    (folder / "pullquote.toml").write_text('# mine\nexamples = ["Why?"]  # kept\n')
    rain = {"id": "rain", "user_input": "rain in Spain?", "answerable": False}
    write_set(folder / "set.jsonl", *LINES, rain)
    code, out, _ = told("set.jsonl", "--sweep")
    assert code == 0
    assert "<- chosen" in out
    text = (folder / "pullquote.toml").read_text()
    assert '# mine\nexamples = ["Why?"]  # kept\n' in text
    settings = Settings.load(folder, {})
    assert settings.refuse_below is not None
    assert settings.refuse_below > 0
    assert settings.refuse_below_reader.startswith("pullquote-judge-1@")
    # The figures on the very set that it was fitted on are marked as such.
    code, out, _ = told("set.jsonl", "--min", "end_to_end=1")
    assert code == 0
    assert "was fitted on these very questions" in out
    summary = json.loads((folder / "evaluation" / "summary.json").read_text())
    assert summary["settings"]["refuse_below"] == settings.refuse_below
    assert summary["settings"]["refuse_below_fitted_on"] == summary["digest"]


def test_a_sweep_that_cannot_keep_its_floors_writes_nothing(folder: Path, told: Told) -> None:
    write_set(folder / "set.jsonl", {**LINES[0], "id": "no", "evidence": [WHY]}, LINES[0])
    code, out, _ = told("set.jsonl", "--sweep", "--min", "end_to_end=1")
    assert code == 1
    assert "nothing was written" in out
    assert not (folder / "pullquote.toml").exists()


def test_a_set_that_says_nothing_cannot_fit_a_threshold(folder: Path, told: Told) -> None:
    write_set(folder / "set.jsonl", {"user_input": "How long?"})
    code, _, err = told("set.jsonl", "--sweep")
    assert code == 2
    assert "cannot fit a threshold" in err
    # But it can be asked.
    code, out, _ = told("set.jsonl")
    assert code == 0
    assert "1 unlabelled" in out
