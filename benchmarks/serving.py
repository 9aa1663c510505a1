"""How much the widget adds to a page, and how fast a server answers many people at once.

``python -m benchmarks.serving`` prints the bytes and requests that the widget adds to a page before
it is opened, and the time to the first and the last byte of an answer with 1, 8 and 32 people
asking at once. Between machines, compare the ratio to the time with one person asking.
"""

from __future__ import annotations

import asyncio
import gzip
import statistics
import tempfile
from importlib.resources import files
from pathlib import Path
from time import perf_counter

import httpx

from benchmarks.served import served
from benchmarks.speed import QUESTIONS
from pullquote.config import Settings
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.update import update
from pullquote.index_place import Place

#: Questions for each number of askers.
ASKED = 96


def main() -> None:
    """Print a line for each figure."""
    content = (files("pullquote") / "serve" / "static" / "widget.js").read_bytes()
    packed = len(gzip.compress(content, 9))
    print(f"widget.js: {packed:,} bytes gzipped ({len(content):,} as it is); 1 request before it")
    print("is opened, 1 more for each question")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder, "index"))
        update(
            settings.corpus, settings.index, settings.embedder, SentenceTransformersEmbedder.open
        )
        _serve(settings.index)


def _serve(index: Place) -> None:
    with served(index) as server:
        asyncio.run(_measure(server.address, 1, 16))  # warm up
        base = 0.0
        for askers in (1, 8, 32):
            first, last, seconds = asyncio.run(_measure(server.address, askers, ASKED))
            base = base or statistics.median(last)
            print(
                f"{askers:>2} askers: first byte {_shown(first)}, last byte {_shown(last)} "
                f"({statistics.median(last) / base:.1f} times one asker's), "
                f"{ASKED / seconds:.1f} answers a second"
            )


async def _measure(
    address: str, askers: int, questions: int
) -> tuple[list[float], list[float], float]:
    """Seconds to the first and to the last byte of each answer, and in all."""
    waiting = list(QUESTIONS) * questions
    del waiting[questions:]
    first: list[float] = []
    last: list[float] = []

    async def ask(client: httpx.AsyncClient) -> None:
        while waiting:
            question = waiting.pop()
            started = perf_counter()
            body = {"question": question}
            async with client.stream("POST", "/api/ask/stream", json=body) as response:
                response.raise_for_status()
                pieces = response.aiter_raw()
                await anext(pieces)
                first.append(perf_counter() - started)
                async for _ in pieces:
                    pass
            last.append(perf_counter() - started)

    started = perf_counter()
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        await asyncio.gather(*(ask(client) for _ in range(askers)))
    return first, last, perf_counter() - started


def _shown(seconds: list[float]) -> str:
    ninth = statistics.quantiles(seconds, n=10)[-1]
    return f"{statistics.median(seconds) * 1000:,.0f} ms (nine of ten {ninth * 1000:,.0f})"


if __name__ == "__main__":
    main()
