"""How an index in Milvus differs from one in a folder, and what two servers over one index do.

``python -m benchmarks.milvus [ARTICLES [QUESTIONS [ASKED]]]`` indexes the project's own articles,
and so many mixed from their paragraphs, in a folder and in Milvus Lite. It prints

- whether both find the same passages, and how long a search takes in each, without embedding the
  question;
- the bytes and the milliseconds that an article costs in each, once it is embedded;
- answers a second of one and of two servers over one Milvus Lite server at 127.0.0.1, asked ASKED
  questions by 32 askers, and what happens to the questions when one server is killed.

Milvus Lite stands in for Milvus: compare ratios. Its files hold text and vectors uncompressed.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, sleep

import httpx
from milvus_lite.server_manager import server_manager_instance

from benchmarks import many, sets
from benchmarks.served import served
from pullquote.config import Settings
from pullquote.evaluate.stress.remembering import Remembering
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.interface import Store
from pullquote.index.opened import open_store
from pullquote.index.update import Report, update
from pullquote.index_place import MilvusPlace, Place
from pullquote.protocols import Embedder
from pullquote.retrieval.retrieve import Retriever

_PROJECT = Path(__file__).parent.parent
_SETS = tuple(_PROJECT / "tests" / "questions" / name for name in ("gazette", "heldout", "amazon"))
_CORPORA = (_PROJECT / "corpus", _SETS[0] / "corpus", _SETS[1] / "corpus")

ARTICLES, QUESTIONS, ASKED, ASKERS, PASSAGES = 150, 500, 96, 32, 8


def main(articles: int = ARTICLES, questions: int = QUESTIONS, asked: int = ASKED) -> None:
    """Print a line for each figure."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # Milvus's copy of what is short belongs to the measured files.
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        many.make(folder, articles, _CORPORA)
        embedder: Embedder = SentenceTransformersEmbedder.open(Settings().embedder)
        file = folder / "kept.db"
        places: list[Place] = [folder / "index", MilvusPlace(str(file), "pullquote")]
        stores: list[Store] = []
        for place in places:
            if stores:
                embedder = Remembering(embedder, stores[0], stores[0].articles)
            started = perf_counter()
            report = _indexed(place, [*_CORPORA, folder / "corpus"], embedder)
            seconds = perf_counter() - started
            stores.append(open_store(place))
            print(
                f"{place.__class__.__name__}: {report.articles:,} articles, {report.passages:,} "
                f"passages, {1000 * seconds / report.articles:.1f} ms an article"
                + (", embedded before" if len(stores) > 1 else "")
            )
        texts = _questions(questions, stores[0])
        _compare(stores, embedder, texts)
        server_manager_instance.release_all()
        for name in ("index", file.name, "cache"):
            size = sum(one.stat().st_size for one in (folder / name).rglob("*") if one.is_file())
            print(f"{name}: {size / report.articles:,.0f} bytes an article")
        _serve(file, texts, asked)


def _indexed(place: Place, corpora: Sequence[Path], embedder: Embedder) -> Report:
    return update(corpora, place, embedder.name, lambda _: embedder)


def _questions(count: int, store: Store) -> list[str]:
    """Questions of the sets, and sentences of the articles where those are too few."""
    texts = [item.text for folder in _SETS for item in sets.read(folder).questions]
    for article_id in store.articles if len(texts) < count else ():
        text = store.article(article_id).text
        texts += [text[one.start : one.end] for one in store.sentences(article_id)]
    return list(dict.fromkeys(texts))[:count]


def _compare(stores: Sequence[Store], embedder: Embedder, questions: Sequence[str]) -> None:
    finders = [Retriever(store, embedder, PASSAGES) for store in stores]
    embedder.encode(questions)  # remembered
    seconds: list[list[float]] = [[], []]
    first = shared = whole = 0
    for number, question in enumerate(questions):
        found: list[list[tuple[str, int, int]]] = [[], []]
        for which in (0, 1) if number % 2 else (1, 0):
            started = perf_counter()
            hits = finders[which].retrieve(question)
            seconds[which].append(perf_counter() - started)
            found[which] = [
                (hit.passage.article_id, hit.passage.first, hit.passage.last) for hit in hits
            ]
        here, there = found
        first += here[:1] == there[:1]
        whole += len(here)
        shared += len({*here} & {*there})
    folder, milvus = (statistics.median(some) for some in seconds)
    last = [statistics.quantiles(some, n=20)[-1] for some in seconds]
    print(
        f"{len(questions)} questions: the same first passage for {first / len(questions):.3f}, "
        f"{PASSAGES * shared / whole:.2f} of {PASSAGES} passages shared"
    )
    print(
        f"a search: folder {folder * 1000:.1f} ms (slowest twentieth {last[0] * 1000:.0f}), Milvus "
        f"{milvus * 1000:.1f} ms (slowest twentieth {last[1] * 1000:.0f}), ratio of the medians "
        f"{milvus / folder:.1f}"
    )


def _serve(file: Path, questions: Sequence[str], asked: int) -> None:
    with ExitStack() as running:
        place = running.enter_context(_lite(file))
        servers = [running.enter_context(served(place)) for _ in range(2)]
        addresses = [server.address for server in servers]
        asyncio.run(_ask_all(addresses, islice(cycle(questions), 8)))  # warm up
        for some in (addresses[:1], addresses):
            counts, seconds = asyncio.run(_ask_all(some, islice(cycle(questions), asked)))
            print(
                f"{ASKERS} askers, {len(some)} of 2 servers: {asked / seconds:.1f} answers a "
                f"second, {_told(counts)}"
            )

        def kill(done: int) -> None:
            if done == asked // 3:
                servers[0].process.kill()

        counts, seconds = asyncio.run(_ask_all(addresses, islice(cycle(questions), asked), kill))
        print(
            f"{ASKERS} askers, 2 servers, one killed after a third: {asked / seconds:.1f} "
            f"answers a second, {_told(counts)}"
        )


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {counts[name]}" for name in ("at once", "by a retry", "lost"))


async def _ask_all(
    addresses: Sequence[str],
    questions: Iterator[str],
    after: Callable[[int], None] = lambda done: None,
) -> tuple[Counter[str], float]:
    """Ask all questions, each of the servers in turn; one that fails is asked of the other, once.

    ``after`` is called with the number of questions answered. Returns how many questions were
    answered at once, by a retry, and not at all; and the seconds in all.
    """
    counts: Counter[str] = Counter()

    async def answered(client: httpx.AsyncClient, address: str, question: str) -> bool:
        with suppress(httpx.HTTPError):
            response = await client.post(f"{address}/api/ask", json={"question": question})
            return response.status_code == 200
        return False

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        for question in questions:
            first = addresses[number % len(addresses)]
            if await answered(client, first, question):
                counts["at once"] += 1
            elif await answered(client, addresses[(number + 1) % len(addresses)], question):
                counts["by a retry"] += 1
            else:
                counts["lost"] += 1
            after(counts.total())

    started = perf_counter()
    limits = httpx.Limits(max_connections=2 * ASKERS)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        await asyncio.gather(*(ask(client, number) for number in range(ASKERS)))
    return counts, perf_counter() - started


@contextmanager
def _lite(file: Path) -> Iterator[MilvusPlace]:
    """Milvus Lite as a server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(file)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, "--port", str(port)], stdout=quiet, stderr=quiet)
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            sleep(0.1)
        yield MilvusPlace(f"http://127.0.0.1:{port}", "pullquote")
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
