"""The manifest: describes an index, in one row of its database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pullquote.errors import IndexUnusableError
from pullquote.index.database import damaged, open_for_reading
from pullquote.index_place import Place

_KEY = "manifest"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from, with which model, and how much it holds.

    ``corpus`` holds absolute paths, and ``urls`` the configured addresses. ``added`` holds
    addresses that were added one by one; every run reads them too.

    ``contents`` is a hash of the ids and digests of all articles, and ``digest`` of everything
    that decides an answer. ``generation`` counts the changes. ``search`` is the folder of the
    search files, and ``recall`` the measured recall of their vector clusters.
    """

    generation: int
    digest: str
    contents: str
    embedder: str
    embedder_digest: str
    dimension: int
    segmentation: str
    corpus: tuple[str, ...]
    urls: tuple[str, ...]
    articles: int
    sentences: int
    passages: int
    search: str
    recall: float | None
    added: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of the index in ``folder``.

        Raises :class:`IndexUnusableError`, which names the command that helps.
        """
        with closing(open_for_reading(folder)) as connection:
            return cls.of(connection, folder)

    @classmethod
    def of(cls, connection: sqlite3.Connection, folder: Place) -> Manifest:
        """The manifest of an open database. Raises :class:`IndexUnusableError`."""
        found = cls.find(connection, folder)
        if found is None:
            raise IndexUnusableError(
                f"The index in {str(folder)!r} was begun and not finished: run `pullquote "
                "index` again, which resumes it."
            )
        return found

    @classmethod
    def find(cls, connection: sqlite3.Connection, folder: Place) -> Manifest | None:
        """The manifest of an open database; ``None`` if the first run has not finished.

        Raises :class:`IndexUnusableError`.
        """
        try:
            found = connection.execute("SELECT value FROM state WHERE key = ?", (_KEY,)).fetchone()
            if found is None:
                return None
            return cls.from_json(json.loads(found[0]))
        except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
            raise IndexUnusableError(damaged(folder, "its manifest cannot be read")) from error

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Manifest:
        """The manifest whose fields were stored as JSON.

        Raises ``TypeError`` and ``KeyError`` if ``data`` is no such object.
        """
        lists = {name: tuple(data[name]) for name in ("corpus", "urls", "added")}
        return cls(**{**data, **lists})

    def write(self, connection: sqlite3.Connection) -> None:
        """Store the manifest. Call this within the transaction that it describes."""
        connection.execute(
            "INSERT OR REPLACE INTO state VALUES (?, ?)", (_KEY, json.dumps(asdict(self)))
        )

    def with_contents(
        self, added: Iterable[tuple[str, str]], removed: Iterable[tuple[str, str]]
    ) -> Manifest:
        """The manifest after articles, given as pairs of id and digest, were added and removed.

        The same articles, embedder and segmentation give the same digest on any machine, in
        whatever order the articles were added. The digest is a sum of hashes (Bellare and
        Micciancio, "A New Paradigm for Collision-Free Hashing", 1997; it protects no secret).
        """
        total = int(self.contents or "0", 16)
        for pairs, sign in ((added, 1), (removed, -1)):
            for pair in pairs:
                total += sign * int.from_bytes(sha256(json.dumps(pair).encode()).digest())
        contents = f"{total % 2**256:064x}"
        about = json.dumps([self.embedder_digest, self.segmentation, contents])
        return replace(self, contents=contents, digest=sha256(about.encode()).hexdigest())
