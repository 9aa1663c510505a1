"""Imports an index of an earlier version: files in a folder that ``manifest.json`` names.

It keeps what cannot be read again: articles whose pages are gone, the list of withdrawn articles,
and the source of each article.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from pullquote import source_states
from pullquote.errors import IndexUnusableError
from pullquote.index import commit, lexical
from pullquote.index.database import transaction
from pullquote.index.embedded import FIELDS, Embedded, article_of, stage
from pullquote.index.manifest import Manifest
from pullquote.index.pending import Planned
from pullquote.index.target import Folder
from pullquote.source_states import SourceRecord
from pullquote.text.findable import findable

_MANIFEST = "manifest.json"

#: The only earlier format whose articles are imported. Of others only the list of withdrawn
#: articles is kept.
_SCHEMA = 4
_ABOUT = ("embedder", "embedder_digest", "dimension", "segmentation")
_NEEDED = {"build", "withdrawn", "corpus", "urls", *_ABOUT}


def take_over(folder: Path, connection: sqlite3.Connection) -> None:
    """Move the contents of an earlier version's index into the database, and delete its files.

    Does nothing if there is none. Raises :class:`~pullquote.errors.IndexUnusableError` if the
    manifest is damaged, ``OSError`` and ``sqlite3.Error``.
    """
    file = folder / _MANIFEST
    if not file.is_file():
        return
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        withdrawn = [str(id_) for id_ in data.get("withdrawn", ())]
    except (ValueError, AttributeError, TypeError) as error:
        # Not deleted: the list of withdrawn articles is in it.
        raise IndexUnusableError(
            f"{str(file)!r} of an earlier index is damaged ({error}): restore it, or delete it and "
            "withdraw the articles again that must not be quoted."
        ) from error
    with transaction(connection):
        connection.executemany(
            "INSERT OR IGNORE INTO withdrawn VALUES (?)",
            ((id_,) for id_ in withdrawn),
        )
    is_whole = data.get("schema") == _SCHEMA and data.keys() >= _NEEDED
    if is_whole and not commit.live_articles(connection):
        _take_articles(folder, connection, data)
    file.unlink()
    for name in ("journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    for build in folder.glob("build-*"):
        shutil.rmtree(build, ignore_errors=True)


def _take_articles(folder: Path, connection: sqlite3.Connection, data: dict[str, Any]) -> None:
    build = folder / data["build"]
    planned: dict[str, Planned] = {}

    def noted() -> Iterator[Embedded]:
        try:
            for one in _articles(build, frozenset(data["withdrawn"])):
                planned[one.article.id] = Planned(one.digest, one.origin, kept=False)
                yield one
        except sqlite3.Error as error:
            raise ValueError("it cannot be read") from error

    try:
        with transaction(connection):
            stage(connection, noted())
    except sqlite3.OperationalError:
        raise  # the new database cannot be written: the old index is still needed
    except (sqlite3.DatabaseError, OSError, ValueError, TypeError, IndexError):
        return  # the old index is damaged: everything is read again
    about = {name: data[name] for name in _ABOUT}
    manifest = Manifest(
        generation=0,
        digest="",
        contents="",
        corpus=tuple(data["corpus"]),
        urls=tuple(data["urls"]),
        articles=0,
        sentences=0,
        passages=0,
        search="",
        recall=None,
        **about,
    )
    known = source_states.read(connection, "source")
    commit.commit(Folder(folder, connection), manifest, {}, planned, known, _records(build))


def _articles(build: Path, withdrawn: frozenset[str]) -> Iterator[Embedded]:
    sentences = np.load(build / "sentences.npy", mmap_mode="r", allow_pickle=False)
    passages = np.load(build / "passages.npy", mmap_mode="r", allow_pickle=False)
    vectors = np.load(build / "passage_vectors.npy", mmap_mode="r", allow_pickle=False)
    query = (
        f"SELECT text, left_out, digest, origin, signature, first_sentence, sentences, "
        f"first_passage, passages, {', '.join(FIELDS)} FROM article ORDER BY number"
    )
    with closing(_read_only(build / "articles.sqlite")) as connection:
        for text, left_out, digest, origin, signature, *rest in connection.execute(query):
            first, count, first_passage, passage_count, *fields = rest
            article = article_of(fields, text, left_out)
            if article.id in withdrawn:
                continue
            own = np.asarray(sentences[first : first + count], dtype=np.int32)
            placed = slice(first_passage, first_passage + passage_count)
            runs = np.asarray(passages[placed, 1:], dtype=np.int32)
            yield Embedded(
                article,
                digest,
                origin,
                own,
                runs,
                np.asarray(vectors[placed]),
                [
                    lexical.words_of(findable(article.title, article.text[own[a, 0] : own[b, 1]]))
                    for a, b in runs.tolist()
                ],
                signature,
            )


def _records(build: Path) -> dict[str, SourceRecord]:
    try:
        with closing(_read_only(build / "sources.sqlite")) as connection:
            return source_states.read(connection, "source")
    except sqlite3.Error:
        return {}  # everything is read again


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?immutable=1", uri=True)
