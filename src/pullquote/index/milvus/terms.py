"""BM25 in Milvus, with our own words: a sparse vector for each passage, and one for the question.

The inner product of the two is the score that :mod:`pullquote.index.lexical` computes. A passage's
weights need its own length alone; how rare a word is, which changes with every run, is in the
question's weights. So the collection ``term`` counts the passages that have each word.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zlib import crc32

from pullquote.index import lexical
from pullquote.index.milvus import schema
from pullquote.index.milvus.client import Connected, Row, chunks, one_of

#: Words looked up, and counts written, at once.
_AT_ONCE = 1_000

#: The place of no word: Milvus takes no sparse vector without any weight.
_NO_WORD = 2**32 - 2


def place(word: str) -> int:
    """The word's place in all sparse vectors. Two words of a million rarely share one."""
    return crc32(word.encode()) % _NO_WORD


def weights(words: Sequence[str], mean: float) -> dict[int, float]:
    """The sparse vector of a passage with these words, where the mean passage has ``mean``."""
    long = lexical.long(len(words), mean)
    counts = Counter(map(place, words))
    return {where: n / (long + n) for where, n in counts.items()} or {_NO_WORD: 1.0}


def asked(client: Connected, question: str, generation: int, passages: int) -> dict[int, float]:
    """The sparse vector of a question: how rare each of its words is. Empty if none is known."""
    times = Counter(map(place, lexical.words_of(question)))
    having = counts(client, times, generation)
    return {
        where: n * math.log(1 + (passages - having[where] + 0.5) / (having[where] + 0.5))
        for where, n in times.items()
        if having.get(where)
    }


def counts(client: Connected, places: Iterable[int], generation: int) -> dict[int, int]:
    """How many passages of a generation have a word at each of ``places``."""
    return {row["number"]: _count(row, generation) for row in _rows(client, sorted(places))}


def add(client: Connected, changes: Mapping[int, int], generation: int) -> None:
    """Write the counts of the next ``generation``: each changes by so many passages.

    Readers of the generation before still see its counts. May be repeated after a failure.
    """
    wanted = sorted(where for where, change in changes.items() if change)
    before = counts(client, wanted, generation - 1)
    client.put(
        schema.TERM,
        (
            {
                "number": where,
                "before": before.get(where, 0),
                "passages": before.get(where, 0) + changes[where],
                "generation": generation,
                "vector": schema.NOTHING,
            }
            for where in wanted
        ),
        size=_AT_ONCE,
    )


def undo(client: Connected, generation: int) -> None:
    """Take back the counts of a run that failed after ``generation``."""
    rows = client.scan(schema.TERM, f"generation > {generation}", ["number", "before"])
    client.put(
        schema.TERM,
        [
            {
                "number": row["number"],
                "before": row["before"],
                "passages": row["before"],
                "generation": generation,
                "vector": schema.NOTHING,
            }
            for row in rows
        ],
    )


def _rows(client: Connected, places: Sequence[int]) -> Iterator[Row]:
    fields = ("number", "passages", "before", "generation")
    for some in chunks(places, _AT_ONCE):
        yield from client.rows(schema.TERM, one_of("number", some), fields)


def _count(row: Row, generation: int) -> int:
    return int(row["passages"] if row["generation"] <= generation else row["before"])
