"""Reports bad entries, and turns a library's errors into our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pullquote.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Fault:
    """A bad entry in a file with many: ``where`` it is ("line 12"), and the ``reason``.

    The reason is the end of the sentence "left out X: ...", as in a
    :class:`~pullquote.errors.CorpusError`.
    """

    where: str
    reason: str


@contextmanager
def damaged(reason: str) -> Iterator[None]:
    """Raise :class:`CorpusError` with ``reason`` for any exception of a parsing library.

    Third-party parsers raise IndexError, RecursionError and many others for malformed files.
    MemoryError is passed on, since it does not mean that the file is malformed.
    """
    try:
        yield
    except (CorpusError, MemoryError):
        raise
    except Exception as error:
        raise CorpusError(reason) from error
