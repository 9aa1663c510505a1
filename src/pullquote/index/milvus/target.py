"""Publishes what a run has prepared to an index in Milvus."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, replace

from pullquote.errors import IndexUnusableError
from pullquote.index.catalog import Catalog
from pullquote.index.database import in_memory
from pullquote.index.manifest import Manifest
from pullquote.index.milvus import known, removing, rows, schema, scratch, terms
from pullquote.index.milvus.catalog import MilvusCatalog
from pullquote.index.milvus.claim import Claim
from pullquote.index.milvus.client import Connected, chunks, missing, one_of
from pullquote.index.milvus.known import SOURCE
from pullquote.index.milvus.scratch import WITHDRAWN, Short
from pullquote.index.milvus.state import State, find, record
from pullquote.index.writing import writing
from pullquote.index_place import MilvusPlace, Place

#: Pieces of text in one message: up to 6 MB.
_PIECES = 100

#: After so many new passages, Milvus is asked to index what was written.
_MANY = 1_000


class Database:
    """An index in Milvus that is open for writing.

    Implements :class:`pullquote.index.target.Target`.

    Nothing is written to Milvus before :meth:`claim`, which :meth:`publish` begins with. Until the
    state is replaced, at its end, readers see nothing of what was written. If that fails, the next
    writer takes it back.
    """

    def __init__(
        self, client: Connected, connection: sqlite3.Connection, state: State | None
    ) -> None:
        self.place: Place = client.place
        self.connection = connection
        self.catalog = MilvusCatalog(client, state.manifest.generation if state else 0)
        self.client = client
        self._claim = Claim(client, known.folder(client.place))
        self._state = state
        #: The generation that readers have seen until now.
        self._seen = state.manifest.generation if state else 0
        self._before = Short.of(connection)
        self._taken_out: list[str] = []

    def publish(self, manifest: Manifest, *, few: bool = False) -> Manifest:
        """Write the new state, and make it visible."""
        self.claim()
        # Its search files are Milvus's own.
        manifest = replace(manifest, search="", recall=None)
        now = Short.of(self.connection)
        before, after = self._before.articles, now.articles
        new = [number for number in after if number not in before]
        gone = [number for number in before if number not in after]
        self._prepare(manifest)
        mean = self._mean_words(new, anew=len(new) == len(after))
        self._put_articles(new, manifest.generation, mean)
        removing.set_until(self.client, gone, manifest.generation)
        self._count_words(new, gone, manifest.generation)
        self._put_withdrawn(now)
        self._put_facets(manifest.generation)
        if not few and len(new) > _MANY:
            self.client.settle()
        state = self._replace_state(manifest, mean)
        # After the state: these rows are of all generations, and a source that counts as read must
        # have its articles in the index.
        moved = [n for n, value in after.items() if n in before and before[n] != value]
        self.client.put(
            schema.ARTICLE,
            ({"number": n, "twins": after[n][0] or 0, "origin": after[n][1]} for n in moved),
            partial=True,
        )
        self._put_sources(now)
        known.mark(self.connection, state)
        # The texts are in Milvus now. What a killed run has staged stays.
        live = "(SELECT number FROM article WHERE live)"
        for table in ("content", "passage"):
            self.connection.execute(f"DELETE FROM {table} WHERE article IN {live}")
        self._taken_out = sorted(now.withdrawn - self._before.withdrawn)
        return manifest

    def clean_up(self, manifest: Manifest) -> None:
        """Delete what was withdrawn, and what no reader of this or the last state needs."""
        # Servers go on to a new generation within a second: to this run's not yet.
        kept = manifest.generation - (manifest.generation > self._seen)
        removing.remove(self.client, f"until <= {kept}")
        for some in chunks(self._taken_out):
            removing.remove(self.client, one_of("id", some))
        removing.remove_facets(self.client, lambda of: of < kept)

    def claim(self) -> None:
        """Keep all other writers out until :meth:`release`.

        Raises :class:`IndexUnusableError` if there is one, or if one has written since the index
        was opened.
        """
        if self._claim.held:
            return
        made = self.client.has_collections()
        if not made:
            self.client.make_record()
        self._claim.take()
        if not known.is_copy(self.connection, find(self.client)):
            raise IndexUnusableError(
                f"Another run has written to {str(self.place)!r} meanwhile: run this one again."
            )
        if made:
            removing.take_back(self.client, self._seen)

    def release(self) -> None:
        """Let others write."""
        self._claim.release()

    def _prepare(self, manifest: Manifest) -> None:
        """Make the collections if there are none. The vectors must have their length."""
        if not self.client.has_collections():
            self.client.make_others(manifest.dimension)
        elif (length := self.client.dimension()) != manifest.dimension:
            raise IndexUnusableError(
                f"The vectors in {str(self.place)!r} have {length} numbers each, "
                f"and those of the model {manifest.embedder!r} have {manifest.dimension}: build "
                "the index in another database with `pullquote index --index`."
            )

    def _mean_words(self, new: Sequence[int], *, anew: bool) -> float:
        """The mean number of words of a passage: of all that is written, if all is new."""
        if self._state and not anew:
            return self._state.mean_words
        lengths = [len(words) for number in new for words in self._words(number)]
        return max(1.0, sum(lengths) / max(1, len(lengths)))

    def _words(self, number: int) -> Iterator[list[str]]:
        """The words of each passage of an article."""
        query = "SELECT words FROM passage WHERE article = ?"
        return (words.split() for (words,) in self.connection.execute(query, (number,)))

    def _put_articles(self, new: Sequence[int], since: int, mean: float) -> None:
        # The article's row first: by it, what a failed run has written is found again.
        made = (rows.article(self.connection, number, since) for number in new)
        self.client.put(schema.ARTICLE, made)
        pieces = (piece for number in new for piece in rows.pieces(self.connection, number))
        self.client.put(schema.PIECE, pieces, size=_PIECES)
        self.client.put(
            schema.PASSAGE,
            (row for n in new for row in rows.passages(self.connection, n, since, mean)),
        )

    def _count_words(self, new: Sequence[int], gone: Sequence[int], generation: int) -> None:
        changes: Counter[int] = Counter()
        for number in new:
            for words in self._words(number):
                changes.update(set(map(terms.place, words)))
        for some in chunks(gone):
            for row in self.client.scan(schema.PASSAGE, one_of("article", some), ["terms"]):
                changes.subtract(row["terms"].keys())
        terms.add(self.client, changes, generation)

    def _put_withdrawn(self, now: Short) -> None:
        added = now.withdrawn - self._before.withdrawn
        self.client.put(
            schema.RECORD, [record(f"{WITHDRAWN}:{id_}", WITHDRAWN, id_) for id_ in sorted(added)]
        )
        back = sorted(self._before.withdrawn - now.withdrawn)
        self._delete_records(f"{WITHDRAWN}:{id_}" for id_ in back)

    def _put_sources(self, now: Short) -> None:
        before = self._before.sources
        self.client.put(
            schema.RECORD,
            (
                record(f"{SOURCE}:{key}", SOURCE, json.dumps(astuple(one)))
                for key, one in now.sources.items()
                if before.get(key) != one
            ),
        )
        self._delete_records(f"{SOURCE}:{key}" for key in before if key not in now.sources)

    def _delete_records(self, keys: Iterable[str]) -> None:
        for some in chunks(list(keys)):
            self.client.delete(schema.RECORD, one_of("key", some))

    def _put_facets(self, generation: int) -> None:
        facets = Catalog(self.connection, known.folder(self.client.place)).facets()
        kind = f"facets {generation}"
        self.client.put(
            schema.RECORD,
            (
                record(f"{kind}/{place:06}", kind, piece)
                for place, piece in enumerate(rows.cut(json.dumps(astuple(facets))))
            ),
        )

    def _replace_state(self, manifest: Manifest, mean: float) -> State:
        numbers = dict(self.connection.execute("SELECT name, seq FROM sqlite_sequence"))
        before = self._state
        identity, revision = (
            (before.identity, before.revision) if before else (secrets.token_hex(8), 0)
        )
        state = State(identity, revision + 1, manifest, mean, numbers)
        state.write(self.client)
        self._state = state
        return state


@contextmanager
def open_database(place: MilvusPlace, *, create: bool) -> Iterator[Database]:
    """Open an index for writing; one process on this machine at a time.

    Other machines may open it too: of those, only one can publish.

    A missing database is made if ``create`` is true. Raises :class:`IndexUnusableError`.
    """
    client = Connected.open(place, create=create)
    try:
        with writing(known.folder(place), rebuild=True, name=place) as connection:
            state = find(client)
            if state is None and not create:
                raise IndexUnusableError(missing(place))
            scratch.copy(connection, client, state)
            database = Database(client, connection, state)
            try:
                yield database
            finally:
                database.release()
    finally:
        client.close()


@contextmanager
def open_copy(place: MilvusPlace) -> Iterator[Database]:
    """Open a copy of what the index holds, to look at. Nothing is written to the index."""
    client = Connected.open(place)
    try:
        state = find(client)
        with closing(in_memory()) as connection:
            scratch.copy(connection, client, state)
            yield Database(client, connection, state)
    finally:
        client.close()
