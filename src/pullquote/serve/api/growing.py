"""A growing answer, for routes that stream it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from pullquote.asked import Asked
from pullquote.assistant import Assistant
from pullquote.serve.desk import Desk
from pullquote.types import Answer


class Growing:
    """A question that is queued and answered in parts. Raises ``BusyError`` for a full queue."""

    def __init__(self, desk: Desk, assistant: Assistant, asked: Asked) -> None:
        loop = asyncio.get_running_loop()
        self._parts: asyncio.Queue[Answer] = asyncio.Queue()

        def told(part: Answer) -> None:
            loop.call_soon_threadsafe(self._parts.put_nowait, part)

        self._future = asyncio.wrap_future(desk.trace(assistant, asked, told))

    async def parts(self, sign_of_life: float) -> AsyncGenerator[Answer | None, None]:
        """Each partial answer; ``None`` after every ``sign_of_life`` seconds without one.

        Closing the generator early frees the place in the queue and stops the writer.
        """
        more = asyncio.ensure_future(self._parts.get())
        try:
            while not self._future.done():
                both: list[asyncio.Future[Any]] = [self._future, more]
                waited, _ = await asyncio.wait(
                    both, timeout=sign_of_life, return_when=asyncio.FIRST_COMPLETED
                )
                if more.done():
                    yield more.result()
                    more = asyncio.ensure_future(self._parts.get())
                elif not waited:
                    yield None
        finally:
            more.cancel()
            self._future.cancel()

    @property
    def whole(self) -> Answer:
        """The whole answer, after the parts have ended. Raises the error of answering, if any."""
        return self._future.result().answer
