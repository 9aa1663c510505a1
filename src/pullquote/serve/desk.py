"""Where questions wait: for the processor, and, when there is a writer, for its server."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.serve.workqueue import WorkQueue
from pullquote.types import NO_FILTERS, Answer, Filters, Turn
from pullquote.writing.written import Told

#: Answers that are written at the same time. They wait for another server, and not for ours.
_WRITERS = 8


class Desk:
    """Takes the questions of all visitors. Safe to share by threads.

    Reading is work for the processor, and is done for few at a time; a language model that takes
    half a minute must not hold it up, so its answers have threads of their own.
    """

    def __init__(self, settings: Settings) -> None:
        self.work = WorkQueue(settings.queue)
        self._writing = WorkQueue(settings.queue, _WRITERS)

    def ask(
        self,
        assistant: Assistant,
        question: str,
        history: Sequence[Turn] = (),
        document_id: str | None = None,
        filters: Filters = NO_FILTERS,
        told: Told = lambda _: None,
    ) -> Future[Answer]:
        """The answer in its turn; as :meth:`Assistant.ask`. Raises ``BusyError``."""
        asked = (question, history, document_id, filters)

        def read() -> Answer:
            return assistant.trace(*asked).answer

        def write() -> Answer:
            understood = assistant.understand(*asked)
            trace = self.work.run(lambda: assistant.trace(*asked, understood))
            return assistant.written(trace, told)

        return self._writing.submit(write) if assistant.writer else self.work.submit(read)

    def close(self) -> None:
        """Cancel what waits. What is being answered is answered."""
        self.work.close()
        self._writing.close()
