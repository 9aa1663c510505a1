"""The connection to Milvus. Whatever fails there becomes one sentence."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from pullquote.errors import IndexUnusableError
from pullquote.index_place import MilvusPlace

try:
    from pymilvus import MilvusClient
    from pymilvus.exceptions import MilvusException
except ImportError as error:
    raise IndexUnusableError(
        "An index in Milvus needs its client: install it with `pip install 'pullquote[milvus]'`."
    ) from error

from pullquote.index.milvus import schema

# It logs every error with its traceback, and we tell the same error in a sentence.
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)

Row = dict[str, Any]
T = TypeVar("T")

#: Seconds to wait for a connection, for an answer, and for a write of many rows.
_CONNECT, _ANSWER, _WRITE = 20.0, 20.0, 120.0

#: Milvus Lite hangs up on clients that ask every ten seconds whether it is there.
_RARELY = {"grpc.keepalive_time_ms": 360_000}

#: Rows in one answer of a scan.
_SCANNED = 2_000


class Connected:
    """A database of Milvus. Thread-safe for reading; one thread may write."""

    def __init__(self, client: MilvusClient, place: MilvusPlace) -> None:
        self._client = client
        self.place = place
        #: Called before each write and each deletion; raises if nothing may be written.
        self.guard: Callable[[], None] | None = None

    @classmethod
    def open(cls, place: MilvusPlace, *, create: bool = False) -> Connected:
        """Connect to the database, which is made where missing if ``create`` is true.

        Raises :class:`IndexUnusableError`.
        """
        try:
            client = MilvusClient(
                place.address, token=place.token, timeout=_CONNECT, grpc_options=_RARELY
            )
            if place.database not in client.list_databases():
                if not create:
                    raise IndexUnusableError(missing(place))
                client.create_database(place.database)
            client.use_database(place.database)
        except (MilvusException, OSError) as error:
            raise IndexUnusableError(_unreachable(place, error)) from error
        return cls(client, place)

    def has_collections(self) -> bool:
        """Whether the collections of an index are there. They are loaded, so they can be read."""
        with self._told():
            there = set(self._client.list_collections())
            if not there.issuperset(schema.COLLECTIONS):
                return False
            for name in schema.COLLECTIONS:
                self._client.load_collection(name, timeout=_WRITE)
            return True

    def dimension(self) -> int:
        """The length of the passages' vectors."""
        with self._told():
            fields = self._client.describe_collection(schema.PASSAGE)["fields"]
            return int(next(f["params"]["dim"] for f in fields if f["name"] == "vector"))

    def make_record(self) -> None:
        """Make the collection ``record`` unless it is there. It is loaded."""
        with self._told():
            schema.create(self._client, schema.RECORD, 0)

    def make_others(self, dimension: int) -> None:
        """Make all other collections anew, and empty."""
        for name in schema.COLLECTIONS:
            if name != schema.RECORD:
                self._guarded()
                with self._told():
                    if self._client.has_collection(name):
                        self._client.drop_collection(name)
                    schema.create(self._client, name, dimension)

    def rows(self, name: str, where: str, fields: Sequence[str]) -> list[Row]:
        """The rows that pass a filter: some thousands at most."""
        with self._told():
            return [
                dict(row)
                for row in self._client.query(
                    name, filter=where, output_fields=list(fields), timeout=_ANSWER
                )
            ]

    def scan(self, name: str, where: str, fields: Sequence[str]) -> Iterator[Row]:
        """All rows that pass a filter, however many."""
        with self._told():
            found = self._client.query_iterator(
                name, batch_size=_SCANNED, filter=where, output_fields=list(fields)
            )
            try:
                while batch := found.next():
                    yield from map(dict, batch)
            finally:
                found.close()

    def count(self, name: str, where: str) -> int:
        """How many rows pass a filter."""
        with self._told():
            found = self._client.query(
                name, filter=where, output_fields=["count(*)"], timeout=_ANSWER
            )
            return int(found[0]["count(*)"])

    def search(
        self,
        name: str,
        field: str,
        query: Any,
        top: int,
        where: str,
        fields: Sequence[str],
    ) -> list[tuple[Row, float]]:
        """The ``top`` rows whose ``field`` has the greatest inner product with ``query``."""
        with self._told():
            found = self._client.search(
                name,
                data=[query],
                anns_field=field,
                limit=top,
                filter=where,
                output_fields=list(fields),
                timeout=_ANSWER,
            )
            return [(dict(hit["entity"]), float(hit["distance"])) for hit in found[0]]

    def put(
        self, name: str, rows: Iterable[Row], *, partial: bool = False, size: int = 500
    ) -> None:
        """Write rows, ``size`` at a time; each replaces the one with its key.

        If ``partial``, the fields that a row does not name stay as they are.
        """
        waiting: list[Row] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) == size:
                self._put(name, waiting, partial)
                waiting = []
        if waiting:
            self._put(name, waiting, partial)

    def _put(self, name: str, rows: list[Row], partial: bool) -> None:
        self._guarded()
        with self._told():
            self._client.upsert(name, rows, timeout=_WRITE, partial_update=partial)

    def delete(self, name: str, where: str) -> None:
        """Delete the rows that pass a filter."""
        self._guarded()
        with self._told():
            self._client.delete(name, filter=where, timeout=_WRITE)

    def settle(self) -> None:
        """Let what was written be indexed for searching, after a large run."""
        for name in schema.COLLECTIONS:
            self._guarded()
            with self._told():
                self._client.flush(name, timeout=_WRITE)

    def _guarded(self) -> None:
        if self.guard:
            self.guard()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (MilvusException, OSError) as error:
            raise IndexUnusableError(_unreachable(self.place, error)) from error


def chunks(values: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """``values`` in parts that are looked up or deleted at once."""
    for first in range(0, len(values), size):
        yield values[first : first + size]


def one_of(field: str, values: Iterable[str | int]) -> str:
    """The filter for rows whose ``field`` is one of ``values``."""
    return f"{field} in [{', '.join(quoted(value) for value in values)}]"


def quoted(value: str | int) -> str:
    """``value`` as it stands in a filter."""
    if isinstance(value, int):
        return str(value)
    # Lone surrogates cannot be sent; no index holds them.
    text = value.encode("utf-8", "replace").decode().replace("\\", "\\\\")
    for character, written in (('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(character, written)
    return f'"{text}"'


def containing(field: str, word: str) -> str:
    """The filter for rows whose ``field`` contains ``word``."""
    escaped = word.replace("%", "\\%").replace("_", "\\_")
    # Milvus and Milvus Lite escape it differently; any one character stands for it.
    escaped = re.sub(r"\\(?![%_])", "_", escaped)
    return f"{field} like {quoted(f'%{escaped}%')}"


def together(*conditions: str) -> str:
    """All of these filters at once; empty ones are left out."""
    return " and ".join(f"({condition})" for condition in conditions if condition)


def equal(values: Mapping[str, str | int | None]) -> str:
    """The filter for rows with these values; ``None`` is not looked at."""
    return together(*(f"{name} == {quoted(v)}" for name, v in values.items() if v is not None))


def missing(place: MilvusPlace) -> str:
    """The error message where there is no index."""
    return f"There is no index in {str(place)!r}: build it with `pullquote index`."


def _unreachable(place: MilvusPlace, error: Exception) -> str:
    why = " ".join(str(getattr(error, "message", "") or error).split())[:200].rstrip(".")
    if place.token:
        why = why.replace(place.token, "…")
    if place.is_file:
        return (
            f"The Milvus Lite file {place.address!r} cannot be used ({why}): only one process may "
            "have it open, and its folder must be writable."
        )
    return (
        f"Milvus at {str(place)!r} does not answer as it should ({why}): see that it runs, that "
        "the address is right, and that PULLQUOTE_INDEX_TOKEN holds its password if it has one."
    )
