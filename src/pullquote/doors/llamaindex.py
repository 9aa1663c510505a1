"""LlamaIndex integration: a retriever and a query engine over an :class:`Assistant`.

>>> from pullquote.assistant import Assistant
>>> from pullquote.config import Settings
>>> assistant = Assistant.open(Settings())                     # doctest: +SKIP
>>> PullquoteQueryEngine(assistant).query("How long is the ban?")  # doctest: +SKIP
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from pullquote.answering.gate import unaltered
from pullquote.answering.render import to_json, to_text
from pullquote.assistant import Assistant
from pullquote.index.store import passage_text
from pullquote.types import Citation, Hit


class PullquoteRetriever(BaseRetriever):
    """Retrieves passages as nodes, best first.

    A node's text is cut from the article, character for character. Its metadata holds the
    article's ``document_id``, ``document_title``, ``url`` and ``published``, the passage's
    ``start_char_index`` and ``end_char_index``, and ``sentences``, each with its
    ``sentence_index`` and offsets. Offsets count code points in the article's text. The metadata
    are for programs: embedding models and language models are not shown them. Raises ``GateError``
    when an article has been altered since it was indexed.
    """

    def __init__(self, assistant: Assistant, document_id: str | None = None) -> None:
        self._assistant = assistant
        self._document_id = document_id
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._assistant.search(query_bundle.query_str, document_id=self._document_id)
        return [NodeWithScore(node=self._node(hit), score=hit.score) for hit in hits]

    def _node(self, hit: Hit) -> TextNode:
        index, passage = self._assistant.index, hit.passage
        article = unaltered(passage.article_id, index)
        sentences = index.sentences(passage.article_id)
        own = sentences[passage.first : passage.last + 1]
        return _text_node(
            f"{article.id}#{passage.first}-{passage.last}",
            passage_text(article, sentences, passage),
            {
                "document_id": article.id,
                "document_title": article.title,
                "url": article.url,
                "published": article.published,
                "start_char_index": own[0].start,
                "end_char_index": own[-1].end,
                "sentences": [
                    {
                        "sentence_index": sentence.index,
                        "start_char_index": sentence.start,
                        "end_char_index": sentence.end,
                    }
                    for sentence in own
                ],
            },
        )


class PullquoteQueryEngine(BaseQueryEngine):
    """Answers questions: returns the text with its citations, and each citation as a source node.

    The response's metadata is the answer as JSON. All quotes have passed the gate.
    """

    def __init__(self, assistant: Assistant, document_id: str | None = None) -> None:
        self._assistant = assistant
        self._document_id = document_id
        super().__init__(CallbackManager())

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        index = self._assistant.index
        answer = self._assistant.ask(query_bundle.query_str, document_id=self._document_id)
        shown = to_json(answer, index)
        return Response(
            response=to_text(answer, index),
            source_nodes=[
                _source(citation, metadata)
                for citation, metadata in zip(answer.citations, shown["citations"], strict=True)
            ],
            metadata=shown,
        )

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        # In a thread, so that the event loop goes on meanwhile.
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _source(citation: Citation, metadata: dict[str, Any]) -> NodeWithScore:
    node = _text_node(f"{citation.article_id}#{citation.sentence_index}", citation.quote, metadata)
    return NodeWithScore(node=node, score=citation.score)


def _text_node(node_id: str, text: str, metadata: dict[str, Any]) -> TextNode:
    hidden: Sequence[str] = list(metadata)
    return TextNode(
        id_=node_id,
        text=text,
        metadata=metadata,
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=hidden,
    )
