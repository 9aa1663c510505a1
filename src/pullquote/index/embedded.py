"""An article with all that is computed of it, as it goes into an index and comes out again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pullquote.addresses import same_page
from pullquote.omissions import missed_words
from pullquote.types import Article

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The fields of an article as its row holds them, but for those of :data:`_CONTENT`.
FIELDS = tuple(name for name in Article.__slots__ if name not in ("text", "left_out"))

_ADDED = (
    "section_key",
    "source_key",
    "page",
    "digest",
    "origin",
    "missed",
    "sentences",
    "passages",
)


@dataclass(frozen=True, slots=True)
class Embedded:
    """An article with all that is computed from it.

    ``sentences`` has the columns start, end, paragraph and heading, ``passages`` the first and
    last sentence, both counted from 0 within the article. A passage has a vector of length 1, and
    the ``words`` that it is matched by.
    """

    article: Article
    digest: str
    origin: str
    sentences: NDArray[np.int32]
    passages: NDArray[np.int32]
    vectors: NDArray[np.float16]
    words: Sequence[Sequence[str]]
    signature: bytes


def stage(connection: sqlite3.Connection, embedded: Iterable[Embedded]) -> None:
    """Keep articles that are not live yet. Raises ``sqlite3.Error``."""
    names = (*FIELDS, *_ADDED)
    into = f"INSERT INTO article (live, {', '.join(names)}) VALUES (0{', ?' * len(names)})"
    for one in embedded:
        article = one.article
        number = connection.execute(into, _values(one)).lastrowid
        connection.execute(
            "INSERT INTO content VALUES (?, ?, ?, ?)",
            (number, packed(article.text), article.left_out, one.sentences.tobytes()),
        )
        connection.execute("INSERT INTO signature VALUES (?, ?)", (number, one.signature))
        connection.executemany(
            "INSERT INTO passage (article, first, last, words, vector) VALUES (?, ?, ?, ?, ?)",
            (
                (number, first, last, " ".join(words), vector.tobytes())
                for (first, last), words, vector in zip(
                    one.passages.tolist(), one.words, one.vectors, strict=True
                )
            ),
        )


def _values(one: Embedded) -> list[Any]:
    article = one.article
    return [
        *(getattr(article, name) for name in FIELDS),
        key(article.section),
        key(article.source),
        same_page(article.url) if article.url else None,
        one.digest,
        one.origin,
        missed_words(article.left_out),
        len(one.sentences),
        len(one.passages),
    ]


def article_of(fields: Sequence[Any], text: bytes, left_out: str | None) -> Article:
    """The article of a row: its :data:`FIELDS`, and what its content holds."""
    named = dict(zip(FIELDS, fields, strict=True))
    return Article(text=text.decode("utf-8", "surrogatepass"), left_out=left_out, **named)


def packed(text: str) -> bytes:
    """As bytes: SQLite's own text stops at a zero and has no lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def key(value: str | None) -> str | None:
    """What is compared: SQLite's own comparison knows the case of ASCII alone."""
    return value.casefold() if value else None


def storable(value: str | int) -> str | int:
    """``value`` as SQLite takes it: what is not Unicode is in no index."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value
