"""What the setting ``reader`` may be, and what each makes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers_answer import Shelf
from helpers_network import Axis, Cosines, save_bert
from test_imports import loaded_after

from pullquote import readers
from pullquote.config import BUNDLED_READER
from pullquote.errors import ModelError
from pullquote.onnx_network import CARD, open_folder
from pullquote.reader import NetworkReader
from pullquote.readers import BUNDLED, open_reader
from pullquote.similarity import SimilarityReader
from pullquote.types import Hit, Passage, Reader

ALIKE = Cosines(a=[0.5, 0.5, 0.5, 0.5, 0.5])


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a",
        ["The mayor spoke for an hour.", "The ferry sank in 1931 after a storm on the lake."],
        ["Rain fell.", "Ann Miller founded the shipyard.", "Tickets were sold at the harbour."],
    )
    return made


def opened(name: str) -> Reader:
    return open_reader(name, Axis(), ALIKE)


def refusal(name: str) -> str:
    with pytest.raises(ModelError) as caught:
        opened(name)
    return str(caught.value)


def best(reader: Reader, question: str, shelf: Shelf) -> str:
    found = reader.read(question, [Hit(Passage(0, "a", 0, 4), 1.0)], shelf).sentences
    assert len(found) == 5
    assert found[0].span is not None
    return shelf.article("a").text[slice(*found[0].span)]


def test_similarity_1_needs_no_network() -> None:
    reader = opened("similarity-1")
    assert isinstance(reader, SimilarityReader)
    assert reader.name == "similarity-1"


@pytest.fixture(scope="module")
def bundled() -> Reader:
    return opened(BUNDLED_READER)


def test_the_bundled_reader_tells_the_digest_of_its_network(bundled: Reader) -> None:
    network, _ = open_folder(BUNDLED, "Mend it.")
    assert isinstance(bundled, NetworkReader)
    assert bundled.name == f"{network.name}@{network.digest[:12]}"
    assert re.fullmatch(r"[\w.-]+@[0-9a-f]{12}", bundled.name)


def test_the_bundled_network_is_loaded_once(bundled: Reader) -> None:
    again = opened(BUNDLED_READER)
    assert again is not bundled
    assert isinstance(again, NetworkReader)
    assert isinstance(bundled, NetworkReader)
    assert again._network is bundled._network


def test_the_bundled_reader_finds_what_is_plainly_said(bundled: Reader, shelf: Shelf) -> None:
    assert "1931" in best(bundled, "When did the ferry sink?", shelf)
    assert "Ann Miller" in best(bundled, "Who founded the shipyard?", shelf)


def test_a_folder_with_a_card_is_opened_as_such(
    bundled: Reader, shelf: Shelf, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.symlink_to(BUNDLED, target_is_directory=True)
    reader = opened(str(folder))
    assert isinstance(reader, NetworkReader)
    assert reader.name == bundled.name
    hits = [Hit(Passage(0, "a", 0, 4), 1.0)]
    question = "When did the ferry sink?"
    assert reader.read(question, hits, shelf) == bundled.read(question, hits, shelf)


def test_a_folder_with_a_model_of_transformers_is_opened_as_such(
    shelf: Shelf, tmp_path: Path
) -> None:
    folder = str(save_bert(tmp_path / "bert"))
    reader = opened(folder)
    assert isinstance(reader, NetworkReader)
    assert re.fullmatch(re.escape(folder) + "@[0-9a-f]{12}", reader.name)
    reading = reader.read("When did the ferry sink?", [Hit(Passage(0, "a", 0, 4), 1.0)], shelf)
    assert len(reading.sentences) == 5
    assert all(0 <= it.score <= 1 for it in reading.sentences)
    # An untrained network and no weights of its own: the margin decides.
    assert reading.answerability == reading.sentences[0].score


def test_a_damaged_folder_is_to_be_made_again(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text("{}", encoding="utf-8")
    assert refusal(str(tmp_path)).endswith(
        "). Make the folder again, or leave the setting 'reader' out for the bundled one."
    )


def test_a_damaged_installation_is_to_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "BUNDLED", tmp_path / "gone")
    # Not the network that an earlier test has opened.
    monkeypatch.setattr(readers, "_bundled", readers._bundled.__wrapped__)
    assert refusal(BUNDLED_READER).endswith(
        f"{CARD}'). Install Pullquote again: `pip install --force-reinstall --no-deps pullquote`."
    )


@pytest.mark.parametrize("name", ["nobody/no-such-model", "similarity-2", "pullquote-reader-0"])
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    message = refusal(name)
    assert message.startswith(f"The reader {name!r} cannot be loaded (")
    assert "'similarity-1'" in message


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    assert refusal(str(tmp_path)).startswith(f"The reader '{tmp_path}' cannot be loaded (")


def test_the_bundled_reader_waits_for_no_torch() -> None:
    loaded = loaded_after(
        f"from pullquote.readers import open_reader\nopen_reader({BUNDLED_READER!r}, None, None)"
    )
    assert "onnxruntime" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers"})
