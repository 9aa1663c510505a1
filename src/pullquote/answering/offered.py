"""Finds the suggested questions that can be offered: those that the index answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import RLock

from pullquote.errors import PullquoteError
from pullquote.types import Answer, Status

#: For how many questions the result is remembered. A forgotten question is asked again.
_SIZE = 4096

#: The most seconds that the end of the program waits for the last answer.
_LAST = 10.0


class Offered:
    """Asks suggested questions to learn which of them one index answers. Thread-safe."""

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        self._ask = ask
        self._known: OrderedDict[str, bool] = OrderedDict()
        # One thread asks at a time, to limit the load. Reentrant: answering a greeting asks too.
        self._asking = RLock()
        self._is_stopped = False

    def of(self, questions: Iterable[str], patience: float = 0.0) -> tuple[str, ...]:
        """The questions that are answered; those not asked yet are asked now.

        If another thread is still asking after ``patience`` seconds, only those already known to be
        answered.
        """
        wanted = tuple(questions)
        if not self._asking.acquire(timeout=patience):
            return self.known(wanted)
        try:
            return tuple(text for text in wanted if self._is_answered(text))
        finally:
            self._asking.release()

    def stop(self) -> None:
        """Ask no further question, and wait for the one that is being asked.

        For the end of the program: a network that still computes then would crash it.
        """
        self._is_stopped = True
        if self._asking.acquire(timeout=_LAST):
            self._asking.release()

    def known(self, questions: Iterable[str]) -> tuple[str, ...]:
        """The questions already known to be answered. Asks nothing."""
        return tuple(text for text in questions if self._known.get(text))

    def has_asked(self, questions: Iterable[str]) -> bool:
        """Whether all questions have been asked."""
        return all(text in self._known for text in questions)

    def _is_answered(self, question: str) -> bool:
        if self._is_stopped:
            return False
        if question not in self._known:
            try:
                status = self._ask(question).status
            except PullquoteError:  # too long to be asked, or its article was altered
                status = Status.NOT_FOUND
            self._known[question] = status in (Status.ANSWERED, Status.STATED_UNKNOWN)
            if len(self._known) > _SIZE:
                self._known.popitem(last=False)
        return self._known[question]
