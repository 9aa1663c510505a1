"""Opens an index for writing, wherever it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pullquote.index.target import Folder, Target
from pullquote.index.writing import writing
from pullquote.index_place import Place


@contextmanager
def open_target(place: Place, *, rebuild: bool | None = None) -> Iterator[Target]:
    """Open an index for writing, and keep other writers out meanwhile.

    A missing index is created unless ``rebuild`` is ``None``. Raises
    :class:`~pullquote.errors.IndexUnusableError`.
    """
    if isinstance(place, Path):
        with writing(place, rebuild=rebuild) as connection:
            yield Folder(place, connection)
    else:
        from pullquote.index.milvus.target import open_database

        with open_database(place, create=rebuild is not None) as target:
            yield target
