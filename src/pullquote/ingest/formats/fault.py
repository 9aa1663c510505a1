"""What is reported of a bad entry, and how a library's own errors become a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pullquote.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad entry in a file of many: ``where`` it stands ("line 12") and what is wrong.

    ``reason`` is the end of the sentence "left out X: ...", like that of a
    :class:`~pullquote.errors.CorpusError`.
    """

    where: str
    reason: str


@contextmanager
def damaged(reason: str) -> Iterator[None]:
    """Raise :class:`CorpusError` with ``reason`` for whatever a parsing library raises inside.

    The parsers of others meet files that nobody foresaw, and answer with IndexError,
    RecursionError and much else: all of it says that the file is not what its name promises.
    Running out of memory is no fault of the file's form, and passes.
    """
    try:
        yield
    except (CorpusError, MemoryError):
        raise
    except Exception as error:
        raise CorpusError(reason) from error
