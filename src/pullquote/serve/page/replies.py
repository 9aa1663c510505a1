"""Answers the questions of a conversation, as HTML: answers and the articles beside them."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import replace

from pullquote.answering import gate
from pullquote.answering.refusal import help_with
from pullquote.answering.render import (
    answer_html,
    article_html,
    escape,
    to_json,
    to_receipt,
    with_date,
)
from pullquote.answering.suggested import asked_of, starting
from pullquote.asked import Asked
from pullquote.config import Settings
from pullquote.errors import BusyError, PullquoteError
from pullquote.index.interface import Store
from pullquote.serve.conversation import Answering, Begun, Exchange, Grown, Posed
from pullquote.serve.desk import Desk
from pullquote.serve.opening import Opening
from pullquote.serve.page import telling
from pullquote.serve.page.fragments import article_tools, failed
from pullquote.types import Answer, Article, Citation, Filters, Status, Turn

_LOG = logging.getLogger(__name__)

_CHANGED = '<p class="pq-changed">The articles have changed since this link was made.</p>'


def answering(opening: Opening, desk: Desk, settings: Settings) -> Answering:
    """Make the function that answers the questions of all conversations, queued at ``desk``."""

    def answer(
        posed: Posed, turns: Sequence[Turn], number: int, grown: Grown, begun: Begun
    ) -> Exchange:
        try:
            return found(posed, turns, number, grown, begun)
        except PullquoteError as error:
            message = telling.told(error, settings)
        except Exception:
            # The visitor learns only that something failed; the details are for the server's log.
            _LOG.exception("An answer failed.")
            message = "The answer failed. Try again, or ask in other words."
        return Exchange(posed, failed(message, posed.question))

    def found(
        posed: Posed, turns: Sequence[Turn], number: int, grown: Grown, begun: Begun
    ) -> Exchange:
        assistant = opening.assistant()
        index = assistant.index

        def told(part: Answer) -> None:
            grown("".join(answer_html(part, index, number)))

        asked = Asked.of(posed.question, turns, posed.document_id, posed.filters)
        try:
            future = desk.trace(assistant, asked, told, is_new=not posed.is_again)
            begun(future)
            trace = future.result()
        except CancelledError as error:
            raise BusyError("The server is being stopped.") from error
        answer = trace.answer
        is_old = posed.digest and not index.manifest.digest.startswith(posed.digest)
        above = _filters_html(posed.filters, answer) + (_CHANGED if is_old else "")
        kept = with_date(to_json(answer, index))
        return Exchange(
            # The notice of a changed index is shown once; then the question is like any other.
            replace(posed, digest=""),
            above
            + "".join(answer_html(answer, index, number))
            + _help_html(answer, index, settings.contact),
            True,
            _articles_html(answer, index, number),
            (json.dumps(kept, ensure_ascii=False, indent=1), to_receipt(kept)),
            answer.suggestions or tuple(_next(answer, index)),
            # The function holds the index, which would stay in memory after it was replaced.
            replace(trace, compose_unrefused=None),
        )

    return answer


def _help_html(answer: Answer, index: Store, contact: str) -> str:
    """Hints for a refusal, as HTML."""
    told = help_with(answer, index, contact)
    if told is None:
        return ""
    lines = []
    if told["unknown_words"]:
        words = ", ".join(f"<q>{escape(word)}</q>" for word in told["unknown_words"])
        lines.append(f"No article has {words}.")
    if told["nearest"]:
        article = told["nearest"]
        lines.append(
            'Nearest article: <button type="button" class="pq-open" '
            f'value="{escape(article["document_id"])}">{escape(article["document_title"])}'
            "</button>"
        )
    if contact:
        lines.append(f"Whom to ask: {_contact_html(contact)}")
    return "".join(f'<p class="pq-help">{line}</p>' for line in lines)


def _contact_html(contact: str) -> str:
    shown = escape(contact)
    if re.fullmatch(r"[^\s@]+@[^\s@]+", contact):
        return f'<a href="mailto:{shown}">{shown}</a>'
    if re.fullmatch(r"https?://\S+", contact):
        return f'<a href="{shown}" target="_blank" rel="noopener noreferrer">{shown}</a>'
    return shown


def _next(answer: Answer, index: Store) -> list[str]:
    """Candidates for suggestions: about the first quoted article, else the starting questions."""
    quoted = [citation.article_id for citation in (*answer.citations, *answer.closest)]
    told = [block.document_id for block in answer.blocks if block.document_id is not None]
    for article_id in (quoted or told)[:1]:
        return asked_of(index.article(article_id), index)
    return list(starting(index))


def _filters_html(filters: Filters, answer: Answer) -> str:
    """The filters of an answer, as HTML; empty without filters."""
    if not filters:
        return ""
    parts = []
    if filters.section:
        parts.append(f"of {filters.section}")
    if filters.source:
        parts.append(f"published by {filters.source}")
    if filters.since and filters.until:
        parts.append(f"from {filters.since} to {filters.until}")
    elif filters.since:
        parts.append(f"from {filters.since} on")
    elif filters.until:
        parts.append(f"up to {filters.until}")
    line = f"Only articles {', '.join(parts)}"
    # The answer may be in an article that was filtered out.
    if answer.status is Status.NOT_FOUND:
        line += ". Clear the filters to ask all articles."
    return f'<p class="pq-filters">{escape(line)}</p>'


def _articles_html(answer: Answer, index: Store, turn: int) -> str:
    """The articles that an answer cites, in the order of its citations."""
    citations = answer.citations or answer.closest
    return "".join(
        _article_html(index.article(article_id), index, citations, turn, not answer.closest)
        for article_id in dict.fromkeys(citation.article_id for citation in citations)
    )


def opened_html(index: Store, article_id: str, exchanges: Sequence[Exchange]) -> str:
    """An article, with the marks of the last answer that cites it. Raises ``GateError``."""
    article = gate.unaltered(article_id, index)
    citations: Sequence[Citation] = ()
    turn, is_evidence = 0, True
    for number, exchange in enumerate(exchanges):
        if answer := exchange.answer:
            shown = answer.citations or answer.closest
            if own := [citation for citation in shown if citation.article_id == article_id]:
                citations, turn, is_evidence = own, number, not answer.closest
    if any(article.text[one.start : one.end] != one.quote for one in citations):
        citations = ()  # the article has changed since
    return _article_html(article, index, citations, turn, is_evidence)


def _article_html(
    article: Article, index: Store, citations: Sequence[Citation], turn: int, is_evidence: bool
) -> str:
    """An article of the panel, with its tools."""
    sentences, tools = index.sentences(article.id), article_tools(article)
    return article_html(article, sentences, citations, turn, is_evidence=is_evidence, tools=tools)


def first_html(index: Store) -> str:
    """What is shown before the first question: the only article; empty if there are several."""
    if len(index.articles) != 1:
        return ""
    return opened_html(index, next(iter(index.articles)), ())
