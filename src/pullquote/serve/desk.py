"""Where questions wait: for the processor, and, when there is a writer, for its server."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from pullquote.config import Settings
from pullquote.limits import Asked
from pullquote.serve.workqueue import WorkQueue
from pullquote.types import Answer

if TYPE_CHECKING:
    from pullquote.assistant import Assistant
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
        self, assistant: Assistant, asked: Asked, told: Told = lambda _: None
    ) -> Future[Answer]:
        """The answer in its turn; whoever shows it has the gate check it. Raises ``BusyError``."""
        if assistant.writer:
            return self._writing.submit(lambda: assistant.trace(asked, told, self.work.run).answer)
        return self.work.submit(lambda: assistant.trace(asked).answer)

    def close(self) -> None:
        """Cancel what waits. What is being answered is answered."""
        self.work.close()
        self._writing.close()
