"""The articles of an index in Milvus, looked up one by one."""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

from pullquote.addresses import same_page
from pullquote.digest import article_digest
from pullquote.errors import IndexUnusableError
from pullquote.index.embedded import FIELDS, key, sentences_of, title_key
from pullquote.index.milvus import schema
from pullquote.index.milvus.client import (
    Connected,
    Row,
    containing,
    equal,
    one_of,
    quoted,
    together,
)
from pullquote.types import NO_FILTERS, Article, Facets, Filters, Sentence

#: Rows of articles that are kept in memory: those of some dozen questions.
_KEPT = 2_000

#: The deepest place that a search reaches: Milvus returns no more rows.
_DEEPEST = 16_384

_ROW = ("number", "id", "digest", "twins", "published", "fields")


class MilvusCatalog:
    """The articles of one generation. Implements :class:`pullquote.index.interface.Listed`."""

    def __init__(self, client: Connected, generation: int) -> None:
        self._client = client
        self._generation = generation
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._ids: tuple[str, ...] | None = None
        self._lock = Lock()

    @property
    def visible(self) -> str:
        """The filter for the rows of this generation."""
        return visible(self._generation)

    # --- rows ---------------------------------------------------------------------------------

    def ids_of(self, numbers: Iterable[int]) -> dict[int, str]:
        """The ids of articles by number, looked up at once. One that was withdrawn is missing."""
        wanted = set(numbers)
        ids = {number: row["id"] for number in wanted if (row := self._rows.get(number))}
        if unknown := sorted(wanted - ids.keys()):
            found = self._client.rows(schema.ARTICLE, one_of("number", unknown), _ROW)
            self._keep(found)
            ids |= {row["number"]: row["id"] for row in found}
        return ids

    def _keep(self, rows: Iterable[Row]) -> None:
        with self._lock:
            for row in rows:
                self._rows[row["number"]] = row
                self._numbers[row["id"]] = row["number"]
            while len(self._rows) > _KEPT:
                _, old = self._rows.popitem(last=False)
                self._numbers.pop(old["id"], None)

    def row(self, article_id: str) -> Row:
        """The article's row."""
        if row := self._rows.get(self._numbers.get(article_id, -1)):
            return row
        found = self._found({"id": article_id}, _ROW)
        if not found:
            raise KeyError(article_id)
        self._keep(found)
        return found[0]

    def _found(self, values: Mapping[str, str | int | None], fields: Sequence[str]) -> list[Row]:
        return self._client.rows(schema.ARTICLE, together(equal(values), self.visible), fields)

    def number(self, article_id: str) -> int:
        """The article's number."""
        return int(self.row(article_id)["number"])

    def counts(self, article_id: str) -> tuple[int, int]:
        """How many sentences and passages the article had when it was indexed."""
        fields = json.loads(self.row(article_id)["fields"])
        return int(fields["sentences"]), int(fields["passages"])

    # --- one article --------------------------------------------------------------------------

    def article(self, article_id: str) -> Article:
        """The article with this id, as it was indexed."""
        row = self.row(article_id)
        pieces = self._pieces(row)
        try:
            left_out = pieces.get("left_out")
            article = Article(
                text=pieces.get("text", ""), left_out=left_out, **_fields(row["fields"])
            )
        except (ValueError, TypeError) as error:
            raise self._altered(article_id) from error
        if article_digest(article) != row["digest"]:
            self._check_is_there(article_id)
            raise self._altered(article_id)
        return article

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """All sentences of the article, in order."""
        packed = self._pieces(self.row(article_id), "sentences").get("sentences", "")
        return sentences_of(article_id, base64.b64decode(packed))

    def _pieces(self, row: Row, kind: str | None = None) -> dict[str, str]:
        where = equal({"article": row["number"], "kind": kind})
        found = self._client.rows(schema.PIECE, where, ["kind", "place", "text"])
        pieces: dict[str, str] = {}
        for piece in sorted(found, key=lambda one: int(one["place"])):
            pieces[piece["kind"]] = pieces.get(piece["kind"], "") + piece["text"]
        return pieces

    def _check_is_there(self, article_id: str) -> None:
        """Raise :class:`KeyError` if the article was taken out since its row was looked up."""
        self.digest(article_id)

    def _altered(self, article_id: str) -> IndexUnusableError:
        return IndexUnusableError(
            f"The index in {str(self._client.place)!r} is damaged (the article {article_id!r} was "
            "altered): take it out with `pullquote check`, and run `pullquote index` again."
        )

    def digest(self, article_id: str) -> str:
        """The digest of the article when it was indexed.

        It is asked for each time: an article that was withdrawn has none from that moment on.
        """
        found = self._found({"id": article_id}, ["digest"])
        if not found:
            raise KeyError(article_id)
        return str(found[0]["digest"])

    def twins(self, article_id: str) -> list[str]:
        """The ids of the other articles in the same group of near copies, the earliest first."""
        group = self.row(article_id)["twins"]
        if not group:
            return []
        rows = self._found({"twins": group}, _ROW)
        self._keep(rows)
        ordered = sorted(rows, key=lambda row: (row["published"], row["id"]))
        return [row["id"] for row in ordered if row["id"] != article_id]

    # --- many articles ------------------------------------------------------------------------

    def from_origin(self, origin: str) -> list[str]:
        """The ids of the articles that were read from a source, sorted."""
        where = together(equal({"origin": origin}), self.visible)
        return sorted(row["id"] for row in self._client.scan(schema.ARTICLE, where, ["id"]))

    def ids(self) -> Iterator[str]:
        """The ids of all articles, sorted."""
        if self._ids is None:
            self._ids = tuple(self._sorted_ids(NO_FILTERS))
        return iter(self._ids)

    def digests(self) -> Iterator[tuple[str, str]]:
        """Id and digest of all articles, sorted by id."""
        rows = self._client.scan(schema.ARTICLE, self.visible, ["id", "digest"])
        yield from sorted((row["id"], row["digest"]) for row in rows)

    def _sorted_ids(self, filters: Filters) -> list[str]:
        where = together(self.visible, passing(filters))
        return sorted(row["id"] for row in self._client.scan(schema.ARTICLE, where, ["id"]))

    def at_page(self, address: str) -> str | None:
        """The id of the first article with the page ``address``, or ``None``."""
        return min(
            (row["id"] for row in self._found({"page": same_page(address)}, ["id"])), default=None
        )

    def titled(self, title: str, filters: Filters) -> str | None:
        """The id of the newest matching article with this title, or ``None``."""
        where = together(equal({"title_key": title_kept(title)}), self.visible, passing(filters))
        rows = self._client.scan(schema.ARTICLE, where, ["id", "published"])
        return next((row["id"] for row in _newest_first(rows)), None)

    def listing(
        self, filters: Filters, limit: int, after: str | None = None, offset: int = 0
    ) -> list[Article]:
        """At most ``limit`` articles that pass the filters, sorted by id, with empty texts."""
        ids = self._sorted_ids(filters) if filters else list(self.ids())
        listed = [id_ for id_ in ids if after is None or id_ > after][offset : offset + limit]
        return self._listed(listed)

    def _listed(self, ids: Sequence[str]) -> list[Article]:
        if not ids:
            return []
        where = together(one_of("id", ids), self.visible)
        rows = {row["id"]: row for row in self._client.scan(schema.ARTICLE, where, _ROW)}
        return [_listed(rows[id_]) for id_ in ids if id_ in rows]

    def newest(
        self, filters: Filters, words: str, limit: int, offset: int = 0
    ) -> tuple[list[Article], int]:
        """At most ``limit`` matching articles, the newest first, and the number of all matches."""
        told = (containing("told", word) for word in words.casefold().split())
        where = together(self.visible, passing(filters), *told)
        count = self._client.count(schema.ARTICLE, where)
        wanted = min(offset + limit, count)
        if wanted <= offset:
            return [], count
        if wanted > _DEEPEST:
            all_rows = self._client.scan(schema.ARTICLE, where, ["id", "published"])
            ids = [row["id"] for row in _newest_first(all_rows)][offset:wanted]
            return self._listed(ids), count
        # The vector of an article is its day, so that the nearest to this one are the newest.
        found = self._client.search(schema.ARTICLE, "vector", [1.0, 0.0], wanted, where, _ROW)
        rows = _newest_first(row for row, _ in found)
        return [_listed(row) for row in rows[offset:]], count

    def count(self, filters: Filters) -> int:
        """How many articles pass the filters."""
        return self._client.count(schema.ARTICLE, together(self.visible, passing(filters)))

    def facets(self) -> Facets:
        """What the articles can be filtered by, as the last run counted it."""
        where = equal({"kind": f"facets {self._generation}"})
        found = self._client.rows(schema.RECORD, where, ["key", "value"])
        text = "".join(row["value"] for row in sorted(found, key=lambda row: str(row["key"])))
        if not text:
            return Facets((), (), None, None)
        sections, sources, first, last = json.loads(text)
        return Facets(tuple(map(tuple, sections)), tuple(map(tuple, sources)), first, last)


def visible(generation: int) -> str:
    """The filter for the rows of articles and passages that a generation has."""
    return f"since <= {generation} and until > {generation}"


def passing(filters: Filters) -> str:
    """The filter for the rows of articles, or of passages, that pass ``filters``."""
    dated = 'published != ""' if filters.until else ""
    since = f"published >= {quoted(filters.since)}" if filters.since else ""
    until = f"published <= {quoted(filters.until)}" if filters.until else ""
    names = {"section_key": key(filters.section), "source_key": key(filters.source)}
    return together(dated, since, until, equal(names))


def title_kept(title: str) -> str:
    """A title for comparison, as much of it as is kept."""
    return title_key(title)[: schema.PIECE_LENGTH]


def _fields(packed: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(packed)
    return {name: fields[name] for name in FIELDS}


def _listed(row: Row) -> Article:
    return Article(text="", **_fields(row["fields"]))


def _newest_first(rows: Iterable[Row]) -> list[Row]:
    ordered = sorted(rows, key=lambda row: str(row["id"]))
    return sorted(ordered, key=lambda row: str(row["published"]), reverse=True)
