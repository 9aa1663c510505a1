"""The loss by hand, on logits that are given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from helpers_training import REAL, save_backbone
from training.encode import Encoded, encode, open_tokenizer, pad
from training.model import Scores, as_network, logits, open_model, score, shared

#: No answer and a word, where the logits of all others are 0.
NULL, WORD = 101, 7


class Given:
    """As ``BertForQuestionAnswering``; the logits of a token are those given, or 0."""

    def __init__(self, **by_token: tuple[float, float]) -> None:
        self._by_token = {int(name.removeprefix("t")): it for name, it in by_token.items()}

    def bert(self, input_ids: torch.Tensor, **_: torch.Tensor) -> tuple[torch.Tensor]:
        rows = [[self._by_token.get(id, (0.0, 0.0)) for id in row] for row in input_ids.tolist()]
        return (torch.tensor(rows),)

    def qa_outputs(self, hidden: torch.Tensor) -> torch.Tensor:
        return hidden


def sequence(passage: Sequence[int], start: int = 0, end: int = 0) -> Encoded:
    """A question of one token, and a passage; it begins behind three others."""
    ids = [NULL, 50, 102, *passage, 102]
    return Encoded(ids, 3, [(i, i + 1) for i in range(len(passage))], start, end)


def values(tensor: torch.Tensor) -> list[float]:
    return [round(float(it), 5) for it in tensor]


def test_only_the_passage_and_no_answer_take_part() -> None:
    model: Any = Given(t50=(9.0, 9.0), t102=(9.0, 9.0), t0=(9.0, 9.0), t7=(2.0, 3.0))
    found = logits(model, pad([sequence([5, WORD])]))[0]
    allowed = [0, 3, 4]
    assert found[allowed].tolist() == [[0.0, 0.0], [0.0, 0.0], [2.0, 3.0]]
    others = [i for i in range(len(found)) if i not in allowed]
    assert (found[others] == torch.finfo(torch.float32).min).all()


def test_the_scores_of_a_sequence_by_hand() -> None:
    # e to the start logits: 2 for no answer, 1, 1 and 4 in the passage; the ends: 8, and 1, 1, 1.
    model: Any = Given(t101=(math.log(2), math.log(8)), t7=(math.log(4), 0.0))
    (it,) = score(model, [sequence([5, 6, WORD], start=5, end=4)])
    assert float(it.own) == pytest.approx(math.log(8 / 4) + math.log(11 / 1))
    assert values(it.gold) == values(torch.tensor([math.log(4), 0.0]))
    # Without no answer.
    assert values(it.total) == values(torch.tensor([math.log(6), math.log(3)]))


def test_no_answer_is_the_target_where_none_is_placed() -> None:
    model: Any = Given(t101=(math.log(2), math.log(8)), t7=(math.log(4), 0.0))
    (it,) = score(model, [sequence([5, 6, WORD])])
    assert float(it.own) == pytest.approx(math.log(8 / 2) + math.log(11 / 8))


def test_sequences_of_any_length_keep_their_order() -> None:
    model: Any = Given(t7=(1.0, 2.0))
    sequences = [sequence([5] * size + [WORD], 3 + size, 3 + size) for size in (40, 2, 90, 1)]
    together = score(model, sequences, at_once=2)
    for it, alone in zip(together, (score(model, [one])[0] for one in sequences), strict=True):
        assert values(it.total) == values(alone.total)
        assert float(it.own) == pytest.approx(float(alone.own))
    assert values(together[0].total) == values(
        torch.tensor([math.log(40 + math.e), math.log(40 + math.e**2)])
    )


def scores(gold: tuple[float, float], total: tuple[float, float]) -> Scores:
    """Of numbers, not of their logarithms."""
    return Scores(torch.tensor(0.0), torch.tensor(gold).log(), torch.tensor(total).log())


def test_shared_normalisation_by_hand() -> None:
    answering = scores((2.0, 3.0), (4.0, 3.0))
    # The start: 2 of 4. The end: 3 of 3.
    assert float(shared([answering])) == pytest.approx(math.log(4 / 2))
    # Another passage takes its share of both, wherever its own "answer" is.
    other = scores((99.0, 99.0), (12.0, 6.0))
    assert float(shared([answering, other])) == pytest.approx(math.log(16 / 2) + math.log(9 / 3))
    third = scores((1.0, 1.0), (4.0, 3.0))
    assert float(shared([answering, other, third])) == pytest.approx(
        math.log(20 / 2) + math.log(12 / 3)
    )


def test_shared_normalisation_lowers_what_other_passages_say() -> None:
    total = torch.zeros(2, requires_grad=True)
    other = Scores(torch.tensor(0.0), torch.zeros(2), total)
    shared([scores((1.0, 1.0), (2.0, 2.0)), other]).backward()  # type: ignore[no-untyped-call]
    assert total.grad is not None
    # Its share of the whole: 1 of 3.
    assert values(total.grad) == [0.33333, 0.33333]


def test_a_network_in_training_is_read_as_the_products_is(tmp_path: Path) -> None:
    tokenizer = open_tokenizer(REAL)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = open_model(save_backbone(tmp_path)).eval()
    question, text = "When did it rain?", "It rained in 1843, and in 1844."
    ((window,),) = as_network(model, tokenizer).read(question, [text])
    sequences = encode(tokenizer, [(question, text)])
    with torch.inference_mode():
        found = logits(model, pad(sequences))[0]
    (it,) = sequences
    place = slice(it.first, it.first + len(it.offsets))
    assert window.start == pytest.approx(found[place, 0].numpy(), abs=1e-5)
    assert window.end == pytest.approx(found[place, 1].numpy(), abs=1e-5)
    assert window.null == pytest.approx(float(found[0].sum()), abs=1e-5)


def test_a_model_begins_without_dropout(tmp_path: Path) -> None:
    config = open_model(save_backbone(tmp_path)).config
    assert (config.hidden_dropout_prob, config.attention_probs_dropout_prob) == (0.0, 0.0)
