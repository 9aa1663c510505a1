"""An index that is kept current."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic, sleep

import pytest

from pullquote.cli import main
from pullquote.cli.watch import watch
from pullquote.config import Settings
from pullquote.errors import CorpusError
from pullquote.index import embed
from pullquote.index.store import Index
from tests.support.indexes import HashingEmbedder, write_corpus


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models that were loaded."""
    names: list[str] = []

    def load(name: str) -> HashingEmbedder:
        names.append(name)
        return HashingEmbedder()

    monkeypatch.setattr(embed.SentenceTransformersEmbedder, "open", load)
    return names


@pytest.mark.slow
def test_changes_are_taken_up_as_they_come_and_what_fails_is_told_once(
    tmp_path: Path, opened: list[str]
) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"a.txt": "The mill opened in 1901."})
    settings = Settings(corpus=(corpus,), index=tmp_path / "index")
    told: list[str] = []
    looks = threading.Event()

    def until(line: str) -> None:
        end = monotonic() + 60
        while not any(line in item for item in told):
            assert monotonic() < end, told
            sleep(0.01)

    def run() -> None:
        while not looks.is_set():
            watch(settings, 0.01, 60.0, told.append, rounds=100)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        until("1 article: 1 new or changed")
        write_corpus(corpus, {"b.txt": "The ferry sank in 1912.", "c.pdf": b"%PDF-1.4 broken"})
        until(f"2 articles: 1 new or changed, 0 removed, 1 left out.\n  left out {corpus}/c.pdf")
        (corpus / "a.txt").unlink()
        until("1 article: 0 new or changed, 1 removed")
        assert list(Index.open(tmp_path / "index").articles) == ["b.txt"]
        (corpus / "b.txt").unlink()
        until("Not indexed: Nothing could be indexed")
        sleep(0.1)
        assert sum("Not indexed" in item for item in told) <= 2
        # What was there stays until there is something better.
        assert list(Index.open(tmp_path / "index").articles) == ["b.txt"]
        write_corpus(corpus, {"d.txt": "The bridge has five arches."})
        until("1 article: 1 new or changed, 1 removed")
    finally:
        looks.set()
        thread.join()


def test_a_file_that_is_left_out_later_is_told_once_on_one_line(
    tmp_path: Path, opened: list[str]
) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"a.txt": "The mill opened in 1901."})
    settings = Settings(corpus=(corpus,), index=tmp_path / "index")
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        write_corpus(corpus, {"b\n\x1b[2J.txt": b"\x00"})

    watch(settings, 0.01, 60.0, tell, rounds=3)
    assert len(told) == 3  # the first run, that it waits, and what was left out
    head, line = told[2].split("\n")
    assert head == "1 article: 0 new or changed, 0 removed, 1 left out."
    assert line.startswith(f"  left out '{corpus}/b\\n\\x1b[2J.txt': it is binary")


@pytest.mark.parametrize(
    ("option", "bounds"), [("--every", "0.1 to 86400"), ("--fetch-every", "1 to 31536000")]
)
@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "0"])
def test_seconds_that_nobody_can_wait_are_told_before_anything_is_read(
    capsys: pytest.CaptureFixture[str], option: str, bounds: str, seconds: str
) -> None:
    assert main(["watch", "--corpus", "nowhere", f"{option}={seconds}"]) == 2
    assert capsys.readouterr().err == (
        f"pullquote: {option} is {seconds}; it takes seconds, from {bounds}.\n"
    )


def test_a_first_run_that_fails_ends_it(tmp_path: Path, opened: list[str]) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        watch(Settings(corpus=(tmp_path / "none",), index=tmp_path / "index"), 0.01, 1.0, print)


def test_the_model_is_loaded_once(tmp_path: Path, opened: list[str]) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"a.txt": "The mill opened in 1901."})
    settings = Settings(corpus=(corpus,), index=tmp_path / "index")
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        write_corpus(corpus, {"a.txt": f"The mill opened in {1900 + len(told)}."})

    watch(settings, 0.02, 1.0, tell, rounds=4)
    assert len(told) >= 3
    assert len(opened) == 1
