"""Checks an editor's own sentence: do the articles support it, and which quotes show that?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pullquote.answering.compose import cite
from pullquote.answering.gate import check_citations
from pullquote.answering.render.as_json import citation_json
from pullquote.assistant import Assistant
from pullquote.errors import UnknownArticleError
from pullquote.index.interface import Store
from pullquote.protocols import Library
from pullquote.text.cut import cut
from pullquote.text.exact import Difference
from pullquote.types import Article, Citation, ScoredSentence, Sentence
from pullquote.writing.check import Verdict
from pullquote.writing.find_quotes import find_quotes

_WHY = {
    Difference.QUOTATION: "It quotes words that are in none of the quotes.",
    Difference.DATE: "It names a time that is in none of the quotes.",
    Difference.FIGURE: "It has a figure that is in none of the quotes.",
    Difference.NAME: "It has a name that is in none of the quotes.",
    Difference.NOTHING: "It says nothing that could be checked.",
    Difference.LENGTH: "It is too long to be checked: split it.",
}


class _NotCitableError(Exception):
    """A cited sentence is in no article, or not in the one that the claim names."""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """The verdict on a claim and its quotes. ``why`` explains it to the editor in one sentence."""

    supported: bool
    why: str
    score: float
    quotes: tuple[Citation, ...] = ()

    def json(self, library: Library) -> dict[str, Any]:
        """The JSON object of the API contract, without its id. Checks the quotes (the gate)."""
        check_citations(self.quotes, library)
        return {
            "supported": self.supported,
            "why": self.why,
            "score": self.score,
            "quotes": [citation_json(citation, library) for citation in self.quotes],
        }


def check_claim(
    assistant: Assistant, claim: str, cites: Sequence[str] = (), document_id: str | None = None
) -> CheckedClaim:
    """Check ``claim`` against the sentences ``cites`` or, without any, against those it finds."""
    try:
        if cites:
            sentences: Sequence[Sentence] = _cited(cites, document_id, assistant.index)
            texts = [cut(sentence, assistant.index) for sentence in sentences]
            verdict: Verdict | None = assistant.check(claim, texts)
        else:
            hits = assistant.search(claim, document_id=document_id)
            verdict, sentences = find_quotes(claim, hits, assistant.index, assistant.check)
    except (_NotCitableError, UnknownArticleError) as error:
        return CheckedClaim(False, str(error), 0.0)
    if verdict is None:
        return CheckedClaim(False, "No article has anything like it.", 0.0)
    score = verdict.score or 0.0
    quotes = cite([ScoredSentence(sentence, score) for sentence in sentences], assistant.index)
    return CheckedClaim(verdict.supported, _why(verdict), score, quotes)


def _why(verdict: Verdict) -> str:
    if verdict.difference:
        return _WHY[verdict.difference]
    return "Its quotes support it." if verdict.supported else "Its quotes do not support it."


def _cited(cites: Sequence[str], document_id: str | None, index: Store) -> list[Sentence]:
    """The sentences whose texts a claim cites.

    Raises :class:`_NotCitableError` for one that is missing, or :class:`UnknownArticleError`.
    """
    if document_id is not None and document_id not in index.articles:
        raise UnknownArticleError.of(document_id)
    ids = index.articles if document_id is None else [document_id]
    found: dict[tuple[str, int], Sentence] = {}
    for quote in cites:
        own = next(
            (own for id_ in ids if (own := _sentences_of(quote, index.article(id_), index))),
            None,
        )
        if own is None:
            where = f"not in the article {document_id!r}" if document_id else "in no article"
            raise _NotCitableError(f"The cited sentence {quote!r} is {where}.")
        found |= {(sentence.article_id, sentence.index): sentence for sentence in own}
    return [found[key] for key in sorted(found)]


def _sentences_of(quote: str, article: Article, library: Library) -> list[Sentence]:
    """The sentences where the quote first stands in an article, apart from its headings."""
    quote = quote.strip()
    start = article.text.find(quote, article.body_start) if quote else -1
    while start >= 0:
        own = [
            sentence
            for sentence in library.sentences(article.id)
            if sentence.start < start + len(quote) and start < sentence.end and not sentence.heading
        ]
        if own:
            return own
        start = article.text.find(quote, start + 1)
    return []
