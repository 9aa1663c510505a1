"""An answer together with how it was found and written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pullquote.types import Answer, Citation, Hit, ScoredSentence


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as a writer wrote it, and what happened to it.

    ``sources`` are the cited texts that it was checked against. ``outcome`` is ``shown``,
    ``copied`` (it repeats a quote, which is shown instead), ``uncited``, ``repeated``, or why it
    was rejected: ``no_such_quote``, ``incomplete`` (a citation mark was a noun of it), what is in
    none of its sources (``figure``, ``name``, …), or ``unsupported``, the network's verdict.
    ``score`` is the network's, if it was asked. ``again``: this is a second attempt, after the
    writer was told what was wrong.
    """

    text: str
    sources: tuple[str, ...]
    outcome: str
    score: float | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """What a writer may use: an answer's own citations and the next best, numbered from 1.

    ``differing`` are pairs of their numbers that contradict each other.
    """

    citations: tuple[Citation, ...] = ()
    differing: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer and how it came about. The answer must pass the gate before it is shown.

    ``hits`` are the passages that were read, ``material`` what a writer may use. ``scored`` are
    the sentences with the reader's scores, best first. ``decided_by`` says what gave the answer:
    ``reader``, ``request`` or ``last_answer``. ``threshold`` is the answerability below which a
    question is refused. ``drafted`` are the writer's sentences, in order, and ``quoted`` is the
    answer in quotes that the writer started from.
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
