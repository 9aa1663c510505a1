"""Opens an index for reading, wherever it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pullquote.errors import IndexUnusableError
from pullquote.index.catalog import Catalog
from pullquote.index.interface import Listed, Store
from pullquote.index.manifest import Manifest
from pullquote.index.store import Index
from pullquote.index_place import Place


def open_store(place: Place) -> Store:
    """Open the index at ``place``.

    Raises :class:`~pullquote.errors.IndexUnusableError`, which names the command that helps.
    """
    if isinstance(place, Path):
        return Index.open(place)
    # Imported late, like all of Milvus: few need it, and its client may not be installed.
    from pullquote.index.milvus.store import MilvusIndex

    return MilvusIndex.open(place)


def open_catalog(place: Place) -> Listed:
    """Open the articles alone. Raises :class:`~pullquote.errors.IndexUnusableError`."""
    if isinstance(place, Path):
        return Catalog.open(place)
    from pullquote.index.milvus.store import MilvusIndex

    return MilvusIndex.open(place).catalog


def read_manifest(place: Place) -> Manifest:
    """The manifest of the index. Raises :class:`~pullquote.errors.IndexUnusableError`."""
    if isinstance(place, Path):
        return Manifest.read(place)
    from pullquote.index.milvus.state import read_at

    return read_at(place).manifest


def forgotten(
    place: Place, corpus: Sequence[Path], urls: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The folders and files, and the addresses, of the index that a run would no longer read.

    The run reads ``corpus`` and ``urls``. There are none if the index is missing or unusable.
    """
    try:
        manifest = read_manifest(place)
    except IndexUnusableError:
        return (), ()
    named = [root.absolute() for root in corpus]
    roots = (
        root
        for root in manifest.corpus
        if not any(Path(root).is_relative_to(other) for other in named)
    )
    return tuple(roots), tuple(url for url in manifest.urls if url not in urls)
