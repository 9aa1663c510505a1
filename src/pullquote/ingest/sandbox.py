"""Reads untrusted files in a separate process, which may hang, crash or run out of memory.

Parsers of web pages, PDF and Word files are large, partly written in C, and read files from
anybody. A failure costs only that one file, and the reason is reported.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, TypeVar, cast

from pullquote.errors import CorpusError
from pullquote.ingest import formats
from pullquote.ingest.formats import Fault
from pullquote.ingest.formats.wire import WireError, listed, receive, received, send
from pullquote.ingest.listing import Listed
from pullquote.types import Article

T = TypeVar("T")

#: Seconds per article. The slowest page in ten thousand takes 2, a report of 300 pages 10.
SECONDS = 30.0

#: Bytes of memory that a worker may use beyond its initial size; a page of 10 MB takes 500 MB.
MEMORY = 2_000_000_000

#: Seconds for starting a worker, even on a busy machine.
_START = 60.0

#: The worker uses its parent's import path, but never the current folder, which may be a corpus
#: that holds a file "lxml.py".
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from pullquote.ingest.formats.worker import main; main()"
)

#: The only environment variables passed to the worker; others may hold secrets.
_PASSED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")

#: Kinds read without a worker, because only our own small code parses them.
_IN_PROCESS = frozenset(("plain",))
#: Kinds whose articles come with their own ids.
_OWN_IDS = frozenset(("json", "ndjson"))
#: The most pages accepted from one listing; a sitemap may have 50,000.
_MOST_LISTED = 500_000


class Sandbox:
    """Reads files of all kinds in worker processes. A context manager, thread-safe.

    ``seconds`` is the time limit per article. ``memory`` is how many bytes a worker may use beyond
    its initial size; the limit is enforced only on Linux. ``readers`` adds kinds:
    ``{"kind": "module:function"}``.

    Workers are started on demand and reused. Concurrent reads use different workers.
    """

    def __init__(
        self,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        readers: Mapping[str, str] | None = None,
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._readers = dict(readers or {})
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers, including busy ones. May be called more than once."""
        with self._lock:
            self._closed = True
            workers = [*self._idle, *self._busy]
            self._idle.clear()
        for worker in workers:
            worker.end()

    def read(
        self, kind: str, article_id: str, path: Path, url: str | None = None
    ) -> Iterator[Article | Fault]:
        """Like :func:`pullquote.ingest.formats.read`, but in a worker process.

        Articles are read lazily: the worker waits until the next one is requested. Raises
        :class:`CorpusError` with the reason if the file cannot be read, or its parser takes too
        long, takes too much memory, or crashes.
        """
        if kind in _IN_PROCESS and kind not in self._readers:
            yield from formats.read(kind, article_id, path, url)
            return
        if kind not in {*formats.READERS, *self._readers}:
            raise ValueError(f"there is no kind of file {kind!r}")

        def carried(message: dict[str, Any]) -> Article | Fault | str:
            return received(message, article_id, kind in _OWN_IDS)

        items: Iterator[Article | Fault] = self._read(kind, article_id, path, url, carried)
        yield from items

    def listing(self, kind: str, content: str, url: str) -> Iterator[Listed]:
        """The pages that a ``"feed"`` or a ``"sitemap"`` from ``url`` lists, in order.

        ``content`` is its XML. Raises :class:`CorpusError` like :meth:`read`.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "listing")
            path.write_bytes(content.encode("utf-8", "replace"))
            # A limit above any real listing, so that a broken worker cannot fill our memory.
            yield from islice(self._read(kind, "", path, url, listed), _MOST_LISTED)

    def _read(
        self,
        kind: str,
        article_id: str,
        path: Path,
        url: str | None,
        carried: Callable[[dict[str, Any]], T | str],
    ) -> Iterator[T]:
        """Yield what a worker reads from ``path``; ``carried`` gives a message's item or error."""
        worker = self._take()
        sound = False
        try:
            worker.request(kind, article_id, os.path.abspath(path), url)
            while (message := worker.next()) is not None:
                item = carried(message)
                if isinstance(item, str):
                    sound = True
                    raise CorpusError(item)
                yield item
            sound = True
        except WireError as error:
            raise CorpusError("its parser answered what makes no sense") from error
        finally:
            # Also if the caller stops early: the worker is then still in the middle of the file.
            self._give_back(worker, sound)

    def _take(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise RuntimeError("the sandbox is closed")
            dead = [worker for worker in self._idle if not worker.is_alive()]
            self._idle = [worker for worker in self._idle if worker not in dead]
            idle = self._idle.pop() if self._idle else None
            if idle is not None:
                self._busy.add(idle)
        for worker in dead:  # killed while idle, so this file is not to blame
            worker.end()
        if idle is not None:
            return idle
        worker = _Worker(self._seconds, self._memory, self._readers)
        with self._lock:
            self._busy.add(worker)
            closed = self._closed
        if closed:
            worker.end()
        return worker

    def _give_back(self, worker: _Worker, sound: bool) -> None:
        with self._lock:
            self._busy.discard(worker)
            if sound and not self._closed:
                self._idle.append(worker)
                return
        worker.end()


class _Worker:
    """One process, and the thread that kills it after its time limit. Reads one file at a time."""

    def __init__(self, seconds: float, memory: int, readers: Mapping[str, str]) -> None:
        self._seconds = seconds
        settings = {"seconds": seconds, "memory": memory, "readers": dict(readers)}
        paths = [os.path.abspath(entry) for entry in sys.path if entry]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _BOOT, json.dumps(paths), json.dumps(settings)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED if name in os.environ},
                # Ctrl-C goes to the terminal's foreground session only, so not to the worker.
                start_new_session=True,
            )
        except OSError as error:
            raise CorpusError(f"its parser cannot be started ({error.strerror})") from error
        self._requests = cast("BinaryIO", self._process.stdin)
        self._results = cast("BinaryIO", self._process.stdout)
        self._guard = threading.Lock()
        self._deadline: float | None = None
        self._late = False
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="pullquote-sandbox", daemon=True).start()
        self._ready = False

    def request(self, kind: str, article_id: str, path: str, url: str | None) -> None:
        """Ask the process to read a file."""
        if not self._ready:
            if self._receive(_START) != {"ready": True}:
                raise CorpusError("its parser cannot be started")
            self._ready = True
        with contextlib.suppress(OSError):  # the process has died: receiving reports why
            send(self._requests, {"kind": kind, "article_id": article_id, "path": path, "url": url})

    def next(self) -> dict[str, Any] | None:
        """The next message about the file, or ``None`` at its end."""
        message = self._receive(self._seconds)
        if message is None:
            raise CorpusError(self._cause_of_death())
        if message == {"memory": True}:
            raise CorpusError("its parser ran out of memory")
        return None if message == {"done": True} else message

    def is_alive(self) -> bool:
        """Whether the process can take another file."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the process if it is running, and wait until it has ended."""
        self._ended.set()
        self._kill()
        # Killed processes end at once, unless they wait for a broken disk.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        for pipe in (self._requests, self._results):
            with contextlib.suppress(OSError, ValueError):
                pipe.close()

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        with self._guard:
            self._deadline = time.monotonic() + seconds
        try:
            return receive(self._results)
        except (OSError, ValueError):  # closed by another thread
            return None
        finally:
            with self._guard:
                self._deadline = None

    def _watch(self) -> None:
        """Kill the process at its deadline. A new deadline is always at least ``step`` away."""
        step = min(self._seconds, _START)
        while True:
            with self._guard:
                left = step if self._deadline is None else self._deadline - time.monotonic()
                if left <= 0:
                    self._late = True
                    self._kill()
                    return
            if self._ended.wait(min(left, step)):
                return

    def _kill(self) -> None:
        if self._process.poll() is not None:
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)  # it leads its own process group
            else:
                self._process.kill()

    def _cause_of_death(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        code = self._process.poll()
        if self._late:
            return f"reading it took longer than {self._seconds:g} seconds"
        if code is None or self._ended.is_set():
            return "its parser was stopped"
        if code == -9:
            return "its parser was killed (signal 9), most likely for want of memory"
        if code < 0:
            return f"its parser crashed (signal {-code})"
        return f"its parser ended early (exit status {code})"
