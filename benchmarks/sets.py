"""Opens folders with ``corpus/`` and ``questions.jsonl`` for a benchmark."""

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
    """A question set, the places of its evidence, and the index of its articles."""

    name: str
    questions: QuestionSet
    golds: tuple[Gold, ...]
    index: Index


def read(folder: Path, limit: int | None = None) -> QuestionSet:
    """The questions of a folder, or the first ``limit`` of them.

    Raises :class:`~pullquote.errors.PullquoteError` if they cannot be read.
    """
    questions = QuestionSet.read(folder / "questions.jsonl")
    return replace(questions, questions=questions.questions[:limit])


@contextmanager
def opened(folder: Path, questions: QuestionSet, embedder: Embedder) -> Iterator[OpenSet]:
    """Index the folder's articles in a temporary folder, which is deleted at the end.

    Raises :class:`~pullquote.errors.PullquoteError`, even if only one article cannot be read:
    otherwise figures over some of the articles would look like figures over all of them.
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
