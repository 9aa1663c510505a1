"""A bounded queue of questions: when it is full, further questions are refused at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from threading import Lock
from time import monotonic
from typing import TypeVar

from pullquote.errors import BusyError

T = TypeVar("T")

#: How many questions are answered at the same time. One keeps the network's threads busy; the
#: second can retrieve meanwhile.
WORKERS = max(2, min(4, os.cpu_count() or 2))

_STOPPING = "The server is being stopped."

#: The assumed seconds per answer before any has been timed.
_GUESS = 0.5


class WorkQueue:
    """Runs ``workers`` jobs at a time and lets ``waiting`` more wait, first come first served.

    Thread-safe. Its threads end with the program, after their current jobs.
    """

    def __init__(self, waiting: int, workers: int = WORKERS) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._workers = workers
        self._room = waiting + workers
        self._pending = 0
        self._seconds = _GUESS
        self._lock = Lock()

    def submit(self, job: Callable[[], T]) -> Future[T]:
        """Queue ``job``. Raises :class:`BusyError` when the queue is full or closed.

        Cancelling the future of a waiting job frees its place.
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
        """Queue ``job`` and wait for its result. Raises :class:`BusyError` and its errors."""
        try:
            return self.submit(job).result()
        except CancelledError as error:
            raise BusyError(_STOPPING) from error

    @property
    def retry_after(self) -> int:
        """The seconds until a full queue has probably worked off half of its jobs."""
        with self._lock:
            return self._wait()

    def close(self) -> None:
        """Cancel the waiting jobs. Running jobs are finished."""
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
