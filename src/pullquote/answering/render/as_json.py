"""The answer's JSON: Anthropic's citation shape, with a W3C TextQuoteSelector for browsers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pullquote.answering.gate import check
from pullquote.answering.render.source import also_in, made_of
from pullquote.digest import article_digest
from pullquote.messages import METADATA
from pullquote.protocols import Library
from pullquote.types import Answer, Article, Block, Citation

#: How many characters before and after a quote are kept to tell it from an equal quote. 32 is what
#: the Web Annotation examples and Hypothesis use.
AROUND = 32


def to_json(answer: Answer, library: Library) -> dict[str, Any]:
    """The answer object of the API contract, for :func:`json.dumps`. Raises ``GateError``."""
    check(answer, library)
    return {
        "question": answer.question,
        "understood_as": answer.understood,
        "status": answer.status.value,
        "answer": [
            {
                "type": "text",
                "text": block.text,
                "citations": list(block.citations),
                "origin": _origin(block),
                "message": block.message,
                "checked": asdict(block.checked) if block.checked else None,
                **_values(block),
                **_made_of(block, answer, library),
            }
            for block in answer.blocks
        ],
        "citations": [citation_json(citation, library) for citation in answer.citations],
        "closest": [citation_json(citation, library) for citation in answer.closest],
        "suggestions": list(answer.suggestions),
        "index": {
            "digest": answer.provenance.digest,
            "reader": answer.provenance.reader,
            "embedder": answer.provenance.embedder,
            "writer": answer.provenance.writer,
        },
        "timings_ms": {
            "retrieve": round(answer.timings.retrieve, 1),
            "read": round(answer.timings.read, 1),
            "total": round(answer.timings.total, 1),
        },
    }


def _origin(block: Block) -> str:
    if block.message in METADATA:
        return "metadata"
    if not block.citations:
        return "message"
    return "written" if block.written else "quoted"


def _values(block: Block) -> dict[str, Any]:
    """What a message states about an article, and that article's id; empty if it has no values."""
    if not block.values:
        return {}
    return {"values": dict(block.values), "document_id": block.document_id}


def _made_of(block: Block, answer: Answer, library: Library) -> dict[str, Any]:
    articles = made_of(block, answer, library)
    return {"articles": [named(article) for article in articles]} if articles else {}


def citation_json(citation: Citation, library: Library) -> dict[str, Any]:
    """The citation object of the API contract. The citation must have passed the gate."""
    article = library.article(citation.article_id)
    start, end = citation.start, citation.end
    shown = None
    if citation.context:
        first, last = citation.context
        shown = {**_range(citation.context), "text": article.text[first:last]}
    return {
        "number": citation.number,
        "type": "char_location",
        **named(article),
        "document_digest": article_digest(article),
        "updated": article.updated,
        "section": article.section,
        "source": article.source,
        "also_in": [named(item) for item in also_in(citation, library)],
        "sentence_index": citation.sentence_index,
        **_range((start, end)),
        "cited_text": citation.quote,
        "score": round(citation.score, 4),
        "answer_span": _range(citation.span) if citation.span else None,
        "context": shown,
        "selector": {
            "type": "TextQuoteSelector",
            "exact": citation.quote,
            "prefix": article.text[max(article.body_start, start - AROUND) : start],
            "suffix": article.text[end : end + AROUND],
        },
    }


def named(article: Article) -> dict[str, str | None]:
    """The fields of a JSON object that name an article."""
    return {
        "document_id": article.id,
        "document_title": article.title,
        "url": article.url,
        "published": article.published,
    }


def _range(span: tuple[int, int]) -> dict[str, int]:
    return {"start_char_index": span[0], "end_char_index": span[1]}
