"""The judge's network: its verdicts on sentences, and the errors for a faulty folder."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from pullquote.errors import ModelError
from pullquote.reading.judge_input import MAX_TOKENS, PassageText, batch
from pullquote.reading.judge_network import CARD, MODEL, TOKENIZER, WEIGHTS, JudgeNetwork, Verdict
from tests.support.judge import by_hand, save_judge

MEND = "Make it again."

#: Logits of each word: answers, not said, neither; start and end of the answering words.
LOGITS = {
    "1931": (4.0, 0.0, 0.0, 5.0, 5.0),
    "unknown": (0.0, 3.0, 0.0, 2.0, 2.0),
    "rain": (0.0, 0.0, 2.0, 0.0, 0.0),
    "ferry": (0.0, 0.0, 0.0, 1.0, 0.0),
}


def passage(*sentences: str) -> PassageText:
    return PassageText.of(sentences)


def test_a_verdict_is_the_softmax_of_the_three_classes_by_hand() -> None:
    text = passage("The ferry sank in 1931.", "Its age is unknown.", "Rain fell.")
    (found,) = by_hand(LOGITS).read("When?", [text])
    assert sorted(found) == [0, 1, 2]
    sure = math.exp(4) / (math.exp(4) + 2)
    assert found[0].answers == pytest.approx(sure, abs=1e-6)
    assert found[0].not_said == pytest.approx((1 - sure) / 2, abs=1e-6)
    assert found[1].not_said == pytest.approx(math.exp(3) / (math.exp(3) + 2), abs=1e-6)
    assert found[2].found == pytest.approx(2 / (2 + math.exp(2)), abs=1e-6)


def test_the_words_are_the_likeliest_start_and_end_within_the_sentence() -> None:
    text = passage("The ferry sank in 1931.", "The ferry left.")
    (found,) = by_hand(LOGITS).read("When?", [text])
    words = [text.text[slice(*own)] for n in (0, 1) if (own := found[n].words)]
    assert words == ["1931", "ferry"]


def test_each_passage_has_verdicts_of_its_own() -> None:
    one, other = by_hand(LOGITS).read("When?", [passage("In 1931."), passage("Rain.", "Rain.")])
    assert (sorted(one), sorted(other)) == ([0], [0, 1])
    assert by_hand(LOGITS).read("When?", []) == []


def test_a_sentence_that_is_read_in_pieces_has_the_verdict_of_the_best() -> None:
    network = by_hand(LOGITS)
    long = passage("rain " * 1000 + "1931 " + "rain " * 1000)
    (found,) = network.read("When?", [long])
    assert sorted(found) == [0]
    assert found[0].words is not None
    assert max(network._model.read) <= MAX_TOKENS
    assert len(network._model.read) > 5
    alone = network.read("When?", [passage("rain " * 280)])[0][0]
    assert found[0].found >= alone.found


def test_what_is_found_is_the_sum_of_the_two_classes() -> None:
    assert Verdict(0.5, 0.25, None).found == 0.75


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, torch.nn.Module]:
    return save_judge(tmp_path_factory.mktemp("judge"))


@pytest.mark.slow
def test_a_folder_gives_what_the_network_gives_in_torch(
    saved: tuple[Path, torch.nn.Module],
) -> None:
    folder, judge = saved
    network = JudgeNetwork.open(folder, MEND)
    for text in (
        passage("It rains."),
        passage("The sun set at nine.", "Odda slept.", "Nobody saw."),
    ):
        (window,) = network.encoder.windows("Where did it rain?", text)
        arrays = batch([window])
        with torch.inference_mode():
            wanted = judge(*map(torch.from_numpy, (arrays.ids, arrays.mask, arrays.pool)))
        made = network._run(window)
        # Its spans go on over the padding.
        made = (made[0], made[1][:, : len(window.ids)], made[2])
        for one, other in zip(made, wanted, strict=True):
            assert np.allclose(one, other.numpy(), atol=1e-3)
    assert 0 < network.supports("It rains.", passage("It rains.")) < 1


def copied(saved: Path, folder: Path) -> Path:
    for path in saved.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        JudgeNetwork.open(folder, MEND)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"The reader in '{folder}' is damaged (")
    assert message.endswith(f"). {MEND}")
    return message


@pytest.mark.slow
@pytest.mark.parametrize("name", [MODEL, WEIGHTS, TOKENIZER])
def test_a_file_that_was_altered_is_named(
    saved: tuple[Path, torch.nn.Module], tmp_path: Path, name: str
) -> None:
    folder = copied(saved[0], tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes()[:-1] + b"?")
    assert f"{name} is not the file that {CARD} promises" in refusal(folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", [MODEL, WEIGHTS, TOKENIZER, CARD])
def test_a_file_that_is_missing_is_named(
    saved: tuple[Path, torch.nn.Module], tmp_path: Path, name: str
) -> None:
    folder = copied(saved[0], tmp_path)
    (folder / name).unlink()
    assert name in refusal(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {"files": {}},
        {"refuse_below": 2},
        {"cite_above": "0.5"},
        {"support_above": None},
        {"refuse_below": True},
    ],
)
def test_a_card_that_says_nonsense_is_refused(
    saved: tuple[Path, torch.nn.Module], tmp_path: Path, change: dict[str, object]
) -> None:
    folder = copied(saved[0], tmp_path)
    card = json.loads((folder / CARD).read_text()) | change
    (folder / CARD).write_text(json.dumps(card))
    assert f"{CARD} cannot be used" in refusal(folder)


@pytest.mark.slow
def test_the_digest_is_of_the_files_and_the_thresholds_are_the_cards(
    saved: tuple[Path, torch.nn.Module], tmp_path: Path
) -> None:
    one = JudgeNetwork.open(saved[0], MEND)
    folder = copied(saved[0], tmp_path)
    card = json.loads((folder / CARD).read_text()) | {"refuse_below": 0.25, "cite_above": 0.75}
    (folder / CARD).write_text(json.dumps(card))
    other = JudgeNetwork.open(folder, MEND)
    assert one.digest == other.digest
    assert (other.card.refuse_below, other.card.cite_above) == (0.25, 0.75)
