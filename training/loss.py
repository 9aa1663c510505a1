"""The judge's training loss: over sentences, over questions, and over the answering words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from pullquote.reading.judge_input import Window
from training.examples import Reading
from training.model import NEITHER

#: The weights of the parts of the loss; that of the sentences has weight 1.
QUESTION, WORDS, CLAIM = 0.5, 0.2, 1.0

SMOOTHING = 0.02

#: The label of padding, which the loss ignores.
_NONE = -100


@dataclass(frozen=True, slots=True)
class Targets:
    """The right outputs for the windows of a batch, padded like the batch.

    ``labels`` and ``weights`` have shape ``(windows, sentences)``. ``words``, ``(windows, 2)``,
    holds the first and last token of the answering words, and ``questions``, ``(windows,)``, the
    number of each window's question.
    """

    labels: Tensor
    weights: Tensor
    words: Tensor
    questions: Tensor


def targets(
    readings: Sequence[Reading],
    windows: Sequence[Window],
    slots: Sequence[Sequence[int]],
    questions: Sequence[int],
) -> Targets:
    """The targets of some readings, each read in its first window."""
    rows = max(1, *(len(own) for own in slots))
    labels = torch.full((len(readings), rows), _NONE)
    weights = torch.zeros(len(readings), rows)
    words = torch.full((len(readings), 2), _NONE)
    for row, (reading, window, own) in enumerate(zip(readings, windows, slots, strict=True)):
        for slot, number in enumerate(own):
            labels[row, slot] = reading.labels[number]
            weights[row, slot] = reading.weights[number]
        if reading.words and (place := _tokens(window, reading.words)):
            words[row, 0], words[row, 1] = place
    return Targets(labels, weights, words, torch.tensor(list(questions)))


def losses(sentences: Tensor, spans: Tensor, mask: Tensor, right: Targets) -> dict[str, Tensor]:
    """The parts of the loss by name, each a mean."""
    found = {"sentences": _by_sentence(sentences, right)}
    found["questions"] = _by_question(sentences, right)
    if bool((right.words[:, 0] >= 0).any()):
        hidden = spans.masked_fill(mask[:, :, None] == 0, -1e4)
        found["words"] = functional.cross_entropy(hidden, right.words, ignore_index=_NONE)
    return found


def _by_sentence(sentences: Tensor, right: Targets) -> Tensor:
    each = functional.cross_entropy(
        sentences.flatten(0, 1),
        right.labels.flatten(),
        ignore_index=_NONE,
        reduction="none",
        label_smoothing=SMOOTHING,
    )
    weights = right.weights.flatten()
    return (each * weights).sum() / weights.sum()


def _by_question(sentences: Tensor, right: Targets) -> Tensor:
    """The negative log-probability of the right sentences among all those read for a question.

    Where no sentence is right, it is that of the choice "none". This makes scores comparable
    across passages: shared normalisation, Clark and Gardner, "Simple and Effective Multi-Paragraph
    Reading Comprehension", ACL 2018.
    """
    found = found_at_all(sentences)
    there = right.labels != _NONE
    wanted = there & (right.labels != NEITHER)
    parts = []
    for number in set(right.questions.tolist()):
        own = right.questions == number
        logits = found[own][there[own]]
        none = logits.new_zeros(1)
        whole = torch.cat([none, logits]).logsumexp(0)
        good = found[own][wanted[own]]
        parts.append(whole - (good.logsumexp(0) if len(good) else none[0]))
    return torch.stack(parts).mean()


def found_at_all(sentences: Tensor) -> Tensor:
    """The log-odds that a sentence either answers or says that the answer is not known."""
    return sentences[..., :NEITHER].logsumexp(-1) - sentences[..., NEITHER]


def _tokens(window: Window, words: tuple[int, int]) -> tuple[int, int] | None:
    """The first and last token of a range of the passage's text, if the window holds any of it."""
    inside = [
        i
        for i, (start, end) in enumerate(window.offsets)
        if end > start and start < words[1] and end > words[0]
    ]
    return (inside[0], inside[-1]) if inside else None
