"""Copies an index, even while others read it or write to it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pullquote.errors import IndexUnusableError
from pullquote.index.database import DATABASE, open_for_reading
from pullquote.index.manifest import Manifest


def back_up(folder: Path, to: Path) -> Manifest:
    """Copy the current state of the index in ``folder`` into ``to``, and return its manifest.

    Nothing is overwritten. Raises :class:`IndexUnusableError`, also if ``to`` holds an index.
    """
    with closing(open_for_reading(folder)) as connection:
        manifest = Manifest.of(connection, folder)
        if (to / DATABASE).exists():
            raise IndexUnusableError(
                f"There is an index in {str(to)!r} already: name a folder that has none."
            )
        try:
            to.mkdir(parents=True, exist_ok=True)
            # Search files come first: a run may replace them meanwhile, but they can be rebuilt.
            if (folder / manifest.search).is_dir():
                shutil.copytree(folder / manifest.search, to / manifest.search, dirs_exist_ok=True)
            with closing(sqlite3.connect(to / DATABASE)) as copy:
                connection.backup(copy)
        except (OSError, sqlite3.Error, shutil.Error) as error:
            shutil.rmtree(to / manifest.search, ignore_errors=True)
            (to / DATABASE).unlink(missing_ok=True)
            raise IndexUnusableError(
                f"The index cannot be copied to {str(to)!r} ({_reason(error)}): make room, or name "
                "another folder."
            ) from error
    return manifest


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
