"""How much time an evaluation adds to the answers, and how long 1,000 questions take.

``python -m benchmarks.evaluator [FOLDER]``; the folder holds ``corpus/`` and ``questions.jsonl``.
Without one, the project's own gazette is used.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from benchmarks import sets
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import PullquoteError
from pullquote.evaluate.files import (
    JUNIT,
    REPORT,
    RESULTS,
    SUMMARY,
    junit_xml,
    results_jsonl,
    write,
)
from pullquote.evaluate.questionset import QuestionSet, digest
from pullquote.evaluate.report import report_html
from pullquote.evaluate.run import Result, run
from pullquote.evaluate.stress.remembering import Remembering
from pullquote.evaluate.summary import Summary, summarise, summary_json
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from pullquote.protocols import Embedder
from pullquote.types import Turn

GAZETTE = Path(__file__).parent.parent / "tests" / "questions" / "gazette"

QUESTIONS = 1000

#: How often every question is asked and, in turns with that, evaluated.
ROUNDS = 5


def main(folder: Path = GAZETTE) -> int:
    """Print a line for each figure. Returns 2 if something cannot be read."""
    try:
        questions = sets.read(folder)
        embedder = SentenceTransformersEmbedder.open(Settings().embedder)
        with sets.opened(folder, questions, embedder) as opened:
            _compare(embedder, opened)
            assistant = Assistant.with_parts(opened.index, embedder, Settings())
            _whole(assistant, _repeated(opened, QUESTIONS))
    except PullquoteError as error:
        print(f"benchmarks.evaluator: {error}", file=sys.stderr)
        return 2
    return 0


def _compare(embedder: Embedder, opened: sets.OpenSet) -> None:
    """Print how much longer it takes to evaluate a question than only to ask it.

    Both are measured for every question, in alternating order.
    """
    # Vectors are remembered: the noise of embedding again would drown the difference.
    assistant = Assistant.with_parts(
        opened.index, Remembering(embedder, opened.index, ()), Settings()
    )
    questions = opened.questions.questions
    asks = [
        partial(
            assistant.ask,
            question.text,
            [Turn("user", text) for text in question.history],
            question.document_id,
        )
        for question in questions
    ]
    whole = statistics.median(_seconds(ask) for ask in asks)
    bare: list[float] = []
    evaluated: list[float] = []
    for turn in range(ROUNDS):
        results = run(assistant, questions, opened.golds)
        for number, ask in enumerate(asks, start=turn):
            turns: list[tuple[list[float], Callable[[], object]]] = [
                (bare, ask),
                (evaluated, partial(next, results)),
            ]
            for times, work in turns if number % 2 else reversed(turns):
                times.append(_seconds(work))
    added = statistics.median(one - other for one, other in zip(evaluated, bare, strict=True))
    print(
        f"to run and judge a question: {_ms(added)} more than to ask it (median of "
        f"{len(bare):,}), {added / whole:.3f} of an answer ({_ms(whole)})"
    )


def _whole(assistant: Assistant, opened: sets.OpenSet) -> None:
    """Print how long a whole evaluation takes: all questions, the figures and every file."""
    count = len(opened.golds)
    started = perf_counter()
    results = list(run(assistant, opened.questions.questions, opened.golds))
    asking = perf_counter() - started
    started = perf_counter()
    summary = summarise(opened.questions, results, {})
    steps = {"figures and intervals": perf_counter() - started}
    with tempfile.TemporaryDirectory() as folder:
        for name, make in _files(summary, results, opened.index).items():
            steps[name] = _seconds(partial(_write, Path(folder), name, make))
    after = sum(steps.values())
    for name, seconds in steps.items():
        print(f"{name}: {seconds:.2f} s, {_ms(seconds / count)} a question")
    print(
        f"{count:,} questions over {len(opened.index.articles)} articles: {asking + after:.0f} s, "
        f"of which {after:.1f} s after the last answer ({after / (asking + after):.3f}; "
        f"{_ms(after / count)} a question)"
    )


def _files(summary: Summary, results: list[Result], index: Index) -> dict[str, Callable[[], str]]:
    return {
        RESULTS: lambda: results_jsonl(results, index),
        JUNIT: lambda: junit_xml(summary.questions, results),
        REPORT: lambda: report_html(summary, results, index),
        SUMMARY: lambda: json.dumps(summary_json(summary), indent=1),
    }


def _write(folder: Path, name: str, make: Callable[[], str]) -> None:
    write(folder, name, make())


def _repeated(opened: sets.OpenSet, count: int) -> sets.OpenSet:
    """The set with its questions repeated until there are ``count``, each with its own id."""
    pairs = zip(cycle(opened.questions.questions), cycle(opened.golds), strict=False)
    taken = list(islice(pairs, count))
    questions = tuple(replace(item, id=f"{n}-{item.id}") for n, (item, _) in enumerate(taken))
    whole = QuestionSet(opened.questions.name, questions, digest(questions))
    return replace(opened, questions=whole, golds=tuple(gold for _, gold in taken))


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:2])))
