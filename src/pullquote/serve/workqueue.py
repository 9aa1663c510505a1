"""A bounded queue of questions: what cannot be answered soon is refused at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from threading import Lock
from time import monotonic
from typing import TypeVar

from pullquote.errors import BusyError

T = TypeVar("T")

#: Questions answered at the same time. One keeps the network's threads busy by itself; the second
#: retrieves meanwhile.
WORKERS = max(2, min(4, os.cpu_count() or 2))

_STOPPING = "The server is being stopped."

#: Seconds that an answer is taken to need before any was timed.
_GUESS = 0.5


class WorkQueue:
    """Runs ``workers`` jobs at a time and lets ``waiting`` more wait, first come first served.

    Safe to share by threads. The threads end with the program, after the jobs that they are at.
    """

    def __init__(self, waiting: int, workers: int = WORKERS) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._workers = workers
        self._room = waiting + workers
        self._pending = 0
        self._seconds = _GUESS
        self._lock = Lock()

    def submit(self, job: Callable[[], T]) -> Future[T]:
        """``job`` in its turn. Raises :class:`BusyError` when the queue is full or closed.

        A future that is cancelled while it waits gives up its place.
        """
        with self._lock:
            if self._pending >= self._room:
                wait = self._wait()
                raise BusyError(
                    "Too many questions are waiting. Ask again in "
                    f"{wait} second{'' if wait == 1 else 's'}."
                )
            self._pending += 1
        try:
            future = self._pool.submit(self._timed, job)
        except BaseException as error:
            self._leave(None)
            if isinstance(error, RuntimeError):  # it was closed
                raise BusyError(_STOPPING) from error
            raise
        future.add_done_callback(self._leave)
        return future

    def run(self, job: Callable[[], T]) -> T:
        """``job``'s result, after its turn. Raises :class:`BusyError`, and what ``job`` raises."""
        try:
            return self.submit(job).result()
        except CancelledError as error:
            raise BusyError(_STOPPING) from error

    @property
    def retry_after(self) -> int:
        """In how many seconds a full queue is likely to have room for more than a few."""
        with self._lock:
            return self._wait()

    def close(self) -> None:
        """Cancel what waits. What is being answered is answered."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _wait(self) -> int:
        return max(1, round(self._seconds * self._room / self._workers / 2))

    def _timed(self, job: Callable[[], T]) -> T:
        started = monotonic()
        try:
            return job()
        finally:
            with self._lock:
                self._seconds += 0.1 * (monotonic() - started - self._seconds)

    def _leave(self, _: object) -> None:
        with self._lock:
            self._pending -= 1
