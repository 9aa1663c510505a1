"""``index.sqlite``: the database that defines what an index holds.

It uses SQLite's write-ahead logging. A reader keeps seeing the state from when it started reading,
whatever a run commits meanwhile. If a run is killed, only uncommitted work is lost.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from pullquote import source_states
from pullquote.errors import IndexUnusableError
from pullquote.index_place import Place

DATABASE = "index.sqlite"

#: The lock file, held by the process that writes to the database.
LOCK = ".lock"

#: Raised if the file is damaged or not a database.
DatabaseError = sqlite3.DatabaseError

#: Version of the schema. Increase it when older indexes can no longer be read.
FORMAT = 5

#: An article that is not ``live`` was embedded by a run that has not finished. The table ``gone``
#: lists passages that are still in the search files but no longer in the index.
_SCHEMA = f"""
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE article (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  live INTEGER NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  url TEXT,
  published TEXT,
  author TEXT,
  body_start INTEGER NOT NULL,
  updated TEXT,
  section TEXT,
  source TEXT,
  section_key TEXT,
  source_key TEXT,
  page TEXT,
  digest TEXT NOT NULL,
  origin TEXT NOT NULL,
  missed INTEGER NOT NULL,
  sentences INTEGER NOT NULL,
  passages INTEGER NOT NULL,
  twins INTEGER
) STRICT;
CREATE UNIQUE INDEX article_id ON article (id) WHERE live;
CREATE INDEX article_staged ON article (digest) WHERE NOT live;
CREATE INDEX article_origin ON article (origin);
CREATE INDEX article_page ON article (page) WHERE page IS NOT NULL;
CREATE INDEX article_published ON article (published) WHERE published IS NOT NULL;
CREATE INDEX article_section ON article (section_key) WHERE section_key IS NOT NULL;
CREATE INDEX article_source ON article (source_key) WHERE source_key IS NOT NULL;
CREATE INDEX article_twins ON article (twins) WHERE twins IS NOT NULL;
CREATE TABLE content (
  article INTEGER PRIMARY KEY,
  text BLOB NOT NULL,
  left_out TEXT,
  sentences BLOB NOT NULL
) STRICT;
CREATE TABLE signature (article INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE passage (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  article INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  words TEXT NOT NULL,
  vector BLOB NOT NULL
) STRICT;
CREATE INDEX passage_article ON passage (article);
CREATE TABLE gone (passage INTEGER PRIMARY KEY) STRICT;
CREATE TABLE withdrawn (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE plan (id TEXT PRIMARY KEY, digest TEXT NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE INDEX plan_origin ON plan (origin);
{source_states.table("source")}
{source_states.table("pending")}
PRAGMA user_version = {FORMAT};
"""


def open_for_writing(folder: Path) -> sqlite3.Connection:
    """Open the database of ``folder``, or create it.

    Raises ``sqlite3.Error``, and :class:`IndexUnusableError` for one of another format.
    """
    connection = sqlite3.connect(
        folder / DATABASE, isolation_level=None, timeout=30, check_same_thread=False
    )
    with ExitStack() as opened:
        opened.callback(connection.close)
        if _format(connection):
            _check_format(connection, folder)
        connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
        )
        _make(connection)
        opened.pop_all()
    return connection


def in_memory() -> sqlite3.Connection:
    """An empty database in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _make(connection)
    return connection


def _make(connection: sqlite3.Connection) -> None:
    """Create the tables if there are none."""
    if _format(connection) == 0:
        with transaction(connection):
            for statement in _SCHEMA.split(";\n"):
                connection.execute(statement)


def make_anew(folder: Path) -> sqlite3.Connection:
    """Open the database of ``folder``, replacing one that is damaged or of another format.

    The list of withdrawn articles is carried over if it can still be read. Raises
    ``sqlite3.Error`` and ``OSError``; the list is still there then.
    """
    try:
        with ExitStack() as opened:
            connection = open_for_writing(folder)
            opened.callback(connection.close)
            if not any(problems(connection)):
                opened.pop_all()
                return connection
    except sqlite3.OperationalError:
        raise  # a full disk or a missing permission: a new database would not help
    except (sqlite3.DatabaseError, IndexUnusableError):
        pass
    withdrawn = _withdrawn(folder)
    new = folder / f"{DATABASE}-new"
    new.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            # No second file that could be left beside it.
            connection.execute("PRAGMA journal_mode = MEMORY").fetchall()
            _make(connection)
            with transaction(connection):
                connection.executemany("INSERT INTO withdrawn VALUES (?)", withdrawn)
        # First: SQLite would write an old log into the new database.
        for ending in ("-wal", "-shm"):
            (folder / f"{DATABASE}{ending}").unlink(missing_ok=True)
        new.replace(folder / DATABASE)
    finally:
        new.unlink(missing_ok=True)
    return open_for_writing(folder)


def problems(connection: sqlite3.Connection) -> list[str]:
    """The problems that SQLite finds in its file."""
    found = connection.execute("PRAGMA quick_check(20)").fetchall()
    return [str(problem) for (problem,) in found if problem != "ok"]


def _withdrawn(folder: Path) -> list[tuple[str]]:
    with suppress(sqlite3.Error), closing(sqlite3.connect(folder / DATABASE)) as connection:
        return connection.execute("SELECT id FROM withdrawn").fetchall()
    return []


def open_for_reading(folder: Path) -> sqlite3.Connection:
    """Open the database in its current state; later commits are not seen.

    Raises :class:`IndexUnusableError`, which names the command that helps.
    """
    if not exists(folder):
        raise IndexUnusableError(_why_none(folder))
    try:
        with ExitStack() as opened:
            connection = _opened(folder / DATABASE)
            opened.callback(connection.close)
            _check_format(connection, folder)
            opened.pop_all()
            return connection
    except sqlite3.Error as error:
        raise IndexUnusableError(damaged(folder, str(error))) from error


def exists(folder: Path) -> bool:
    """Whether there is a database in ``folder``.

    Raises :class:`IndexUnusableError` if that cannot be found out.
    """
    try:
        return (folder / DATABASE).is_file()
    except OSError as error:
        raise IndexUnusableError(
            f"The index in {str(folder)!r} cannot be read ({error.strerror}): make it readable, or "
            "name another with --index."
        ) from error


def _opened(file: Path) -> sqlite3.Connection:
    # In a writable folder, open read-write, so that SQLite cleans up its own files; retry because
    # another process may just be deleting them. In a read-only folder, ``immutable`` needs no
    # locks, but it ignores the log, so it is used only if the log is empty.
    ways = ["mode=rw"] * 3
    if not _is_writable(file):
        ways = ["mode=ro"] if _has_log(file) else ["mode=ro", "immutable=1"]
    failure: sqlite3.Error | None = None
    for how in ways:
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?{how}",
            uri=True,
            isolation_level=None,
            timeout=30,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA query_only = ON")
            begin(connection)
        except sqlite3.OperationalError as error:
            failure = error
            connection.close()
        except sqlite3.Error:
            connection.close()
            raise
        else:
            return connection
    assert failure
    raise failure


def _has_log(file: Path) -> bool:
    with suppress(OSError):  # there is none, or another process has just deleted it
        return file.with_name(f"{DATABASE}-wal").stat().st_size > 0
    return False


def _is_writable(file: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return all(os.access(path, os.W_OK, effective_ids=effective) for path in (file, file.parent))


def begin(connection: sqlite3.Connection) -> None:
    """Begin a read transaction, which sees the current state from now on."""
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()


def _format(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _check_format(connection: sqlite3.Connection, folder: Path) -> None:
    found = _format(connection)
    if found != FORMAT:
        raise IndexUnusableError(
            f"The index in {str(folder)!r} has format {found}, and this version of Pullquote reads "
            f"{FORMAT}: build it again with `pullquote index --rebuild`."
        )


def _why_none(folder: Path) -> str:
    name = repr(str(folder))
    if folder.is_file() or any(parent.is_file() for parent in folder.parents):
        return (
            f"{name} is a file, not an index: name a folder with --index, and build it with "
            "`pullquote index`."
        )
    if (folder / "manifest.json").exists():
        return (
            f"The index in {name} is of an earlier version: run `pullquote index`, which takes "
            "over what it holds."
        )
    return f"There is no index in {name}: build it with `pullquote index`."


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A write transaction: committed as a whole, or rolled back on any exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # after some errors SQLite has rolled back already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def damaged(folder: Place, what: str) -> str:
    """The error message for a damaged index."""
    return (
        f"The index in {str(folder)!r} is damaged ({what}): "
        "see what can be repaired with `pullquote check`, or build it again with `pullquote index "
        "--rebuild`."
    )
