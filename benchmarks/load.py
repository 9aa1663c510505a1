"""Whether a server stays right, and its memory flat, while many ask and the articles change.

``python -m benchmarks.load [--askers 100] [--seconds 300] [--changes 50] [--queue 32]`` runs
``pullquote watch`` and ``pullquote serve`` over the twelve articles of the gazette, and changes one
of them CHANGES times a minute. All askers ask questions about them over HTTP for SECONDS; whoever
is told to come again later does so. The exit status is 1 unless

- every citation is the text at its place in the article that has its digest,
- nothing failed but with 429 or 503, and
- the server holds no more memory in the last fifth of the time than in the second, with one tenth
  to spare.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

import httpx

from benchmarks import sets
from benchmarks.served import Server, served, started
from benchmarks.usage import open_files, resident
from benchmarks.versions import Versions
from pullquote.index.database import DATABASE

_GAZETTE = Path(__file__).parent.parent / "tests" / "questions" / "gazette"

#: By how much the memory may grow.
_GROWTH = 1.1

#: Statuses that tell an asker to come again later.
_LATER = (429, 503)


@dataclass
class Seen:
    """What the askers got: answers by the index they came from, and failures by their kind."""

    versions: Versions
    answers: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    citations: int = 0
    wrong: list[str] = field(default_factory=list)

    def take(self, answer: dict[str, Any]) -> None:
        """Count an answer, and compare its citations with the articles."""
        self.answers[answer["index"]["digest"]] += 1
        for quote in (*answer["citations"], *answer["closest"]):
            self.citations += 1
            text = self.versions.texts.get(quote["document_digest"], "")
            if text[quote["start_char_index"] : quote["end_char_index"]] != quote["cited_text"]:
                self.wrong.append(f"{quote['document_id']}: {quote['cited_text']!r}")

    def unexpected(self) -> list[str]:
        """The kinds of failures that must not happen."""
        return [kind for kind in self.failures if not kind.startswith(tuple(map(str, _LATER)))]


@dataclass
class Samples:
    """What the server used, once a second: MiB of memory, open files, MB of the database's log."""

    memory: list[float] = field(default_factory=list)
    files: list[float] = field(default_factory=list)
    log: list[float] = field(default_factory=list)

    def take(self, process: int, index: Path) -> None:
        """Add a sample."""
        log = index / f"{DATABASE}-wal"
        self.memory.append(resident(process))
        self.files.append(open_files(process))
        self.log.append(log.stat().st_size / 1e6 if log.exists() else 0.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures. Returns the exit status."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.load")
    for name, default in (("askers", 100), ("seconds", 300), ("changes", 50), ("queue", 32)):
        options.add_argument(f"--{name}", type=int, default=default)
    given = options.parse_args(arguments)
    questions = [question.text for question in sets.read(_GAZETTE).questions]
    with tempfile.TemporaryDirectory() as temporary:
        index = Path(temporary, "index")
        seen, samples = Seen(Versions(Path(temporary, "corpus"), [_GAZETTE / "corpus"])), Samples()
        corpus = ("--corpus", Path(temporary, "corpus"))
        with started("watch", *corpus, "--index", index, "--every", "1") as watching:
            watching.wait_for("Up to date")
            with served(index, queue=str(given.queue)) as server:
                asyncio.run(_load(server, index, questions, seen, samples, given))
                lines = server.log.read_text(encoding="utf-8").splitlines()[1:]
            runs = watching.log.read_text(encoding="utf-8").count("new or changed") - 1
    return _told(given.seconds, seen, samples, runs, lines)


async def _load(
    server: Server,
    index: Path,
    questions: Sequence[str],
    seen: Seen,
    samples: Samples,
    given: argparse.Namespace,
) -> None:
    end = monotonic() + given.seconds

    async def change() -> None:
        while monotonic() < end:
            seen.versions.change()
            await asyncio.sleep(60 / given.changes)

    async def sample() -> None:
        while monotonic() < end:
            samples.take(server.process.pid, index)
            await asyncio.sleep(1)

    # The server closes a connection after five seconds: it must not be used just then.
    limits = httpx.Limits(max_connections=given.askers, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=server.address, timeout=120, limits=limits) as client:
        asking = (_ask(client, random.Random(n), questions, seen, end) for n in range(given.askers))
        await asyncio.gather(change(), sample(), *asking)


async def _ask(
    client: httpx.AsyncClient,
    chance: random.Random,
    questions: Sequence[str],
    seen: Seen,
    end: float,
) -> None:
    while monotonic() < end:
        try:
            response = await client.post("/api/ask", json={"question": chance.choice(questions)})
        except httpx.HTTPError as error:
            seen.failures[type(error).__name__] += 1
            await asyncio.sleep(1)
            continue
        if response.status_code == 200:
            seen.take(response.json())
            continue
        seen.failures[f"{response.status_code} {_code(response)}"] += 1
        wait = float(response.headers.get("Retry-After", 1))
        await asyncio.sleep(max(0.0, min(wait, end - monotonic())))


def _code(response: httpx.Response) -> str:
    """The code of an error, or what came instead."""
    try:
        return str(response.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return repr(response.text[:80])


def _told(seconds: int, seen: Seen, samples: Samples, runs: int, log: Sequence[str]) -> int:
    print(
        f"{seen.answers.total():,} answers in {seconds} s, of {len(seen.answers):,} states of the "
        f"index; {seen.versions.changes:,} changes, {runs:,} indexing runs"
    )
    print(f"{seen.citations:,} citations, {len(seen.wrong):,} wrong")
    for wrong in seen.wrong[:5]:
        print(f"  {wrong}")
    for kind, times in seen.failures.most_common():
        print(f"{times:,} times {kind}")
    for name, values in (
        ("memory, MiB", samples.memory),
        ("open files", samples.files),
        ("log of the index, MB", samples.log),
    ):
        early, late = _fifths(values)
        print(f"{name}: {early:,.1f} early, {late:,.1f} at the end, {max(values):,.1f} at most")
    print(f"{len(log)} lines in the server's log", *log[-5:], sep="\n  ")
    early, late = _fifths(samples.memory)
    return int(bool(seen.wrong or seen.unexpected() or late > _GROWTH * early))


def _fifths(values: Sequence[float]) -> tuple[float, float]:
    """The medians of the second fifth of the values and of the last."""
    size = max(1, len(values) // 5)
    return median(values[size : 2 * size] or values), median(values[-size:])


if __name__ == "__main__":
    sys.exit(main())
