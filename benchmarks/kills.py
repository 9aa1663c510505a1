"""Kills indexing runs at random moments, and looks after each kill whether the index is whole.

``python -m benchmarks.kills [KILLS [ARTICLES [SEED]]]`` (500, 120 and 1) changes some articles,
indexes them in another process with the tests' stand-in for the embedding model, and kills that
process with SIGKILL. Then a copy of the index must be whole (:mod:`benchmarks.intact`), an article
that was withdrawn must stay out, and the next run must be able to write. Now and then the index is
begun anew. At the end the index must be the same as one that is built afresh. The exit status is 1
if anything was wrong.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from select import select
from statistics import mean
from time import monotonic

from benchmarks import intact
from pullquote.digest import article_digest
from pullquote.errors import IndexUnusableError
from pullquote.index import run, search
from pullquote.index.update import update, withdraw
from pullquote.ingest.corpus import read_text
from tests.support.indexes import HashingEmbedder

#: After so many kills a new index is begun.
_ANEW = 50

#: After so many kills one after the other a run may end.
_IN_A_ROW = 10

#: Articles that are changed before each run; one more is added, and one removed.
_CHANGED = 4

#: Exit statuses of a process: all is well, something is wrong, and there is no index yet.
_WELL, _WRONG, _NONE = 0, 1, 2

_WITHDRAWN = "withdrawn.txt"


class Corpus:
    """Articles that change. ``digests`` are those of all their versions."""

    def __init__(self, folder: Path, articles: int, chance: random.Random) -> None:
        folder.mkdir()
        self.folder = folder
        self.digests: set[str] = set()
        self._chance = chance
        self._count = 0
        self._names: list[str] = []
        self._write(_WITHDRAWN)
        for _ in range(articles):
            self._add()

    def change(self) -> None:
        """Change some articles, add one, and remove one."""
        for name in (_WITHDRAWN, *self._chance.sample(self._names, _CHANGED)):
            self._write(name)
        self._add()
        gone = self._names.pop(self._chance.randrange(len(self._names)))
        (self.folder / gone).unlink()

    def _add(self) -> None:
        self._names.append(f"{self._count:05}.txt")
        self._write(self._names[-1])

    def _write(self, name: str) -> None:
        self._count += 1
        # Some are near copies of each other.
        kind = self._chance.choice(("mill", "tram", "ferry", f"bridge number {self._count}"))
        sentences = (f"The {kind} was seen {n} times in May." for n in range(20, 40))
        path = self.folder / name
        path.write_text(f"title: The {kind}\n\nCase {self._count}. {' '.join(sentences)}\n")
        self.digests.add(article_digest(read_text(name, path)))


def main(kills: int = 500, articles: int = 120, seed: int = 1) -> int:
    """Print the figures. Returns the exit status."""
    # Many small steps, so that a kill may come between any two of them.
    run._TEXTS_AT_ONCE, run._SOURCES_AT_ONCE = 16, 20
    search._CHANGES, search._SHARE = 40, 1 / 20
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        corpus, index = Corpus(folder / "corpus", articles, chance), folder / "index"
        killed = in_a_row = finished = wrong = missing = 0
        took: deque[float] = deque([1.0], maxlen=10)  # seconds of the last runs that ended
        is_there = False
        while killed < kills:
            corpus.change()
            began = monotonic()
            limit = chance.random() * 1.2 * mean(took) if in_a_row < _IN_A_ROW else None
            status = _run(_index, corpus.folder, index, seconds=limit)
            if status is None:
                killed, in_a_row = killed + 1, in_a_row + 1
            else:
                finished, in_a_row = finished + 1, 0
                took.append(monotonic() - began)
                wrong += status != _WELL
            state = _run(_look, index, folder / "copy", corpus.digests, is_there)
            wrong += state == _WRONG or (state == _NONE and is_there)
            missing += state == _NONE
            if state == _WELL and not is_there:
                is_there = True
                wrong += _run(_withdraw, index) != _WELL
            if status is None and killed % _ANEW == 0 and killed < kills:
                shutil.rmtree(index, ignore_errors=True)
                is_there = False
        print(
            f"{killed} runs killed, {finished} ended before; after {missing} kills there was no "
            f"index yet; {wrong} times something was wrong"
        )
        same = _run(_compare, corpus.folder, index, folder / "fresh", is_there) == _WELL
        print("the index is the same as a fresh one" if same else "the index is not as a fresh one")
        return int(bool(wrong) or not same)


def _run(work: Callable[..., int], *arguments: object, seconds: float | None = None) -> int | None:
    """The result of ``work`` in another process; ``None`` if it was killed after ``seconds``."""
    process = os.fork()
    if process == 0:
        status = _WRONG
        try:
            status = work(*arguments)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(status)
    if seconds is not None:
        watched = os.pidfd_open(process)
        if not select([watched], [], [], seconds)[0]:
            os.kill(process, signal.SIGKILL)
        os.close(watched)
    _, ended = os.waitpid(process, 0)
    return None if os.WIFSIGNALED(ended) else os.waitstatus_to_exitcode(ended)


def _index(corpus: Path, index: Path) -> int:
    update([corpus], index, HashingEmbedder.name, lambda _: HashingEmbedder())
    return _WELL


def _withdraw(index: Path) -> int:
    withdraw(index, [_WITHDRAWN])
    return _WELL


def _look(index: Path, copy: Path, digests: set[str], is_withdrawn: bool) -> int:
    if not index.exists():
        return _NONE
    withdrawn = {_WITHDRAWN} if is_withdrawn else set()
    try:
        return _listed(intact.faults(index, copy, digests, withdrawn))
    except IndexUnusableError:
        return _NONE


def _compare(corpus: Path, index: Path, fresh: Path, is_withdrawn: bool) -> int:
    for folder in (index, fresh):
        _index(corpus, folder)
    _withdraw(fresh)
    if not is_withdrawn:
        _withdraw(index)
    return _listed(intact.differences(index, fresh))


def _listed(found: Iterable[str]) -> int:
    status = _WELL
    for fault in found:
        print(fault)
        status = _WRONG
    return status


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
