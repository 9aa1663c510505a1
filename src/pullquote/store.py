"""An index on disk: sentences, vectors and terms, through LlamaIndex's FAISS and BM25.

``index/manifest.json`` names a build folder beside it. A build is written whole under another
name before the manifest is replaced, so that a kill at any moment leaves the old index or the
new one. Every file's digest is checked when the index is opened, and none is ever unpickled.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bm25s
import faiss
import numpy as np
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import VectorStoreQuery
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore

from pullquote.errors import IndexUnusableError
from pullquote.manifest import TEMPORARY, FileRecord, Manifest, damaged
from pullquote.types import Article, Passage, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pullquote.types import Vectors

ARTICLES = "articles.jsonl"
SENTENCES = "sentences.npy"
PASSAGES = "passages.npy"
SENTENCE_VECTORS = "sentence_vectors.npy"
PASSAGE_VECTORS = "passage_vectors.faiss"
TERMS = "terms"

#: Stands in where no passage has a word that BM25 counts, for its library fails on that.
_NO_WORDS = "emptyemptyempty"


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article with all that is computed from it.

    ``sentence_vectors`` has shape ``(len(sentences), d)`` and ``passage_vectors``
    ``(len(passages), d)``, rows L2-normalised. Passage ids are local, from 0.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    sentence_vectors: Vectors
    passage_vectors: Vectors


class Index:
    """An open index. Satisfies :class:`pullquote.types.Library`; safe to share by threads."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        articles: Sequence[Article],
        sentence_rows: NDArray[np.int64],
        passage_rows: NDArray[np.int64],
        sentence_vectors: NDArray[np.float16],
        vector_store: FaissVectorStore,
        terms: BM25Retriever,
    ) -> None:
        counts = (len(sentence_rows), len(passage_rows))
        if (
            [article.id for article in articles] != list(manifest.articles)
            or counts != (manifest.sentences, manifest.passages)
            or counts != (len(sentence_vectors), vector_store.client.ntotal)
        ):
            raise IndexUnusableError(damaged(folder, "its parts do not belong together"))
        self.folder = folder
        self.manifest = manifest
        self.articles = {article.id: article for article in articles}
        self._sentences = _sentences_by_article(articles, sentence_rows)
        self._passages = tuple(
            Passage(number, articles[row[0]].id, int(row[1]), int(row[2]))
            for number, row in enumerate(passage_rows)
        )
        self._first_sentence = _first_rows(articles, sentence_rows)
        self._passages_of = _group(self._passages)
        self._sentence_vectors = sentence_vectors
        self._vector_store = vector_store
        self._terms = terms

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
                _read_articles(build / ARTICLES),
                np.load(build / SENTENCES, allow_pickle=False),
                np.load(build / PASSAGES, allow_pickle=False),
                np.load(build / SENTENCE_VECTORS, allow_pickle=False, mmap_mode="r"),
                FaissVectorStore.from_persist_path(str(build / PASSAGE_VECTORS)),
                BM25Retriever.from_persist_dir(str(build / TERMS)),
            )
        except (OSError, ValueError, RuntimeError, KeyError, IndexError, TypeError) as error:
            raise IndexUnusableError(damaged(folder, str(error))) from error

    def article(self, article_id: str) -> Article:
        """The article with this id; :class:`KeyError` when there is none."""
        return self.articles[article_id]

    def sentences(self, article_id: str) -> Sequence[Sentence]:
        """All sentences of the article, in order."""
        return self._sentences[article_id]

    def passages(self, article_id: str) -> Sequence[Passage]:
        """All passages of the article, in order."""
        return self._passages_of[article_id]

    def manifest_digest(self, article_id: str) -> str:
        """The article's digest when it was indexed."""
        return self.manifest.articles[article_id]

    def sentence_vectors(self, article_id: str) -> Vectors:
        """Shape ``(len(sentences(article_id)), dimension)``, rows of length 1."""
        first = self._first_sentence[article_id]
        rows = self._sentence_vectors[first : first + len(self._sentences[article_id])]
        return np.asarray(rows, dtype=np.float32)

    def passage_vectors(self, article_id: str) -> Vectors:
        """Shape ``(len(passages(article_id)), dimension)``, rows of length 1."""
        own = self._passages_of[article_id]
        vectors = self._vector_store.client.reconstruct_n(own[0].id, len(own))
        return np.asarray(vectors, dtype=np.float32)

    def nearest(
        self, vector: Vectors, top: int, article_id: str | None = None
    ) -> list[tuple[Passage, float]]:
        """The passages nearest to ``vector`` (shape ``(d,)``) by cosine, best first."""
        if article_id is not None:
            own = self._passages_of[article_id]
            return _best(own, self.passage_vectors(article_id) @ vector, top)
        found = self._vector_store.query(
            VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=top)
        )
        ids, scores = found.ids or [], found.similarities or []
        pairs = [(self._passages[int(i)], float(s)) for i, s in zip(ids, scores, strict=True)]
        # FAISS gives equal scores in no order that means anything.
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0].id))

    def matching(
        self, question: str, top: int, article_id: str | None = None
    ) -> list[tuple[Passage, float]]:
        """The passages that share words with ``question`` by BM25, best first.

        Those that share none are left out: rank fusion would reward them.
        """
        tokens = bm25s.tokenize(
            question,
            stemmer=self._terms.stemmer,
            token_pattern=self._terms.token_pattern,
            return_ids=False,
            show_progress=False,
        )[0]
        if not tokens:
            return []
        scores = self._terms.bm25.get_scores(tokens)
        if article_id is None:
            candidates: Sequence[Passage] = self._passages
        else:
            candidates = self._passages_of[article_id]
            scores = scores[candidates[0].id : candidates[-1].id + 1]
        return [(p, s) for p, s in _best(candidates, scores, top) if s > 0]


def write_build(folder: Path, articles: Sequence[IndexedArticle]) -> dict[str, FileRecord]:
    """Write all files of a build into ``folder``, which must be empty, and flush them to disk."""
    with (folder / ARTICLES).open("w", encoding="utf-8", newline="\n") as file:
        for it in articles:
            file.write(json.dumps(_article_fields(it.article)) + "\n")
    np.save(
        folder / SENTENCES,
        np.array(
            [
                (number, s.start, s.end, s.paragraph, s.heading)
                for number, it in enumerate(articles)
                for s in it.sentences
            ],
            dtype=np.int64,
        ),
    )
    np.save(
        folder / PASSAGES,
        np.array(
            [(n, p.first, p.last) for n, it in enumerate(articles) for p in it.passages],
            dtype=np.int64,
        ),
    )
    vectors = np.concatenate([it.sentence_vectors for it in articles])
    # Half precision moves a cosine by less than 0.001 and halves the largest file.
    np.save(folder / SENTENCE_VECTORS, vectors.astype(np.float16))
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(np.concatenate([it.passage_vectors for it in articles]))
    try:
        FaissVectorStore(faiss_index=flat).persist(str(folder / PASSAGE_VECTORS))
    except RuntimeError as error:  # what FAISS raises when the disk is full
        raise OSError(f"{PASSAGE_VECTORS} could not be written") from error
    _write_terms(folder / TERMS, [text for it in articles for text in _passage_texts(it)])
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        with path.open("rb+") as written:
            os.fsync(written.fileno())
    return {path.relative_to(folder).as_posix(): _record(path) for path in files}


def remove_other_builds(folder: Path, keep: str) -> None:
    """Delete what no manifest names: the former build, and what a kill left behind."""
    (folder / TEMPORARY).unlink(missing_ok=True)
    for path in folder.glob("build-*"):
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)


def passage_text(article: Article, sentences: Sequence[Sentence], passage: Passage) -> str:
    """The article's text from the passage's first sentence to its last."""
    return article.text[sentences[passage.first].start : sentences[passage.last].end]


def _passage_texts(it: IndexedArticle) -> Iterable[str]:
    return (passage_text(it.article, it.sentences, passage) for passage in it.passages)


def _write_terms(folder: Path, texts: Sequence[str]) -> None:
    if not any(_words(text) for text in texts):
        texts = [*texts[:-1], _NO_WORDS]
    # One, for it would warn of more in a corpus of fewer; `Index.matching` has its own number.
    retriever = BM25Retriever(nodes=[TextNode(text=text) for text in texts], similarity_top_k=1)
    # The texts are in the articles already: the passage's number is all that a hit needs.
    retriever.corpus = [{"id": number} for number in range(len(texts))]
    retriever.persist(str(folder), show_progress=False)


def _words(text: str) -> list[str]:
    """What BM25 sees of a text, before stemming: no stop words, no single letters."""
    words: list[str] = bm25s.tokenize(text, return_ids=False, show_progress=False)[0]
    return words


def _record(path: Path) -> FileRecord:
    with path.open("rb") as file:
        return FileRecord(path.stat().st_size, file_digest(file, "sha256").hexdigest())


def _article_fields(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in Article.__slots__}


def _read_articles(path: Path) -> list[Article]:
    with path.open(encoding="utf-8") as file:
        return [Article(**json.loads(line)) for line in file]


def _sentence(article: Article, index: int, row: NDArray[np.int64]) -> Sentence:
    _, start, end, paragraph, heading = (int(value) for value in row)
    return Sentence(article.id, index, start, end, paragraph, bool(heading))


def _sentences_by_article(
    articles: Sequence[Article], rows: NDArray[np.int64]
) -> Mapping[str, tuple[Sentence, ...]]:
    bounds = np.searchsorted(rows[:, 0], np.arange(len(articles) + 1))
    return {
        article.id: tuple(_sentence(article, i, row) for i, row in enumerate(rows[first:last]))
        for article, first, last in zip(articles, bounds, bounds[1:], strict=False)
    }


def _first_rows(articles: Sequence[Article], rows: NDArray[np.int64]) -> dict[str, int]:
    firsts = np.searchsorted(rows[:, 0], np.arange(len(articles)))
    return {article.id: int(first) for article, first in zip(articles, firsts, strict=True)}


def _group(passages: Sequence[Passage]) -> dict[str, list[Passage]]:
    grouped: dict[str, list[Passage]] = {}
    for passage in passages:
        grouped.setdefault(passage.article_id, []).append(passage)
    return grouped


def _best(
    passages: Sequence[Passage], scores: NDArray[np.float32], top: int
) -> list[tuple[Passage, float]]:
    # Stable: of equal scores the earlier passage comes first, in every run.
    order = np.argsort(-scores, kind="stable")[:top]
    return [(passages[i], float(scores[i])) for i in order]
