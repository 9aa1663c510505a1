"""The values of the setting ``reader``, and the reader that each opens."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from pullquote.config import BUNDLED_READER, Settings
from pullquote.errors import ModelError, SettingsError
from pullquote.protocols import Reader
from pullquote.reading import readers
from pullquote.reading.judge import Judge
from pullquote.reading.judge_network import CARD
from pullquote.reading.readers import open_reader, refuse_below
from pullquote.reading.remote_judge import RemoteJudge
from pullquote.reading.similarity import SimilarityReader
from pullquote.types import Hit, Passage
from tests.support.answers import Shelf
from tests.support.imports import loaded_after
from tests.support.indexes import HashingEmbedder
from tests.support.judge import save_judge


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a",
        ["The mayor spoke for an hour.", "The ferry sank in 1931 after a storm on the lake."],
        ["Rain fell.", "Ann Miller founded the shipyard.", "Tickets were sold at the harbour."],
        ["The company did not say why it sold the second ferry."],
    )
    return made


def opened(name: str) -> Reader:
    return open_reader(Settings(reader=name), HashingEmbedder())


def refusal(name: str) -> str:
    with pytest.raises(ModelError) as caught:
        opened(name)
    return str(caught.value)


@pytest.fixture(scope="module")
def bundled() -> Reader:
    return opened(BUNDLED_READER)


def test_the_bundled_reader_tells_the_digest_of_its_network(bundled: Reader) -> None:
    assert isinstance(bundled, Judge)
    assert re.fullmatch(r"pullquote-judge-1@[0-9a-f]{12}", bundled.name)


def test_the_bundled_network_is_loaded_once(bundled: Reader) -> None:
    again = opened(BUNDLED_READER)
    assert isinstance(again, Judge)
    assert isinstance(bundled, Judge)
    assert again is not bundled
    assert again.network is bundled.network


@pytest.mark.parametrize(
    ("question", "index", "words"),
    [
        ("When did the ferry sink?", 1, "1931"),
        ("Who founded the shipyard?", 3, "Ann Miller"),
        ("Why did the company sell the second ferry?", 5, "did not say"),
    ],
)
def test_the_bundled_reader_finds_what_is_plainly_said(
    bundled: Reader, shelf: Shelf, question: str, index: int, words: str
) -> None:
    reading = bundled.read(question, [Hit(Passage(0, "a", 0, 5), 1.0)], shelf)
    best = reading.sentences[0]
    assert best.sentence.index == index
    assert reading.answerability >= bundled.refuse_below
    assert best.span is not None
    assert words in shelf.article("a").text[slice(*best.span)]
    assert (best.not_said > best.score / 2) == (index == 5)


def test_the_bundled_reader_refuses_what_nothing_answers(bundled: Reader, shelf: Shelf) -> None:
    for question in ("Who painted the town hall?", "What is the capital of France?"):
        reading = bundled.read(question, [Hit(Passage(0, "a", 0, 5), 1.0)], shelf)
        assert reading.answerability < bundled.refuse_below


def test_all_models_in_the_package_are_small_enough_for_a_wheel() -> None:
    size = sum(file.stat().st_size for file in readers.BUNDLED.parent.rglob("*") if file.is_file())
    assert size <= 95e6


@pytest.mark.slow
def test_a_folder_with_a_card_is_opened_as_such(tmp_path: Path, shelf: Shelf) -> None:
    folder, _ = save_judge(tmp_path)
    reader = opened(str(folder))
    assert reader.name.startswith("tiny@")
    assert len(reader.read("When?", [Hit(Passage(0, "a", 0, 5), 1.0)], shelf).sentences) == 6


def test_a_damaged_folder_is_to_be_made_again(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text("{}", encoding="utf-8")
    assert refusal(str(tmp_path)).endswith(
        "). Make the folder again, or leave the setting 'reader' out for the bundled one."
    )


def test_a_damaged_installation_is_to_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "BUNDLED", tmp_path / "gone")
    # Without the cache, which may hold the network that an earlier test opened.
    monkeypatch.setattr(readers, "bundled_network", readers.bundled_network.__wrapped__)
    assert refusal(BUNDLED_READER).endswith(
        "Install Pullquote again: `pip install --force-reinstall --no-deps pullquote`."
    )


@pytest.mark.parametrize("name", ["deepset/roberta-base-squad2", "pullquote-reader-1", "."])
def test_a_reader_that_is_no_longer_one_is_told_in_plain_words(name: str) -> None:
    message = refusal(name)
    assert message.startswith(f"This version has no reader {name!r}: ")
    assert "leave 'reader' out" in message


def test_the_baseline_needs_no_network() -> None:
    assert isinstance(opened("similarity-1"), SimilarityReader)


def test_an_address_is_a_model_that_chooses(bundled: Reader) -> None:
    settings = Settings(reader="http://127.0.0.1:9/v1", reader_model="large")
    reader = open_reader(settings, HashingEmbedder())
    assert isinstance(reader, RemoteJudge)
    assert reader.name == f"large over {bundled.name}"


@pytest.mark.parametrize(
    "given",
    [{"reader": "http://127.0.0.1/v1"}, {"reader_model": "large"}, {"reader": "https://a b/v1"}],
)
def test_an_address_needs_a_model_and_a_model_an_address(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="reader"):
        Settings(**given)  # type: ignore[arg-type]


def test_a_threshold_belongs_to_its_reader(caplog: pytest.LogCaptureFixture) -> None:
    reader = opened("similarity-1")
    assert refuse_below(Settings(), reader) == reader.refuse_below
    assert refuse_below(Settings(refuse_below=0.3), reader) == 0.3
    own = Settings(refuse_below=0.3, refuse_below_reader="similarity-1")
    assert refuse_below(own, reader) == 0.3
    with caplog.at_level(logging.WARNING):
        others = Settings(refuse_below=0.3, refuse_below_reader="pullquote-judge-1@0")
        assert refuse_below(others, reader) == reader.refuse_below
    assert "was fitted for the reader pullquote-judge-1@0 and is ignored" in caplog.text


@pytest.mark.slow
def test_the_bundled_reader_waits_for_no_torch() -> None:
    loaded = loaded_after(
        "from pullquote.config import Settings\n"
        "from pullquote.reading.readers import open_reader\n"
        "open_reader(Settings(), None)"
    )
    assert "openvino" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers"})
