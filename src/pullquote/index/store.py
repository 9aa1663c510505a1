"""An index on disk: articles, sentences and passages, and the search over passages.

``index/index.sqlite`` defines what the index holds. An open index keeps the state from when it was
opened. Large data are looked up on disk instead of being loaded. Nothing is ever unpickled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pullquote.errors import IndexUnusableError
from pullquote.index.cached import KEPT, CachedArticles
from pullquote.index.catalog import Catalog
from pullquote.index.database import DatabaseError, damaged, open_for_reading
from pullquote.index.manifest import Manifest
from pullquote.index.search import Search
from pullquote.index_place import Place
from pullquote.types import Article, Filters, Passage, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pullquote.protocols import Vectors


class Index(CachedArticles[Catalog]):
    """An open index. Implements :class:`pullquote.index.interface.Store`. Thread-safe."""

    first_step = (
        "add one in the page, or put files into the corpus folder and run `pullquote index`"
    )

    def __init__(self, folder: Path, manifest: Manifest, catalog: Catalog, search: Search) -> None:
        present = int(search.present.sum())
        if present != manifest.passages or search.dimension != manifest.dimension:
            raise ValueError("its parts do not belong together")
        super().__init__(catalog, manifest)
        self.folder = folder
        self.place: Place = folder
        self._search = search
        self._id_of: Callable[[int], str] = lru_cache(4 * KEPT)(catalog.id)

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Open the index in ``folder``.

        Raises :class:`IndexUnusableError`, which names the command that helps.
        """
        while True:
            connection = open_for_reading(folder)
            catalog = Catalog.owning(connection, folder)
            manifest = Manifest.of(connection, folder)
            try:
                return cls(folder, manifest, catalog, Search(folder / manifest.search, connection))
            except (
                OSError,
                ValueError,
                RuntimeError,
                KeyError,
                IndexError,
                TypeError,
                AttributeError,
                DatabaseError,
            ) as error:
                connection.close()
                # If the search files were replaced meanwhile, open the new ones.
                if Manifest.read(folder).search == manifest.search:
                    raise IndexUnusableError(damaged(folder, str(error))) from error

    def current(self) -> Manifest:
        """The manifest of the index as it is now."""
        return Manifest.read(self.folder)

    def passages(self, article_id: str) -> Sequence[Passage]:
        """All passages of the article, in order."""
        return [self._passage(place) for place in self._places(article_id).tolist()]

    def knows(self, word: str) -> bool:
        """Whether any passage has a word like this one."""
        return self._search.knows(word)

    def passage_vectors(self, article_id: str) -> Vectors:
        """Shape ``(len(passages(article_id)), dimension)``, rows of length 1."""
        return self._search.vectors(self._places(article_id))

    def among(self, article_id: str | None, filters: Filters) -> NDArray[np.int64] | None:
        """The places of the passages to search, ascending; ``None`` means all.

        Raises :class:`KeyError` if there is no article ``article_id``.
        """
        if article_id is None and not filters:
            return None
        own = None if article_id is None else self._places(article_id)
        if not filters:
            return own
        articles = self._search.rows if own is None else self._search.rows[own]
        passing = np.isin(articles[:, 1], self.catalog.passing(filters))
        if own is None:
            return np.flatnonzero(passing & self._search.present)
        return own[passing]

    def nearest(
        self, vector: Vectors, top: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[Passage, float]]:
        """The passages nearest to ``vector`` (shape ``(d,)``) by cosine, best first."""
        found = self._search.nearest(vector, top, among)
        return [(self._passage(place), cosine) for place, cosine in found]

    def matching(
        self, question: str, top: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[Passage, float]]:
        """The passages that share words with ``question`` by BM25, best first."""
        found = self._search.matching(question, top, among)
        return [(self._passage(place), score) for place, score in found]

    def _places(self, article_id: str) -> NDArray[np.int64]:
        """The places of an article's passages; :class:`KeyError` if there is no such article."""
        number = self.catalog.number(article_id)
        return np.flatnonzero(self._search.rows[:, 1] == number)

    def _passage(self, place: int) -> Passage:
        number, article, first, last = self._search.rows[place].tolist()
        return Passage(number, self._id_of(article), first, last)


def passage_text(article: Article, sentences: Sequence[Sentence], passage: Passage) -> str:
    """The article's text from the passage's first sentence to its last."""
    return article.text[sentences[passage.first].start : sentences[passage.last].end]
