"""Takes articles out of an index in Milvus, and what a failed run has left in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pullquote.index.milvus import schema, terms
from pullquote.index.milvus.client import Connected, Row, chunks, equal, one_of


def set_until(client: Connected, numbers: Sequence[int], until: int) -> None:
    """Let articles and their passages be of the generations before ``until``."""
    for some in chunks(numbers):
        found = list(client.scan(schema.PASSAGE, one_of("article", some), ["number"]))
        ended: Iterator[Row] = ({"number": row["number"], "until": until} for row in found)
        client.put(schema.PASSAGE, ended, partial=True)
        client.put(
            schema.ARTICLE, [{"number": number, "until": until} for number in some], partial=True
        )


def remove(client: Connected, where: str) -> None:
    """Delete the articles whose rows pass a filter, with everything of theirs."""
    numbers = [row["number"] for row in client.scan(schema.ARTICLE, where, ["number"])]
    for some in chunks(numbers):
        remove_rows(client, some)
        # Last: by this row, the others are found.
        client.delete(schema.ARTICLE, one_of("number", some))


def orphans(client: Connected) -> list[int]:
    """The numbers in rows of texts and passages that are of no article, sorted."""
    # The articles last: a run writes them first, and deletes them last.
    named = {
        int(row["article"])
        for name in (schema.PIECE, schema.PASSAGE)
        for row in client.scan(name, "article >= 0", ["article"])
    }
    there = {int(row["number"]) for row in client.scan(schema.ARTICLE, "number >= 0", ["number"])}
    return sorted(named - there)


def remove_rows(client: Connected, numbers: Sequence[int]) -> None:
    """Delete the rows of texts and passages of these articles."""
    for some in chunks(numbers):
        client.delete(schema.PASSAGE, one_of("article", some))
        client.delete(schema.PIECE, one_of("article", some))


def take_back(client: Connected, generation: int) -> None:
    """Take back what a writer wrote after ``generation`` and did not make visible."""
    remove(client, f"since > {generation}")
    ended = f"until > {generation} and until < {schema.FOREVER}"
    numbers = [row["number"] for row in client.scan(schema.ARTICLE, ended, ["number"])]
    set_until(client, numbers, schema.FOREVER)
    terms.undo(client, generation)
    remove_facets(client, lambda of: of > generation)


def remove_facets(client: Connected, unneeded: Callable[[int], bool]) -> None:
    """Delete the facets of the generations that are not needed."""
    for row in client.rows(schema.RECORD, 'kind like "facets %"', ["kind"]):
        if unneeded(int(row["kind"].split()[1])):
            client.delete(schema.RECORD, equal({"kind": row["kind"]}))
