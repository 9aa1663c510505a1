"""Writes a build: the articles of a plan, each carried over or fresh, in the order of their ids.

One article is in memory at a time; only the words of all passages are, as numbers.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pullquote import source_states
from pullquote.index import catalog, lexical, store, vectors
from pullquote.index.embedded import Embedded
from pullquote.index.manifest import FileRecord
from pullquote.index.run_log import Journal, Planned
from pullquote.index.store import Index
from pullquote.source_states import LEDGER, Ledger, SourceRecord
from pullquote.text import near_copies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = list[NDArray[np.uint32]]


@dataclass(frozen=True, slots=True)
class Written:
    """What a build has come to. ``recall`` is that of the clusters, when there are any."""

    files: dict[str, FileRecord]
    articles: int
    sentences: int
    passages: int
    dimension: int
    recall: float | None


def write(build: Path, journal: Journal, old: Index | None) -> Written:
    """Write all files of the journal's plan into ``build``, which must be empty.

    Raises ``OSError`` when there is no room.
    """
    try:
        return _write(build, journal, old)
    except RuntimeError as error:  # what FAISS raises when the disk is full
        raise OSError(f"{vectors.CLUSTERS} could not be written") from error


def _write(build: Path, journal: Journal, old: Index | None) -> Written:
    vocabulary = lexical.Vocabulary(old.vocabulary.numbers if old else None)
    words: Words = []
    with (
        _Rows(build / store.SENTENCES) as sentences,
        _Rows(build / store.PASSAGES) as passages,
        _Rows(build / vectors.VECTORS) as passage_vectors,
    ):

        def rows() -> Iterator[catalog.Row]:
            for number, planned in enumerate(journal.plan()):
                embedded, own = _parts(planned, journal, old, vocabulary)
                yield catalog.Row(
                    number,
                    embedded.article,
                    planned.digest,
                    planned.origin,
                    sentences.count,
                    len(embedded.sentences),
                    passages.count,
                    len(embedded.passages),
                    embedded.signature,
                )
                sentences.add(embedded.sentences)
                numbers = np.full((len(embedded.passages), 1), number, dtype=np.int32)
                passages.add(np.hstack([numbers, embedded.passages]))
                passage_vectors.add(embedded.passage_vectors)
                words.extend(own)

        articles = build / store.ARTICLES
        catalog.write(articles, rows())
    signatures = list(catalog.Catalog(articles).signatures())
    catalog.write_twins(articles, near_copies.group(signatures))
    recall = vectors.build(build)
    lexical.write(build / store.TERMS, words, vocabulary)
    _write_ledger(build, journal.sources())
    return Written(
        store.seal(build),
        len(signatures),
        sentences.count,
        passages.count,
        passage_vectors.width,
        recall,
    )


def _parts(
    planned: Planned, journal: Journal, old: Index | None, vocabulary: lexical.Vocabulary
) -> tuple[Embedded, Words]:
    if planned.kept:
        assert old is not None  # a plan that keeps something was made over it
        return old.embedded(planned.id)
    embedded = journal.embedded(planned.digest)
    text = embedded.article.text
    rows = embedded.sentences.tolist()
    return embedded, [
        vocabulary.encode(text[rows[first][0] : rows[last][1]])
        for first, last in embedded.passages.tolist()
    ]


def _write_ledger(build: Path, records: Iterable[SourceRecord]) -> None:
    connection = sqlite3.connect(build / LEDGER, isolation_level=None)
    try:
        connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + source_states.TABLE
        )
        connection.execute("BEGIN")
        connection.executemany(source_states.PUT, map(source_states.values, records))
        connection.execute("COMMIT")
    finally:
        connection.close()


class _Rows:
    """A NumPy file of rows that are added bit by bit, how many is known in the end."""

    #: Room for the header, which is written last: any number of rows fits.
    _HEADER = 128

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._file.write(b" " * self._HEADER)
        self._dtype: np.dtype[Any] | None = None
        self.width = 0
        self.count = 0

    def add(self, rows: NDArray[Any]) -> None:
        self._dtype, self.width = rows.dtype, rows.shape[1]
        self.count += len(rows)
        self._file.write(np.ascontiguousarray(rows).tobytes())

    def __enter__(self) -> _Rows:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if failure is None:
                self._file.seek(0)
                self._file.write(self._header())

    def _header(self) -> bytes:
        """The header of the ``.npy`` format 1.0 (NEP 1), as long as was left for it."""
        shape, dtype = (self.count, self.width), self._dtype or np.dtype(np.int32)
        descr = np.lib.format.dtype_to_descr(dtype)
        fields = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}"
        magic = np.lib.format.magic(1, 0)
        length = self._HEADER - len(magic) - 2
        return magic + length.to_bytes(2, "little") + fields.ljust(length - 1).encode() + b"\n"


def discard(build: Path) -> None:
    """Delete a build that was not finished."""
    shutil.rmtree(build, ignore_errors=True)


def carry_ledger(journal: Journal, build: Path) -> None:
    """Bring a build's ledger up to date where nothing else of it has changed."""
    records = Ledger(build)
    try:
        now = list(journal.sources())
        if list(records.all()) != now:
            records.replace(now)
    finally:
        records.close()
