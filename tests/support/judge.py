"""Judges for the tests: one whose logits are given word by word, and a tiny untrained one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pullquote.reading.judge_input import batch
from pullquote.reading.judge_network import MODEL, TOKENIZER, Card, JudgeNetwork
from tests.support.training import REAL, encoder, save_backbone
from training.export import write_card, write_float
from training.model import Judge, open_published

CARD_BY_HAND = Card("by-hand", "en", {}, refuse_below=0.5, cite_above=0.7, support_above=0.6)

#: For each word, what it adds to the logits of its sentence's three classes, and its own logits as
#: start and end of the answering words.
Logits = Mapping[str, tuple[float, float, float, float, float]]


class ByHand:
    """Stands in for a compiled model; its outputs are sums of the given logits."""

    def __init__(self, logits: Logits) -> None:
        self._ids = {encoder().tokenizer.token_to_id(word): row for word, row in logits.items()}
        #: How many tokens each window had.
        self.read: list[int] = []

    def create_infer_request(self) -> ByHand:
        return self

    def infer(self, arrays: Sequence[Any]) -> list[Any]:
        ids, _, pool = arrays
        self.read.append(ids.shape[1])
        rows = np.array([self._ids.get(int(one), (0.0,) * 5) for one in ids[0]], dtype=np.float32)
        sentences = (pool[0] > 0).astype(np.float32) @ rows[:, :3]
        total = rows[:, 0].sum()
        return [sentences[None], rows[None, :, 3:], np.array([[0.0, total]], dtype=np.float32)]


def by_hand(logits: Logits) -> JudgeNetwork:
    """A network in which only these words have logits."""
    return JudgeNetwork(CARD_BY_HAND, "0123456789abcdef", encoder(), ByHand(logits))


def save_judge(folder: Path) -> tuple[Path, Judge]:
    """A tiny network with random weights: as a folder that the product can read, and in torch."""
    torch.manual_seed(3)
    judge = open_published(save_backbone(folder / "backbone", "mpnet"), 0)
    made = folder / "judge"
    made.mkdir()
    windows = encoder().windows("Where?", _passage())
    write_float(judge, batch(windows), made / MODEL)
    (made / TOKENIZER).write_bytes((REAL / TOKENIZER).read_bytes())
    write_card(made, "tiny")
    return made, judge


def _passage() -> Any:
    from pullquote.reading.judge_input import PassageText

    return PassageText("Odda", None, "It rains. The sun set.", ((0, 9), (10, 22)))
