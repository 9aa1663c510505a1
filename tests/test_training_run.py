"""From ten questions to a reader: train, stop and resume, export, collect, calibrate, open."""

from __future__ import annotations

import json
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import HashingEmbedder, write_corpus
from helpers_training import CLOCK, HELD_OUT, LIGHTHOUSE, RECORDS, save_backbone, write_sets
from training import __main__ as command
from training import calibrate, card, collect, export, make, train
from training.data import read
from training.encode import Encoded, encode, open_tokenizer
from training.examples import Kind, Reading
from training.model import Scores, as_network
from training.train import CHECKPOINT, LOG, Settings, questions

from pullquote.calibration import PLAIN, Calibration, Features
from pullquote.embed import SentenceTransformersEmbedder
from pullquote.network import Network
from pullquote.onnx_network import CARD, MODEL, TOKENIZER, open_folder

MEND = "Make it again."

#: A checkpoint after every step, and a look at the curve.
FLAGS = [
    "--rate", "0.002", "--groups", "2", "--threads", "1",
    "--checkpoint-minutes", "0", "--curve-minutes", "0",
]  # fmt: skip


def call(main: Callable[[], int], *arguments: object) -> int:
    """A command, with its arguments as in a shell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["command", *map(str, arguments)])
        return main()


@dataclass
class Place:
    """The folders of a run; ``read`` are the questions and passages that it learnt from."""

    data: Path
    start: Path
    run: Path
    read: list[tuple[str, str]]

    def train(self, out: Path, *more: object) -> int:
        arguments = [self.data, "--out", out, "--start", self.start, *FLAGS, *more]
        return call(command.main, *arguments)


@pytest.fixture(scope="module", autouse=True)
def _threads_and_chance_as_they_were() -> Iterator[None]:
    threads = torch.get_num_threads()
    with torch.random.fork_rng():
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A run that was not broken."""
    folder = tmp_path_factory.mktemp("training")
    data, start = write_sets(folder / "data"), save_backbone(folder / "start")
    made = Place(data, start, folder / "run", [])

    def recording(tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> list[Encoded]:
        made.read.extend(pairs)
        return encode(tokenizer, pairs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "encode", recording)
        assert made.train(made.run) == 0
    return made


@pytest.fixture(scope="module")
def exported(place: Place) -> Path:
    """The same, with its folders ``fp32`` and ``int8``."""
    with warnings.catch_warnings():
        # The exporter that spells out attention is the older one, and says so.
        warnings.simplefilter("ignore")
        assert call(export.main, place.run) == 0
    return place.run


@pytest.fixture(scope="module")
def rows(exported: Path, place: Place) -> Path:
    """What the reader noticed of the held-out questions."""
    out = exported / "rows.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SentenceTransformersEmbedder, "open", lambda _: HashingEmbedder())
        arguments = [place.data, exported / "fp32", "--out", out, "--sets", "squad2_dev"]
        assert call(collect.main, *arguments) == 0
    return out


def events(run: Path, name: str) -> list[dict[str, Any]]:
    lines = (run / LOG).read_text(encoding="utf-8").splitlines()
    return [it for it in map(json.loads, lines) if it["event"] == name]


def weights(run: Path) -> bytes:
    return (run / "model" / "model.safetensors").read_bytes()


# The run.


def test_a_run_logs_what_it_is_made_of(place: Place) -> None:
    (data,) = events(place.run, "data")
    assert data["trained"] == {"selqa_dev": 1, "squad2_dev": 2}
    assert data["held_out"] == {"squad2_dev": 2}
    (asked,) = events(place.run, "questions")
    assert asked == {"event": "questions", "selqa_dev": 1, "squad2_dev": 8}
    (start,) = events(place.run, "start")
    assert (start["questions"], start["steps"]) == (9, 5)
    assert start["settings"]["rate"] == 0.002
    (end,) = events(place.run, "end")
    assert end["step"] == 5


def test_a_run_learns_and_shows_its_curve(place: Place) -> None:
    assert weights(place.run) != (place.start / "model.safetensors").read_bytes()
    looks = events(place.run, "curve")
    assert [it["step"] for it in looks] == [1, 2, 3, 4, 5, 5]
    assert all(0 <= it["hit@1"] <= 1 and 0 <= it["auroc"] <= 1 for it in looks)
    readings = looks[-1]["readings"]
    assert readings["squad2_dev/gold"] == 6
    assert readings["selqa_dev/gold"] == 1
    assert readings["squad2_dev/unanswerable"] == 2
    assert sum(readings.values()) == len(place.read)


def test_nothing_held_out_reaches_the_network(place: Place) -> None:
    assert place.read
    held = [it for it in RECORDS if it["id"] in HELD_OUT]
    sentences = [it["text"][start:end] for it in held for start, end in it["sentences"]]
    asked = [
        question["question"].lower().rstrip("?") for it in held for question in it["questions"]
    ]
    for question, passage in place.read:
        assert not any(it in passage for it in sentences)
        assert question.lower().rstrip("?") not in asked


def test_a_broken_run_that_is_resumed_ends_as_an_unbroken_one(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    class Pulled:
        """Pulls the plug after three steps."""

        def __init__(self, *_: object) -> None: ...

        def measure(self, *_: object) -> dict[str, float]:
            looks.append(1)
            if len(looks) == 3:
                raise KeyboardInterrupt
            return {}

    run = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(command, "Curve", Pulled)
        with pytest.raises(KeyboardInterrupt):
            place.train(run)
    assert (run / CHECKPOINT).is_file()
    assert not (run / "model").exists()
    assert place.train(run, "--resume") == 0
    assert [it["step"] for it in events(run, "resumed")] == [3]
    assert weights(run) == weights(place.run)
    assert events(run, "curve")[-1]["readings"] == events(place.run, "curve")[-1]["readings"]


def test_another_seed_ends_elsewhere(place: Place, tmp_path: Path) -> None:
    assert place.train(tmp_path, "--seed", 21) == 0
    assert weights(tmp_path) != weights(place.run)


def test_what_shares_sentences_with_a_test_set_is_not_trained_on(
    place: Place, tmp_path: Path
) -> None:
    folder = write_corpus(tmp_path / "tests", {"a.txt": " ".join(LIGHTHOUSE[3:6])})
    assert place.train(tmp_path / "run", "--apart-from", folder, "--limit", 1) == 0
    (data,) = events(tmp_path / "run", "data")
    assert data["copies"] == ["squad2_dev: velm"]
    assert data["trained"] == {"selqa_dev": 1, "squad2_dev": 1}
    assert events(tmp_path / "run", "start")[0]["questions"] == 1


def test_a_run_is_not_trained_over(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    before = (place.run / LOG).read_bytes()
    assert place.train(place.run) == 2
    said = capsys.readouterr()
    assert said.err == f"{place.run} holds a run: add --resume, or name another folder.\n"
    assert said.out == ""
    assert (place.run / LOG).read_bytes() == before


@pytest.mark.parametrize("name", ["missing", "empty", "file.jsonl.gz"])
def test_a_wrong_data_folder_is_told_in_a_sentence(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    write_corpus(tmp_path, {"empty/rain.txt": "Rain.", "file.jsonl.gz": "Rain."})
    wrong = replace(place, data=tmp_path / name)
    assert wrong.train(tmp_path / "run") == 2
    said = capsys.readouterr()
    assert said.err == f"{tmp_path / name} holds no .jsonl.gz files to train on.\n"
    assert said.out == ""
    assert not (tmp_path / "run").exists()


def test_sets_of_short_documents_are_capped_and_any_part_is_like_the_whole(place: Place) -> None:
    found = read(place.data)
    plenty = [
        replace(it, id=f"{it.id} {number}", source="squadshifts_reddit")
        for number in range(20)
        for it in found
    ]
    whole = questions([*found, *plenty], Settings(most=7))
    assert sum(it.source == "squadshifts_reddit" for it, _ in whole) == 7
    assert sum(it.source == "squad2_dev" for it, _ in whole) == 14
    assert questions([*found, *plenty], Settings(most=7, limit=5)) == whole[:5]


def test_a_swapped_question_has_no_part_in_the_first_ones_answer() -> None:
    kinds = (Kind.GOLD, Kind.SWAPPED, Kind.HARD)
    one = torch.tensor(0.0)
    results = [
        (Reading(it, "q", "p"), Scores(one, one, torch.tensor(number)))
        for number, it in enumerate(kinds)
    ]
    assert [float(it.total) for it in train._same_question(results)] == [0.0, 2.0]


# The reader.

PAIRS = [
    ("When was Velm Lighthouse built?", [*LIGHTHOUSE[:3], " ".join(LIGHTHOUSE[:9])]),
    ("What are the children paid in?", [" ".join(CLOCK)]),
]


def logits(network: Network) -> list[np.ndarray[Any, np.dtype[np.float32]]]:
    """Start, end and null of each text."""
    return [
        np.concatenate([window.start, window.end, [window.null]])
        for question, texts in PAIRS
        for windows in network.read(question, texts)
        for window in windows
    ]


def test_the_exported_network_is_the_trained_one(exported: Path) -> None:
    network, calibration = open_folder(exported / "fp32", MEND)
    assert network.name == "run-fp32"
    assert network.language == "en"
    assert calibration == PLAIN
    model = export.open_trained(exported)
    trained = logits(as_network(model, open_tokenizer(exported / "fp32")))
    for one, other in zip(trained, logits(network), strict=True):
        # It has learnt to tell words apart.
        assert np.ptp(one) > 0.05
        assert one == pytest.approx(other, abs=1e-3)


def test_eight_bits_are_nearly_the_same_network_in_a_smaller_file(exported: Path) -> None:
    whole, _ = open_folder(exported / "fp32", MEND)
    small, _ = open_folder(exported / "int8", MEND)
    for one, other in zip(logits(whole), logits(small), strict=True):
        assert np.isfinite(other).all()
        assert one == pytest.approx(other, abs=0.1 * max(1.0, float(np.ptp(one))))
    sizes = [(exported / it / MODEL).stat().st_size for it in ("fp32", "int8")]
    assert sizes[1] < 0.4 * sizes[0]


def test_an_exported_folder_holds_what_a_reader_is_opened_from(exported: Path) -> None:
    for name in ("fp32", "int8"):
        found = {it.name for it in (exported / name).iterdir()}
        assert found == {MODEL, TOKENIZER, CARD}


def test_rows_tell_of_every_held_out_question_which_sentences_are_right(rows: Path) -> None:
    found = {it["id"]: it for it in map(json.loads, rows.read_text("utf-8").splitlines())}
    assert sorted(found) == ["k1", "k2", "k3", "s1", "s2", "s3"]
    documents = {it["id"]: it for it in RECORDS if it["id"] in HELD_OUT}
    for document in documents.values():
        sentences = [document["text"][start:end] for start, end in document["sentences"]]
        for asked in document["questions"]:
            row = found[asked["id"]]
            assert (row["set"], row["document"]) == ("squad2_dev", f"{document['id']}.txt")
            assert row["expected"] == ("answered" if asked["answerable"] else "not_found")
            assert row["judged"] is asked["answerable"]
            assert sorted(it["text"] for it in row["sentences"]) == sorted(sentences)
            right = [it["text"] for it in row["sentences"] if it["right"]]
            assert right == [sentences[it] for it in asked["evidence"]]
            for it in row["sentences"]:
                features = it.keys() - {"right", "states", "text"}
                assert features == {one.name for one in fields(Features)}


def test_the_weights_that_are_fitted_make_the_exported_folder_a_calibrated_reader(
    rows: Path, exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "calibration.json"
    assert call(calibrate.main, "--fit", rows, "--show", rows, "--out", out) == 0
    lines = [json.loads(it) for it in capsys.readouterr().out.splitlines()]
    weights = json.loads(out.read_text(encoding="utf-8"))
    assert lines[0] == weights
    assert [it["set"] for it in lines[1:]] == ["fitted on, crosswise", "squad2_dev"]
    assert [it["n"] for it in lines[1:]] == [6, 6]
    fitted = Calibration.from_json(weights)
    folder = tmp_path / "reader"
    shutil.copytree(exported / "int8", folder)
    card.write_card(folder, "reader", weights)
    network, calibration = open_folder(folder, MEND)
    assert network.name == "reader"
    assert calibration == fitted != PLAIN


def test_one_command_packages_what_the_steps_before_it_made(
    rows: Path, exported: Path, tmp_path: Path
) -> None:
    run, package = tmp_path / "run", tmp_path / "package"
    shutil.copytree(exported / "int8", run / "int8")
    (run / "model").mkdir()
    shutil.copy(rows, run / "rows.jsonl")
    package.mkdir()
    told = ["data", "--out", run, "--name", "made", "--package", package]
    assert call(make.main, *told) == 0
    network, calibration = open_folder(package, MEND)
    assert network.name == "made"
    assert calibration != PLAIN
