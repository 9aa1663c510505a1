"""The process that reads files for :class:`pullquote.ingest.sandbox.Sandbox`: one after another.

Its standard input brings requests, its standard output takes results, and both are hidden from
the parsers. It holds nothing between two files, so that it may die at any time.
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

#: Sent when a file ended well.
DONE = {"done": True}
#: Sent before the process gives up, for what is left of its memory is not to be trusted.
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
    # Skips whatever the libraries would still do at the end; nothing of ours is left to do.
    os._exit(0)


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, moved to where no parser reads or prints."""
    requests = os.fdopen(os.dup(0), "rb")
    results = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return requests, results


def _limit(memory: int) -> None:
    """Bound what the process may take: ``memory`` bytes over what it has, and no core file."""
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
    # macOS refuses a limit below the gigabytes of address space that it gives to everybody.
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
            _watch(0)  # waiting for the other side is no fault of the file
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
    """End this process if the file takes far too long: its parent, which does so, may be gone."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds and 2 * seconds + 5)


def _give_up(results: BinaryIO, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError, MemoryError):
        send(results, message)
    os._exit(1)


if __name__ == "__main__":
    main()
