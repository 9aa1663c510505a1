"""What every index offers to those who ask it, wherever it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pullquote.index.manifest import Manifest
from pullquote.index_place import Place
from pullquote.protocols import Library
from pullquote.types import Article, Facets, Filters, Passage, Sentence

if TYPE_CHECKING:
    from pullquote.protocols import Vectors

#: The part of an index to search, as :meth:`Store.among` returns it: each store has its own form.
Among = Any


class Listed(Protocol):
    """The articles of an index, looked up one by one. Thread-safe.

    Methods raise :class:`KeyError` if there is no such article, and
    :class:`~pullquote.errors.IndexUnusableError` if the index cannot be read or was altered.
    """

    def article(self, article_id: str) -> Article:
        """The article with this id, as it was indexed."""
        ...

    def number(self, article_id: str) -> int:
        """The article's number, which is above 0."""
        ...

    def sentences(self, article_id: str) -> Sequence[Sentence]:
        """All sentences of the article, in order."""
        ...

    def digest(self, article_id: str) -> str:
        """The digest of the article when it was indexed."""
        ...

    def twins(self, article_id: str) -> Sequence[str]:
        """The ids of the article's near copies, the earliest first."""
        ...

    def from_origin(self, origin: str) -> list[str]:
        """The ids of the articles that were read from a source, sorted."""
        ...

    def ids(self) -> Iterator[str]:
        """The ids of all articles, sorted."""
        ...

    def digests(self) -> Iterator[tuple[str, str]]:
        """Id and digest of all articles, sorted by id."""
        ...

    def at_page(self, address: str) -> str | None:
        """The id of the first article with the page ``address``, or ``None``."""
        ...

    def titled(self, title: str, filters: Filters) -> str | None:
        """The id of the newest matching article with this title, or ``None``."""
        ...

    def listing(
        self, filters: Filters, limit: int, after: str | None = None, offset: int = 0
    ) -> list[Article]:
        """At most ``limit`` articles that pass the filters, sorted by id, with empty texts."""
        ...

    def newest(
        self, filters: Filters, words: str, limit: int, offset: int = 0
    ) -> tuple[list[Article], int]:
        """At most ``limit`` matching articles, the newest first, and the number of all matches."""
        ...

    def count(self, filters: Filters) -> int:
        """How many articles pass the filters."""
        ...

    def facets(self) -> Facets:
        """What the articles can be filtered by."""
        ...


class Store(Library, Protocol):
    """An open index: articles, sentences, passages, and the search over passages. Thread-safe."""

    @property
    def place(self) -> Place:
        """Where the index is."""
        ...

    @property
    def manifest(self) -> Manifest:
        """What the index was built from, and how much it holds."""
        ...

    @property
    def catalog(self) -> Listed:
        """The articles, looked up one by one."""
        ...

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles by id, sorted."""
        ...

    def current(self) -> Manifest:
        """The manifest of the index as it is now, which may have changed since it was opened."""
        ...

    def check_has_articles(self) -> None:
        """Raise :class:`~pullquote.errors.UnknownArticleError` if the index has no articles."""
        ...

    def passages(self, article_id: str) -> Sequence[Passage]:
        """All passages of the article, in order."""
        ...

    def passage_vectors(self, article_id: str) -> Vectors:
        """Shape ``(len(passages(article_id)), dimension)``, rows of length 1."""
        ...

    def facets(self) -> Facets:
        """What the articles can be filtered by."""
        ...

    def knows(self, word: str) -> bool:
        """Whether any passage has a word like this one."""
        ...

    def among(self, article_id: str | None, filters: Filters) -> Among:
        """The part to search, for :meth:`nearest` and :meth:`matching`; ``None`` means all.

        Raises :class:`KeyError` if there is no article ``article_id``.
        """
        ...

    def nearest(
        self, vector: Vectors, top: int, among: Among = None
    ) -> Sequence[tuple[Passage, float]]:
        """The passages nearest to ``vector`` (shape ``(d,)``) by cosine, best first."""
        ...

    def matching(
        self, question: str, top: int, among: Among = None
    ) -> Sequence[tuple[Passage, float]]:
        """The passages that share words with ``question`` by BM25, best first."""
        ...
