"""An exported judge can be trained on, and its claims head alone."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from pullquote.reading.judge_input import Encoder, PassageText, batch
from pullquote.reading.judge_network import MODEL, TOKENIZER, JudgeNetwork
from pullquote.reading.readers import BUNDLED, bundled_network
from training.claims import Claim
from training.claims_head import features, train, write
from training.exported import open_exported
from training.model import Judge

pytestmark = pytest.mark.slow

PASSAGE = PassageText.of(["The ferry sank in 1931.", "Nobody knows why.", "Rain fell for a week."])


@pytest.fixture(scope="module")
def exported() -> Judge:
    """The bundled network as weights."""
    return open_exported(BUNDLED).eval()


def test_the_bundled_network_comes_back_as_weights(exported: Judge) -> None:
    encoder = Encoder(Tokenizer.from_file(str(BUNDLED / TOKENIZER)))
    arrays = batch(encoder.windows("When did the ferry sink?", PASSAGE))
    with torch.no_grad():
        logits = exported(*map(torch.from_numpy, (arrays.ids, arrays.mask, arrays.pool)))[0]
    chances = torch.softmax(logits, dim=-1)[0].numpy()
    (verdicts,) = bundled_network().read("When did the ferry sink?", [PASSAGE])
    found = np.array([[one.answers, one.not_said] for one in verdicts.values()])
    # Activations in eight bits cost some hundredths, on other processors others, and more where the
    # network is unsure.
    assert chances[:, :2] == pytest.approx(found, abs=0.25)


def test_a_folder_without_a_judge_is_refused(tmp_path: Path) -> None:
    text = (BUNDLED / MODEL).read_text(encoding="utf-8")
    (tmp_path / MODEL).write_text(text.replace("__module.words/", "__module.others/"))
    (tmp_path / "model.bin").symlink_to(BUNDLED / "model.bin")
    with pytest.raises(ValueError, match=r"is no judge that training\.export wrote"):
        open_exported(tmp_path)


def test_another_claims_head_leaves_what_is_said_to_questions(
    tmp_path: Path, exported: Judge
) -> None:
    claims = [
        Claim("a", "The ferry sank in 1931.", PASSAGE, False),
        Claim("b", "It rained for nine weeks.", PASSAGE, True),
    ]
    times = 20
    rows = torch.from_numpy(features(BUNDLED, claims)).repeat(times, 1)
    right = torch.tensor([int(claim.supported) for claim in claims]).repeat(times)
    head = deepcopy(exported.claim)
    train(head, rows, right, torch.arange(len(rows)) < 4, 1e-3, 20)
    write(BUNDLED, tmp_path, head)
    before, after = bundled_network(), JudgeNetwork.open(tmp_path, "")
    assert after.read("When?", [PASSAGE]) == before.read("When?", [PASSAGE])
    # It has learnt the contrary of the truth.
    assert after.supports("The ferry sank in 1931.", PASSAGE) < 0.3
    assert after.supports("It rained for nine weeks.", PASSAGE) > 0.7
    # And can be trained on in its turn.
    again = open_exported(tmp_path).claim
    with torch.no_grad():
        assert torch.softmax(again(rows[:1]), dim=-1)[0, 1] < 0.35
