"""Queues the questions of all visitors, for the CPU and, with a writer, for its server."""

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

#: How many answers are written at the same time. They wait mostly for the writer's server.
_WRITERS = 8


class Desk:
    """Takes the questions of all visitors. Thread-safe.

    Reading is CPU-bound and is done for a few questions at a time. A language model may take half a
    minute and must not block it, so written answers have their own threads. Questions are saved if
    the settings say so.
    """

    def __init__(self, settings: Settings) -> None:
        self.work = WorkQueue(settings.queue)
        self._writing = WorkQueue(settings.queue, _WRITERS)
        self._kept: KeptQuestions | None = None
        if settings.keep_questions:
            self._kept = KeptQuestions(settings.feedback, settings.keep_questions_days)
        # Saved in another thread, so that no visitor waits for the disk.
        self._keeping = ThreadPoolExecutor(1, "keep")

    def trace(
        self,
        assistant: Assistant,
        asked: Asked,
        told: Told = lambda _: None,
        *,
        is_new: bool = True,
    ) -> Future[Trace]:
        """Queue a question; the answer must pass the gate before it is shown.

        Without ``is_new``, the question was asked before and is not saved again. Raises
        ``BusyError`` when the queue is full.
        """
        if assistant.writer:
            future = self._written(assistant, asked, told)
        else:
            future = self.work.submit(lambda: assistant.trace(asked))
        if is_new and (kept := self._kept):
            future.add_done_callback(lambda done: self._keep_later(kept, done))
        return future

    def _written(self, assistant: Assistant, asked: Asked, told: Told) -> Future[Trace]:
        # A separate future, which can be cancelled even while the answer is being written.
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
        """Cancel the waiting questions. Those being answered are finished."""
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
