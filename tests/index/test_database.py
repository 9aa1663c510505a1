"""The database of an index: its transactions, and what is left open."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from pullquote.errors import IndexUnusableError
from pullquote.index import database
from pullquote.index.catalog import Catalog
from pullquote.index.database import DATABASE, in_memory, transaction
from pullquote.index.manifest import Manifest
from pullquote.index.store import Index
from tests.support.indexes import make_index

TEXTS = {"a.txt": "Amazon banned police use. The company did not say why."}

_OPEN = Path("/proc/self/fd")


def test_an_error_after_which_sqlite_has_rolled_back_is_the_one_that_is_told() -> None:
    with closing(in_memory()) as connection:
        full = (
            "CREATE TRIGGER full BEFORE INSERT ON withdrawn "
            "BEGIN SELECT raise(ROLLBACK, 'the disk is full'); END"
        )
        connection.execute(full)
        with pytest.raises(sqlite3.Error, match="the disk is full"), transaction(connection):
            connection.execute("INSERT INTO withdrawn VALUES ('a.txt')")
        assert not connection.in_transaction


@pytest.mark.skipif(not _OPEN.is_dir(), reason="only Linux tells which files are open")
@pytest.mark.parametrize("look", [Index.open, Catalog.open, Manifest.read])
def test_an_index_that_is_not_finished_is_not_kept_open(
    tmp_path: Path, look: Callable[[Path], object]
) -> None:
    folder = make_index(tmp_path, TEXTS).folder
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        connection.execute("DELETE FROM state WHERE key = 'manifest'")
    with suppress(IndexUnusableError):
        look(folder)
    # One of the numbers is that of the listing itself, which is gone.
    files = [os.readlink(number) for number in _OPEN.iterdir() if os.path.lexists(number)]
    assert not [file for file in files if file.startswith(str(folder))]


def test_a_damaged_database_is_closed_before_it_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_index(tmp_path, TEXTS).folder
    damaged: list[sqlite3.Connection] = []

    def problems(connection: sqlite3.Connection) -> list[str]:
        damaged.append(connection)
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(database, "problems", problems)
    database.make_anew(folder).close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        damaged[0].execute("SELECT 1")
