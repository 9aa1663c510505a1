"""Baselines made of stock parts, which get the same passages and sentences as our system.

Each baseline finds passages with a retriever of LlamaIndex, and cites the sentence in them that is
most similar to the question. It answers through :class:`~pullquote.assistant.Assistant`, so that
follow-ups, the gate and the evaluation are the same for all; only retriever and reader differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import bm25s
import numpy as np
import Stemmer
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.core.vector_stores import MetadataFilter, MetadataFilters
from llama_index.retrievers.bm25 import BM25Retriever

from pullquote.answering.compose import Cutoffs
from pullquote.assistant import Assistant
from pullquote.index.store import Index, passage_text
from pullquote.protocols import Embedder, Library, Reader
from pullquote.retrieval.retrieve import Retriever
from pullquote.text.timeframe import Timeframe
from pullquote.types import (
    NO_FILTERS,
    Filters,
    Hit,
    Passage,
    Provenance,
    Reading,
    ScoredSentence,
    Sentence,
)

if TYPE_CHECKING:
    from pullquote.protocols import Vectors

#: One citation, and no refusals: what a threshold would refuse is computed afterwards.
LIMITS = Cutoffs(citations=1, refuse_below=0.0)

#: The metadata key. Not "document_id": LlamaIndex stores an id of its own under that name.
_ARTICLE = "article_id"

#: Finds passages for a question, in all articles or in the one with this id.
Find = Callable[[str, str | None], Iterable[NodeWithScore]]


def llamaindex(index: Index, embedder: Embedder, passages: int) -> Assistant:
    """LlamaIndex's vector index and default store; then the sentence with the best cosine."""
    embedding = _Embedding(embedder)
    # The nodes get their vectors from the index, so LlamaIndex does not embed them again.
    nodes = [
        _node(index, passage, vector.tolist())
        for article_id in index.articles
        for passage, vector in zip(
            index.passages(article_id), index.passage_vectors(article_id), strict=True
        )
    ]
    vectors = VectorStoreIndex(nodes, embed_model=embedding)

    def find(question: str, article_id: str | None) -> Iterable[NodeWithScore]:
        retriever = vectors.as_retriever(similarity_top_k=passages, filters=_only(article_id))
        return retriever.retrieve(question)

    return _assistant(index, find, CosineReader(embedding, embedder, index), embedder)


def bm25(index: Index, passages: int) -> Assistant:
    """LlamaIndex's BM25 retriever; then the best sentence by BM25 over all sentences."""
    nodes = [_node(index, passage) for id_ in index.articles for passage in index.passages(id_)]
    # No more than there are nodes, or the retriever would warn at every question.
    top = min(passages, len(nodes))
    whole = BM25Retriever(nodes=list(nodes), similarity_top_k=top)
    whole.bm25.corpus = whole.corpus
    scoped: dict[str, BM25Retriever] = {}

    def retriever(article_id: str | None) -> BM25Retriever:
        if article_id is None:
            return whole
        if article_id not in scoped:
            scoped[article_id] = BM25Retriever(
                existing_bm25=whole.bm25, similarity_top_k=top, filters=_only(article_id)
            )
        return scoped[article_id]

    def find(question: str, article_id: str | None) -> Iterable[NodeWithScore]:
        # The retriever fills up with passages that share no word with the question, even from
        # other articles.
        return (item for item in retriever(article_id).retrieve(question) if item.get_score() > 0)

    return _assistant(index, find, Bm25Reader(index), _NoEmbedder())


class CosineReader:
    """Scores a sentence by its cosine with the question, 0 to 1; a negative cosine scores 0."""

    name = "cosine"
    refuse_below = 0.0
    cite_above = 1.0

    def __init__(self, embedding: BaseEmbedding, embedder: Embedder, index: Index) -> None:
        self._embedding = embedding
        self._index = index
        # Embedded here once: a stock pipeline would embed the sentences that it retrieves.
        self._vectors = {
            article_id: embedder.encode(
                [article.text[one.start : one.end] for one in index.sentences(article_id)]
            )
            for article_id, article in index.articles.items()
        }

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """The sentences of ``hits``, best first."""
        vector = np.asarray(self._embedding.get_query_embedding(question), dtype=np.float32)
        return _reading(
            (one, max(0.0, float(self._vectors[one.article_id][one.index] @ vector)))
            for one in _sentences(hits, library)
        )


class Bm25Reader:
    """Scores a sentence by BM25 over all sentences of the index: ``s / (1 + s)``, 0 to 1.

    It tokenizes as LlamaIndex's retriever does, and leaves out sentences that share no word.
    """

    name = "bm25"
    refuse_below = 0.0
    cite_above = 1.0

    def __init__(self, index: Index) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        sentences = [sentence for id_ in index.articles for sentence in index.sentences(id_)]
        self._rows = {
            (sentence.article_id, sentence.index): row for row, sentence in enumerate(sentences)
        }
        self._bm25 = bm25s.BM25()
        texts = [
            index.article(sentence.article_id).text[sentence.start : sentence.end]
            for sentence in sentences
        ]
        self._bm25.index(self._tokens(texts), show_progress=False)

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """The sentences of ``hits``, best first."""
        tokens = self._tokens([question])[0]
        if not tokens:
            return Reading((), 0.0)
        scores = self._bm25.get_scores(tokens)
        scored = (
            (sentence, float(scores[self._rows[sentence.article_id, sentence.index]]))
            for sentence in _sentences(hits, library)
        )
        return _reading((item, score / (1 + score)) for item, score in scored if score > 0)

    def _tokens(self, texts: list[str]) -> list[list[str]]:
        found: list[list[str]] = bm25s.tokenize(
            texts, stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        return found


class _Retriever(Retriever):
    """Stands in for our retriever, and shares only the interface with it."""

    def __init__(self, index: Index, find: Find, embedder: Embedder) -> None:
        self.embedder = embedder
        self._passages = {
            passage.id: passage for id_ in index.articles for passage in index.passages(id_)
        }
        self._find = find

    def retrieve(
        self,
        question: str,
        article_id: str | None = None,
        filters: Filters = NO_FILTERS,
        frame: Timeframe | None = None,
        top: int | None = None,
    ) -> tuple[Hit, ...]:
        return tuple(
            Hit(self._passages[int(item.node.node_id)], item.get_score())
            for item in self._find(question, article_id)
        )


class _NoEmbedder:
    """The embedder of a system that compares only words."""

    name, digest, dimension = "none", "", 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError("words alone are compared")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        raise NotImplementedError("words alone are compared")


class _Embedding(BaseEmbedding):
    """Our embedding model, behind LlamaIndex's interface.

    It remembers the vector of the last question, since retriever and reader both ask for it.
    """

    _embedder: Embedder = PrivateAttr()
    _last: tuple[str, list[float]] | None = PrivateAttr(default=None)

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        if self._last is None or self._last[0] != query:
            self._last = query, self._get_text_embedding(query)
        return self._last[1]

    def _get_text_embedding(self, text: str) -> list[float]:
        vector: list[float] = self._embedder.encode([text])[0].tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _assistant(index: Index, find: Find, reader: Reader, embedder: Embedder) -> Assistant:
    provenance = Provenance(index.manifest.digest, reader.name, embedder.name)
    return Assistant(index, _Retriever(index, find, embedder), reader, provenance, LIMITS)


def _node(index: Index, passage: Passage, vector: list[float] | None = None) -> TextNode:
    article, sentences = index.article(passage.article_id), index.sentences(passage.article_id)
    metadata: dict[str, Any] = {_ARTICLE: article.id}
    return TextNode(
        id_=str(passage.id),
        text=passage_text(article, sentences, passage),
        embedding=vector,
        metadata=metadata,
        # Otherwise BM25 would match the words of the article's id.
        excluded_embed_metadata_keys=list(metadata),
    )


def _only(article_id: str | None) -> MetadataFilters | None:
    if article_id is None:
        return None
    return MetadataFilters(filters=[MetadataFilter(key=_ARTICLE, value=article_id)])


def _sentences(hits: Sequence[Hit], library: Library) -> list[Sentence]:
    """The sentences of the hits without subheads, each once, in the order of the hits."""
    listed = dict.fromkeys(
        sentence
        for hit in hits
        for sentence in library.sentences(hit.passage.article_id)[
            hit.passage.first : hit.passage.last + 1
        ]
    )
    return [listing for listing in listed if not listing.heading]


def _reading(scored: Iterable[tuple[Sentence, float]]) -> Reading:
    # Stock parts do not recognise that an article says "it is not known".
    sentences = [ScoredSentence(sentence, score) for sentence, score in scored]
    sentences.sort(key=lambda scored: -scored.score)
    return Reading(tuple(sentences), sentences[0].score if sentences else 0.0)
