"""An open index in Milvus: articles, sentences and passages, and the search over passages.

It stays at the generation that it was opened with. What is withdrawn is gone from it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pullquote.index import lexical
from pullquote.index.cached import CachedArticles
from pullquote.index.manifest import Manifest
from pullquote.index.milvus import schema, terms
from pullquote.index.milvus.catalog import MilvusCatalog, passing
from pullquote.index.milvus.client import Connected, Row, equal, together
from pullquote.index.milvus.state import open_for_reading, read
from pullquote.index_place import MilvusPlace, Place
from pullquote.types import Filters, Passage

if TYPE_CHECKING:
    from pullquote.protocols import Vectors

_PASSAGE = ("number", "article", "first", "last")

#: How much deeper is searched than asked for, so that of equal scores the earlier passage wins.
_DEEPER = 10


class MilvusIndex(CachedArticles[MilvusCatalog]):
    """An open index. Implements :class:`pullquote.index.interface.Store`. Thread-safe."""

    first_step = "put files into the corpus folder and run `pullquote index`"

    def __init__(self, client: Connected, manifest: Manifest) -> None:
        super().__init__(MilvusCatalog(client, manifest.generation), manifest)
        self.place: Place = client.place
        self._client = client

    @classmethod
    def open(cls, place: MilvusPlace) -> MilvusIndex:
        """Open the index at ``place``. Raises :class:`~pullquote.errors.IndexUnusableError`."""
        client, state = open_for_reading(place)
        return cls(client, state.manifest)

    def current(self) -> Manifest:
        """The manifest of the index as it is now."""
        return read(self._client).manifest

    def passages(self, article_id: str) -> Sequence[Passage]:
        """All passages of the article, in order."""
        return [_passage(row, article_id) for row in self._rows_of(article_id, _PASSAGE)]

    def knows(self, word: str) -> bool:
        """Whether any passage has a word like this one; function words count as known."""
        places = list(map(terms.place, lexical.words_of(word)))
        counts = terms.counts(self._client, places, self.manifest.generation)
        return not places or any(counts.values())

    def passage_vectors(self, article_id: str) -> Vectors:
        """Shape ``(len(passages(article_id)), dimension)``, rows of length 1."""
        rows = self._rows_of(article_id, ("number", "vector"))
        vectors = np.array([row["vector"] for row in rows], dtype=np.float32)
        return vectors.reshape(-1, self.manifest.dimension)

    def among(self, article_id: str | None, filters: Filters) -> str | None:
        """The filter for the passages to search; ``None`` means all.

        Raises :class:`KeyError` if there is no article ``article_id``.
        """
        number = None if article_id is None else self.catalog.number(article_id)
        return together(equal({"article": number}), passing(filters)) or None

    def nearest(
        self, vector: Vectors, top: int, among: str | None = None
    ) -> list[tuple[Passage, float]]:
        """The passages nearest to ``vector`` (shape ``(d,)``) by cosine, best first."""
        return self._search("vector", vector.tolist(), top, among)

    def matching(
        self, question: str, top: int, among: str | None = None
    ) -> list[tuple[Passage, float]]:
        """The passages that share words with ``question`` by BM25, best first."""
        manifest = self.manifest
        asked = terms.asked(self._client, question, manifest.generation, manifest.passages)
        return self._search("terms", asked, top, among) if asked else []

    def _search(
        self, field: str, query: Any, top: int, among: str | None
    ) -> list[tuple[Passage, float]]:
        where = together(self.catalog.visible, among or "")
        found = self._client.search(schema.PASSAGE, field, query, top + _DEEPER, where, _PASSAGE)
        # Milvus returns equal scores in arbitrary order.
        found = sorted(found, key=lambda pair: (-pair[1], pair[0]["number"]))[:top]
        ids = self.catalog.ids_of(row["article"] for row, _ in found)
        # An article may have been withdrawn since its passage was found.
        return [
            (_passage(row, ids[row["article"]]), score)
            for row, score in found
            if row["article"] in ids
        ]

    def _rows_of(self, article_id: str, fields: Sequence[str]) -> list[Row]:
        where = equal({"article": self.catalog.number(article_id)})
        rows = self._client.scan(schema.PASSAGE, where, fields)
        return sorted(rows, key=lambda row: int(row["number"]))


def _passage(row: Row, article_id: str) -> Passage:
    return Passage(row["number"], article_id, row["first"], row["last"])
