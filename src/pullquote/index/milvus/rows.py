"""The rows of articles and passages, made from the database that a run works on."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from pullquote.errors import CorpusError
from pullquote.index.embedded import FIELDS
from pullquote.index.milvus import schema, terms
from pullquote.index.milvus.catalog import title_kept
from pullquote.index.milvus.client import Row

#: The columns of an article's row that are kept as they are, in one field.
_KEPT = (*FIELDS, "section_key", "source_key", "page", "digest", "missed", "sentences", "passages")

#: What a list of articles is searched in.
_TOLD = ("title", "author", "section", "source", "published", "id")

#: The columns of an article that its passages are filtered by, too.
_FILTERED = ("published", "section_key", "source_key")


def article(connection: sqlite3.Connection, number: int, since: int) -> Row:
    """The row of an article, which is visible from the generation ``since`` on."""
    query = f"SELECT {', '.join(_KEPT)}, origin, twins FROM article WHERE number = ?"
    *values, origin, group = connection.execute(query, (number,)).fetchone()
    kept: dict[str, Any] = dict(zip(_KEPT, values, strict=True))
    signature = connection.execute(
        "SELECT value FROM signature WHERE article = ?", (number,)
    ).fetchone()[0]
    row = {
        "number": number,
        "since": since,
        "until": schema.FOREVER,
        "twins": group or 0,
        "id": kept["id"],
        "digest": kept["digest"],
        "origin": origin,
        "told": "\n".join(kept[name] or "" for name in _TOLD).casefold()[: schema.PIECE_LENGTH],
        "title_key": title_kept(kept["title"]),
        "page": kept["page"] or "",
        **_filtered(kept),
        "fields": json.dumps(kept, ensure_ascii=False),
        "signature": base64.b64encode(signature).decode(),
        "vector": [float(_day(kept["published"])), 0.0],
    }
    for name, value in row.items():
        if isinstance(value, str) and len(value.encode()) > schema.LONGEST:
            raise CorpusError(
                f"The article {kept['id'][:200]!r} cannot be kept in Milvus: its {name!r} has over "
                f"{schema.LONGEST:,} bytes. Shorten it, or take the article out of the corpus."
            )
    return row


def _day(published: str | None) -> int:
    try:
        return date.fromisoformat(published).toordinal() if published else 0
    except ValueError:
        return 0


def _filtered(kept: dict[str, Any]) -> Row:
    return {name: kept[name] or "" for name in _FILTERED}


def pieces(connection: sqlite3.Connection, number: int) -> Iterator[Row]:
    """The rows that hold an article's text, its sentences, and what was left out."""
    query = "SELECT text, left_out, sentences FROM content WHERE article = ?"
    text, left_out, sentences = connection.execute(query, (number,)).fetchone()
    parts = {
        "text": text.decode("utf-8", "surrogatepass"),
        "left_out": left_out,
        "sentences": base64.b64encode(sentences).decode(),
    }
    for kind, whole in parts.items():
        if whole is None:
            continue
        for place, piece in enumerate(cut(whole)):
            yield {
                "key": f"{number}/{kind}/{place}",
                "article": number,
                "kind": kind,
                "place": place,
                "text": piece,
                "vector": schema.NOTHING,
            }


def cut(text: str) -> Sequence[str]:
    """``text`` in pieces that a field can hold; at least one."""
    starts = range(0, max(1, len(text)), schema.PIECE_LENGTH)
    return [text[start : start + schema.PIECE_LENGTH] for start in starts]


def passages(
    connection: sqlite3.Connection, number: int, since: int, mean_words: float
) -> Iterator[Row]:
    """The rows of an article's passages, in order."""
    query = f"SELECT {', '.join(_FILTERED)} FROM article WHERE number = ?"
    values = connection.execute(query, (number,)).fetchone()
    filtered = _filtered(dict(zip(_FILTERED, values, strict=True)))
    query = (
        "SELECT number, first, last, words, vector FROM passage WHERE article = ? ORDER BY number"
    )
    for passage, first, last, words, vector in connection.execute(query, (number,)):
        yield {
            "number": passage,
            "article": number,
            "first": first,
            "last": last,
            "since": since,
            "until": schema.FOREVER,
            **filtered,
            "vector": np.frombuffer(vector, dtype=np.float16).astype(np.float32),
            "terms": terms.weights(words.split(), mean_words),
        }
