"""Opening a file that may be a pipe, a device, gone, or too big: with a reason, never hanging."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from pullquote.errors import CorpusError

#: Not waiting for somebody to write to a pipe that took the file's place; absent on Windows.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path, limit: int | None = None) -> BinaryIO:
    """The regular file at ``path``, open for reading.

    Raises :class:`CorpusError` when there is none, it cannot be read, or has more than ``limit``
    bytes.
    """
    try:
        if not path.is_file():
            raise CorpusError(_not_regular(path))
        file = os.fdopen(os.open(path, os.O_RDONLY | _NO_WAIT), "rb")
    except ValueError:  # a null character in its name
        raise CorpusError("its name cannot be a file's: rename it") from None
    except OSError as error:
        raise CorpusError(f"it cannot be read ({error.strerror})") from error
    try:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):  # exchanged since it was looked at
            raise CorpusError(_not_regular(path))
        if limit is not None and status.st_size > limit:
            raise CorpusError(too_big(status.st_size, limit))
    except BaseException:
        file.close()
        raise
    return file


def read_bytes(path: Path, limit: int) -> bytes:
    """The file's bytes. Raises :class:`CorpusError` as :func:`open_regular` does."""
    with open_regular(path, limit) as file:
        try:
            data = file.read(limit + 1)  # it may grow while it is read
        except OSError as error:
            raise CorpusError(f"it cannot be read ({error.strerror})") from error
    if len(data) > limit:
        raise CorpusError(too_big(len(data), limit))
    return data


def too_big(size: int, limit: int) -> str:
    """The reason for leaving out a file of ``size`` bytes where ``limit`` are allowed."""
    return (
        f"it has {size / 1e6:.1f} MB, more than the {limit / 1e6:.0f} MB that an "
        "article may have: split it"
    )


def _not_regular(path: Path) -> str:
    if not os.path.lexists(path):
        return "it is gone"
    return "it is not a regular file but a pipe, a device or a link to nothing"
