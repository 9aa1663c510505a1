"""The door for LlamaIndex users."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from llama_index.core.base.response.schema import Response
from llama_index.core.schema import MetadataMode

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import GateError, QuestionError
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from pullquote.llamaindex import PullquoteQueryEngine, PullquoteRetriever
from pullquote.types import Answer

QUESTION = "why did Amazon pause Rekognition?"


@pytest.fixture(scope="module")
def assistant(customer_index: Index, real_embedder: SentenceTransformersEmbedder) -> Assistant:
    return Assistant.with_parts(customer_index, real_embedder, Settings())


def test_each_node_is_the_articles_own_text_with_its_sentences_offsets(
    assistant: Assistant,
) -> None:
    nodes = PullquoteRetriever(assistant).retrieve(QUESTION)
    text = assistant.index.article("amazon-rekognition.txt").text
    scores = [node.get_score() for node in nodes]
    assert scores == sorted(scores, reverse=True)
    assert len({node.node.node_id for node in nodes}) == len(nodes) > 1
    for node in nodes:
        metadata = node.node.metadata
        start, end = metadata["start_char_index"], metadata["end_char_index"]
        assert node.node.get_content(MetadataMode.LLM) == text[start:end]
        assert metadata["document_title"] == "Amazon rekognition"
        assert metadata["sentences"][0]["start_char_index"] == start
        assert metadata["sentences"][-1]["end_char_index"] == end


def test_the_query_engine_gives_the_whole_answer_with_its_citations_as_sources(
    assistant: Assistant,
) -> None:
    response = PullquoteQueryEngine(assistant).query(QUESTION)
    assert isinstance(response, Response)
    assert response.metadata is not None
    assert response.metadata["status"] == "stated_unknown"
    assert [node.node.get_content() for node in response.source_nodes] == [
        citation["cited_text"] for citation in response.metadata["citations"]
    ]
    assert "did not say why it took action now." in str(response)


def test_the_query_engine_answers_in_an_event_loop_too(assistant: Assistant) -> None:
    response = asyncio.run(PullquoteQueryEngine(assistant).aquery(QUESTION))
    assert "did not say why it took action now." in str(response)


def test_the_retriever_gives_no_altered_article(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = assistant.index.article("amazon-rekognition.txt")
    altered = replace(article, text=article.text.replace("Amazon", "Google"))
    monkeypatch.setattr(assistant.index, "article", lambda _: altered)
    with pytest.raises(GateError, match=r"amazon-rekognition\.txt"):
        PullquoteRetriever(assistant).retrieve(QUESTION)


def test_an_article_that_is_not_indexed_is_an_error_of_ours(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match=r"no article 'none\.txt'"):
        PullquoteRetriever(assistant, "none.txt").retrieve(QUESTION)


def test_the_query_engine_lets_no_altered_quote_through(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Assistant.ask

    def altered(*arguments: Any, **options: Any) -> Answer:
        answer = ask(*arguments, **options)
        first = replace(answer.citations[0], start=answer.citations[0].start + 1)
        return replace(answer, citations=(first, *answer.citations[1:]))

    monkeypatch.setattr(Assistant, "ask", altered)
    with pytest.raises(GateError, match=r"amazon-rekognition\.txt"):
        PullquoteQueryEngine(assistant).query(QUESTION)
