"""Limits how often the same host is contacted."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """Keeps a delay between the end of one request to a host and the beginning of the next.

    ``clock`` and ``sleep`` are in seconds; the clock is monotonic.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._ended: dict[str, float] = {}

    def wait(self, host: str, delay: float) -> None:
        """Wait until ``delay`` seconds after the last request to ``host``, if there was one."""
        if host not in self._ended:
            return
        left = self._ended[host] + delay - self._clock()
        if left > 0:
            self._sleep(left)

    def done(self, host: str) -> None:
        """Record that a request to ``host`` has just ended, successfully or not."""
        self._ended[host] = self._clock()
