"""What precedes the work of a command: encodings, options that go together."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pullquote.cli import commands, main
from pullquote.index.store import Index
from pullquote.index.update import update
from tests.support.indexes import HashingEmbedder, make_index, write_corpus
from tests.support.places import ROOT


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_file_or_pipe_holds_utf_8_and_any_bytes_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="latin-1"))
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfcaf\xe9 \xc3\xa9"), "ascii")
    )
    assert main([]) == 0
    assert sys.stdin.read() == "caf\N{REPLACEMENT CHARACTER} é"
    sys.stdout.write("“é” \ud800\n")
    sys.stdout.flush()
    assert printed.getvalue().endswith("“é” \\ud800\n".encode())


def test_a_terminal_keeps_its_encoding_and_shows_what_it_lacks_as_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(printed, encoding="latin-1"))
    assert main([]) == 0
    sys.stdout.write("“é”\n")
    sys.stdout.flush()
    assert printed.getvalue().endswith(b"\\u201c\xe9\\u201d\n")


def test_output_that_nobody_reads_is_no_success_and_no_traceback(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "pullquote", "feedback", "forget"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_fault_of_our_own_is_an_error_and_not_a_verdict(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(options: object) -> int:
        raise KeyError("a fault of our own")

    monkeypatch.setitem(commands._COMMANDS, "check", fail)
    assert main(["check"]) == 2
    assert capsys.readouterr().err.endswith("KeyError: 'a fault of our own'\n")


@pytest.mark.parametrize("action", ["show", "remove", "restore"])
@pytest.mark.parametrize("option", ["--since", "--until", "--section", "--source"])
def test_filters_go_with_a_list_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], action: str, option: str
) -> None:
    make_index(folder, {"a.txt": "date: 2024-01-01\n\nThe mill burned down."})
    assert main(["articles", action, "a.txt", option, "2020-01-01"]) == 2
    assert capsys.readouterr().err == (
        "pullquote: --since, --until, --section and --source go only with `pullquote articles "
        f"list`: name the articles to {action} by their ids.\n"
    )
    assert "a.txt" in Index.open(folder / "index").articles


@pytest.mark.parametrize("words", [["list"], ["remove", "a.txt"], ["restore", "a.txt"]])
def test_a_comparison_goes_with_show_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    make_index(folder, {"a.txt": "The mill burned down."})
    assert main(["articles", *words, "--compare"]) == 2
    assert capsys.readouterr().err == (
        "pullquote: --compare goes only with `pullquote articles show`: leave it out.\n"
    )
    assert "a.txt" in Index.open(folder / "index").articles


@pytest.mark.parametrize("form", ["markdown", "receipt"])
def test_an_explanation_goes_with_text_and_json_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert main(["ask", "Why?", "--explain", "--format", form]) == 2
    assert capsys.readouterr().err == (
        "pullquote: --explain goes only with --format text or json: leave it out.\n"
    )


def test_a_strict_run_is_previewed_as_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.txt").write_text("The mill burned down.")
    (folder / "corpus" / "b.pdf").write_text("no PDF")
    assert main(["index", "--dry-run"]) == 1
    assert main(["index", "--dry-run", "--strict"]) == 2
    assert capsys.readouterr().err.endswith("With --strict, a run would change nothing.\n")


def test_a_run_that_could_index_nothing_is_previewed_as_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_index(folder, {"a.txt": "The mill burned down."})
    (folder / "corpus" / "a.txt").unlink()
    (folder / "corpus" / "b.pdf").write_text("no PDF")
    assert main(["index", "--dry-run"]) == 2
    told = "But nothing could be indexed, so a run would change nothing.\n"
    assert capsys.readouterr().err.endswith(told)
    assert main(["index"]) == 2
    assert "Nothing could be indexed." in capsys.readouterr().err
    assert list(Index.open(folder / "index").articles) == ["a.txt"]


def test_a_run_that_names_nothing_does_not_drop_what_was_named_before(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_corpus(folder / "corpus", {"b.txt": "The mayor left."})
    archive = write_corpus(folder / "archive", {"a.txt": "The mill burned down."})
    update([archive], folder / "index", "hashing", lambda _: HashingEmbedder())
    for command in (["index"], ["watch"], ["index", "--dry-run"]):
        assert main(command) == 2
        told = capsys.readouterr().err
        assert "index was made of " in told
        assert "archive, which this run would remove: name them again with --corpus" in told
    assert list(Index.open(folder / "index").articles) == ["a.txt"]
