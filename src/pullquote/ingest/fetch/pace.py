"""How soon the same host is asked again."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """Keeps a distance between the end of one request to a host and the beginning of the next.

    ``clock`` and ``sleep`` are in seconds; the clock is monotonic.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._ended: dict[str, float] = {}

    def wait(self, host: str, delay: float) -> None:
        """Wait until the last request to ``host`` is ``delay`` seconds old; the first waits not."""
        if host not in self._ended:
            return
        left = self._ended[host] + delay - self._clock()
        if left > 0:
            self._sleep(left)

    def done(self, host: str) -> None:
        """A request to ``host`` has just ended, well or badly."""
        self._ended[host] = self._clock()
