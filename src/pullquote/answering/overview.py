"""Answers requests without the reader: summaries, an article's metadata, greetings and help."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from pullquote.answering.compose import cite, quote_blocks
from pullquote.answering.requests import Kind, Request, find, find_titled
from pullquote.answering.suggested import SHOWN, starting
from pullquote.answering.trace import Trace
from pullquote.asked import Asked
from pullquote.errors import UnknownArticleError
from pullquote.index.embedded import title_key
from pullquote.index.interface import Store
from pullquote.messages import messages
from pullquote.protocols import Embedder
from pullquote.types import (
    Answer,
    Article,
    Block,
    Citation,
    Filters,
    Provenance,
    ScoredSentence,
    Sentence,
    Status,
    Timings,
)

#: The shortest sentence, in characters, that may be part of a summary.
_SHORTEST = 40

#: How many sentences of an article are considered: the rest of a book adds nothing to a summary.
_MOST = 400

#: A bonus for early sentences, since news puts the main facts first: the bonus of the first one,
#: and after how many sentences it falls by a factor of ``e``. ``benchmarks/README.md`` compares the
#: result with the plain first sentences.
_LEAD, _FALL = 0.4, 5.0

#: The weight of relevance in maximal marginal relevance; the rest is the weight of novelty.
_CENTRAL = 0.7

#: How many articles are listed when somebody asks which there are.
_LISTED = 8

#: For each kind of request, the messages that answer it and the article's field that each states.
_DETAILS: Mapping[Kind, Sequence[tuple[str, str]]] = {
    Kind.AUTHOR: [("written_by", "author")],
    Kind.DATE: [("published_on", "published"), ("updated_on", "updated")],
    Kind.SOURCE: [("from_source", "source"), ("at_address", "url")],
}


def answer_request(
    asked: Asked,
    before: Callable[[], Answer] | None,
    index: Store,
    embedder: Embedder,
    count: int,
    provenance: Provenance,
    offer: Callable[[Iterable[str]], tuple[str, ...]],
) -> Trace | None:
    """The answer to a request, with at most ``count`` quotes; it has not passed the gate yet.

    ``before`` gives the previous answer, and ``offer`` picks the questions that are answered.
    ``None`` for an ordinary question: also when it names an unknown article, or when its "it" may
    refer to anything in the conversation.
    """
    request = find(asked.question) or _titled(asked, index)
    if request is None or (request.leans and before):
        return None
    article = _meant(request, asked, before, index) if request.is_of_an_article else None
    if article is None and request.title is not None:
        return None
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    blocks: tuple[Block, ...]
    status = Status.ANSWERED
    if article is None:
        status = Status.NOT_A_QUESTION
        key = "which_article" if request.is_of_an_article else request.kind.value
        is_list = request.kind is Kind.ARTICLES
        blocks = tuple(_listed(asked.filters, index)) if is_list else (messages().block(key),)
        if not blocks:
            return None
        suggestions = offer(starting(index))[:SHOWN]
    elif request.kind is Kind.SUMMARY:
        citations = cite(_main(article, index, embedder, count), index)
        opening = messages().block("summary", {"title": article.title}, article.id)
        blocks = (opening, *quote_blocks(citations))
        if not citations:
            status, blocks = Status.NOT_FOUND, (messages().block("not_found"),)
    else:
        blocks = tuple(_details(request.kind, article))
        if not blocks:
            status = Status.NOT_FOUND
            blocks = (messages().block("no_detail", {"title": article.title}, article.id),)
    answer = Answer(
        asked.question,
        status,
        blocks,
        citations,
        (),
        provenance,
        Timings(0.0, 0.0, 0.0),
        answerability=0.0 if status is Status.NOT_FOUND else 1.0,
        suggestions=suggestions,
    )
    return Trace(answer, (), decided_by="request")


def _titled(asked: Asked, index: Store) -> Request | None:
    """A request that names an article of the index without quotation marks."""
    request = find_titled(asked.question)
    if request and request.title and index.catalog.titled(request.title, asked.filters):
        return request
    return None


def _listed(filters: Filters, index: Store) -> Iterator[Block]:
    """The newest articles, each as a message; nothing when no article passes the filters."""
    newest, total = index.catalog.newest(filters, "", _LISTED)
    if newest:
        yield messages().block("articles" if total == len(newest) else "articles_newest")
    for article in newest:
        values = {"title": article.title}
        if article.published:
            yield messages().block(
                "listed_dated", {**values, "published": article.published}, article.id
            )
        else:
            yield messages().block("listed", values, article.id)


def _meant(
    request: Request, asked: Asked, before: Callable[[], Answer] | None, index: Store
) -> Article | None:
    """The article that a request means: selected, named, last quoted, or the only one.

    ``None`` also when the selected article has another title than the request names.
    """
    if asked.document_id is not None:
        if asked.document_id not in index.articles:
            raise UnknownArticleError.of(asked.document_id)
        article = index.article(asked.document_id)
        is_named = request.title is None or title_key(request.title) == title_key(article.title)
        return article if is_named else None
    if request.title is not None:
        id_ = index.catalog.titled(request.title, asked.filters)
        return index.article(id_) if id_ else None
    if before:
        last = before()
        quoted = [citation.article_id for citation in (*last.citations, *last.closest)]
        told = [block.document_id for block in last.blocks if block.document_id is not None]
        if quoted or told:
            return index.article((quoted or told)[0])
    listed, total = index.catalog.newest(asked.filters, "", 1)
    return index.article(listed[0].id) if total == 1 else None


def _details(kind: Kind, article: Article) -> Iterator[Block]:
    for message, name in _DETAILS[kind]:
        value = getattr(article, name)
        is_later = name != "updated" or (value and value > (article.published or ""))
        if value and is_later:
            values = {"title": article.title} if "{title}" in getattr(messages(), message) else {}
            yield messages().block(message, {**values, name: value}, article.id)


def _main(article: Article, index: Store, embedder: Embedder, count: int) -> list[ScoredSentence]:
    """The main sentences of an article, in its order.

    The centroid method (Radev and others, 2004) on sentence embeddings, with the position in the
    article as a further feature, and maximal marginal relevance (Carbonell and Goldstein, 1998)
    against repetition.
    """
    sentences = [
        sentence
        for sentence in index.sentences(article.id)
        if not sentence.heading and sentence.end - sentence.start >= _SHORTEST
    ] or [sentence for sentence in index.sentences(article.id) if not sentence.heading]
    sentences = sentences[:_MOST]
    if not sentences:
        return []
    vectors = embedder.encode([article.text[one.start : one.end] for one in sentences])
    centre = vectors.mean(axis=0)
    centrality = vectors @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    worth = centrality + _LEAD * np.exp(-np.arange(len(sentences)) / _FALL)
    chosen: list[int] = []
    while len(chosen) < min(count, len(sentences)):
        repeated = (vectors @ vectors[chosen].T).max(axis=1) if chosen else 0.0
        value = _CENTRAL * worth - (1 - _CENTRAL) * repeated
        value[chosen] = -np.inf
        chosen.append(int(np.argmax(value)))
    return [_scored(sentences[n], float(centrality[n])) for n in sorted(chosen)]


def _scored(sentence: Sentence, centrality: float) -> ScoredSentence:
    return ScoredSentence(sentence, min(1.0, max(0.0, centrality)))
