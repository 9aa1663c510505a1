"""The worker process that reads files for :class:`pullquote.ingest.sandbox.Sandbox`, one by one.

It receives requests on standard input and sends results on standard output; both are hidden from
the parsers. It keeps no state between files, so it may be killed at any time.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from pullquote.errors import CorpusError
from pullquote.ingest.formats import LISTINGS, READERS
from pullquote.ingest.formats.wire import receive, result, send, short_reason

#: Sent when a file was read to its end.
DONE = {"done": True}
#: Sent before the process exits after running out of memory, when its state is unreliable.
NO_MEMORY = {"memory": True}


def main() -> None:
    """Serve requests until the input ends."""
    settings = json.loads(sys.argv[1])
    requests, results = _channels()
    _limit(settings["memory"])
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    readers = {**READERS, **LISTINGS, **settings["readers"]}
    try:
        send(results, {"ready": True})
        while (request := receive(requests)) is not None:
            _serve(request, readers, results, settings["seconds"])
    except BrokenPipeError:
        pass
    # Skip the libraries' exit handlers; we have nothing left to do.
    os._exit(0)


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, moved to other descriptors so that parsers cannot read or print there."""
    requests = os.fdopen(os.dup(0), "rb")
    results = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return requests, results


def _limit(memory: int) -> None:
    """Limit the process to ``memory`` bytes beyond its current size, and disable core dumps."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    has = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        has = pages * resource.getpagesize()
    # macOS rejects limits below the gigabytes of address space that every process gets.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (has + memory, has + memory))


def _serve(
    request: dict[str, Any], readers: dict[str, str], results: BinaryIO, seconds: float
) -> None:
    try:
        module, _, function = readers[request["kind"]].partition(":")
        _watch(seconds)
        read = getattr(import_module(module), function)
        for item in read(request["article_id"], Path(request["path"]), request["url"]):
            _watch(0)  # time spent waiting for the other side does not count
            send(results, result(item))
            _watch(seconds)
        _watch(0)
        message: dict[str, Any] = DONE
    except MemoryError:
        _give_up(results, NO_MEMORY)
    except BrokenPipeError:
        raise
    except CorpusError as error:
        _watch(0)
        message = {"reason": short_reason(str(error))}
    except Exception as error:
        _watch(0)
        message = {"reason": short_reason(f"its parser failed ({type(error).__name__})")}
    send(results, message)


def _watch(seconds: float) -> None:
    """End this process after far too long, in case the parent, which normally does so, is gone.

    ``seconds`` 0 stops the timer.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds and 2 * seconds + 5)


def _give_up(results: BinaryIO, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError, MemoryError):
        send(results, message)
    os._exit(1)


if __name__ == "__main__":
    main()
