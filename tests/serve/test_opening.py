"""A server and an index that changes under it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from time import sleep

import pytest

from pullquote.assistant import Assistant
from pullquote.cli import articles_command
from pullquote.config import Settings
from pullquote.errors import IndexUnusableError
from pullquote.index import embed
from pullquote.index import update as indexing
from pullquote.index.opened import read_manifest
from pullquote.serve import opening
from pullquote.serve.opening import Opening
from pullquote.types import Status
from tests.support.indexes import HashingEmbedder, make_index, write_corpus
from tests.support.waiting import until

TEXTS = {"mill.txt": "The mill opened in 1901.", "ferry.txt": "The ferry sank in 1912."}


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(embed.SentenceTransformersEmbedder, "open", lambda name: HashingEmbedder())


def _failed(error: BaseException) -> None:
    raise AssertionError from error


def settings(tmp_path: Path) -> Settings:
    folder = make_index(tmp_path, TEXTS).folder
    return Settings(index=folder, reader="similarity-1", embedder="hashing", refuse_below=0.0)


def test_a_new_index_is_taken_up_and_a_withdrawn_article_is_out_of_the_answers(
    tmp_path: Path,
) -> None:
    held = Opening(settings(tmp_path), _failed)
    first = held.assistant()
    answer = first.ask("When did the mill open?")
    assert answer.citations[0].article_id == "mill.txt"
    articles_command.remove(tmp_path / "index", ["mill.txt"])
    until(lambda: held.assistant() is not first)
    after = held.assistant().ask("When did the mill open?")
    assert "mill.txt" not in {
        citation.article_id for citation in (*after.citations, *after.closest)
    }
    # Who asked before goes on with what was there.
    assert first.ask("When did the mill open?").citations == answer.citations


def test_a_failure_that_nobody_can_be_told_is_waited_for_by_nobody(tmp_path: Path) -> None:
    def tell(_: BaseException) -> None:
        raise BrokenPipeError("The terminal is gone.")

    held = Opening(Settings(index=tmp_path / "none"), tell)
    with pytest.raises(IndexUnusableError):
        held.assistant()


@pytest.mark.slow
def test_questions_that_are_asked_while_indexes_are_replaced_are_all_answered(
    tmp_path: Path,
) -> None:
    held = Opening(settings(tmp_path), _failed)
    held.assistant()
    failures: list[BaseException] = []
    seen: set[str] = set()
    end = threading.Event()

    def ask() -> None:
        try:
            while not end.is_set():
                answer = held.assistant().ask("When did the ferry sink?")
                assert answer.status is Status.ANSWERED
                seen.add(answer.provenance.digest)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(5):
            write_corpus(tmp_path / "corpus", {"new.txt": f"The bridge has {number} arches."})
            indexing.update(
                [tmp_path / "corpus"], tmp_path / "index", "hashing", lambda _: HashingEmbedder()
            )
            until(lambda: len(seen) > number + 1 or bool(failures))  # noqa: B023
    finally:
        end.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(seen) == 6


def test_an_index_that_could_not_be_opened_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = Assistant.over
    failed: set[int] = set()

    def later(self: Assistant, settings: Settings) -> Assistant:
        generation = read_manifest(settings.index).generation
        if generation not in failed:
            failed.add(generation)
            raise OSError("Too many open files")
        return over(self, settings)

    monkeypatch.setattr(Assistant, "over", later)
    monkeypatch.setattr(opening, "TRY_AGAIN", 0.02)
    held = Opening(settings(tmp_path), _failed)
    first = held.assistant()
    articles_command.remove(tmp_path / "index", ["mill.txt"])
    until(lambda: held.assistant() is not first)
    assert "mill.txt" not in held.assistant().index.articles


def test_an_index_that_breaks_or_goes_leaves_the_one_that_is_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    held = Opening(settings(tmp_path), _failed)
    first = held.assistant()
    write_corpus(tmp_path / "corpus", {"new.txt": "The bridge has 9 arches."})
    indexing.update(
        [tmp_path / "corpus"], tmp_path / "index", "hashing", lambda _: HashingEmbedder("other")
    )
    until(lambda: "The new index is not used" in caplog.text)
    assert "was built with the embedding model" in caplog.text
    assert held.assistant() is first
    shutil.rmtree(tmp_path / "index")
    sleep(0.1)
    assert held.assistant() is first
    assert first.ask("When did the ferry sink?").citations[0].article_id == "ferry.txt"
