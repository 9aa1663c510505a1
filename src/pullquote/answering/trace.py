"""An answer and the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pullquote.types import Answer, Citation, Hit


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer and the way to it. Whoever shows the answer has the gate check it.

    ``hits`` is what was read. ``material`` are the citations that a writer may use: those of the
    answer, and the next best.
    """

    answer: Answer
    hits: tuple[Hit, ...]
    material: tuple[Citation, ...] = ()
    compose_unrefused: Callable[[], Answer] | None = None

    @property
    def unrefused(self) -> Answer:
        """The answer that ``refuse_below=0`` would have given."""
        return self.compose_unrefused() if self.compose_unrefused else self.answer
