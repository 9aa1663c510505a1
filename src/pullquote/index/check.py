"""Checks that an index is intact, and repairs what can be rebuilt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pullquote import source_states
from pullquote.errors import IndexUnusableError
from pullquote.index import commit, database, search
from pullquote.index.catalog import Catalog
from pullquote.index.manifest import Manifest
from pullquote.index.pending import delete
from pullquote.index.writing import writing
from pullquote.plurals import counted

_ALONE = "WHERE article NOT IN (SELECT number FROM article)"


def check(folder: Path) -> tuple[Manifest, list[str]]:
    """Check every article and file of the index in ``folder``, and repair what can be repaired.

    Returns the manifest after the repair, and one sentence for each problem found. Raises
    :class:`IndexUnusableError` if the index cannot be repaired.
    """
    with writing(folder) as connection:
        manifest = Manifest.of(connection, folder)
        for problem in database.problems(connection):
            raise IndexUnusableError(database.damaged(folder, problem))
        # All or nothing: a repair that is half done could not be opened.
        with database.transaction(connection):
            found = list(_mended(folder, connection, manifest))
        manifest = Manifest.of(connection, folder)
        search.remove_others(folder, manifest.search)
        return manifest, found


def _mended(folder: Path, connection: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    """Repair the index, and yield a sentence for each problem. Call this within a transaction."""
    broken = list(_broken_articles(folder, connection, manifest.dimension))
    for article_id in broken:
        yield taken_out(article_id)
    orphans = list(_orphans(connection))
    for table, count in orphans:
        yield f"{counted(count, 'row')} of {table!r} belonged to no article: deleted."
    if broken or orphans:
        _take_out(connection, broken, [table for table, _ in orphans])
    contents = replace(commit.counted(connection, manifest), contents="").with_contents(
        connection.execute("SELECT id, digest FROM article WHERE live"), ()
    )
    if contents != manifest:
        if not broken:
            yield "The manifest did not say what the index holds: it does now."
        manifest = replace(contents, generation=manifest.generation + 1)
    faults = list(_search_faults(folder / manifest.search, connection, manifest.passages))
    yield from (f"Of the search files {fault}: they were made anew." for fault in faults)
    if faults:
        name, recall = search.write(folder, connection, manifest.dimension)
        manifest = replace(manifest, search=name, recall=recall)
    manifest.write(connection)


def taken_out(article_id: str) -> str:
    """What is said of an article that was damaged."""
    return (
        f"The article {article_id!r} is not what was indexed: it was taken out, and the next "
        "`pullquote index` reads it again."
    )


def _search_faults(folder: Path, connection: sqlite3.Connection, passages: int) -> Iterator[str]:
    faults = list(search.faults(folder, thorough=True))
    yield from faults
    if not faults and int(search.Search(folder, connection).present.sum()) != passages:
        yield "passages.npy holds others than the index"


def _broken_articles(folder: Path, connection: sqlite3.Connection, dimension: int) -> Iterator[str]:
    """The ids of articles whose text, sentences or passages differ from what was indexed."""
    catalog = Catalog(connection, folder)
    query = (
        "SELECT count(*), ifnull(min(length(vector)), 0), ifnull(max(length(vector)), 0), "
        "ifnull(min(first), 0), ifnull(max(last), -1) FROM passage WHERE article = ?"
    )
    rows = connection.execute("SELECT id, number, sentences, passages FROM article WHERE live")
    for id_, number, sentences, passages in rows.fetchall():
        try:
            article, cut = catalog.article(id_), catalog.sentences(id_)
        except (IndexUnusableError, KeyError, ValueError):
            yield id_
            continue
        count, shortest, longest, first, last = connection.execute(query, (number,)).fetchone()
        whole = (
            len(cut) == sentences
            and count == passages
            and (not count or {shortest, longest} == {2 * dimension})
            and 0 <= first <= last + 1 <= max(1, sentences)
            and all(0 <= s.start < s.end <= len(article.text) for s in cut)
        )
        if not whole:
            yield id_


def _orphans(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """The tables that have rows without an article, each with the number of such rows."""
    for table in ("content", "signature", "passage"):
        count = connection.execute(f"SELECT count(*) FROM {table} {_ALONE}").fetchone()[0]
        if count:
            yield table, count


def _take_out(connection: sqlite3.Connection, article_ids: list[str], tables: list[str]) -> None:
    live = commit.live_articles(connection)
    for table in tables:
        connection.execute(f"DELETE FROM {table} {_ALONE}")
    delete(connection, [live[id_].number for id_ in article_ids])
    source_states.forget(connection, [live[id_].origin for id_ in article_ids])
