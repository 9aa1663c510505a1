"""One visitor's conversation: questions and answers, independent of any web framework."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from secrets import token_hex
from threading import Lock
from time import monotonic
from typing import Any

from pullquote.answering.trace import Trace
from pullquote.types import NO_FILTERS, Answer, Filters, Turn


@dataclass(frozen=True, slots=True)
class Posed:
    """A question with its scope: filters, one article, or neither.

    For a question from a shared link, ``digest`` is (the beginning of) the digest of the index
    that the link was made with. ``is_again``: it was asked on an earlier visit and is shown again.
    """

    question: str
    filters: Filters = NO_FILTERS
    document_id: str | None = None
    digest: str = ""
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and, once it is answered, what a page shows of it.

    ``bubble`` is the answer and ``panel`` the articles beside it, as HTML; ``saved`` are the
    downloads, JSON and Markdown receipt; ``next`` are questions to ask next. All are kept as they
    were when the question was answered, even if the index changes. After an error there is only a
    ``bubble``. Until the exchange is ``done``, ``bubble`` holds what is written so far.
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


#: Receives the HTML of an answer that is still being written.
Grown = Callable[[str], None]

#: Receives the future to cancel when nobody waits for the answer any more.
Begun = Callable[[Future[Any]], None]

#: Answers a question, given the earlier turns and the number of its exchange. It does not raise: an
#: error is an exchange too.
Answering = Callable[[Posed, Sequence[Turn], int, Grown, Begun], Exchange]


class Conversation:
    """The exchanges of one visitor, in order. Thread-safe.

    :meth:`ask` queues a question and :meth:`answer_all` answers the queue. It may run in any thread
    and any number of times: each question is answered once, in order, and the answer to a question
    that was forgotten meanwhile is dropped.
    """

    def __init__(self) -> None:
        # Random: it groups the verdicts of a conversation and says nothing about the visitor.
        self.id = token_hex(16)
        #: The id of the article that the visitor has opened and that is still shown.
        self.opened: str | None = None
        #: When the last answer was made, in seconds of :func:`time.monotonic`.
        self.answered_at = 0.0
        self._exchanges: tuple[Exchange, ...] = ()
        self._under_way: Future[Any] | None = None
        self._lock = Lock()  # guards `_exchanges` and `_under_way`
        self._turn = Lock()  # held while a question is answered

    def __deepcopy__(self, memo: object) -> Conversation:
        # The web framework gives each visitor a copy of the initial state: a new conversation.
        return Conversation()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges, the oldest first."""
        return self._exchanges

    @property
    def waits(self) -> bool:
        """Whether a question has no answer yet."""
        return any(not one.done for one in self._exchanges)

    def ask(self, *posed: Posed, refusal: str = "") -> None:
        """Queue questions, to be answered in order; a ``refusal``, as HTML, answers them now."""
        with self._lock:
            asked = (Exchange(one, refusal, done=bool(refusal)) for one in posed)
            self._exchanges = (*self._exchanges, *asked)

    def forget(self) -> None:
        """Start a new conversation. An answer that is in progress is cancelled and dropped."""
        with self._lock:
            self.id, self._exchanges, self.opened = token_hex(16), (), None
            under_way, self._under_way = self._under_way, None
        if under_way:
            under_way.cancel()

    def answer_all(self, answering: Answering) -> None:
        """Answer all waiting questions.

        Returns at once if another thread is answering: that one goes on with the rest. If it waited
        instead, a visitor could occupy all threads of the server.
        """
        while self.waits and self._turn.acquire(blocking=False):
            try:
                self._answer_next(answering)
            finally:
                self._turn.release()

    def _answer_next(self, answering: Answering) -> None:
        before = self._exchanges
        number = next((n for n, one in enumerate(before) if not one.done), None)
        if number is None:
            return
        turns = [Turn("user", one.posed.question) for one in before[:number] if one.answer]
        asked = before[number]

        def is_wanted() -> bool:
            # Compare objects: the same question may have been asked again since.
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

        answered = answering(before[number].posed, turns, number, grown, begun)
        with self._lock:
            self._under_way = None  # its result must not stay in memory
        self.answered_at = monotonic()
        put(replace(answered, done=True))
