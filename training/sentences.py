"""From the network's logits to a score for every sentence that was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from tokenizers import Tokenizer

from training.encode import Encoded, encode, pad
from training.model import logits
from training.passages import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Logits = NDArray[np.float32]
    #: Logits of each sequence, shape ``(its tokens, 2)``, in the order given.
    Network = Callable[[Sequence[Encoded]], list[Logits]]

#: An answer is at most this long, in word pieces, unless it is the whole sentence.
LONGEST = 30

#: A sentence: its document and its number in it.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a passage: a range of the passage, and ``at``, its start in the document."""

    key: Key
    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to read, and the sentences in it."""

    text: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How well a sentence answers.

    ``span`` is the sum of the start and end logits of its best answer, ``null`` that of no
    answer in the passage; ``answer`` is where the answer stands in the document's text.
    """

    span: float
    null: float
    answer: tuple[int, int]

    @property
    def margin(self) -> float:
        """How much more likely the answer is than none: a difference of logits."""
        return self.span - self.null


def passage(span: Span) -> Passage:
    """The sentences of a document, as they stand there."""
    pieces = [
        Piece((span.document.id, number), start - span.start, end - span.start, start)
        for number, (start, end) in enumerate(span.document.sentences)
        if span.holds(number)
    ]
    return Passage(span.text, tuple(pieces))


def without(whole: Passage, left_out: frozenset[Key]) -> Passage:
    """The passage without some of its sentences; the rest is joined by spaces."""
    text, pieces = "", []
    for it in whole.pieces:
        if it.key in left_out:
            continue
        text += " " if text else ""
        words = whole.text[it.start : it.end]
        pieces.append(Piece(it.key, len(text), len(text) + len(words), it.at))
        text += words
    return Passage(text, tuple(pieces))


def network(model: Any, bfloat16: bool = False, at_once: int = 12) -> Network:
    """A torch model as a function of sequences."""

    def run(sequences: Sequence[Encoded]) -> list[Logits]:
        with torch.inference_mode():
            return in_batches(
                sequences, lambda some: logits(model, pad(some), bfloat16).numpy(), at_once
            )

    return run


def in_batches(
    sequences: Sequence[Encoded], run: Callable[[Sequence[Encoded]], Logits], at_once: int
) -> list[Logits]:
    """Run those of like length together; the results come in the order given, unpadded."""
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i].ids))
    result: dict[int, Logits] = {}
    for begin in range(0, len(order), at_once):
        rows = order[begin : begin + at_once]
        both = run([sequences[i] for i in rows])
        for row, i in enumerate(rows):
            result[i] = both[row, : len(sequences[i].ids)]
    return [result[i] for i in range(len(sequences))]


def score_sentences(
    run: Network, tokenizer: Tokenizer, question: str, passages: Sequence[Passage]
) -> Mapping[Key, Score]:
    """The score of each sentence; of several passages that hold it, the best margin counts."""
    passages = [it for it in passages if it.pieces]
    sequences = encode(tokenizer, [(question, it.text) for it in passages])
    best: dict[Key, Score] = {}
    for it, sequence, both in zip(passages, sequences, run(sequences), strict=True):
        for piece in it.pieces:
            found = _best(piece, sequence, both)
            if found is not None and (
                piece.key not in best or found.margin > best[piece.key].margin
            ):
                best[piece.key] = found
    return best


def _best(piece: Piece, sequence: Encoded, both: Logits) -> Score | None:
    inside = [
        i
        for i, (start, end) in enumerate(sequence.offsets)
        if start >= piece.start and end <= piece.end
    ]
    if not inside:
        return None
    first, stop = inside[0], inside[-1] + 1
    part = both[sequence.first + first : sequence.first + stop]
    sums = part[:, None, 0] + part[None, :, 1]
    ones = np.ones_like(sums, dtype=bool)
    fits = np.triu(ones) & ~np.triu(ones, LONGEST)
    fits[0, -1] = True
    start, end = np.unravel_index(np.argmax(np.where(fits, sums, -np.inf)), sums.shape)
    moved = piece.at - piece.start
    return Score(
        span=float(sums[start, end]),
        null=float(both[0].sum()),
        answer=(
            moved + sequence.offsets[first + int(start)][0],
            moved + sequence.offsets[first + int(end)][1],
        ),
    )
