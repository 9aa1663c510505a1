"""One visitor's conversation: what was asked, and its answers. No web framework in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from secrets import token_hex
from threading import Lock
from typing import Any

from pullquote.answering.render import escape
from pullquote.answering.trace import Trace
from pullquote.errors import PullquoteError
from pullquote.types import NO_FILTERS, Answer, Filters, Turn

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as it was put: with filters, of one article, or by a link.

    ``digest`` is that of the index a link was made with, or the beginning of it. One that
    ``is_again`` was asked on an earlier visit, and is shown once more.
    """

    question: str
    filters: Filters = NO_FILTERS
    document_id: str | None = None
    digest: str = ""
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and, once it is answered, what a page shows of it.

    ``bubble`` is the answer and ``panel`` the articles beside it, as HTML; ``saved`` is what is
    downloaded as JSON and as a receipt in Markdown; ``next`` are questions to ask next. They are
    kept as they were when the question was answered, whatever becomes of the index. After an error
    there is a ``bubble`` alone. Until it is ``done``, the ``bubble`` has what is written so far.
    """

    posed: Posed
    bubble: str = ""
    done: bool = False
    panel: str = ""
    saved: tuple[str, str] = ("", "")
    next: tuple[str, ...] = ()
    trace: Trace | None = None

    @property
    def answer(self) -> Answer | None:
        """The answer, if there is one."""
        return self.trace.answer if self.trace else None


#: Is given the HTML of an answer that is still being written.
Grown = Callable[[str], None]

#: Is given what is to be cancelled when nobody waits for the answer any more.
Begun = Callable[[Future[Any]], None]

#: Answers the question of the exchange with this number, after these turns.
Answering = Callable[[Posed, Sequence[Turn], int, Grown, Begun], Exchange]


class Conversation:
    """The exchanges of one visitor, in order. Safe to share by threads.

    A question is taken with :meth:`ask` and answered by the next :meth:`answer_next`, which may
    run anywhere and any number of times: each question is answered once, in order, and one that
    was forgotten meanwhile leaves nothing behind.
    """

    def __init__(self) -> None:
        # Random: it tells which verdicts belong together, and nothing of the visitor.
        self.id = token_hex(16)
        #: The id of the article that the visitor opened since the last question.
        self.opened: str | None = None
        self._exchanges: tuple[Exchange, ...] = ()
        self._under_way: Future[Any] | None = None
        self._lock = Lock()  # of `_exchanges` and `_under_way`
        self._turn = Lock()  # whoever answers

    def __deepcopy__(self, memo: object) -> Conversation:
        # What a web framework hands to each visitor is a copy: they start afresh.
        return Conversation()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All of them, the oldest first."""
        return self._exchanges

    @property
    def waits(self) -> bool:
        """Whether a question has no answer yet."""
        return any(not one.done for one in self._exchanges)

    def ask(self, *posed: Posed) -> None:
        """Take questions, to be answered in order."""
        with self._lock:
            self._exchanges = (*self._exchanges, *map(Exchange, posed))
            self.opened = None

    def forget(self) -> None:
        """Begin anew. An answer that is under way is cancelled, and dropped."""
        with self._lock:
            self.id, self._exchanges, self.opened = token_hex(16), (), None
            under_way, self._under_way = self._under_way, None
        if under_way:
            under_way.cancel()

    def answer_next(self, answering: Answering) -> None:
        """Answer the first question that waits, if one does; an error becomes its answer."""
        with self._turn:
            before = self._exchanges
            number = next((n for n, one in enumerate(before) if not one.done), None)
            if number is None:
                return
            turns = [Turn("user", one.posed.question) for one in before[:number] if one.answer]
            asked = before[number]

            def is_wanted() -> bool:
                # The same object: the same words may have been asked anew since.
                return any(one is asked for one in self._exchanges[number : number + 1])

            def put(other: Exchange) -> None:
                nonlocal asked
                with self._lock:
                    if is_wanted():
                        now = self._exchanges
                        self._exchanges = (*now[:number], other, *now[number + 1 :])
                        asked = other

            def grown(bubble: str) -> None:
                put(replace(asked, bubble=bubble))

            def begun(future: Future[Any]) -> None:
                with self._lock:
                    if is_wanted():
                        self._under_way = future
                        return
                future.cancel()

            answered = _answered(before[number], turns, number, answering, grown, begun)
            put(replace(answered, done=True))


def _answered(
    asked: Exchange,
    turns: Sequence[Turn],
    number: int,
    answering: Answering,
    grown: Grown,
    begun: Begun,
) -> Exchange:
    try:
        return answering(asked.posed, turns, number, grown, begun)
    except PullquoteError as error:
        told = escape(str(error))
    except Exception:
        # A visitor is told that something broke, and whoever runs the server what.
        _LOG.exception("An answer failed.")
        told = "The answer failed. Try again, or ask in other words."
    return replace(asked, bubble=f'<p class="pq-failed" role="alert">{told}</p>')
