"""Finds passages that share words with a question: BM25 (Robertson and Zaragoza 2009).

This is the only module that imports bm25s. For most passages, bm25s stores the scores in files
that are mapped into memory. For the few passages added later, the scores are computed here by the
same formula.
"""

from __future__ import annotations

import math
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
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

#: The words that BM25 counts: no single letters. Pattern and stop words are those of bm25s.
_WORD = re.compile(r"(?u)\b\w\w+\b")
_STOP_WORDS = frozenset(STOPWORDS_EN)

#: The constants of bm25s.
_K1, _B = 1.5, 0.75

_stemmer, _lock = Stemmer.Stemmer("english"), Lock()


# Room for nearly all words of an article collection, in about 20 MB.
@lru_cache(200_000)
def _stem(word: str) -> str:
    with _lock:  # PyStemmer's stemmers are not thread-safe
        return str(_stemmer.stemWord(word))


def words_of(text: str) -> list[str]:
    """The stems of the words of ``text`` that BM25 counts, in order."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]


def long(words: float, mean: float) -> float:
    """How much a passage's length, in words, counts against it: BM25's ``k1 (1 - b + b l/m)``."""
    return _K1 * (1 - _B + _B * words / mean)


@dataclass(frozen=True, slots=True)
class _Corpus:
    """A tokenized corpus, as bm25s expects it."""

    ids: Sequence[NDArray[np.uint32]]
    vocab: dict[str, int]


def write(folder: Path, passages: Iterable[Sequence[str]]) -> None:
    """Write the BM25 files into a new ``folder``, given the words of each passage."""
    numbers = {"": 0}  # bm25s adds an empty word, which counts for nothing
    ids = [
        np.array([numbers.setdefault(word, len(numbers)) for word in passage], dtype=np.uint32)
        for passage in passages
    ]
    if ids and not any(map(len, ids)):
        # bm25s fails if there is no word at all, so add the empty one: no question contains it.
        ids[-1] = np.zeros(1, dtype=np.uint32)
    folder.mkdir()
    model = bm25s.BM25(k1=_K1, b=_B)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # mean length of no passages
        model.index(_Corpus(ids, numbers), show_progress=False)
    model.save(str(folder), corpus=None, show_progress=False)
    np.save(folder / "length.npy", np.array([sum(map(len, ids))], dtype=np.int64))


class Terms:
    """The opened BM25 files, and the words of the passages added later (``added``).

    Thread-safe.
    """

    def __init__(self, folder: Path, added: Sequence[Sequence[str]]) -> None:
        self._model = bm25s.BM25.load(str(folder), mmap=True)
        length = int(np.load(folder / "length.npy", allow_pickle=False)[0])
        self._written = int(self._model.scores["num_docs"])
        self._count = self._written + len(added)
        self._lengths = np.array([len(words) for words in added], dtype=np.float64)
        self._mean = max(1.0, (length + self._lengths.sum()) / max(1, self._count))
        self._added: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, words in enumerate(added):
            for word, times in Counter(words).items():
                self._added[word].append((number, times))

    def __len__(self) -> int:
        return self._count

    @property
    def written(self) -> int:
        """How many passages are in the files."""
        return self._written

    def knows(self, word: str) -> bool:
        """Whether any passage has a word with this stem."""
        return word in self._model.vocab_dict or word in self._added

    def scores(self, question: str) -> NDArray[np.float32]:
        """The BM25 score of each passage, shape ``(passages,)``; 0 if no word is shared."""
        words = words_of(question)
        scores = np.zeros(self._count, dtype=np.float32)
        numbers = [self._model.vocab_dict[w] for w in words if w in self._model.vocab_dict]
        if numbers:
            scores[: self._written] = self._model.get_scores_from_ids(numbers)
        for word in words:
            self._score_added(word, scores[self._written :])
        return scores

    def _score_added(self, word: str, scores: NDArray[np.float32]) -> None:
        """Add a word's scores for the passages added later.

        This is Lucene's variant of BM25, as in bm25s (Kamphuis et al. 2020).
        """
        places = self._added.get(word, ())
        having = len(places) + self._having(word)
        rarity = math.log(1 + (self._count - having + 0.5) / (having + 0.5))
        for number, times in places:
            scores[number] += rarity * times / (long(self._lengths[number], self._mean) + times)

    def _having(self, word: str) -> int:
        """How many passages in the files contain a word."""
        number = self._model.vocab_dict.get(word)
        if number is None:
            return 0
        bounds = self._model.scores["indptr"]
        return int(bounds[number + 1] - bounds[number])
