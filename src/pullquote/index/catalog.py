"""The articles of an index, one row each, in a SQLite file that is written once.

An index may hold more articles than fit into memory: they are looked up one by one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from pullquote.addresses import same_page
from pullquote.types import Article, Facets, Filters

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Raised by a catalog that is none, or is damaged.
CatalogError = sqlite3.Error

_COLUMNS = tuple(Article.__slots__)

_SCHEMA = """
CREATE TABLE article (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  url TEXT,
  published TEXT,
  author TEXT,
  text BLOB NOT NULL,
  body_start INTEGER NOT NULL,
  updated TEXT,
  section TEXT,
  source TEXT,
  section_key TEXT,
  source_key TEXT,
  digest TEXT NOT NULL,
  origin TEXT NOT NULL,
  page TEXT,
  first_sentence INTEGER NOT NULL,
  sentences INTEGER NOT NULL,
  first_passage INTEGER NOT NULL,
  passages INTEGER NOT NULL,
  signature BLOB NOT NULL,
  twins INTEGER
) STRICT;
"""

#: Made when all rows are there, which is faster than keeping them in order all along.
_INDEXES = """
CREATE INDEX article_origin ON article (origin);
CREATE INDEX article_page ON article (page) WHERE page IS NOT NULL;
CREATE INDEX article_published ON article (published) WHERE published IS NOT NULL;
CREATE INDEX article_section ON article (section_key) WHERE section_key IS NOT NULL;
CREATE INDEX article_source ON article (source_key) WHERE source_key IS NOT NULL;
CREATE INDEX article_twins ON article (twins) WHERE twins IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An article as a build holds it: ``number`` counts from 0, in the order of the ids.

    ``origin`` is the key of the source that it was read from. Sentences and passages are
    consecutive rows of the build's other files.
    """

    number: int
    article: Article
    digest: str
    origin: str
    first_sentence: int
    sentences: int
    first_passage: int
    passages: int
    signature: bytes


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write a catalog. Raises ``CatalogError``."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # The build is fsynced whole before anything names it: no journal is needed on the way.
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        connection.execute("BEGIN")
        places = ", ".join("?" * (len(_COLUMNS) + 11))
        names = ", ".join(_COLUMNS)
        connection.executemany(
            f"INSERT INTO article (number, {names}, digest, origin, page, section_key, "
            "source_key, first_sentence, sentences, first_passage, passages, signature) "
            f"VALUES ({places})",
            map(_values, rows),
        )
        connection.execute("COMMIT")
        connection.executescript(_INDEXES)
    finally:
        connection.close()


def write_twins(path: Path, groups: Sequence[int]) -> None:
    """Note which articles say nearly the same: ``groups[number]`` is the first of its group."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN")
        sizes = np.bincount(groups) if len(groups) else np.zeros(0, dtype=np.int64)
        pairs = ((group, n) for n, group in enumerate(groups) if sizes[group] > 1)
        connection.executemany("UPDATE article SET twins = ? WHERE number = ?", pairs)
        connection.execute("COMMIT")
    finally:
        connection.close()


def _values(row: Row) -> tuple[Any, ...]:
    article = row.article
    fields = [getattr(article, name) for name in _COLUMNS]
    # As bytes: SQLite's own text stops at a zero and has no lone surrogates.
    fields[_COLUMNS.index("text")] = article.text.encode("utf-8", "surrogatepass")
    page = same_page(article.url) if article.url else None
    ranges = (row.first_sentence, row.sentences, row.first_passage, row.passages)
    keys = (_key(article.section), _key(article.source))
    return (row.number, *fields, row.digest, row.origin, page, *keys, *ranges, row.signature)


def _key(value: str | None) -> str | None:
    """What is compared: SQLite's own comparison knows the case of ASCII alone."""
    return value.casefold() if value else None


class Catalog:
    """An open catalog. ``hidden`` articles are not there. Safe to share by threads.

    Raises ``CatalogError``, :class:`KeyError` where there is no such article, and
    ``ValueError``, ``TypeError`` where the file holds something else than :func:`write` writes.
    """

    def __init__(self, path: Path, hidden: Iterable[str] = ()) -> None:
        # Immutable: no locks are taken, and none of SQLite's helper files are made beside it.
        self._connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?immutable=1",
            uri=True,
            check_same_thread=False,
            isolation_level=None,
        )
        self._lock = Lock()
        self._hidden = frozenset(hidden)
        ranges = self._all(
            "SELECT first_sentence, sentences, first_passage, passages FROM article ORDER BY number"
        )
        #: Shape ``(articles, 4)``: first sentence, sentences, first passage, passages.
        self.ranges: NDArray[np.int64] = np.array(ranges, dtype=np.int64).reshape(-1, 4)
        self._hidden_numbers = {self.number(it) for it in self._hidden if self._has(it)}
        numbers = ", ".join(map(str, sorted(self._hidden_numbers)))
        #: The condition that leaves out what is hidden.
        self._shown = f"number NOT IN ({numbers})"

    def __len__(self) -> int:
        return len(self.ranges) - len(self._hidden_numbers)

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _one(self, query: str, key: str | int) -> Any:
        found = self._all(query, (_storable(key),))
        if not found:
            raise KeyError(key)
        return found[0]

    def _has(self, article_id: str) -> bool:
        return bool(self._all("SELECT 1 FROM article WHERE id = ?", (_storable(article_id),)))

    def number(self, article_id: str) -> int:
        """The article's number, from 0."""
        return int(self._one("SELECT number FROM article WHERE id = ?", article_id)[0])

    def id(self, number: int) -> str:
        """The id of the article with a number."""
        return str(self._one("SELECT id FROM article WHERE number = ?", number)[0])

    def is_hidden(self, number: int) -> bool:
        """Whether the article was withdrawn."""
        return number in self._hidden_numbers

    @property
    def hidden_numbers(self) -> frozenset[int]:
        """The numbers of the articles that were withdrawn."""
        return frozenset(self._hidden_numbers)

    def article(self, article_id: str) -> Article:
        """The article with this id."""
        self._check(article_id)
        query = f"SELECT {', '.join(_COLUMNS)} FROM article WHERE id = ?"
        return _article(self._one(query, article_id))

    def digest(self, article_id: str) -> str:
        """The digest of the article when it was indexed."""
        self._check(article_id)
        return str(self._one("SELECT digest FROM article WHERE id = ?", article_id)[0])

    def known_digest(self, article_id: str) -> str | None:
        """The digest of an article, withdrawn or not; ``None`` when there is none."""
        found = self._all("SELECT digest FROM article WHERE id = ?", (_storable(article_id),))
        return str(found[0][0]) if found else None

    def row(self, article_id: str) -> Row:
        """All that the catalog holds of an article, withdrawn or not."""
        names = "number, digest, origin, first_sentence, sentences, first_passage, passages"
        number, digest, origin, first, count, passage, passages, signature = self._one(
            f"SELECT {names}, signature FROM article WHERE id = ?", article_id
        )
        query = f"SELECT {', '.join(_COLUMNS)} FROM article WHERE id = ?"
        article = _article(self._one(query, article_id))
        return Row(number, article, digest, origin, first, count, passage, passages, signature)

    def _check(self, article_id: str) -> None:
        if article_id in self._hidden:
            raise KeyError(article_id)

    def ids(self) -> Iterator[str]:
        """The ids of all articles, in order."""
        last: str | None = None
        while page := self._all(
            "SELECT id FROM article WHERE ? IS NULL OR id > ? ORDER BY id LIMIT 1000", (last, last)
        ):
            yield from (it for (it,) in page if it not in self._hidden)
            last = page[-1][0]

    def digests(self) -> Iterator[tuple[str, str]]:
        """Id and digest of all articles, withdrawn ones too, in the order of the ids."""
        last: str | None = None
        query = "SELECT id, digest FROM article WHERE ? IS NULL OR id > ? ORDER BY id LIMIT 1000"
        while page := self._all(query, (last, last)):
            yield from page
            last = page[-1][0]

    def from_origin(self, origin: str) -> list[tuple[str, str]]:
        """Id and digest of the articles that were read from a source."""
        return self._all("SELECT id, digest FROM article WHERE origin = ? ORDER BY id", (origin,))

    def at_page(self, address: str) -> str | None:
        """The id of the first article whose page is at ``address``."""
        query = "SELECT id FROM article WHERE page = ? ORDER BY id"
        found = self._all(query, (_storable(same_page(address)),))
        return next((it for (it,) in found if it not in self._hidden), None)

    def twins(self, article_id: str) -> list[str]:
        """The ids of the other articles of its group."""
        self._check(article_id)
        self.number(article_id)  # that it is there
        query = (
            "SELECT id FROM article WHERE twins = (SELECT twins FROM article WHERE id = ?) "
            "AND id <> ? ORDER BY published, id"
        )
        name = _storable(article_id)
        return [it for (it,) in self._all(query, (name, name)) if it not in self._hidden]

    def listing(
        self, filters: Filters, limit: int, after: str | None = None, offset: int = 0
    ) -> list[Article]:
        """At most ``limit`` articles that pass, in the order of their ids.

        The first of them has an id after ``after``, and ``offset`` more are passed over.
        """
        where, values = _where(filters)
        if after is not None:
            where, values = f"{where} AND id > ?", [*values, _storable(after)]
        hidden = sorted(self._hidden)
        query = (
            f"SELECT {', '.join(_COLUMNS)} FROM article WHERE {where} "
            f"AND id NOT IN ({', '.join('?' * len(hidden))}) ORDER BY id LIMIT ? OFFSET ?"
        )
        return [_article(it) for it in self._all(query, [*values, *hidden, limit, offset])]

    def passing(self, filters: Filters) -> NDArray[np.int64]:
        """The numbers of the articles that pass, in order."""
        where, values = _where(filters)
        # Sorted here: for the order SQLite would read the whole table, with all texts in it.
        found = self._all(f"SELECT number FROM article WHERE {where} AND {self._shown}", values)
        return np.sort(np.fromiter((it for (it,) in found), dtype=np.int64, count=len(found)))

    def count(self, filters: Filters) -> int:
        """The number of the articles that pass."""
        where, values = _where(filters)
        query = f"SELECT count(*) FROM article WHERE {where} AND {self._shown}"
        return int(self._all(query, values)[0][0])

    def published(self, numbers: Iterable[int]) -> Mapping[int, str | None]:
        """The dates of publication of articles by their numbers."""
        query = "SELECT published FROM article WHERE number = ?"
        return {number: self._one(query, number)[0] for number in numbers}

    def facets(self) -> Facets:
        """What the articles can be filtered by."""
        shown = self._shown

        def counted(name: str) -> tuple[tuple[str, int], ...]:
            query = (
                f"SELECT min({name}), count(*) FROM article WHERE {name} IS NOT NULL AND {shown} "
                f"GROUP BY {name}_key ORDER BY 2 DESC, 1"
            )
            return tuple((str(value), int(count)) for value, count in self._all(query))

        dates = f"SELECT min(published), max(published) FROM article WHERE {shown}"
        first, last = self._all(dates)[0]
        return Facets(counted("section"), counted("source"), first, last)

    def signatures(self) -> Iterator[bytes]:
        """The signatures of all articles, in the order of their numbers."""
        for first in range(0, len(self.ranges), 1000):
            query = "SELECT signature FROM article WHERE number >= ? ORDER BY number LIMIT 1000"
            yield from (it for (it,) in self._all(query, (first,)))


class Articles(Mapping[str, Article]):
    """The articles by id, in the order of the ids; looked up one by one."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def __getitem__(self, article_id: str) -> Article:
        return self._catalog.article(article_id)

    def __iter__(self) -> Iterator[str]:
        return self._catalog.ids()

    def __len__(self) -> int:
        return len(self._catalog)


def _article(values: Sequence[Any]) -> Article:
    fields = dict(zip(_COLUMNS, values, strict=True))
    fields["text"] = fields["text"].decode("utf-8", "surrogatepass")
    return Article(**fields)


def _where(filters: Filters) -> tuple[str, list[Any]]:
    conditions = {
        "published >= ?": filters.since,
        "published <= ?": filters.until,
        "section_key = ?": _key(filters.section),
        "source_key = ?": _key(filters.source),
    }
    given = {name: _storable(value) for name, value in conditions.items() if value}
    return " AND ".join(given) or "1", list(given.values())


def _storable(value: str | int) -> str | int:
    """``value`` as SQLite takes it: what is not Unicode is in no catalog."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value
