"""Logits -> the best answer in each sentence of a passage, and how much it is better than none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pullquote.network import Network, Window

#: An answer has at most so many tokens, unless it is the whole sentence.
LONGEST = 30

#: A sentence: its article and its number in it.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a passage: a range of the passage, and ``at``, its start in the article."""

    key: Key
    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    """What is read, and the sentences in it that may answer."""

    text: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How well a sentence answers.

    ``span`` is the sum of the start and end logits of its best answer, ``null`` that of "no
    answer" where it was read; ``answer`` is where the best answer stands in the article.
    """

    span: float
    null: float
    answer: tuple[int, int]

    @property
    def margin(self) -> float:
        """How much likelier the answer is than none: a difference of logits."""
        return self.span - self.null


def score_sentences(network: Network, question: str, texts: Sequence[Text]) -> Mapping[Key, Score]:
    """The score of each sentence; of several windows that hold it, the best margin counts."""
    texts = [it for it in texts if it.pieces]
    best: dict[Key, Score] = {}
    for it, windows in zip(texts, network.read(question, [it.text for it in texts]), strict=True):
        for window in windows:
            for piece in it.pieces:
                found = _best(piece, window)
                if found and (piece.key not in best or found.margin > best[piece.key].margin):
                    best[piece.key] = found
    return best


def _best(piece: Piece, window: Window) -> Score | None:
    """The best answer inside a sentence, or inside the part of it that the window holds."""
    starts, ends = window.offsets[:, 0], window.offsets[:, 1]
    inside = np.flatnonzero((starts >= piece.start) & (ends <= piece.end) & (ends > starts))
    if not len(inside):
        return None
    sums = window.start[inside, None] + window.end[None, inside]
    ones = np.ones_like(sums, dtype=bool)
    fits = np.triu(ones) & ~np.triu(ones, LONGEST)
    fits[0, -1] = True
    start, end = np.unravel_index(np.argmax(np.where(fits, sums, -np.inf)), sums.shape)
    moved = piece.at - piece.start
    return Score(
        span=float(sums[start, end]),
        null=window.null,
        answer=(
            moved + int(starts[inside[start]]),
            moved + int(ends[inside[end]]),
        ),
    )
