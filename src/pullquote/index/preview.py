"""Reports what an indexing run would change, without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pullquote.index import database
from pullquote.index.begin import Wanted, begin
from pullquote.index.pending import NotKept
from pullquote.index.run import Progress, Run
from pullquote.ingest.corpus import LeftOut
from pullquote.ingest.sandbox import Sandbox
from pullquote.protocols import Embedder


@dataclass(frozen=True, slots=True)
class Preview:
    """The ids of the articles that a run would add, embed again and remove, in order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    left_out: tuple[LeftOut, ...]


def preview(
    roots: Sequence[Path],
    folder: Path,
    embedder_name: str,
    *,
    urls: Sequence[str] = (),
    private_hosts: Sequence[str] = (),
    rebuild: bool = False,
    progress: Progress = lambda step: None,
) -> Preview:
    """Find out what :func:`~pullquote.index.update.update` would change, and write nothing.

    Raises :class:`~pullquote.errors.PullquoteError`.
    """
    exists = database.exists(folder)
    opened = database.open_for_reading(folder) if exists else database.in_memory()
    with closing(opened) as connection, Sandbox() as sandbox:
        wanted = Wanted(roots, urls, private_hosts, embedder_name, None, True, rebuild)
        task = begin(connection, folder, wanted, sandbox)
        run = Run(task.before, NotKept(), _never, progress)
        run.go_through(task.sources)
        live = task.before.live
        new = [id_ for id_, one in run.planned.items() if not one.kept]
        return Preview(
            tuple(sorted(id_ for id_ in new if id_ not in live)),
            tuple(sorted(id_ for id_ in new if id_ in live)),
            tuple(sorted(id_ for id_ in live if id_ not in run.planned)),
            len(run.planned) - len(new),
            (*task.left_out, *run.faults()),
        )


def _never() -> Embedder:
    raise AssertionError("nothing is embedded")
