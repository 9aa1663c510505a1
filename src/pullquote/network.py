"""Question + texts -> logits: the one place where a question-answering network is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    #: ``(ids, attention mask, token types)``, each ``(windows, tokens)``, to the start and end
    #: logits of the same shape. Called by several threads at once.
    Run = Callable[[Integers, Integers, Integers], tuple[Floats, Floats]]

#: Windows are padded to a multiple of this: few distinct shapes, and little padding.
STEP = 16

#: How many windows go through the network together. Those of like length share a batch; with two
#: cores larger batches only add padding.
AT_ONCE = 4

#: Of the tokens that the network takes, a question may have one third.
QUESTION_SHARE = 3


@dataclass(frozen=True, slots=True)
class Window:
    """What the network makes of a text, or of a part of one that is too long for it.

    ``offsets`` are the ranges of the text's tokens, shape ``(tokens, 2)``; ``start`` and ``end``
    are their logits, shape ``(tokens,)``. ``null`` is the sum of the logits of "no answer here".
    """

    offsets: Integers
    start: Floats
    end: Floats
    null: float


@dataclass(frozen=True, slots=True)
class _Encoded:
    ids: Sequence[int]
    types: Sequence[int]
    first: int
    offsets: Integers


class Network:
    """A network with start and end logits, and its tokenizer. Safe to share by threads.

    ``name`` with ``digest`` (SHA-256 of what decides its results) names it in every answer. A
    question and a text together have at most ``tokens`` tokens; ``null`` is the place of the token
    that stands for "no answer".
    """

    def __init__(
        self,
        name: str,
        digest: str,
        tokenizer: Tokenizer,
        tokens: int,
        run: Run,
        language: str | None = None,
    ) -> None:
        self.name = name
        self.digest = digest
        self.language = language
        self._run = run
        self._question_tokens = tokens // QUESTION_SHARE
        self._plain = Tokenizer.from_str(tokenizer.to_str())
        self._plain.no_truncation()
        self._plain.no_padding()
        # A text that is too long gives several windows, which share a quarter.
        self._pairs = Tokenizer.from_str(self._plain.to_str())
        self._pairs.enable_truncation(tokens, stride=tokens // 4, strategy="only_second")

    def cut(self, question: str) -> str:
        """The question, or the end of one that leaves no room for a text beside it.

        What is asked stands at the end more often than at the beginning.
        """
        encoding = self._plain.encode(question, add_special_tokens=False)
        over = len(encoding.ids) - self._question_tokens
        return question[encoding.offsets[over][0] :] if over > 0 else question

    def read(self, question: str, texts: Sequence[str]) -> list[list[Window]]:
        """The windows of each text, read for ``question``."""
        question = self.cut(question)
        encoded: list[_Encoded] = []
        owners: list[int] = []
        for number, it in enumerate(self._pairs.encode_batch([(question, it) for it in texts])):
            for part in (it, *it.overflowing):
                encoded.append(_encoded(part))
                owners.append(number)
        found: list[list[Window]] = [[] for _ in texts]
        for owner, window in zip(owners, self._windows(encoded), strict=True):
            found[owner].append(window)
        return found

    def _windows(self, encoded: Sequence[_Encoded]) -> list[Window]:
        """In the order given; run in the order of their lengths."""
        order = sorted(range(len(encoded)), key=lambda i: len(encoded[i].ids))
        result: dict[int, Window] = {}
        for begin in range(0, len(order), AT_ONCE):
            rows = order[begin : begin + AT_ONCE]
            ids, attention, types = _padded([encoded[i] for i in rows])
            start, end = self._run(ids, attention, types)
            for row, i in enumerate(rows):
                it = encoded[i]
                place = slice(it.first, it.first + len(it.offsets))
                null = float(start[row, 0] + end[row, 0])
                result[i] = Window(it.offsets, start[row, place], end[row, place], null)
        return [result[i] for i in range(len(encoded))]


def _encoded(encoding: Any) -> _Encoded:
    places = [i for i, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
    first = places[0] if places else len(encoding.ids)
    offsets = [encoding.offsets[i] for i in places]
    return _Encoded(
        encoding.ids, encoding.type_ids, first, np.array(offsets, dtype=np.int64).reshape(-1, 2)
    )


def _padded(encoded: Sequence[_Encoded]) -> tuple[Integers, Integers, Integers]:
    longest = max(len(it.ids) for it in encoded)
    shape = (len(encoded), -(-longest // STEP) * STEP)
    ids, attention, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for row, it in enumerate(encoded):
        size = len(it.ids)
        ids[row, :size] = it.ids
        types[row, :size] = it.types
        attention[row, :size] = 1
    return ids, attention, types
