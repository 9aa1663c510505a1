"""Waiting for what another thread or process does."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does, a minute at most."""
    end = monotonic() + 60
    while not condition():
        assert monotonic() < end
        sleep(0.01)
