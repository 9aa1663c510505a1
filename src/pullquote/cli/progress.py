"""Progress for a person at a terminal; silence for a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from pullquote.plurals import counted

if TYPE_CHECKING:
    from pullquote.index.run import Step


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that takes steps done and steps to do."""
    with _progress(MofNCompleteColumn()) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def indexing_bar(what: str = "Indexing") -> Iterator[Callable[[Step], None]]:
    """A bar for a run of indexing: sources read, and the share of bytes that is dealt with.

    The time left is told from what was embedded in the last minutes, which is what takes time.
    """
    with _progress(TaskProgressColumn()) as progress:
        task = progress.add_task(what, total=None)

        def tell(step: Step) -> None:
            now = f"{what}: {step.read:,} of {counted(step.sources, 'file')} read"
            if step.done >= step.total and step.read == step.sources:
                now = "Writing the index"
            progress.update(task, completed=step.done, total=step.total, description=now)

        yield tell


def _progress(share: ProgressColumn) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        share,
        TimeRemainingColumn(),
        TextColumn("left"),
        console=console,
        transient=True,
        speed_estimate_period=300,
        disable=not console.is_terminal,
    )


@contextmanager
def spinner(what: str) -> Iterator[None]:
    """A spinner on standard error while something of unknown length goes on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} …"):
        yield
