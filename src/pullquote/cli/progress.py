"""Progress bars and spinners on a terminal; nothing is shown on a pipe."""

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
    """A progress bar on standard error; yields a function of steps done and total steps."""
    with _progress(MofNCompleteColumn()) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def indexing_bar(what: str = "Indexing") -> Iterator[Callable[[Step], None]]:
    """A progress bar for an indexing run: the number of sources read, and the share of bytes done.

    The remaining time is estimated from the last minutes' embedding, which is the slow part.
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
    """A spinner on standard error during a task of unknown length."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} …"):
        yield
