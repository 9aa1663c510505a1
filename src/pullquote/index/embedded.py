"""Embedded articles, and how they are stored in the database and read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pullquote.addresses import same_page
from pullquote.omissions import missed_words
from pullquote.types import Article, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The fields of an article that are columns of its row. The others are in the table ``content``.
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
    """An article with everything that is computed from it.

    ``sentences`` has the columns start, end, paragraph and heading. ``passages`` has the columns
    first and last sentence, both counted from 0 within the article. Each passage has a vector of
    length 1, and the ``words`` that BM25 matches.
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
    """Store articles that are not live yet. Raises ``sqlite3.Error``."""
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


def leave_out(
    connection: sqlite3.Connection, article_id: str, digest: str, left_out: str | None
) -> None:
    """Store what was left out of an article that is stored already, live or not.

    It is no part of the article's digest, so it may change while the article stays the same.
    """
    query = (
        "SELECT number FROM article WHERE id = ?1 AND digest = ?2 AND live "
        "UNION SELECT number FROM article WHERE digest = ?2 AND NOT live"
    )
    for (number,) in connection.execute(query, (article_id, digest)).fetchall():
        connection.execute(
            "UPDATE content SET left_out = ?2 WHERE article = ?1 AND left_out IS NOT ?2",
            (number, left_out),
        )
        connection.execute(
            "UPDATE article SET missed = ?2 WHERE number = ?1 AND missed <> ?2",
            (number, missed_words(left_out)),
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
    """The article with the values of :data:`FIELDS` and the contents of its row in ``content``."""
    named = dict(zip(FIELDS, fields, strict=True))
    return Article(text=text.decode("utf-8", "surrogatepass"), left_out=left_out, **named)


def sentences_of(article_id: str, stored: bytes) -> tuple[Sentence, ...]:
    """The sentences of an article, from the bytes of :attr:`Embedded.sentences`."""
    rows = np.frombuffer(stored, dtype=np.int32).reshape(-1, 4)
    return tuple(
        Sentence(article_id, index, start, end, paragraph, bool(heading))
        for index, (start, end, paragraph, heading) in enumerate(rows.tolist())
    )


def packed(text: str) -> bytes:
    """``text`` as bytes: SQLite's text stops at a zero and cannot hold lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def key(value: str | None) -> str | None:
    """A key for comparison without case: SQLite itself ignores case only in ASCII."""
    return value.casefold() if value else None


def title_key(title: str) -> str:
    """A title for comparison: upper case and the kind of apostrophe do not count."""
    return title.casefold().replace("’", "'")


def storable(value: str | int) -> str | int:
    """``value`` as SQLite accepts it. Lone surrogates are replaced: no index holds them."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value
