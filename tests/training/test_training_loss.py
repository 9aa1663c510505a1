"""The parts of the loss, worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from pullquote.reading.judge_input import PassageText, batch
from tests.support.training import encoder
from training.examples import ACCEPTABLE, OTHER, RIGHT, Reading
from training.loss import SMOOTHING, Targets, found_at_all, losses, targets
from training.model import ANSWERS, NEITHER, NOT_SAID

#: What is not there.
NONE = -100


def logs(rows: Sequence[object]) -> Tensor:
    """The logits of which these are the exponentials."""
    return torch.tensor(rows, dtype=torch.float32).log()


def right(
    labels: Sequence[Sequence[int]],
    weights: Sequence[Sequence[float]] | None = None,
    words: Sequence[Sequence[int]] | None = None,
    questions: Sequence[int] | None = None,
) -> Targets:
    return Targets(
        torch.tensor(labels),
        torch.tensor(
            weights or [[0.0 if label == NONE else 1.0 for label in own] for own in labels]
        ),
        torch.tensor(words or [[NONE, NONE]] * len(labels)),
        torch.tensor(questions or [0] * len(labels)),
    )


def parts(sentences: Tensor, wanted: Targets) -> dict[str, float]:
    rows = len(sentences)
    found = losses(sentences, torch.zeros(rows, 4, 2), torch.ones(rows, 4), wanted)
    return {name: float(value) for name, value in found.items()}


def smoothed(probabilities: Sequence[float], label: int) -> float:
    """Cross-entropy against a label of which a little is spread over all three."""
    spread = sum(math.log(one) for one in probabilities) / 3
    return -(1 - SMOOTHING) * math.log(probabilities[label]) - SMOOTHING * spread


# Sentence by sentence.


def test_sentences_count_as_much_as_they_weigh() -> None:
    # Probabilities: 4/8, 3/8, 1/8; 1/8, 1/8, 6/8; a third each.
    sentences = logs([[[4, 3, 1], [1, 1, 6], [2, 2, 2]]])
    wanted = right([[ANSWERS, NEITHER, NOT_SAID]], [[2.0, 1.0, 0.7]])
    each = [
        smoothed([4 / 8, 3 / 8, 1 / 8], 0),
        smoothed([1 / 8, 1 / 8, 6 / 8], 2),
        math.log(3),
    ]
    assert parts(sentences, wanted)["sentences"] == pytest.approx(
        (2 * each[0] + each[1] + 0.7 * each[2]) / 3.7
    )


def test_a_sentence_that_is_not_there_does_not_count() -> None:
    one = right([[ANSWERS]])
    padded = right([[ANSWERS, NONE], [NONE, NONE]])
    sentences = logs([[[4, 3, 1], [1, 1, 6]], [[9, 1, 1], [1, 9, 1]]])
    assert parts(sentences, padded)["sentences"] == pytest.approx(
        parts(sentences[:1, :1], one)["sentences"]
    )


def test_that_it_is_not_known_is_another_answer() -> None:
    sentences = logs([[[4, 3, 1]]])
    assert parts(sentences, right([[NOT_SAID]]))["sentences"] == pytest.approx(
        smoothed([4 / 8, 3 / 8, 1 / 8], 1)
    )


# Question by question.


def test_the_odds_of_a_sentence_are_of_both_answers_against_neither() -> None:
    assert found_at_all(logs([[4, 3, 1], [1, 1, 4]])).exp().tolist() == pytest.approx([7, 0.5])


def test_sentences_of_all_passages_share_a_question() -> None:
    # Odds: 3 (right) and 1; 5 in a second passage. One more is for no answer at all.
    sentences = logs([[[2, 1, 1], [1, 1, 2]], [[4, 6, 2], [9, 9, 1]]])
    wanted = right([[ANSWERS, NEITHER], [NEITHER, NONE]])
    assert parts(sentences, wanted)["questions"] == pytest.approx(math.log(10 / 3))


def test_any_of_several_right_sentences_will_do() -> None:
    sentences = logs([[[2, 1, 1], [1, 1, 2]], [[4, 6, 2], [9, 9, 1]]])
    wanted = right([[ANSWERS, NEITHER], [NOT_SAID, NONE]])
    assert parts(sentences, wanted)["questions"] == pytest.approx(math.log(10 / 8))


def test_where_nothing_is_right_no_answer_is() -> None:
    sentences = logs([[[2, 1, 1], [1, 1, 2]], [[4, 6, 2], [9, 9, 1]]])
    wanted = right([[NEITHER, NEITHER], [NEITHER, NONE]])
    assert parts(sentences, wanted)["questions"] == pytest.approx(math.log(10 / 1))


def test_each_question_has_its_own_passages_and_counts_once() -> None:
    # The first and the last are of one question: odds 3 (right) and 1; the other's are 5.
    sentences = logs([[[2, 1, 1]], [[4, 6, 2]], [[1, 1, 2]]])
    wanted = right([[ANSWERS], [NEITHER], [NEITHER]], questions=[7, 3, 7])
    assert parts(sentences, wanted)["questions"] == pytest.approx(
        (math.log(5 / 3) + math.log(6 / 1)) / 2
    )


def test_a_question_lowers_what_its_other_passages_say() -> None:
    sentences = logs([[[1, 1, 2]], [[1, 1, 2]]]).requires_grad_()
    wanted = right([[ANSWERS], [NEITHER]])
    found = losses(sentences, torch.zeros(2, 4, 2), torch.ones(2, 4), wanted)["questions"]
    found.backward()  # type: ignore[no-untyped-call]
    assert sentences.grad is not None
    # Each has a third of the whole, and the right one wants all.
    assert sentences.grad[:, 0, NEITHER].tolist() == pytest.approx([2 / 3, -1 / 3])


# Word by word.


def test_the_words_are_found_among_the_tokens_that_are_there() -> None:
    # The last token is padding.
    starts, ends = [1, 1, 2, 7], [4, 1, 3, 9]
    spans = logs([[[start, end] for start, end in zip(starts, ends, strict=True)]])
    wanted = right([[ANSWERS]], words=[[2, 1]])
    found = losses(torch.zeros(1, 1, 3), spans, torch.tensor([[1, 1, 1, 0]]), wanted)
    assert float(found["words"]) == pytest.approx((math.log(4 / 2) + math.log(8 / 1)) / 2)


def test_a_passage_without_answering_words_has_no_part_in_them() -> None:
    spans = logs([[[1, 1], [3, 1]], [[5, 7], [2, 2]]])
    wanted = right([[ANSWERS], [NEITHER]], words=[[1, 1], [NONE, NONE]])
    found = losses(torch.zeros(2, 1, 3), spans, torch.ones(2, 2), wanted)
    assert float(found["words"]) == pytest.approx((math.log(4 / 3) + math.log(2)) / 2)


def test_without_any_answering_words_there_is_no_such_part() -> None:
    assert set(parts(torch.zeros(1, 1, 3), right([[NEITHER]]))) == {"sentences", "questions"}


# What is right, of readings.

ENCODER = encoder()
TEXT = PassageText("", None, "No sun. It rains in Odda.", ((0, 7), (8, 25)))
READING = Reading("Rain", TEXT, (NEITHER, ANSWERS), (OTHER, RIGHT), (17, 24))


def wanted_of(*readings: Reading, questions: Sequence[int] = (0,)) -> Targets:
    """The targets of their first windows."""
    windows = [ENCODER.windows(reading.question, reading.passage)[0] for reading in readings]
    return targets(readings, windows, batch(windows).slots, questions)


def test_the_targets_of_a_reading_by_hand() -> None:
    found = wanted_of(READING, questions=[5])
    assert found.labels.tolist() == [[NEITHER, ANSWERS]]
    assert found.weights.tolist() == [[1.0, 2.0]]
    assert found.questions.tolist() == [5]
    # "[CLS] rain [SEP] no sun . it rains in odd ##a . [SEP]": from "in" to "##a".
    assert found.words.tolist() == [[8, 10]]


def test_part_of_a_word_is_that_words_token() -> None:
    inside = Reading("Rain", TEXT, READING.labels, READING.weights, (13, 15))
    assert wanted_of(inside).words.tolist() == [[7, 7]]


def test_shorter_readings_are_padded() -> None:
    short = Reading("Sun", PassageText("", None, "Sun.", ((0, 4),)), (NOT_SAID,), (ACCEPTABLE,))
    found = wanted_of(short, READING, questions=[0, 1])
    assert found.labels.tolist() == [[NOT_SAID, NONE], [NEITHER, ANSWERS]]
    assert found.weights[0].tolist() == pytest.approx([0.7, 0.0])
    assert found.words.tolist() == [[NONE, NONE], [8, 10]]


def test_what_stands_behind_the_first_window_is_no_target() -> None:
    first = "rain " * 300
    text = PassageText("", None, f"{first}It rains in Odda.", ((0, 1499), (1500, 1517)))
    reading = Reading("Sun", text, (NEITHER, ANSWERS), (OTHER, RIGHT), (1509, 1516))
    windows = ENCODER.windows("Sun " * 40, text)
    assert len(windows) == 2
    found = wanted_of(Reading("Sun " * 40, text, reading.labels, reading.weights, reading.words))
    assert found.labels.tolist() == [[NEITHER]]
    assert found.words.tolist() == [[NONE, NONE]]


def test_a_sentence_without_tokens_moves_no_label() -> None:
    text = PassageText("", None, "\u200b It rains.", ((0, 1), (2, 11)))
    found = wanted_of(Reading("Sun", text, (NEITHER, ANSWERS), (OTHER, RIGHT), (2, 4)))
    assert found.labels.tolist() == [[ANSWERS]]
    assert found.weights.tolist() == [[2.0]]
    assert found.words.tolist() == [[3, 3]]
