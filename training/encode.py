"""Questions and passages to the model's tokens, and answers to places among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

#: Word pieces of a question and a passage together. A passage of 200, a question of 40 and the
#: three marks fit; only a passage of one very long sentence is cut.
MAX_TOKENS = 288

#: Sequences are padded to a multiple of this: few distinct shapes, and little padding.
STEP = 32


@dataclass(frozen=True, slots=True)
class Encoded:
    """A question and a passage as tokens.

    ``offsets`` are the ranges of the passage's tokens in its text; the first stands at
    ``first``. ``start`` and ``end`` (inclusive) are the answer's tokens, both 0 for none.
    """

    ids: list[int]
    first: int
    offsets: list[tuple[int, int]]
    start: int = 0
    end: int = 0

    def place(self, answer: tuple[int, int]) -> tuple[int, int] | None:
        """The first and last token of a range of the passage; ``None`` when it was cut off."""
        inside = [
            i
            for i, (start, end) in enumerate(self.offsets)
            if start < answer[1] and end > answer[0]
        ]
        if not inside or self.offsets[inside[-1]][1] < answer[1]:
            return None
        return self.first + inside[0], self.first + inside[-1]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of shape ``(sequences, length)``; ``passage`` marks the passage's tokens."""

    ids: torch.Tensor
    attention: torch.Tensor
    types: torch.Tensor
    passage: torch.Tensor


def open_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a model's folder, set to cut what is too long, which is the passage."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


def encode(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> list[Encoded]:
    """Each ``(question, passage)`` as tokens; the answers are not placed yet."""
    result = []
    for it in tokenizer.encode_batch(list(pairs)):
        places = [i for i, sequence in enumerate(it.sequence_ids) if sequence == 1]
        first = places[0] if places else len(it.ids)
        result.append(Encoded(it.ids, first, [it.offsets[i] for i in places]))
    return result


def pad(sequences: Sequence[Encoded]) -> Batch:
    """Tensors of the sequences, as long as the longest asks for in steps of :data:`STEP`."""
    longest = max(len(it.ids) for it in sequences)
    shape = (len(sequences), -(-longest // STEP) * STEP)
    ids = torch.zeros(shape, dtype=torch.long)
    attention, types = torch.zeros_like(ids), torch.zeros_like(ids)
    passage = torch.zeros(shape, dtype=torch.bool)
    for row, it in enumerate(sequences):
        size = len(it.ids)
        ids[row, :size] = torch.tensor(it.ids)
        attention[row, :size] = 1
        # The mark behind the passage is of its type too.
        types[row, it.first : size] = 1
        passage[row, it.first : it.first + len(it.offsets)] = True
    return Batch(ids, attention, types, passage)
