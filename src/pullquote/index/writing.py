"""Gives exclusive write access to an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pullquote.errors import IndexUnusableError
from pullquote.index import database, former
from pullquote.index_place import Place

#: Seconds to wait for another writer. A process that only empties SQLite's log needs less.
_PATIENCE = 2.0


@contextmanager
def writing(
    folder: Path, *, rebuild: bool | None = None, name: Place | None = None
) -> Iterator[sqlite3.Connection]:
    """Open the database of ``folder``, and keep other writers out meanwhile.

    ``name`` is the index that a message names, if it is not ``folder``. A missing database is
    created unless ``rebuild`` is ``None``. One that is damaged or of another format is replaced if
    ``rebuild`` is true. Raises :class:`IndexUnusableError`, also for database and file errors in
    the body of the ``with`` block.
    """
    try:
        if rebuild is None:
            database.open_for_reading(folder).close()
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / database.LOCK, timeout=_PATIENCE):
            opened = database.make_anew if rebuild else database.open_for_writing
            with closing(opened(folder)) as connection:
                former.take_over(folder, connection)
                yield connection
    except Timeout:
        raise IndexUnusableError(
            f"Another `pullquote index` is writing to {str(name or folder)!r}: "
            "wait until it is done."
        ) from None
    except sqlite3.DatabaseError as error:
        if not isinstance(error, sqlite3.OperationalError):
            raise IndexUnusableError(database.damaged(folder, str(error))) from error
        raise IndexUnusableError(_unwritable(folder, str(error))) from error
    except OSError as error:
        raise IndexUnusableError(_unwritable(folder, error.strerror or str(error))) from error


def _unwritable(folder: Path, why: str) -> str:
    return (
        f"The index folder {str(folder)!r} cannot be written ({why}): make it writable, or name "
        "another with --index. What was there is untouched."
    )
