"""The search files of an index. They are made from the database and can be rebuilt from it.

Most passages are in the files. Passages added later are read from the database when an index is
opened, and removed passages are skipped. After enough changes the files are rewritten.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pullquote.index import lexical, vectors
from pullquote.index.vectors import PassageVectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pullquote.protocols import Vectors

ROWS = "passages.npy"
TERMS = "terms"
_FILES = "files.json"

#: The files are rewritten when more passages than both this number and this share of all have
#: changed: reading 2,000 takes 0.1 s whenever the index is opened (``benchmarks/many.py``).
_CHANGES, _SHARE = 2_000, 1 / 8

_COLUMNS = "passage.number, article, first, last, words, vector"
_LIVE = "FROM passage JOIN article ON article.number = passage.article WHERE live"


class Search:
    """Finds passages of an index by meaning and by words. Thread-safe.

    A passage is identified by its place, its row in ``rows``. Raises ``OSError``, ``ValueError``,
    ``RuntimeError``, ``KeyError``, ``TypeError`` or ``IndexError`` if the files are damaged.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        for fault in faults(folder):
            raise ValueError(fault)
        written = np.load(folder / ROWS, allow_pickle=False)
        rows, words, added = _later(connection, _last(written), _dimension(folder))
        #: Shape ``(passages, 4)``: passage number, article number, first and last sentence.
        self.rows: NDArray[np.int64] = np.concatenate([written, rows])
        self._vectors = PassageVectors(folder, added)
        self._terms = lexical.Terms(folder / TERMS, words)
        if not len(self.rows) == len(self._vectors) == len(self._terms):
            raise ValueError("its parts do not belong together")
        gone = connection.execute("SELECT passage FROM gone").fetchall()
        #: Whether each passage is still in the index.
        self.present = np.isin(self.rows[:, 0], np.array(gone, dtype=np.int64).ravel(), invert=True)
        self._gone = int((~self.present).sum())
        self.dimension = self._vectors.dimension

    def knows(self, word: str) -> bool:
        """Whether any passage has a word like this one; function words count as known."""
        stems = lexical.words_of(word)
        return not stems or any(map(self._terms.knows, stems))

    def vectors(self, places: NDArray[np.int64]) -> Vectors:
        """Shape ``(len(places), dimension)``, rows of length 1."""
        return self._vectors.rows(places)

    def nearest(
        self, vector: Vectors, top: int, among: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        """The places and cosines of the passages nearest to ``vector``, best first."""
        found = self._vectors.nearest(vector, top + self._gone, among)
        return [pair for pair in found if self.present[pair[0]]][:top]

    def matching(
        self, question: str, top: int, among: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        """The places and BM25 scores of the passages that share words with ``question``.

        Passages that share none are left out: rank fusion would reward them.
        """
        scores = self._terms.scores(question) * self.present
        places = np.flatnonzero(scores > 0) if among is None else among[scores[among] > 0]
        if len(places) > top:
            # Keep the best ``top``, and all that tie with the last of them.
            least = np.partition(scores[places], len(places) - top)[len(places) - top]
            places = places[scores[places] >= least]
        # A stable sort: of equal scores, the earlier passage always comes first.
        best = places[np.argsort(-scores[places], kind="stable")[:top]]
        return [(int(place), float(scores[place])) for place in best]


def write(folder: Path, connection: sqlite3.Connection, dimension: int) -> tuple[str, float | None]:
    """Write the search files for all passages. Returns their folder's name and the recall.

    The recall is that of the vector clusters, if any. Raises ``OSError`` if the disk is full.
    """
    name = f"search-{secrets.token_hex(6)}"
    made = folder / name
    made.mkdir()
    try:
        count = int(connection.execute(f"SELECT count(*) {_LIVE}").fetchone()[0])
        rows = np.empty((count, 4), dtype=np.int64)
        stored = np.lib.format.open_memmap(
            made / vectors.VECTORS, mode="w+", dtype=np.float16, shape=(count, dimension)
        )
        lexical.write(made / TERMS, _copied(connection, rows, stored))
        stored.flush()
        np.save(made / ROWS, rows)
        recall = vectors.build(made)
        _seal(made)
    except RuntimeError as error:  # what FAISS raises when the disk is full
        shutil.rmtree(made, ignore_errors=True)
        raise OSError(f"{vectors.CLUSTERS} could not be written") from error
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    connection.execute("DELETE FROM gone")
    return name, recall


def _copied(
    connection: sqlite3.Connection, rows: NDArray[np.int64], stored: NDArray[np.float16]
) -> Iterator[list[str]]:
    """Yield the words of each passage, and fill in its row and vector."""
    query = f"SELECT {_COLUMNS} {_LIVE} ORDER BY passage.number"
    for place, (*row, words, vector) in enumerate(connection.execute(query)):
        rows[place] = row
        stored[place] = np.frombuffer(vector, dtype=np.float16)
        yield words.split()


def is_due(folder: Path, name: str, connection: sqlite3.Connection) -> bool:
    """Whether the files must be rewritten: they are damaged, or many passages have changed."""
    if not name or any(faults(folder / name)):
        return True
    written = np.load(folder / name / ROWS, mmap_mode="r", allow_pickle=False)
    later = f"SELECT count(*) {_LIVE} AND passage.number > ?"
    came = connection.execute(later, (_last(written),)).fetchone()[0]
    went = connection.execute("SELECT count(*) FROM gone").fetchone()[0]
    return bool(came + went > max(_CHANGES, _SHARE * len(written)))


def remove_others(folder: Path, keep: str) -> None:
    """Delete all search files except those in the folder ``keep``."""
    for path in folder.glob("search-*"):
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)


def faults(folder: Path, *, thorough: bool = False) -> Iterator[str]:
    """The problems of the files. Their digests are compared only if ``thorough``."""
    try:
        promised = json.loads((folder / _FILES).read_text(encoding="utf-8"))
        for name, (size, digest) in promised.items():
            path = folder / name
            if not path.is_file():
                yield f"{name} is missing"
            elif path.stat().st_size != size:
                yield f"{name} has another length"
            elif thorough and _digest(path) != digest:
                yield f"{name} was altered"
    except (OSError, ValueError, AttributeError, TypeError):
        yield f"{_FILES} cannot be read"


def _seal(folder: Path) -> None:
    """Record the sizes and digests of the finished files, and flush all of them to disk."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = {p.relative_to(folder).as_posix(): (p.stat().st_size, _digest(p)) for p in paths}
    (folder / _FILES).write_text(json.dumps(names, indent=1), encoding="utf-8")
    # SQLite flushes the manifest that names them: it must not survive a power cut without them.
    for path in (*folder.rglob("*"), folder, folder.parent):
        _flush(path)


def _flush(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError:
        if not path.is_dir():  # not every file system can flush a folder
            raise
    finally:
        os.close(opened)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _last(written: NDArray[np.int64]) -> int:
    return int(written[-1, 0]) if len(written) else 0


def _dimension(folder: Path) -> int:
    return int(np.load(folder / vectors.VECTORS, mmap_mode="r", allow_pickle=False).shape[1])


def _later(
    connection: sqlite3.Connection, last: int, dimension: int
) -> tuple[NDArray[np.int64], list[list[str]], NDArray[np.float16]]:
    """Rows, words and vectors of the passages added after the files were written."""
    query = f"SELECT {_COLUMNS} {_LIVE} AND passage.number > ? ORDER BY passage.number"
    found = connection.execute(query, (last,)).fetchall()
    rows = np.array([row[:4] for row in found], dtype=np.int64).reshape(-1, 4)
    added = np.frombuffer(b"".join(row[5] for row in found), dtype=np.float16)
    return rows, [row[4].split() for row in found], added.reshape(-1, dimension)
