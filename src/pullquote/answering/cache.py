"""A small LRU cache, so that a conversation does not compute its earlier answers again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

#: Answers kept: a few kilobytes each.
_SIZE = 256

T = TypeVar("T")


class Recent(Generic[T]):
    """Keeps the values that were used most recently. Thread-safe."""

    def __init__(self, size: int = _SIZE) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of ``key``; made and kept when there is none."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        self.keep(key, made)
        return made

    def keep(self, key: Hashable, value: T) -> None:
        """Keep ``value``; the least recently used values are dropped when there are too many."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
