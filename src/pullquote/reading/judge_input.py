"""Encodes a question and a passage for the judge's network: tokens, and the sentence of each.

The passage's text is ``title (date): sentence sentence …``. Training and inference share this
module, so that their input is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float32]

#: The most tokens of one input, special tokens included. A passage of 200 tokens, a title and a
#: question fit.
MAX_TOKENS = 320

#: The most tokens of the question, and of the title before the passage.
QUESTION_TOKENS = 96
HEAD_TOKENS = 48

#: The value in ``owners`` for a token that belongs to no sentence.
NOBODY = -1


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage to read. ``sentences`` are the ranges of ``text`` that may be cited, in order."""

    title: str
    date: str | None
    text: str
    sentences: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, sentences: Sequence[str], title: str = "", date: str | None = None) -> PassageText:
        """A passage made of separate sentences, which may come from different articles."""
        ends = accumulate((len(sentence) + 1 for sentence in sentences), initial=0)
        ranges = tuple(
            (start, start + len(sentence)) for start, sentence in zip(ends, sentences, strict=False)
        )
        return cls(title, date, " ".join(sentences), ranges)

    @property
    def head(self) -> str:
        """The title and date put before the sentences; empty when the article has no title."""
        if not self.title:
            return ""
        return f"{self.title} ({self.date}):" if self.date else f"{self.title}:"


@dataclass(frozen=True, slots=True)
class Window:
    """The tokens of a question and of a part of a passage, at most :data:`MAX_TOKENS`.

    ``owners[i]`` is the number of the sentence that token ``i`` belongs to, or :data:`NOBODY`;
    ``offsets[i]`` its range in the passage's text.
    """

    ids: list[int]
    owners: list[int]
    offsets: list[tuple[int, int]]

    @property
    def sentences(self) -> tuple[int, ...]:
        """The numbers of the sentences with tokens in this window, ascending."""
        return tuple(sorted(set(self.owners) - {NOBODY}))


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as arrays, padded at the right.

    ``ids`` and ``mask`` have shape ``(windows, tokens)``. ``pool`` has shape
    ``(windows, sentences, tokens)``: each row averages the tokens of one sentence; unused rows are
    zero. ``slots[window]`` are the numbers of the sentences of that window's pool rows.
    """

    ids: Integers
    mask: Integers
    pool: Floats
    slots: tuple[tuple[int, ...], ...]


class Encoder:
    """Turns text into windows with the tokenizer of the network."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        start, middle, end = _marks(tokenizer)
        self._start, self._middle, self._end = start, middle, end
        self._marks = len(start) + len(middle) + len(end)

    def cut(self, question: str) -> str:
        """The question as the network reads it: only the end of one that is too long.

        The actual question is more often at the end than at the beginning.
        """
        encoding = self.tokenizer.encode(question, add_special_tokens=False)
        over = len(encoding.ids) - QUESTION_TOKENS
        return question[encoding.offsets[over][0] :] if over > 0 else question

    def windows(self, question: str, passage: PassageText) -> list[Window]:
        """Split the passage into as few windows as possible, between sentences if they fit."""
        asked = self.tokenizer.encode(question, add_special_tokens=False).ids[-QUESTION_TOKENS:]
        head = self.tokenizer.encode(passage.head, add_special_tokens=False).ids[:HEAD_TOKENS]
        tokens = self.tokenizer.encode(passage.text, add_special_tokens=False)
        owners = _owners(tokens.offsets, passage.sentences)
        room = MAX_TOKENS - self._marks - len(asked) - len(head)
        opening = [*self._start, *asked, *self._middle, *head]
        made = []
        for first, stop in _cuts(owners, room):
            ids = [*opening, *tokens.ids[first:stop], *self._end]
            before, after = len(opening), len(self._end)
            made.append(
                Window(
                    ids,
                    [NOBODY] * before + owners[first:stop] + [NOBODY] * after,
                    [(0, 0)] * before + list(tokens.offsets[first:stop]) + [(0, 0)] * after,
                )
            )
        return made


def batch(windows: Sequence[Window], step: int = 1) -> Batch:
    """At least one window, as arrays of the longest one's length, rounded up to ``step``."""
    longest = -(-max(len(window.ids) for window in windows) // step) * step
    slots = tuple(window.sentences for window in windows)
    rows = max(1, *map(len, slots))
    # Any id works as padding: the mask hides it.
    ids = np.ones((len(windows), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    pool = np.zeros((len(windows), rows, longest), dtype=np.float32)
    for row, (window, own) in enumerate(zip(windows, slots, strict=True)):
        size = len(window.ids)
        ids[row, :size] = window.ids
        mask[row, :size] = 1
        owners = np.asarray(window.owners)
        for slot, owner in enumerate(own):
            places = np.flatnonzero(owners == owner)
            pool[row, slot, places] = 1 / len(places)
    return Batch(ids, mask, pool, slots)


def _marks(tokenizer: Tokenizer) -> tuple[list[int], list[int], list[int]]:
    """The special tokens that the tokenizer puts before, between and after a pair of texts."""
    pair = tokenizer.encode("a", "a")
    own = [i for i, special in enumerate(pair.special_tokens_mask) if not special]
    first, second = own[0], own[-1]
    return pair.ids[:first], pair.ids[first + 1 : second], pair.ids[second + 1 :]


def _owners(offsets: Sequence[tuple[int, int]], sentences: Sequence[tuple[int, int]]) -> list[int]:
    owners = []
    number = 0
    for start, end in offsets:
        while number < len(sentences) and start >= sentences[number][1]:
            number += 1
        inside = number < len(sentences) and end > sentences[number][0]
        owners.append(number if inside else NOBODY)
    return owners


def _cuts(owners: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Consecutive ranges of at most ``room`` tokens, cut between sentences where possible."""
    cuts = []
    first = 0
    while first < len(owners):
        stop = min(first + room, len(owners))
        if stop < len(owners):
            back = stop
            while back > first and owners[back] == owners[back - 1]:
                back -= 1
            # A sentence that is longer than a window is cut into pieces.
            stop = back if back > first else stop
        cuts.append((first, stop))
        first = stop
    return cuts
