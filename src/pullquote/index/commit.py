"""Publishes what an indexing run has prepared, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pullquote import source_states
from pullquote.index import twins
from pullquote.index.database import transaction
from pullquote.index.manifest import Manifest
from pullquote.index.pending import Planned, delete, discard
from pullquote.index.target import Target
from pullquote.source_states import SourceRecord


@dataclass(frozen=True, slots=True)
class Live:
    """An article in the published state of the index."""

    number: int
    digest: str
    origin: str


def live_articles(connection: sqlite3.Connection) -> dict[str, Live]:
    """All live articles, by id."""
    rows = connection.execute("SELECT id, number, digest, origin FROM article WHERE live")
    return {id_: Live(*rest) for id_, *rest in rows}


def commit(
    target: Target,
    manifest: Manifest,
    live: Mapping[str, Live],
    planned: Mapping[str, Planned],
    known: Mapping[str, SourceRecord],
    records: Mapping[str, SourceRecord],
    back: Iterable[str] = (),
) -> Manifest:
    """Replace the articles ``live`` by ``planned``, and the sources ``known`` by ``records``.

    The ids in ``back`` are no longer withdrawn. ``manifest`` names the model and corpus of the new
    articles; it is returned with their counts and digests. If this raises ``OSError`` or
    ``sqlite3.Error``, nothing is changed.
    """
    connection = target.connection
    added = [(id_, one) for id_, one in planned.items() if not one.kept]
    gone = [(id_, one) for id_, one in live.items() if id_ not in planned or not planned[id_].kept]
    with transaction(connection):
        related = twins.groups_of(connection, [one.number for _, one in gone])
        delete(connection, (one.number for _, one in gone))
        numbers = [_promote(connection, one) for _, one in added]
        for id_, one in planned.items():
            if one.kept and live[id_].origin != one.origin:
                _set_origin(connection, live[id_].number, one.origin)
        discard(connection)
        connection.executemany("DELETE FROM withdrawn WHERE id = ?", ((id_,) for id_ in back))
        twins.regroup(connection, numbers, related)
        _keep_records(connection, known, records)
        manifest = manifest.with_contents(
            ((id_, one.digest) for id_, one in added), ((id_, one.digest) for id_, one in gone)
        )
        if added or gone:
            manifest = replace(manifest, generation=manifest.generation + 1)
        manifest = target.publish(counted(connection, manifest))
        manifest.write(connection)
    target.clean_up(manifest)
    return manifest


def _promote(connection: sqlite3.Connection, planned: Planned) -> int:
    query = "SELECT max(number) FROM article WHERE digest = ? AND NOT live"
    number = int(connection.execute(query, (planned.digest,)).fetchone()[0])
    connection.execute(
        "UPDATE article SET live = 1, origin = ? WHERE number = ?", (planned.origin, number)
    )
    return number


def _set_origin(connection: sqlite3.Connection, number: int, origin: str) -> None:
    connection.execute("UPDATE article SET origin = ? WHERE number = ?", (origin, number))


def _keep_records(
    connection: sqlite3.Connection,
    known: Mapping[str, SourceRecord],
    records: Mapping[str, SourceRecord],
) -> None:
    gone = [(key,) for key in known if key not in records]
    connection.executemany("DELETE FROM source WHERE key = ?", gone)
    changed = (record for key, record in records.items() if known.get(key) != record)
    source_states.put(connection, "source", changed)


def counted(connection: sqlite3.Connection, manifest: Manifest) -> Manifest:
    """The manifest with the current numbers of articles, sentences and passages."""
    query = "SELECT count(*), total(sentences), total(passages) FROM article WHERE live"
    articles, sentences, passages = map(int, connection.execute(query).fetchone())
    return replace(manifest, articles=articles, sentences=sentences, passages=passages)


def take_out(target: Target, manifest: Manifest, article_ids: Sequence[str]) -> Manifest:
    """Withdraw articles: remove them and keep later runs from adding them again.

    Raises :class:`KeyError` if there is no such article.
    """
    connection = target.connection
    live = live_articles(connection)
    with transaction(connection):
        numbers = [live[id_].number for id_ in article_ids]
        related = twins.groups_of(connection, numbers)
        delete(connection, numbers)
        twins.regroup(connection, (), related)
        connection.executemany(
            "INSERT OR IGNORE INTO withdrawn VALUES (?)", ((id_,) for id_ in article_ids)
        )
        manifest = manifest.with_contents((), ((id_, live[id_].digest) for id_ in article_ids))
        manifest = counted(connection, replace(manifest, generation=manifest.generation + 1))
        manifest = target.publish(manifest, few=True)
        manifest.write(connection)
    target.clean_up(manifest)
    return manifest


def let_back(target: Target, manifest: Manifest, article_ids: Iterable[str]) -> None:
    """Allow the next run to add withdrawn articles again."""
    connection = target.connection
    with transaction(connection):
        connection.executemany(
            "DELETE FROM withdrawn WHERE id = ?", ((id_,) for id_ in article_ids)
        )
        source_states.forget(connection)
        target.publish(manifest, few=True)


def withdrawn(connection: sqlite3.Connection) -> frozenset[str]:
    """The ids of the withdrawn articles, which no run adds again."""
    return frozenset(id_ for (id_,) in connection.execute("SELECT id FROM withdrawn"))
