"""Runs ``pullquote`` for a benchmark until it is told to stop, above all as a server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import httpx

from pullquote.index_place import Place


@dataclass(frozen=True, slots=True)
class Started:
    """A running process; ``log`` is the file of all that it has written."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, pattern: str) -> str:
        """The first text in the log that matches. Ends the program if the process ends before."""
        while True:
            ended = self.process.poll() is not None
            text = self.log.read_text(encoding="utf-8")
            if found := re.search(pattern, text):
                return found.group()
            if ended:
                sys.exit(f"It has ended: {text}")
            sleep(0.1)


@contextmanager
def started(*command: str | Path, **settings: str) -> Iterator[Started]:
    """Run ``pullquote COMMAND`` until the end of the block, with ``settings``."""
    variables = {f"PULLQUOTE_{name.upper()}": value for name, value in settings.items()}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "pullquote", *map(str, command)],
                stdout=written,
                stderr=written,
                env={**os.environ, **variables},
            )
        try:
            yield Started(process, log)
        finally:
            process.terminate()
            process.wait(30)


@dataclass(frozen=True, slots=True)
class Server(Started):
    """A server that can answer."""

    address: str


@contextmanager
def served(index: Place, **settings: str) -> Iterator[Server]:
    """A server over ``index``, without limits to the number of questions unless they are set."""
    given = {"rate_limit": "1000000", "queue": "100", **settings}
    with started("serve", "--port", "0", "--index", str(index), **given) as running:
        address = running.wait_for(r"http://\S+")
        while (state := httpx.get(f"{address}/healthz").json()["status"]) != "ok":
            if state == "failed":
                sys.exit(running.log.read_text(encoding="utf-8"))
            sleep(0.2)
        yield Server(running.process, running.log, address)
