"""Finds near-duplicate articles, such as wire copy with another headline and a few changes.

MinHash over runs of three words (Broder, "On the resemblance and containment of documents", 1997)
estimates the share of runs that two texts have in common; bands of it (Leskovec, Rajaraman and
Ullman, "Mining of Massive Datasets", chapter 3) find the pairs worth estimating.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Words in a run.
_RUN = 3

#: Numbers in a signature. An estimate of .5 is then within .13 of the truth, 19 times out of 20.
_SIZE = 63

#: Numbers in a band: of pairs that share .6 of their runs, .994 agree in one of the 21 bands.
_BAND = 3

#: Up to how many signatures are each compared with all others: 10 ms each among 100,000.
_COMPARED = 50

#: Runs hashed at once: 8 MB, however long the article.
_AT_ONCE = 16_384

#: The share of common runs from which texts are near-duplicates. Cutting the last fifth leaves .8,
#: changing a word in each sentence of fifteen words about .7; two reports of one event share under
#: .1.
ALIKE = 0.5

_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+")

#: Multipliers and offsets of the hash functions (multiply-shift, Dietzfelbinger et al. 1997).
_RANDOM = np.random.default_rng(1997)
_MULTIPLY = _RANDOM.integers(1, 2**63, _SIZE, dtype=np.uint64) | np.uint64(1)
_ADD = _RANDOM.integers(0, 2**63, _SIZE, dtype=np.uint64)


def signature(text: str) -> bytes:
    """The MinHash signature that :func:`group` compares: 252 bytes, the same on any machine."""
    lowest = np.full(_SIZE, 2**32 - 1, dtype=np.uint64)
    hashes = (crc32(run.encode()) for run in _runs(text))
    while len(runs := np.fromiter(islice(hashes, _AT_ONCE), dtype=np.uint64)):
        hashed = (runs[:, np.newaxis] * _MULTIPLY + _ADD) >> np.uint64(32)
        lowest = np.minimum(lowest, hashed.min(axis=0))
    return bytes(lowest.astype("<u4").tobytes())


def group(signatures: Sequence[bytes]) -> list[int]:
    """Group near-duplicates: for each article, the number of the first one in its group."""
    rows = np.frombuffer(b"".join(signatures), dtype="<u4").reshape(-1, _SIZE)
    first = list(range(len(rows)))

    def root(number: int) -> int:
        while first[number] != number:
            first[number] = first[first[number]]
            number = first[number]
        return number

    for band in range(0, _SIZE, _BAND):
        for one, other in _pairs(rows[:, band : band + _BAND]):
            a, b = root(one), root(other)
            if a != b and np.mean(rows[one] == rows[other]) >= ALIKE:
                first[max(a, b)] = min(a, b)
    return [root(number) for number in range(len(rows))]


def like_any(signatures: Sequence[bytes], places: Sequence[int]) -> list[int]:
    """The places of the signatures that are near-duplicates of one at ``places``.

    A place in ``places`` is included only if it is a near-duplicate of another one. A few places
    are compared with all signatures; for many, :func:`group` finds the pairs.
    """
    if len(places) > _COMPARED:
        firsts = group(signatures)
        wanted = {firsts[place] for place in places}
        sizes = Counter(firsts)
        return [n for n, first in enumerate(firsts) if first in wanted and sizes[first] > 1]
    rows = np.frombuffer(b"".join(signatures), dtype="<u4").reshape(-1, _SIZE)
    like = np.zeros(len(rows), dtype=bool)
    for place in places:
        own = np.count_nonzero(rows == rows[place], axis=1) >= ALIKE * _SIZE
        own[place] = False
        like |= own
    return [int(place) for place in np.flatnonzero(like)]


def _pairs(band: NDArray[np.uint32]) -> list[tuple[int, int]]:
    """Pairs of equal rows: each row with the one before it and with the first equal one.

    Not all pairs, since thousands of rows may be equal: :func:`group` joins them transitively.
    """
    order = np.lexsort(band.T[::-1])
    band = band[order]
    same = (band[1:] == band[:-1]).all(axis=1)
    pairs: list[tuple[int, int]] = []
    start = 0
    for place in (np.flatnonzero(same) + 1).tolist():
        if place == 1 or not same[place - 2]:
            start = place - 1
        pairs.append((int(order[place - 1]), int(order[place])))
        if start != place - 1:
            pairs.append((int(order[start]), int(order[place])))
    return pairs


def alike(one: str, other: str) -> bool:
    """Whether two passages have nearly the same words and exactly the same figures."""
    if set(_FIGURE.findall(one)) != set(_FIGURE.findall(other)):
        return False  # a correction, perhaps
    a, b = set(_runs(one)), set(_runs(other))
    return len(a & b) >= ALIKE * len(a | b)


def _runs(text: str) -> Iterator[str]:
    """The runs of words. A shorter text is one run; without any word, the text itself is."""
    words = _WORD.findall(text.lower())
    for n in range(len(words) - _RUN + 1):
        yield " ".join(words[n : n + _RUN])
    if len(words) < _RUN:
        yield " ".join(words) or text
