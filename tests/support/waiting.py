"""Waits for another thread or process."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep


def until(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` is true, for a minute at most."""
    end = monotonic() + 60
    while not condition():
        assert monotonic() < end
        sleep(0.01)
