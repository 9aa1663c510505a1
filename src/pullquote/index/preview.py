"""Reports what an indexing run would change, without changing anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pullquote.index import database
from pullquote.index.begin import Wanted, begin
from pullquote.index.incomplete import incomplete, missed
from pullquote.index.pending import NotKept
from pullquote.index.run import Progress, Run
from pullquote.index.target import Folder, Target
from pullquote.index_place import Place
from pullquote.ingest.corpus import LeftOut
from pullquote.ingest.sandbox import Sandbox
from pullquote.protocols import Embedder


@dataclass(frozen=True, slots=True)
class Preview:
    """The ids of the articles that a run would add, embed again and remove, in order.

    ``missed`` names the sources of articles whose text may be incomplete.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    left_out: tuple[LeftOut, ...]
    missed: tuple[LeftOut, ...] = ()


def preview(
    roots: Sequence[Path],
    place: Place,
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
    with _opened(place) as target, Sandbox() as sandbox:
        wanted = Wanted(roots, urls, private_hosts, embedder_name, None, True, rebuild)
        task = begin(target, wanted, sandbox)
        pending = NotKept()
        run = Run(task.before, pending, _never, progress)
        run.go_through(task.sources)
        lacking = {**dict(missed(target.connection, run.planned)), **pending.missed}
        live = task.before.live
        new = [id_ for id_, one in run.planned.items() if not one.kept]
        return Preview(
            tuple(sorted(id_ for id_ in new if id_ not in live)),
            tuple(sorted(id_ for id_ in new if id_ in live)),
            tuple(sorted(id_ for id_ in live if id_ not in run.planned)),
            len(run.planned) - len(new),
            (*task.left_out, *run.faults()),
            incomplete(run, sorted((id_, words) for id_, words in lacking.items() if words)),
        )


@contextmanager
def _opened(place: Place) -> Iterator[Target]:
    if not isinstance(place, Path):
        from pullquote.index.milvus.target import open_copy

        with open_copy(place) as target:
            yield target
        return
    exists = database.exists(place)
    opened = database.open_for_reading(place) if exists else database.in_memory()
    with closing(opened) as connection:
        yield Folder(place, connection)


def _never() -> Embedder:
    raise AssertionError("nothing is embedded")
