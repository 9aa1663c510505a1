"""Where questions wait: for the processor, and, when there is a writer, for its server."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from pullquote.asked import Asked
from pullquote.config import Settings
from pullquote.errors import FeedbackError
from pullquote.serve.feedback import KeptQuestions
from pullquote.serve.workqueue import WorkQueue
from pullquote.types import Answer, Status

if TYPE_CHECKING:
    from pullquote.answering.trace import Trace
    from pullquote.assistant import Assistant
    from pullquote.writing.written import Told

_LOG = logging.getLogger(__name__)

#: Answers that are written at the same time. They wait for another server, and not for ours.
_WRITERS = 8


class Desk:
    """Takes the questions of all visitors. Safe to share by threads.

    Reading is work for the processor, and is done for few at a time; a language model that takes
    half a minute must not hold it up, so its answers have threads of their own. Questions are kept
    where the settings say so.
    """

    def __init__(self, settings: Settings) -> None:
        self.work = WorkQueue(settings.queue)
        self._writing = WorkQueue(settings.queue, _WRITERS)
        self._kept: KeptQuestions | None = None
        if settings.keep_questions:
            self._kept = KeptQuestions(settings.feedback, settings.keep_questions_days)
        # No reader waits for the disk.
        self._keeping = ThreadPoolExecutor(1, "keep")

    def trace(
        self,
        assistant: Assistant,
        asked: Asked,
        told: Told = lambda _: None,
        *,
        is_new: bool = True,
    ) -> Future[Trace]:
        """The answer and the way to it, in its turn; whoever shows it has the gate check it.

        What was asked before, and is only shown again, is not ``is_new``. Raises ``BusyError``.
        """
        if assistant.writer:
            future = self._written(assistant, asked, told)
        else:
            future = self.work.submit(lambda: assistant.trace(asked))
        if is_new and (kept := self._kept):
            future.add_done_callback(lambda done: self._keep_later(kept, done))
        return future

    def _written(self, assistant: Assistant, asked: Asked, told: Told) -> Future[Trace]:
        # A future of its own, which can be cancelled while the answer is being written.
        awaited: Future[Trace] = Future()
        writing = self._writing.submit(
            lambda: assistant.trace(
                asked, told, self.work.run, is_awaited=lambda: not awaited.cancelled()
            )
        )
        writing.add_done_callback(lambda done: _hand_over(done, awaited))
        awaited.add_done_callback(lambda done: writing.cancel() if done.cancelled() else None)
        return awaited

    def close(self) -> None:
        """Cancel what waits. What is being answered is answered."""
        self.work.close()
        self._writing.close()
        self._keeping.shutdown()

    def _keep_later(self, kept: KeptQuestions, future: Future[Trace]) -> None:
        if future.cancelled() or future.exception():
            return
        answer = future.result().answer
        if answer.status is not Status.NOT_A_QUESTION:
            with suppress(RuntimeError):  # the server is being stopped
                self._keeping.submit(_keep, kept, answer)


def _keep(kept: KeptQuestions, answer: Answer) -> None:
    try:
        kept.keep(answer.question, answer.status)
    except FeedbackError as error:
        _LOG.error("The question was not kept: %s", error)


def _hand_over(done: Future[Trace], awaited: Future[Trace]) -> None:
    if done.cancelled():
        awaited.cancel()
    elif awaited.set_running_or_notify_cancel():
        if error := done.exception():
            awaited.set_exception(error)
        else:
            awaited.set_result(done.result())
