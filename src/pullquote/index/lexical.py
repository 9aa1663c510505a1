"""Which passages share words with a question: BM25, kept in files that are mapped into memory.

The only importer of bm25s. The words of each passage are kept beside the scores, so that an
article that did not change is not taken apart again when another does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The words of all passages as numbers, one after the other, and where each passage's begin.
TOKENS = "tokens.npy"
BOUNDS = "bounds.npy"

#: What BM25 counts: no single letters. The pattern and the stop words are the library's own.
_WORD = re.compile(r"(?u)\b\w\w+\b")
_STOP_WORDS = frozenset(STOPWORDS_EN)

#: Words whose stem is remembered: nearly all that an article has, in some 20 MB.
_WORDS_KEPT = 200_000


class Vocabulary:
    """Words to numbers. A word that was seen keeps its number for good."""

    def __init__(self, numbers: Mapping[str, int] | None = None) -> None:
        # The library adds an empty one, which counts for nothing.
        self.numbers = dict(numbers or {"": 0})
        stemmer, lock = Stemmer.Stemmer("english"), Lock()

        def stem(word: str) -> str:
            with lock:  # the library's stemmers are not to be shared by threads
                return str(stemmer.stemWord(word))

        self._stem = lru_cache(_WORDS_KEPT)(stem)

    def words(self, text: str) -> list[str]:
        """The stems of the words of ``text`` that BM25 counts, in order."""
        return [self._stem(it) for it in _WORD.findall(text.lower()) if it not in _STOP_WORDS]

    def encode(self, text: str) -> NDArray[np.uint32]:
        """The numbers of the words of ``text``; new words get new ones."""
        numbers = self.numbers
        found = [numbers.setdefault(it, len(numbers)) for it in self.words(text)]
        return np.array(found, dtype=np.uint32)


def write(folder: Path, passages: Sequence[NDArray[np.uint32]], vocabulary: Vocabulary) -> None:
    """Write the files into ``folder``: the words of each passage, as ``vocabulary`` has them."""
    folder.mkdir()
    if not any(len(it) for it in passages):
        # The library fails where there is no word at all: the empty one is never asked for.
        passages = [*passages[:-1], np.zeros(1, dtype=np.uint32)]
    bounds = np.cumsum([0, *(len(it) for it in passages)])
    np.save(folder / BOUNDS, bounds.astype(np.int64))
    tokens = np.lib.format.open_memmap(
        folder / TOKENS, mode="w+", dtype=np.uint32, shape=(int(bounds[-1]),)
    )
    for first, it in zip(bounds, passages, strict=False):
        tokens[first : first + len(it)] = it
    tokens.flush()
    model = bm25s.BM25()
    model.index(_Corpus(_Rows(tokens, bounds), vocabulary.numbers), show_progress=False)
    model.save(str(folder), corpus=None, show_progress=False)


@dataclass(frozen=True, slots=True)
class _Corpus:
    """As the library takes it."""

    ids: _Rows
    vocab: dict[str, int]


class _Rows(Sequence["NDArray[np.uint32]"]):
    """The words of the passages, one array each, out of one on disk."""

    def __init__(self, tokens: NDArray[np.uint32], bounds: NDArray[np.int64]) -> None:
        self._tokens = tokens
        self._bounds = bounds

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, number: int) -> NDArray[np.uint32]:  # type: ignore[override]
        if not 0 <= number < len(self):
            raise IndexError(number)
        first, end = self._bounds[number : number + 2]
        return np.asarray(self._tokens[first:end])


class Terms:
    """The open files. Safe to share by threads."""

    def __init__(self, folder: Path) -> None:
        self._model = bm25s.BM25.load(str(folder), mmap=True)
        tokens = np.load(folder / TOKENS, mmap_mode="r", allow_pickle=False)
        bounds = np.load(folder / BOUNDS, allow_pickle=False)
        self._rows = _Rows(tokens, bounds)
        self.vocabulary = Vocabulary(self._model.vocab_dict)
        if len(self._rows) != self._model.scores["num_docs"] or bounds[-1] != len(tokens):
            raise ValueError("its words do not belong together")

    def __len__(self) -> int:
        return len(self._rows)

    def words_of(self, passage: int) -> NDArray[np.uint32]:
        """The words of a passage, as the vocabulary numbers them."""
        return self._rows[passage]

    def scores(self, question: str) -> NDArray[np.float32]:
        """The BM25 score of each passage, shape ``(passages,)``; 0 where no word is shared."""
        known = self.vocabulary.numbers
        numbers = [known[it] for it in self.vocabulary.words(question) if it in known]
        if not numbers:
            return np.zeros(len(self), dtype=np.float32)
        scores: NDArray[np.float32] = self._model.get_scores_from_ids(numbers)
        return scores
