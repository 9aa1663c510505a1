"""Folders with ``corpus/`` and ``questions.jsonl``, indexed and opened for a benchmark."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pullquote.cli.progress import indexing_bar
from pullquote.errors import EvaluationError
from pullquote.evaluate.gold import Gold, locate
from pullquote.evaluate.questionset import QuestionSet
from pullquote.index.store import Index
from pullquote.index.update import update
from pullquote.protocols import Embedder


@dataclass(frozen=True, slots=True)
class OpenSet:
    """A question set, where its evidence stands, and the index of its articles."""

    name: str
    questions: QuestionSet
    golds: tuple[Gold, ...]
    index: Index


def read(folder: Path, limit: int | None = None) -> QuestionSet:
    """The questions of a folder, or the first ``limit`` of them.

    Raises :class:`~pullquote.errors.PullquoteError`.
    """
    questions = QuestionSet.read(folder / "questions.jsonl")
    return replace(questions, questions=questions.questions[:limit])


@contextmanager
def opened(folder: Path, questions: QuestionSet, embedder: Embedder) -> Iterator[OpenSet]:
    """The folder's articles in an index of their own, which is deleted in the end.

    Raises :class:`~pullquote.errors.PullquoteError`, also when an article cannot be read: a figure
    over a part of the articles would pass for one over all of them.
    """
    with tempfile.TemporaryDirectory() as temporary:
        with indexing_bar(f"{folder.name}: indexing") as progress:
            report = update(
                [folder / "corpus"],
                Path(temporary),
                embedder.name,
                lambda _: embedder,
                progress=progress,
            )
        for omission in report.left_out:
            raise EvaluationError(f"{str(omission.path)!r} cannot be indexed ({omission.reason}).")
        index = Index.open(Path(temporary))
        yield OpenSet(folder.name, questions, locate(questions.questions, index.articles), index)
