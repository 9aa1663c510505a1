"""An index that is open for writing, wherever it is stored.

A run prepares the new state in a SQLite database, and then publishes it. On one machine, that
database is the index itself.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from pullquote.index import search
from pullquote.index.catalog import Catalog
from pullquote.index.interface import Listed
from pullquote.index.manifest import Manifest
from pullquote.index_place import Place


class Target(Protocol):
    """Where a run writes to.

    ``connection`` is the database that the run works on, and ``catalog`` looks up the texts of the
    articles that the index holds already.
    """

    @property
    def place(self) -> Place:
        """Where the index is."""
        ...

    @property
    def connection(self) -> sqlite3.Connection:
        """The database that the run works on."""
        ...

    @property
    def catalog(self) -> Listed:
        """The articles that the index holds."""
        ...

    def publish(self, manifest: Manifest, *, few: bool = False) -> Manifest:
        """Publish the state that the open transaction has made, and return its manifest.

        ``few``: so little has changed that search files need not be written again.

        If this raises, the transaction is rolled back, and readers see nothing of it.
        """
        ...

    def clean_up(self, manifest: Manifest) -> None:
        """Remove what the published state no longer needs."""
        ...


class Folder:
    """An index in a folder on this machine."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.place: Place = folder
        self.connection = connection
        self.catalog = Catalog(connection, folder)
        self._folder = folder

    def publish(self, manifest: Manifest, *, few: bool = False) -> Manifest:
        """Write the search files again, if that is due."""
        if not few and search.is_due(self._folder, manifest.search, self.connection):
            name, recall = search.write(self._folder, self.connection, manifest.dimension)
            manifest = replace(manifest, search=name, recall=recall)
        return manifest

    def clean_up(self, manifest: Manifest) -> None:
        """Delete the search files of earlier states."""
        search.remove_others(self._folder, manifest.search)
