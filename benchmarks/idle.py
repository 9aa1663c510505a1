"""How much of a core a server uses while nobody asks.

``python -m benchmarks.idle [SECONDS [SETTLE]]`` starts a server over the project's article, waits
SETTLE seconds (default 20), in which the questions to begin with are answered, and measures for
SECONDS (default 60): without a visitor, and with the page open in Chromium, if there is one. It
prints the share of a core, how often a second a thread wakes up, and the busiest threads.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

from benchmarks.served import served
from benchmarks.usage import processor_seconds, threads
from pullquote.config import Settings
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.update import update
from tests.support.browser import CHROMIUM, chromium

#: Threads that are named.
_BUSIEST = 4


def main(seconds: float = 60.0, settle: float = 20.0) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder, "index"))
        update(
            settings.corpus, settings.index, settings.embedder, SentenceTransformersEmbedder.open
        )
        with served(settings.index) as server:
            sleep(settle)
            _measure("nobody", server.process.pid, seconds)
            if not CHROMIUM:
                print("no Chromium on this machine: not measured with an open page")
                return
            with chromium() as browser:
                page = browser.new_page()
                page.goto(server.address)
                page.wait_for_timeout(1000 * settle)
                _measure("one open page", server.process.pid, seconds)


def _measure(who: str, process: int, seconds: float) -> None:
    before = threads(process)
    used, began = -processor_seconds(process), monotonic()
    sleep(seconds)
    used += processor_seconds(process)
    taken = monotonic() - began
    shares: dict[str, float] = {}
    waits = 0
    for name, (own, times) in threads(process).items():
        own_before, times_before = before.get(name, (0.0, 0))
        shares[name] = (own - own_before) / taken
        waits += times - times_before
    busiest = sorted(shares, key=lambda name: -shares[name])[:_BUSIEST]
    print(
        f"{who}: {used / taken:.2%} of a core, {waits / taken:,.0f} wake-ups a second; busiest: "
        + ", ".join(f"{name} {shares[name]:.2%}" for name in busiest)
    )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
