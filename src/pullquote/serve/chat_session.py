"""One visitor's conversation: what was asked, and its answers. No web framework in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from secrets import token_hex
from threading import Lock

from pullquote.answering.render import (
    answer_html,
    article_html,
    escape,
    to_json,
    to_markdown,
    to_receipt,
    with_date,
)
from pullquote.assistant import Assistant
from pullquote.errors import BusyError, PullquoteError
from pullquote.limits import Asked
from pullquote.serve.desk import Desk
from pullquote.serve.opening import Opening
from pullquote.types import NO_FILTERS, Answer, Filters, Status, Turn

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and, once it is answered, what a page shows of it.

    ``bubble`` is the answer and ``panel`` the articles beside it, as HTML; ``markdown`` is what is
    copied, ``saved`` what is downloaded as JSON and as a receipt in Markdown. They are kept as they
    were when the question was answered, whatever becomes of the index. After an error there is a
    ``bubble`` alone. ``filters`` say which articles were asked. Until it is ``done``, the
    ``bubble`` has what is written so far.
    """

    question: str
    bubble: str = ""
    done: bool = False
    panel: str = ""
    markdown: str = ""
    saved: tuple[str, str] = ("", "")
    answer: Answer | None = None
    filters: Filters = NO_FILTERS


#: Is given the HTML of an answer that is still being written.
Grown = Callable[[str], None]

#: Answers a question of the exchange with this number, after these turns, from these articles.
Answering = Callable[[str, Sequence[Turn], int, Filters, Grown], Exchange]


class Conversation:
    """The exchanges of one visitor, in order. Safe to share by threads.

    A question is taken with :meth:`ask` and answered by the next :meth:`answer_next`, which may
    run anywhere and any number of times: each question is answered once, in order, and one that
    was forgotten meanwhile leaves nothing behind.
    """

    def __init__(self) -> None:
        # Random: it tells which verdicts belong together, and nothing of the visitor.
        self.id = token_hex(16)
        self._exchanges: tuple[Exchange, ...] = ()
        self._lock = Lock()  # of `_exchanges`
        self._turn = Lock()  # whoever answers

    def __deepcopy__(self, memo: object) -> Conversation:
        # What a web framework hands to each visitor is a copy: they start afresh.
        return Conversation()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All of them, the oldest first."""
        return self._exchanges

    def ask(self, question: str, filters: Filters = NO_FILTERS) -> None:
        """Take a question, to be answered from the articles that pass ``filters``."""
        with self._lock:
            self._exchanges = (*self._exchanges, Exchange(question, filters=filters))

    def forget(self) -> None:
        """Begin anew. An answer that is under way is dropped."""
        with self._lock:
            self.id, self._exchanges = token_hex(16), ()

    def answer_next(self, answering: Answering) -> None:
        """Answer the first question that waits, if one does; an error becomes its answer."""
        with self._turn:
            before = self._exchanges
            number = next((n for n, it in enumerate(before) if not it.done), None)
            if number is None:
                return
            turns = [Turn("user", it.question) for it in before[:number] if it.answer]
            asked = before[number]

            def put(other: Exchange) -> None:
                nonlocal asked
                with self._lock:
                    now = self._exchanges
                    # The same object: the same words may have been asked anew since.
                    if number < len(now) and now[number] is asked:
                        self._exchanges = (*now[:number], other, *now[number + 1 :])
                        asked = other

            def grown(bubble: str) -> None:
                put(replace(asked, bubble=bubble))

            put(replace(_answered(before[number], turns, number, answering, grown), done=True))


def _answered(
    asked: Exchange, turns: Sequence[Turn], number: int, answering: Answering, grown: Grown
) -> Exchange:
    try:
        return answering(asked.question, turns, number, asked.filters, grown)
    except PullquoteError as error:
        told = escape(str(error))
    except Exception:
        # A visitor is told that something broke, and whoever runs the server what.
        _LOG.exception("An answer failed.")
        told = "The answer failed. Try again, or ask in other words."
    return replace(asked, bubble=f"<p>{told}</p>")


def answering(opening: Opening, desk: Desk) -> Answering:
    """What answers the questions of all conversations: they wait at ``desk``, with all others."""

    def answer(
        question: str, turns: Sequence[Turn], number: int, filters: Filters, grown: Grown
    ) -> Exchange:
        assistant = opening.assistant()

        def told(part: Answer) -> None:
            grown("".join(answer_html(part, assistant.index, number)))

        try:
            future = desk.ask(assistant, Asked.of(question, turns, filters=filters), told)
            answer = future.result()
        except CancelledError as error:
            raise BusyError("The server is being stopped.") from error
        return Exchange(
            question,
            filters_html(filters, answer) + "".join(answer_html(answer, assistant.index, number)),
            True,
            articles_html(answer, assistant, number),
            to_markdown(answer, assistant.index),
            _saved(answer, assistant),
            answer,
            filters,
        )

    return answer


def _saved(answer: Answer, assistant: Assistant) -> tuple[str, str]:
    kept = with_date(to_json(answer, assistant.index))
    return json.dumps(kept, ensure_ascii=False, indent=1), to_receipt(kept)


def filters_html(filters: Filters, answer: Answer) -> str:
    """Which articles an answer is from, as HTML; empty where all were asked."""
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
    # What was not found may stand in an article that was not asked.
    if answer.status is Status.NOT_FOUND:
        line += ". Clear the filters to ask all articles."
    return f'<p class="pq-filters">{escape(line)}</p>'


def articles_html(answer: Answer, assistant: Assistant, turn: int) -> str:
    """The articles that an answer cites, in the order of its citations."""
    index = assistant.index
    citations = answer.citations or answer.closest
    if not citations:
        return first_article_html(assistant)
    return "".join(
        article_html(index.article(article_id), index.sentences(article_id), citations, turn)
        for article_id in dict.fromkeys(citation.article_id for citation in citations)
    )


def first_article_html(assistant: Assistant) -> str:
    """What there is to read before anything was asked."""
    index = assistant.index
    article = next(iter(index.articles.values()))
    return article_html(article, index.sentences(article.id))
