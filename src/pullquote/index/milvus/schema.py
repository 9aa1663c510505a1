"""The collections of an index in Milvus.

Every row of ``article`` and ``passage`` is of the generations from ``since`` on, before ``until``.
A run adds its rows as those of the next generation, and makes them all visible by replacing one
row, the state. Milvus demands a vector of every collection: that of ``article`` is the day of
publication, so that a search finds the newest; the others hold nothing.
"""

from __future__ import annotations

from typing import Any

from pymilvus import CollectionSchema, DataType, MilvusClient

#: Increase it when older collections can no longer be read.
FORMAT = 1

ARTICLE, PIECE, PASSAGE, TERM, RECORD = COLLECTIONS = (
    "article",
    "piece",
    "passage",
    "term",
    "record",
)

#: ``until`` of what is still there.
FOREVER = 2**62

#: The most bytes that Milvus keeps in a field of text.
LONGEST = 65_535

#: Characters in one piece of a text: at most 64,000 bytes.
PIECE_LENGTH = 16_000

#: What a collection that needs no vector has as its vector.
NOTHING = [0.0, 0.0]

_TEXTS = {
    ARTICLE: (
        *("id", "digest", "origin", "told", "title_key", "page", "published"),
        *("section_key", "source_key", "fields", "signature"),
    ),
    PIECE: ("kind", "text"),
    PASSAGE: ("published", "section_key", "source_key"),
    TERM: (),
    RECORD: ("kind", "value"),
}
_NUMBERS = {
    ARTICLE: ("since", "until", "twins"),
    PIECE: ("article", "place"),
    PASSAGE: ("article", "first", "last", "since", "until"),
    TERM: ("passages", "before", "generation"),
    RECORD: (),
}
#: The fields by which rows are looked up.
_LOOKED_UP = {
    ARTICLE: ("id", "origin", "page", "title_key", "twins", "until"),
    PIECE: ("article",),
    PASSAGE: ("article", "until", "published", "section_key", "source_key"),
    TERM: ("generation",),
    RECORD: ("kind",),
}


def create(client: MilvusClient, name: str, dimension: int) -> None:
    """Create one collection, or what is still missing of it.

    ``dimension`` is that of the passages' vectors.
    """
    schema = CollectionSchema([], enable_dynamic_field=False, check_fields=False)
    if name in (ARTICLE, PASSAGE, TERM):
        schema.add_field("number", DataType.INT64, is_primary=True)
    else:
        schema.add_field("key", DataType.VARCHAR, max_length=LONGEST, is_primary=True)
    for field in _NUMBERS[name]:
        schema.add_field(field, DataType.INT64)
    for field in _TEXTS[name]:
        schema.add_field(field, DataType.VARCHAR, max_length=LONGEST)
    length = dimension if name == PASSAGE else len(NOTHING)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=length)
    indexes: Any = client.prepare_index_params()
    searched = "AUTOINDEX" if name == PASSAGE else "FLAT"
    indexes.add_index("vector", index_type=searched, metric_type="IP")
    if name == PASSAGE:
        schema.add_field("terms", DataType.SPARSE_FLOAT_VECTOR)
        indexes.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    for field in _LOOKED_UP[name]:
        indexes.add_index(field, index_type="INVERTED")
    # Strong: whoever asks sees all that was written before, above all what was withdrawn.
    if not client.has_collection(name):
        client.create_collection(name, schema=schema, consistency_level="Strong")
    # Not waiting for each index, which takes half a second: loading waits for them all.
    client.create_index(name, indexes, sync=False)
    client.load_collection(name)
