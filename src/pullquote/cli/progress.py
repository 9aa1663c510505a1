"""Progress for a person at a terminal; silence for a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


@contextmanager
def bar(what: str, then: str | None = None) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that takes steps done and steps to do.

    With ``then`` the steps are many and small: their share is shown, and ``then`` says what is
    under way when all are done.
    """
    counted = TaskProgressColumn() if then else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), counted)
    console = Console(stderr=True)
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(what, total=None)

        def step(done: int, total: int) -> None:
            now = then if then and done >= total else what
            progress.update(task, completed=done, total=total, description=now)

        yield step


@contextmanager
def spinner(what: str) -> Iterator[None]:
    """A spinner on standard error while something of unknown length goes on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} …"):
        yield
