"""Question + texts -> logits: the one place where a question-answering network is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Encoding, Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    #: ``(ids, attention mask, token types)``, each of shape ``(1, tokens)``, to the start and end
    #: logits of the same shape. Called by several threads at once.
    Run = Callable[[Integers, Integers, Integers], tuple[Floats, Floats]]

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


class Network:
    """A network with start and end logits, and its tokenizer. Safe to share by threads.

    ``name`` with ``digest`` (SHA-256 of what decides its results) names it in every answer. A
    question and a text together have at most ``tokens`` tokens. ``language`` is the code of the
    only one that it was trained on, if it was only one.
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
        """The windows of each text, read for ``question``.

        Each goes through the network by itself: a quantised network scales a batch as a whole, and
        what it makes of a text must not depend on the texts beside it. On two cores it is as fast.
        """
        question = self.cut(question)
        encodings = self._pairs.encode_batch([(question, it) for it in texts])
        return [
            [self._window(part, text) for part in (it, *it.overflowing)]
            for it, text in zip(encodings, texts, strict=True)
        ]

    def _window(self, encoding: Encoding, text: str) -> Window:
        ids, attention, types = (
            np.array([it], dtype=np.int64)
            for it in (encoding.ids, encoding.attention_mask, encoding.type_ids)
        )
        start, end = self._run(ids, attention, types)
        places = [i for i, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
        offsets = [_trimmed(encoding.offsets[i], text) for i in places]
        return Window(
            np.array(offsets, dtype=np.int64).reshape(-1, 2),
            start[0, places],
            end[0, places],
            float(start[0, 0] + end[0, 0]),
        )


def _trimmed(offsets: tuple[int, int], text: str) -> tuple[int, int]:
    """The range without the space that some tokenizers put before a word."""
    start, end = offsets
    while start < end and text[start].isspace():
        start += 1
    return start, end
