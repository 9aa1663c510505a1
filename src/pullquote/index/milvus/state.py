"""The state of an index in Milvus: the one row that says which generation is to be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pullquote.errors import IndexUnusableError
from pullquote.index.manifest import Manifest
from pullquote.index.milvus import schema
from pullquote.index.milvus.client import Connected, Row, equal, missing
from pullquote.index_place import MilvusPlace

_KEY = "state"


@dataclass(frozen=True, slots=True)
class State:
    """What is to be read, and what the next writer goes on from.

    ``identity`` is of this index alone, and ``revision`` counts all writes to it, also those that
    change no answer. ``mean_words`` is the mean number of words of a passage, by which all weights
    of words were computed. ``numbers`` are the last ones given to an article and to a passage.
    """

    identity: str
    revision: int
    manifest: Manifest
    mean_words: float
    numbers: Mapping[str, int]

    def write(self, client: Connected) -> None:
        """Replace the state: all at once, everything written for it is visible."""
        value = json.dumps({"format": schema.FORMAT, **asdict(self)})
        if len(value.encode()) > schema.LONGEST:
            raise IndexUnusableError(
                f"The manifest of {str(client.place)!r} names too many folders and addresses for "
                "one field of Milvus: name fewer with --corpus and --url."
            )
        client.put(schema.RECORD, [record(_KEY, "state", value)])


def record(key: str, kind: str, value: str) -> Row:
    """A row of the collection ``record``."""
    return {"key": key, "kind": kind, "value": value, "vector": schema.NOTHING}


def find(client: Connected) -> State | None:
    """The state; ``None`` if no run has finished. Raises :class:`IndexUnusableError`."""
    if not client.has_collections():
        return None
    return _read(client)


def read(client: Connected) -> State:
    """The state of an index whose collections are open. Raises :class:`IndexUnusableError`."""
    found = _read(client)
    if found is None:
        raise IndexUnusableError(missing(client.place))
    return found


def open_for_reading(place: MilvusPlace) -> tuple[Connected, State]:
    """Connect to an index. Raises :class:`IndexUnusableError`."""
    client = Connected.open(place)
    state = find(client)
    if state is None:
        raise IndexUnusableError(missing(place))
    return client, state


def read_at(place: MilvusPlace) -> State:
    """The state of the index at ``place``. Raises :class:`IndexUnusableError`."""
    client, state = open_for_reading(place)
    client.close()
    return state


def _read(client: Connected) -> State | None:
    rows = client.rows(schema.RECORD, equal({"key": _KEY}), ["value"])
    if not rows:
        return None
    try:
        data: dict[str, Any] = json.loads(rows[0]["value"])
        written = data.pop("format")
        if written != schema.FORMAT:
            raise IndexUnusableError(
                f"The index in {str(client.place)!r} has format {written}, and this version of "
                f"Pullquote reads {schema.FORMAT}: build it again in another database with "
                "`pullquote index --index`."
            )
        return State(**{**data, "manifest": Manifest.from_json(data["manifest"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexUnusableError(
            f"The index in {str(client.place)!r} is damaged (its state cannot be read): build it "
            "again in another database with `pullquote index --index`."
        ) from error
