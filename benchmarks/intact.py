"""Whether an index is whole after a kill, and whether two indexes are the same."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np

from pullquote.errors import IndexUnusableError
from pullquote.index.check import check
from pullquote.index.database import DATABASE, LOCK
from pullquote.index.manifest import Manifest
from pullquote.index.store import Index

#: The least cosine of a passage with itself: vectors are stored in half precision.
_SAME = 0.99

#: Files that may stand beside the database.
_BESIDE = frozenset((LOCK, f"{DATABASE}-wal", f"{DATABASE}-shm"))


def faults(
    folder: Path, copy: Path, digests: Collection[str], withdrawn: Collection[str]
) -> Iterator[str]:
    """What is wrong with the index in ``folder``; ``copy`` is a folder to be made and deleted.

    A copy is looked at, so that nothing is mended. Each article must have one of ``digests``, and
    those ``withdrawn`` must not be there. Raises :class:`IndexUnusableError` if there is no index
    yet.
    """
    shutil.copytree(folder, copy)
    try:
        Manifest.read(copy)
        yield from _wrong(copy, digests, withdrawn)
    finally:
        shutil.rmtree(copy)


def _wrong(folder: Path, digests: Collection[str], withdrawn: Collection[str]) -> Iterator[str]:
    try:
        index = Index.open(folder)
        ids = list(index.articles)
        if len(ids) != index.manifest.articles:
            yield f"{len(ids)} articles are there, and the manifest says {index.manifest.articles}"
        yield from (f"{id_} came back" for id_ in ids if id_ in withdrawn)
        for id_ in ids:
            index.article(id_)
            if index.manifest_digest(id_) not in digests:
                yield f"{id_} is none of its versions"
            vector = index.passage_vectors(id_)[0]
            if not (found := index.nearest(vector, 1)) or found[0][1] < _SAME:
                yield f"{id_} is not found by its own vector"
        del index
        yield from check(folder)[1]
    except (IndexUnusableError, KeyError, IndexError) as error:
        yield f"{type(error).__name__}: {error}"


def differences(one: Path, other: Path) -> Iterator[str]:
    """In what the index in ``one`` differs from that in ``other``."""
    left, right = Index.open(one), Index.open(other)
    if left.manifest.digest != right.manifest.digest:
        yield "their digests differ"
    if list(left.articles) != list(right.articles):
        yield "they have other articles"
        return
    for id_ in left.articles:
        for what in ("article", "sentences", "twins"):
            if getattr(left, what)(id_) != getattr(right, what)(id_):
                yield f"{id_} has another {what}"
        if not np.array_equal(left.passage_vectors(id_), right.passage_vectors(id_)):
            yield f"{id_} has other vectors"
    expected = {DATABASE, left.manifest.search}
    if left_over := {path.name for path in one.iterdir()} - expected - _BESIDE:
        yield f"left over: {', '.join(sorted(left_over))}"
