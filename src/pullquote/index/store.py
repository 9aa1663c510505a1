"""An index on disk: articles, sentences, passages, vectors and terms.

``index/manifest.json`` names a build folder beside it. A build is written whole under another
name before the manifest is replaced, so that a kill at any moment leaves the old index or the
new one. Every file's digest is checked when the index is opened, and none is ever unpickled.
What is large is looked up on disk, and not loaded.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pullquote.errors import IndexUnusableError
from pullquote.index import catalog, lexical
from pullquote.index.catalog import Articles, Catalog
from pullquote.index.embedded import Embedded
from pullquote.index.manifest import TEMPORARY, FileRecord, Manifest, damaged
from pullquote.index.vectors import PassageVectors
from pullquote.source_states import LEDGER
from pullquote.types import Article, Facets, Filters, Passage, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pullquote.types import Vectors

ARTICLES = "articles.sqlite"
SENTENCES = "sentences.npy"
PASSAGES = "passages.npy"
TERMS = "terms"

#: Articles whose sentences are kept at hand: those of a few questions.
_KEPT = 256


class Index:
    """An open index. Satisfies :class:`pullquote.types.Library`; safe to share by threads."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        catalog: Catalog,
        sentences: NDArray[np.int32],
        passages: NDArray[np.int32],
        passage_vectors: PassageVectors,
        terms: lexical.Terms,
    ) -> None:
        ranges = catalog.ranges
        counts = (len(catalog), len(sentences), len(passages))
        if (
            counts[0] != manifest.articles
            or counts[1:] != tuple(int(it) for it in ranges[:, [1, 3]].sum(axis=0))
            or not len(passages) == len(passage_vectors) == len(terms)
            or passage_vectors.dimension != manifest.dimension
        ):
            raise IndexUnusableError(damaged(folder, "its parts do not belong together"))
        self.folder = folder
        self.manifest = manifest
        self.catalog = catalog
        #: The articles by id, in order; each is looked up when it is asked for.
        self.articles: Mapping[str, Article] = Articles(catalog)
        self._sentences = sentences
        self._passages = passages
        self._passage_vectors = passage_vectors
        self._terms = terms
        # Each index has its own, which goes when the index goes.
        self._article_of: Callable[[str], Article] = lru_cache(_KEPT)(catalog.article)
        self._number_of: Callable[[str], int] = lru_cache(_KEPT)(self._shown_number)
        self._twins_of: Callable[[str], Sequence[str]] = lru_cache(_KEPT)(catalog.twins)
        # Counting 100,000 articles takes a second, and each visitor's page asks for it.
        self._facets: Callable[[], Facets] = cache(catalog.facets)
        self._sentences_of: Callable[[str], tuple[Sentence, ...]] = lru_cache(_KEPT)(
            self._cut_sentences
        )

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Raises :class:`IndexUnusableError`, which names the command that helps."""
        manifest = Manifest.read(folder)
        try:
            return cls._open(folder, manifest)
        except IndexUnusableError:
            # An index that was replaced while it was being opened is opened anew.
            if Manifest.read(folder).build == manifest.build:
                raise
        return cls.open(folder)

    @classmethod
    def _open(cls, folder: Path, manifest: Manifest) -> Index:
        build = folder / manifest.build
        for name, record in manifest.files.items():
            try:
                found = _record(build / name)
            except OSError as error:
                raise IndexUnusableError(damaged(folder, f"{name} is missing")) from error
            if found != record:
                how = "is truncated" if found.size < record.size else "was altered"
                raise IndexUnusableError(damaged(folder, f"{name} {how}"))
        try:
            return cls(
                folder,
                manifest,
                Catalog(build / ARTICLES, hidden=manifest.withdrawn),
                _load(build / SENTENCES),
                _load(build / PASSAGES),
                PassageVectors(build),
                lexical.Terms(build / TERMS),
            )
        except (
            OSError,
            ValueError,
            RuntimeError,
            KeyError,
            IndexError,
            TypeError,
            AttributeError,
            catalog.CatalogError,
        ) as error:
            raise IndexUnusableError(damaged(folder, str(error))) from error

    def article(self, article_id: str) -> Article:
        """The article with this id; :class:`KeyError` when there is none."""
        return self._article_of(article_id)

    def sentences(self, article_id: str) -> Sequence[Sentence]:
        """All sentences of the article, in order."""
        return self._sentences_of(article_id)

    def passages(self, article_id: str) -> Sequence[Passage]:
        """All passages of the article, in order."""
        _, _, first, count = self._range(article_id)
        return [self._passage(number) for number in range(first, first + count)]

    def manifest_digest(self, article_id: str) -> str:
        """The article's digest when it was indexed."""
        return self.catalog.digest(article_id)

    def twins(self, article_id: str) -> Sequence[str]:
        """The ids of the other articles that say nearly the same, the earliest first."""
        return self._twins_of(article_id)

    def facets(self) -> Facets:
        """What the articles can be filtered by."""
        return self._facets()

    def passage_vectors(self, article_id: str) -> Vectors:
        """Shape ``(len(passages(article_id)), dimension)``, rows of length 1."""
        _, _, first, count = self._range(article_id)
        return self._passage_vectors.rows(first, count)

    def embedded(self, article_id: str) -> tuple[Embedded, list[NDArray[np.uint32]]]:
        """All that is kept of an article, and the words of each of its passages."""
        row = self.catalog.row(article_id)
        first, count, first_passage, passages = self.catalog.ranges[row.number]
        own = slice(first, first + count)
        its = slice(first_passage, first_passage + passages)
        kept = Embedded(
            row.article,
            row.digest,
            np.asarray(self._sentences[own]),
            np.asarray(self._passages[its, 1:]),
            self._passage_vectors.half_rows(first_passage, passages),
            row.signature,
        )
        return kept, [self._terms.words_of(it) for it in range(first_passage, its.stop)]

    @property
    def vocabulary(self) -> lexical.Vocabulary:
        """What the words of passages are numbered with."""
        return self._terms.vocabulary

    def among(self, article_id: str | None, filters: Filters) -> NDArray[np.int64] | None:
        """The numbers of the passages that may be found, ascending; ``None`` for all.

        Raises :class:`KeyError` when there is no article ``article_id``.
        """
        if article_id is None and not filters and not self.manifest.withdrawn:
            return None
        if filters or article_id is None:
            numbers = self.catalog.passing(filters)
        if article_id is not None:
            own = self._number_of(article_id)
            numbers = np.array([own] if not filters or own in numbers else [], dtype=np.int64)
        chosen = np.zeros(len(self.catalog.ranges), dtype=bool)
        chosen[numbers] = True
        # Passages stand in the order of their articles.
        return np.flatnonzero(chosen[self._passages[:, 0]])

    def nearest(
        self, vector: Vectors, top: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[Passage, float]]:
        """The passages nearest to ``vector`` (shape ``(d,)``) by cosine, best first."""
        found = self._passage_vectors.nearest(vector, top, among)
        return [(self._passage(number), cosine) for number, cosine in found]

    def matching(
        self, question: str, top: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[Passage, float]]:
        """The passages that share words with ``question`` by BM25, best first.

        Those that share none are left out: rank fusion would reward them.
        """
        scores = self._terms.scores(question)
        numbers = np.flatnonzero(scores > 0) if among is None else among[scores[among] > 0]
        if len(numbers) > top:
            # The best, and all that are as good as the last of them.
            least = np.partition(scores[numbers], len(numbers) - top)[len(numbers) - top]
            numbers = numbers[scores[numbers] >= least]
        # Stable: of equal scores the earlier passage comes first, in every run.
        best = numbers[np.argsort(-scores[numbers], kind="stable")[:top]]
        return [(self._passage(int(it)), float(scores[it])) for it in best]

    def _shown_number(self, article_id: str) -> int:
        number = self.catalog.number(article_id)
        if self.catalog.is_hidden(number):
            raise KeyError(article_id)
        return number

    def _range(self, article_id: str) -> tuple[int, int, int, int]:
        first, count, passage, passages = self.catalog.ranges[self._number_of(article_id)].tolist()
        return first, count, passage, passages

    def _passage(self, number: int) -> Passage:
        article, first, last = self._passages[number].tolist()
        return Passage(number, self.catalog.id(article), first, last)

    def _cut_sentences(self, article_id: str) -> tuple[Sentence, ...]:
        first, count, _, _ = self._range(article_id)
        rows = self._sentences[first : first + count].tolist()
        return tuple(
            Sentence(article_id, index, start, end, paragraph, bool(heading))
            for index, (start, end, paragraph, heading) in enumerate(rows)
        )


def open_catalog(folder: Path) -> Catalog:
    """The articles alone, without what is searched. Raises :class:`IndexUnusableError`."""
    manifest = Manifest.read(folder)
    path = folder / manifest.build / ARTICLES
    try:
        if _record(path) == manifest.files.get(ARTICLES):
            return Catalog(path, hidden=manifest.withdrawn)
    except (OSError, ValueError, TypeError, catalog.CatalogError) as error:
        raise IndexUnusableError(damaged(folder, str(error))) from error
    raise IndexUnusableError(damaged(folder, f"{ARTICLES} was altered"))


def passage_text(article: Article, sentences: Sequence[Sentence], passage: Passage) -> str:
    """The article's text from the passage's first sentence to its last."""
    return article.text[sentences[passage.first].start : sentences[passage.last].end]


def remove_other_builds(folder: Path, keep: str) -> None:
    """Delete what no manifest names: the former build, and what a kill left behind."""
    (folder / TEMPORARY).unlink(missing_ok=True)
    for path in folder.glob("build-*"):
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)


def seal(build: Path) -> dict[str, FileRecord]:
    """Flush all files of a build to disk; gives what the manifest says of them."""
    files = [path for path in sorted(build.rglob("*")) if path.is_file()]
    for path in files:
        with path.open("rb+") as written:
            os.fsync(written.fileno())
    # The ledger may be written again, and no answer depends on it.
    return {
        path.relative_to(build).as_posix(): _record(path) for path in files if path.name != LEDGER
    }


def _record(path: Path) -> FileRecord:
    with path.open("rb") as file:
        return FileRecord(path.stat().st_size, file_digest(file, "sha256").hexdigest())


def _load(path: Path) -> NDArray[Any]:
    loaded: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return loaded
