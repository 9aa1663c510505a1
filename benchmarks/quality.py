"""How good the answers to question sets are, compared with baselines made of stock parts.

``python -m benchmarks.quality FOLDER...``; each folder holds ``corpus/`` and ``questions.jsonl``.
The table goes to standard output, and each result to ``quality.jsonl`` beside this file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks import baselines, records, sets
from benchmarks.records import ORACLE, SETTING, Row
from pullquote.assistant import Assistant
from pullquote.cli.progress import bar
from pullquote.config import Settings
from pullquote.errors import EvaluationError, PullquoteError
from pullquote.evaluate.judge import Judgement, judge
from pullquote.evaluate.rates import differences, rates
from pullquote.evaluate.run import Result, run
from pullquote.evaluate.threshold import choose, halves, points
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.protocols import Embedder, Library
from pullquote.reading.similarity import SimilarityReader
from pullquote.types import Status

#: The name of this product among the systems.
OURS = "ours"


@dataclass(frozen=True, slots=True)
class _System:
    """A system to measure, and the settings that are recorded with its figures."""

    name: str
    assistant: Assistant
    settings: Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns 2 if something cannot be read or written."""
    options = _options(arguments)
    try:
        if options.table:
            rows = records.newest()
        else:
            rows = list(_measured(options.folders, options.limit, record=options.record))
    except PullquoteError as error:
        print(f"benchmarks.quality: {error}", file=sys.stderr)
        return 2
    print(records.table(rows))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.quality")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--table", action="store_true", help="the table of the kept results")
    parser.add_argument("--no-record", action="store_false", dest="record", help="keep nothing")
    parser.add_argument(
        "--limit", type=int, metavar="N", help="the first N questions of each set; never kept"
    )
    options = parser.parse_args(arguments)
    if options.table == bool(options.folders):
        parser.error("name folders to measure, or --table")
    if options.limit is not None and options.limit < 1:
        parser.error("--limit must be at least 1")
    return options


def _measured(folders: Sequence[Path], limit: int | None, *, record: bool) -> Iterator[Row]:
    """The rows of each folder; they are recorded as soon as the folder is done."""
    record = record and limit is None
    # Everything that can fail early is done before the models are loaded.
    commit = records.commit() if record else "unrecorded"
    questions = [sets.read(folder, limit) for folder in folders]
    settings = Settings()
    embedder = SentenceTransformersEmbedder.open(settings.embedder)
    for folder, own in zip(folders, questions, strict=True):
        started = perf_counter()
        with sets.opened(folder, own, embedder) as opened:
            rows = list(measure(opened, embedder, settings, commit))
        if record:
            records.keep(rows)
        print(
            f"{opened.name}: {len(own.questions)} questions in {perf_counter() - started:.0f} s",
            file=sys.stderr,
        )
        yield from rows


def measure(
    opened: sets.OpenSet, embedder: Embedder, settings: Settings, commit: str
) -> Iterator[Row]:
    """The rows of one set: ours with the threshold of the settings, each system with its best."""
    index = opened.index
    stock = replace(settings, citations=baselines.LIMITS.citations, refuse_below=0.0)
    systems = (
        _System(OURS, Assistant.with_parts(index, embedder, settings), settings),
        _System(
            SimilarityReader.name,
            Assistant.with_parts(index, embedder, replace(stock, reader=SimilarityReader.name)),
            stock,
        ),
        _System("llamaindex", baselines.llamaindex(index, embedder, settings.passages), stock),
        _System("bm25", baselines.bm25(index, settings.passages), stock),
    )
    ours: list[Judgement] = []
    for system, results in zip(systems, _in_turns(opened, systems), strict=True):
        judgements = [result.judgement for result in results]
        if system.name == OURS:
            yield _row(
                opened, system, results, judgements, system.assistant.refuse_below, SETTING, commit
            )
        best = choose(points(judgements))
        if best is None:
            raise EvaluationError(
                f"{opened.name}: no question has evidence or is said to have no answer."
            )
        at_best = [at(result, best.threshold, index) for result in results]
        ours = ours or at_best
        row = _row(opened, system, results, at_best, best.threshold, ORACLE, commit)
        yield replace(
            row,
            cross_fitted=halves(judgements, ()),
            minus_ours=None if ours is at_best else differences(at_best, ours)["end_to_end"],
        )


def _in_turns(opened: sets.OpenSet, systems: Sequence[_System]) -> list[tuple[Result, ...]]:
    """The results of each system.

    All systems are asked a question before the next one, so that other work on the machine slows
    them equally.
    """
    asked = opened.questions.questions
    with bar(f"{opened.name}: asking") as progress:
        runs = (
            run(system.assistant, asked, opened.golds, progress)
            if system.name == OURS
            else run(system.assistant, asked, opened.golds)
            for system in systems
        )
        return list(zip(*zip(*runs, strict=True), strict=True))


def at(result: Result, threshold: float, library: Library) -> Judgement:
    """The judgement of a result if the threshold had been another; nothing is asked again.

    Two things differ from asking again, and hardly matter: ``failure`` is ``None``, which no rate
    depends on, and a refusal has fewer closest quotes, which only ``verbatim_rate`` counts.
    """
    unrefused = result.unrefused
    answer = unrefused
    if result.judgement.refusable and unrefused.answerability < threshold:
        answer = replace(
            unrefused, status=Status.NOT_FOUND, citations=(), closest=unrefused.citations
        )
    judged = judge(result.question, result.gold, answer, unrefused, (), library)
    return replace(judged, rank=result.judgement.rank, failure=None)


def _row(
    opened: sets.OpenSet,
    system: _System,
    results: Sequence[Result],
    judgements: Sequence[Judgement],
    threshold: float,
    threshold_is: str,
    commit: str,
) -> Row:
    provenance = results[0].answer.provenance
    stated = [judgement for judgement in judgements if judgement.expected is Status.STATED_UNKNOWN]
    said = [judgement for judgement in judgements if judgement.status is Status.STATED_UNKNOWN]
    return Row(
        commit=commit,
        date=date.today().isoformat(),
        set=opened.name,
        set_digest=opened.questions.digest,
        system=system.name,
        reader=provenance.reader,
        embedder=provenance.embedder,
        passages=system.settings.passages,
        citations=system.settings.citations,
        threshold=threshold,
        threshold_is=threshold_is,
        questions=len(judgements),
        cross_fitted=None,
        minus_ours=None,
        unrefused=_mean(judgement.unrefused_right for judgement in judgements),
        coverage=sum(judgement.status is not Status.NOT_FOUND for judgement in judgements)
        / len(judgements),
        stated=len(stated),
        stated_right=sum(
            judgement.status is judgement.expected and bool(judgement.first_right)
            for judgement in stated
        ),
        stated_wrong=sum(judgement.expected is not Status.STATED_UNKNOWN for judgement in said),
        p50_ms=float(np.percentile([result.answer.timings.total for result in results], 50)),
        rates=rates(judgements),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that are not ``None``."""
    known = [item for item in values if item is not None]
    return sum(known) / len(known) if known else None


if __name__ == "__main__":
    sys.exit(main())
