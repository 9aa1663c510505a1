"""Copies an index, even while others read it or write to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from pullquote.errors import IndexUnusableError
from pullquote.index.database import DATABASE, open_for_reading
from pullquote.index.manifest import Manifest


def back_up(folder: Path, to: Path) -> Manifest:
    """Copy the current state of the index in ``folder`` into ``to``, and return its manifest.

    Nothing is overwritten. Raises :class:`IndexUnusableError`, also if ``to`` holds an index.
    """
    if os.path.exists(to / DATABASE):  # Path.exists raises below a closed folder
        raise IndexUnusableError(
            f"There is an index in {str(to)!r} already: name a folder that has none."
        )
    while True:
        with closing(open_for_reading(folder)) as connection:
            manifest = Manifest.of(connection, folder)
            try:
                to.mkdir(parents=True, exist_ok=True)
                # Search files that are missing for good are left out: they can be rebuilt.
                if (folder / manifest.search).is_dir() or _is_replaced(folder, manifest):
                    shutil.copytree(
                        folder / manifest.search, to / manifest.search, dirs_exist_ok=True
                    )
                with closing(sqlite3.connect(to / DATABASE)) as copy:
                    connection.backup(copy)
                return manifest
            except (OSError, sqlite3.Error) as error:
                shutil.rmtree(to / manifest.search, ignore_errors=True)
                with suppress(OSError):
                    (to / DATABASE).unlink(missing_ok=True)
                # If a run replaced the search files meanwhile, copy the new ones.
                if not _is_replaced(folder, manifest):
                    raise IndexUnusableError(
                        f"The index cannot be copied to {str(to)!r} ({_reason(error)}): make room, "
                        "or name another folder."
                    ) from error


def _is_replaced(folder: Path, manifest: Manifest) -> bool:
    return Manifest.read(folder).search != manifest.search


def _reason(error: Exception) -> str:
    if isinstance(error, shutil.Error):
        return str(error.args[0][0][2])  # of the first file that could not be copied
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
