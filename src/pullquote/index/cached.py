"""What every store answers from its articles alone; the last few of them are kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import ClassVar, Generic, TypeVar

from pullquote.errors import UnknownArticleError
from pullquote.index.catalog import Articles
from pullquote.index.interface import Listed
from pullquote.index.manifest import Manifest
from pullquote.types import Article, Facets, Sentence

#: Articles that are kept in memory: enough for a few questions.
KEPT = 256

Catalog = TypeVar("Catalog", bound=Listed)


class CachedArticles(Generic[Catalog]):
    """The part of :class:`pullquote.index.interface.Store` that needs no passages. Thread-safe."""

    #: What somebody does who has no articles yet.
    first_step: ClassVar[str]

    def __init__(self, catalog: Catalog, manifest: Manifest) -> None:
        self.manifest = manifest
        self.catalog = catalog
        #: The articles by id, sorted; each is looked up on access.
        self.articles: Mapping[str, Article] = Articles(catalog, manifest.articles)
        # The caches belong to this index and are freed with it.
        self._article_of: Callable[[str], Article] = lru_cache(KEPT)(catalog.article)
        self._twins_of: Callable[[str], Sequence[str]] = lru_cache(KEPT)(catalog.twins)
        self._sentences_of: Callable[[str], Sequence[Sentence]] = lru_cache(KEPT)(catalog.sentences)
        # Counting 100,000 articles takes a while, and every page view needs the counts.
        self._facets: Callable[[], Facets] = cache(catalog.facets)

    def check_has_articles(self) -> None:
        """Raise :class:`UnknownArticleError` if the index has no articles."""
        if not self.articles:
            raise UnknownArticleError(f"There are no articles to ask yet: {self.first_step}.")

    def article(self, article_id: str) -> Article:
        """The article with this id; :class:`KeyError` when there is none."""
        return self._article_of(article_id)

    def sentences(self, article_id: str) -> Sequence[Sentence]:
        """All sentences of the article, in order."""
        return self._sentences_of(article_id)

    def manifest_digest(self, article_id: str) -> str:
        """The article's digest when it was indexed."""
        return self.catalog.digest(article_id)

    def twins(self, article_id: str) -> Sequence[str]:
        """The ids of the article's near copies, the earliest first."""
        return self._twins_of(article_id)

    def facets(self) -> Facets:
        """What the articles can be filtered by."""
        return self._facets()
