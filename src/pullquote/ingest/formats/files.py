"""Opens files safely: fails with a reason, and never hangs, on pipes, devices and huge files."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from pullquote.errors import CorpusError

#: Do not block on a pipe that has replaced the file. The flag does not exist on Windows.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path, limit: int | None = None) -> BinaryIO:
    """Open the regular file at ``path`` for reading.

    Raises :class:`CorpusError` if there is none, it cannot be read, or it has more than ``limit``
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
        if not stat.S_ISREG(status.st_mode):  # replaced since the check above
            raise CorpusError(_not_regular(path))
        if limit is not None and status.st_size > limit:
            raise CorpusError(too_big(status.st_size, limit))
    except BaseException:
        file.close()
        raise
    return file


def read_bytes(path: Path, limit: int) -> bytes:
    """The file's bytes. Raises :class:`CorpusError` like :func:`open_regular`."""
    with open_regular(path, limit) as file:
        try:
            data = file.read(limit + 1)  # the file may grow while it is read
        except OSError as error:
            raise CorpusError(f"it cannot be read ({error.strerror})") from error
    if len(data) > limit:
        raise CorpusError(too_big(len(data), limit))
    return data


def too_big(size: int, limit: int) -> str:
    """The error message for a file with ``size`` bytes if only ``limit`` are allowed."""
    return (
        f"it has {size / 1e6:.1f} MB, more than the {limit / 1e6:.0f} MB that an "
        "article may have: split it"
    )


def _not_regular(path: Path) -> str:
    if not os.path.lexists(path):
        return "it is gone"
    return "it is not a regular file but a pipe, a device or a link to nothing"
