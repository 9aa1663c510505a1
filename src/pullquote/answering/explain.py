"""Explains how an answer was found: what was read, its scores, and what decided."""

from __future__ import annotations

from typing import Any

from pullquote.answering import gate
from pullquote.answering.render.as_text import printable
from pullquote.answering.trace import Trace
from pullquote.protocols import Library
from pullquote.text.cut import cut
from pullquote.types import Hit

#: How many of the best sentences are listed.
_SENTENCES = 10


def explain(trace: Trace, library: Library) -> dict[str, Any]:
    """The ``explain`` object of the API contract.

    An ``answerability`` below ``threshold`` is a refusal. Raises ``GateError`` when an article has
    been altered since it was indexed.
    """
    return {
        "passages": [_passage(hit, library) for hit in trace.hits],
        "sentences": [
            {
                "document_id": one.sentence.article_id,
                "sentence_index": one.sentence.index,
                "start_char_index": one.sentence.start,
                "end_char_index": one.sentence.end,
                "text": cut(one.sentence, library),
                "score": round(one.score, 4),
                "not_said": round(one.not_said, 4),
            }
            for one in trace.scored[:_SENTENCES]
        ],
        "decided_by": trace.decided_by,
        "answerability": round(trace.answer.answerability, 4),
        "threshold": trace.threshold,
    }


def _passage(hit: Hit, library: Library) -> dict[str, Any]:
    passage = hit.passage
    article = gate.unaltered(passage.article_id, library)
    sentences = library.sentences(article.id)
    start, end = sentences[passage.first].start, sentences[passage.last].end
    return {
        "document_id": article.id,
        "document_title": article.title,
        "sentences": [passage.first, passage.last],
        "text": article.text[start:end],
        "score": round(hit.score, 4),
    }


def explain_text(told: dict[str, Any]) -> str:
    """The result of :func:`explain` as plain text for a terminal."""
    lines = [
        f"Decided by: {told['decided_by']}. Answerability {told['answerability']}, refused below "
        f"{told['threshold']}.",
        "Passages read, best first:",
        *(
            f"  {one['score']:.4f}  {one['document_id']}, sentences {one['sentences'][0] + 1} to "
            f"{one['sentences'][1] + 1}"
            for one in told["passages"]
        ),
        "Best sentences (score; of it, that this is not known):",
        *(
            f"  {one['score']:.3f} {one['not_said']:.3f}  {' '.join(one['text'].split())}"
            for one in told["sentences"]
        ),
    ]
    return "\n".join(map(printable, lines))
