"""Checks that an index in Milvus is intact, and takes out what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from pullquote import source_states
from pullquote.errors import IndexUnusableError
from pullquote.index import commit, database
from pullquote.index.check import taken_out
from pullquote.index.manifest import Manifest
from pullquote.index.milvus import removing, schema
from pullquote.index.milvus.catalog import MilvusCatalog
from pullquote.index.milvus.client import Connected
from pullquote.index.milvus.state import read
from pullquote.index.milvus.target import open_database
from pullquote.index.pending import delete
from pullquote.index_place import MilvusPlace
from pullquote.plurals import counted


def check(place: MilvusPlace) -> tuple[Manifest, list[str]]:
    """Check every article of the index, and take out those that are not what was indexed.

    Rows that belong to no article are deleted too.

    Returns the manifest afterwards, and one sentence for each problem found. Raises
    :class:`IndexUnusableError`.
    """
    with open_database(place, create=False) as target:
        connection = target.connection
        manifest = Manifest.of(connection, place)
        client = target.client
        live = commit.live_articles(connection)
        broken = list(_broken(client, target.catalog, live))
        found = list(map(taken_out, broken))
        if orphans := removing.orphans(client):
            target.claim()
            removing.remove_rows(client, orphans)
            found.append(
                f"Rows in Milvus were left from {counted(len(orphans), 'article')} that the index "
                "no longer has: they were deleted."
            )
        if broken:
            with database.transaction(connection):
                delete(connection, [live[id_].number for id_ in broken])
                source_states.forget(connection, [live[id_].origin for id_ in broken])
                manifest = manifest.with_contents((), ((id_, live[id_].digest) for id_ in broken))
                manifest = replace(manifest, generation=manifest.generation + 1)
                manifest = target.publish(commit.counted(connection, manifest))
                manifest.write(connection)
            target.clean_up(manifest)
        return read(client).manifest, found


def _broken(
    client: Connected,
    catalog: MilvusCatalog,
    live: dict[str, commit.Live],
) -> Iterator[str]:
    """The ids of articles whose text, sentences or passages differ from what was indexed."""
    passages: Counter[int] = Counter()
    last: dict[int, int] = {}
    for row in client.scan(schema.PASSAGE, catalog.visible, ["article", "last"]):
        passages[row["article"]] += 1
        last[row["article"]] = max(last.get(row["article"], -1), row["last"])
    for id_, one in live.items():
        try:
            article, sentences = catalog.article(id_), catalog.sentences(id_)
        except (IndexUnusableError, KeyError, ValueError):
            if not client.rows(schema.RECORD, 'key == "state"', ["key"]):
                raise  # it is Milvus that fails
            yield id_
            continue
        counts = catalog.counts(id_)
        if counts != (len(sentences), passages[one.number]) or not (
            last.get(one.number, -1) < max(1, len(sentences))
            and all(0 <= s.start < s.end <= len(article.text) for s in sentences)
        ):
            yield id_
