"""An answer and the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pullquote.types import Answer, Citation, Hit, ScoredSentence


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as a writer wrote it, and what became of it.

    ``sources`` are the quotes that it cites, as it was checked against them. ``outcome`` is
    ``shown``, ``copied`` (it is a quote, which is shown), ``uncited``, ``repeated``, or why it was
    stopped: ``no_such_quote``, what stands in none of them (``figure``, ``name``, …), or
    ``unsupported``, which the network said with this ``score``. ``again``: when it was told so.
    """

    text: str
    sources: tuple[str, ...]
    outcome: str
    score: float | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """What a writer may use: an answer's own citations and the next best, numbered from 1.

    ``differing`` are the numbers of any two of them that contradict each other.
    """

    citations: tuple[Citation, ...] = ()
    differing: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer and the way to it. Whoever shows the answer has the gate check it.

    ``hits`` is what was read, ``material`` what a writer may use. ``scored`` are the sentences as
    the reader judged them, best first; ``decided_by`` is what gave the answer: ``reader``,
    ``request`` or ``last_answer``.
    ``threshold`` is the answerability below which a question is refused. ``drafted`` is what a
    writer wrote, in order, and ``quoted`` the answer before that.
    """

    answer: Answer
    hits: tuple[Hit, ...]
    material: Material = Material()
    compose_unrefused: Callable[[], Answer] | None = None
    scored: tuple[ScoredSentence, ...] = ()
    decided_by: str = "reader"
    threshold: float = 0.0
    drafted: tuple[Drafted, ...] = ()
    quoted: Answer | None = None

    @property
    def unrefused(self) -> Answer:
        """The answer that ``refuse_below=0`` would have given."""
        return self.compose_unrefused() if self.compose_unrefused else self.answer
