"""The articles of an index, looked up one by one, as they may not all fit into memory."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout

from pullquote.addresses import same_page
from pullquote.digest import article_digest
from pullquote.errors import IndexUnusableError
from pullquote.index import database
from pullquote.index.database import LOCK, damaged, open_for_reading
from pullquote.index.embedded import FIELDS, article_of, key, sentences_of, storable, title_key
from pullquote.index.interface import Listed
from pullquote.index.manifest import Manifest
from pullquote.types import Article, Facets, Filters, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLUMNS = ", ".join(f"article.{name}" for name in FIELDS)
_CONTENT = "article JOIN content ON content.article = article.number"

#: The text in which an article list is searched.
_TOLD = (
    "folded(title || char(10) || ifnull(author, '') || char(10) || ifnull(section, '') || char(10) "
    "|| ifnull(source, '') || char(10) || ifnull(published, '') || char(10) || id)"
)


class Catalog:
    """The live articles of an open database. Thread-safe.

    Methods raise :class:`KeyError` if there is no such article, and :class:`IndexUnusableError`
    if the database is damaged or an article has been altered.
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        # SQLite's own lower() handles only ASCII.
        connection.create_function("folded", 1, str.casefold, deterministic=True)
        self._connection = connection
        self._folder = folder
        self._lock = Lock()

    @classmethod
    def open(cls, folder: Path) -> Catalog:
        """Open the articles without the search files. Raises :class:`IndexUnusableError`."""
        catalog = cls.owning(open_for_reading(folder), folder)
        Manifest.of(catalog._connection, folder)  # raises if there is none
        return catalog

    @classmethod
    def owning(cls, connection: sqlite3.Connection, folder: Path) -> Catalog:
        """A catalog that closes the connection when the catalog is garbage-collected."""
        catalog = cls(connection, folder)
        # A connection is in a reference cycle with its own cache. Left alone, it would stay open
        # until the cycle collector runs, and keep SQLite's log from being emptied.
        weakref.finalize(catalog, connection.close)
        return catalog

    def end(self) -> None:
        """End the read transaction of an index that is no longer queried."""
        with self._lock, suppress(sqlite3.Error):
            self._connection.execute("COMMIT")

    def release_log(self, manifest: Manifest) -> None:
        """Let SQLite write its log back into the database file, unless an indexing run is active.

        A long-lived reader keeps the log from being emptied: the log would grow with every run and
        still hold the text of removed articles. Does nothing if the index has changed since
        ``manifest`` was read.
        """
        with (
            self._lock,
            suppress(Timeout, OSError, sqlite3.Error, IndexUnusableError),
            # While the lock is held, no run can commit: the new transaction sees the same state.
            FileLock(self._folder / LOCK, timeout=0),
        ):
            if Manifest.read(self._folder).generation != manifest.generation:
                return
            try:
                self._connection.execute("COMMIT")
                # Do not wait for other readers: the caller tries again later.
                self._connection.execute("PRAGMA busy_timeout = 0").fetchall()
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                self._connection.execute("PRAGMA busy_timeout = 30000").fetchall()
                if not self._connection.in_transaction:
                    database.begin(self._connection)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """All result rows of a query."""
        try:
            with self._lock:
                return self._connection.execute(
                    query, [storable(value) for value in values]
                ).fetchall()
        except sqlite3.Error as error:
            raise IndexUnusableError(damaged(self._folder, str(error))) from error

    def _one(self, query: str, name: str | int) -> Any:
        found = self.rows(query, (name,))
        if not found:
            raise KeyError(name)
        return found[0]

    def number(self, article_id: str) -> int:
        """The article's number."""
        return int(self._one("SELECT number FROM article WHERE id = ? AND live", article_id)[0])

    def id(self, number: int) -> str:
        """The id of the article with a number."""
        return str(self._one("SELECT id FROM article WHERE number = ?", number)[0])

    def article(self, article_id: str) -> Article:
        """The article with this id, as it was indexed."""
        query = f"SELECT {_COLUMNS}, text, left_out, digest FROM {_CONTENT} WHERE id = ? AND live"
        *fields, text, left_out, digest = self._one(query, article_id)
        try:
            article = article_of(fields, text, left_out)
        except (ValueError, TypeError, AttributeError) as error:
            raise self._altered(article_id) from error
        if article_digest(article) != digest:
            raise self._altered(article_id)
        return article

    def _altered(self, article_id: str) -> IndexUnusableError:
        return IndexUnusableError(damaged(self._folder, f"the article {article_id!r} was altered"))

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """All sentences of the article, in order."""
        query = f"SELECT content.sentences FROM {_CONTENT} WHERE id = ? AND live"
        return sentences_of(article_id, self._one(query, article_id)[0])

    def digest(self, article_id: str) -> str:
        """The digest of the article when it was indexed."""
        return str(self._one("SELECT digest FROM article WHERE id = ? AND live", article_id)[0])

    def from_origin(self, origin: str) -> list[str]:
        """The ids of the articles that were read from a source, sorted."""
        query = "SELECT id FROM article WHERE origin = ? AND live ORDER BY id"
        return [id_ for (id_,) in self.rows(query, (origin,))]

    def ids(self) -> Iterator[str]:
        """The ids of all articles, sorted."""
        yield from (id_ for id_, _ in self.digests())

    def digests(self) -> Iterator[tuple[str, str]]:
        """Id and digest of all articles, sorted by id."""
        last: str | None = None
        query = (
            "SELECT id, digest FROM article WHERE live AND (? IS NULL OR id > ?) "
            "ORDER BY id LIMIT 1000"
        )
        while page := self.rows(query, (last, last)):
            yield from page
            last = page[-1][0]

    def at_page(self, address: str) -> str | None:
        """The id of the first article with the page ``address``, or ``None``."""
        query = "SELECT min(id) FROM article WHERE page = ? AND live"
        found = self.rows(query, (same_page(address),))[0][0]
        return str(found) if found is not None else None

    def titled(self, title: str, filters: Filters) -> str | None:
        """The id of the newest matching article with this title, or ``None``.

        Upper case and the kind of apostrophe do not count.
        """
        where, values = _where(filters)
        query = (
            f"SELECT id FROM article WHERE {where} AND replace(folded(title), char(8217), char(39))"
            " = ? ORDER BY published IS NULL, published DESC, id LIMIT 1"
        )
        found = self.rows(query, [*values, title_key(title)])
        return str(found[0][0]) if found else None

    def twins(self, article_id: str) -> list[str]:
        """The ids of the other articles in the same group of near copies, the earliest first."""
        group = self._one("SELECT twins FROM article WHERE id = ? AND live", article_id)[0]
        query = "SELECT id FROM article WHERE twins = ? AND live AND id <> ? ORDER BY published, id"
        return [id_ for (id_,) in self.rows(query, (group, article_id))] if group else []

    def listing(
        self, filters: Filters, limit: int, after: str | None = None, offset: int = 0
    ) -> list[Article]:
        """At most ``limit`` articles that pass the filters, sorted by id, with empty texts.

        The list starts after the id ``after`` and skips the next ``offset`` articles.
        """
        where, values = _where(filters)
        if after is not None:
            where, values = f"{where} AND id > ?", [*values, after]
        query = f"SELECT {_COLUMNS} FROM article WHERE {where} ORDER BY id LIMIT ? OFFSET ?"
        return [article_of(row, b"", None) for row in self.rows(query, [*values, limit, offset])]

    def newest(
        self, filters: Filters, words: str, limit: int, offset: int = 0
    ) -> tuple[list[Article], int]:
        """At most ``limit`` matching articles, the newest first, and the number of all matches.

        An article matches if it passes the filters and each of ``words`` is in its title, author,
        section, source, date or id. The texts are left empty.
        """
        where, values = _where(filters)
        for word in words.casefold().split():
            where += f" AND instr({_TOLD}, ?) > 0"
            values.append(word)
        count = self.rows(f"SELECT count(*) FROM article WHERE {where}", values)[0][0]
        query = (
            f"SELECT {_COLUMNS} FROM article WHERE {where} "
            "ORDER BY published IS NULL, published DESC, id LIMIT ? OFFSET ?"
        )
        found = self.rows(query, [*values, limit, offset])
        return [article_of(row, b"", None) for row in found], int(count)

    def passing(self, filters: Filters) -> NDArray[np.int64]:
        """The numbers of the articles that pass the filters, ascending."""
        where, values = _where(filters)
        found = self.rows(f"SELECT number FROM article WHERE {where}", values)
        return np.sort(np.array(found, dtype=np.int64).ravel())

    def count(self, filters: Filters) -> int:
        """How many articles pass the filters."""
        where, values = _where(filters)
        return int(self.rows(f"SELECT count(*) FROM article WHERE {where}", values)[0][0])

    def facets(self) -> Facets:
        """What the articles can be filtered by."""

        def counted(name: str) -> tuple[tuple[str, int], ...]:
            query = (
                f"SELECT min({name}), count(*) FROM article WHERE {name} IS NOT NULL AND live "
                f"GROUP BY {name}_key ORDER BY 2 DESC, 1"
            )
            return tuple((str(value), int(count)) for value, count in self.rows(query))

        first, last = self.rows("SELECT min(published), max(published) FROM article WHERE live")[0]
        return Facets(counted("section"), counted("source"), first, last)


class Articles(Mapping[str, Article]):
    """A mapping from id to article, sorted by id. Articles are looked up one by one."""

    def __init__(self, catalog: Listed, count: int) -> None:
        self._catalog = catalog
        self._count = count

    def __getitem__(self, article_id: str) -> Article:
        return self._catalog.article(article_id)

    def __contains__(self, article_id: object) -> bool:
        try:
            return isinstance(article_id, str) and self._catalog.number(article_id) > 0
        except KeyError:
            return False

    def __iter__(self) -> Iterator[str]:
        return self._catalog.ids()

    def __len__(self) -> int:
        return self._count


def _where(filters: Filters) -> tuple[str, list[Any]]:
    conditions = {
        "published >= ?": filters.since,
        "published <= ?": filters.until,
        "section_key = ?": key(filters.section),
        "source_key = ?": key(filters.source),
    }
    given: dict[str, str] = {name: value for name, value in conditions.items() if value}
    return " AND ".join([*given, "live"]), list(given.values())
