"""``pullquote eval``: what the options ask for, in the order in which it is done."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pullquote import __version__
from pullquote.assistant import Assistant
from pullquote.config import ENV_PREFIX, Settings
from pullquote.embed import SentenceTransformersEmbedder
from pullquote.errors import EvaluationError
from pullquote.evaluate import terminal
from pullquote.evaluate.comparison import Baseline, Comparison, Floor, compare, known_figures
from pullquote.evaluate.files import JUNIT, RESULTS, SUMMARY, junit_xml, results_jsonl, write
from pullquote.evaluate.gold import locate
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.run import Result, run
from pullquote.evaluate.settings_file import write_threshold
from pullquote.evaluate.summary import Summary, summarise, summary_json
from pullquote.evaluate.threshold import choose, halves, points
from pullquote.indexing import update
from pullquote.progress import bar, spinner
from pullquote.store import Index

PASSED, FAILED = 0, 1

#: The figures that a threshold can be chosen by, as fields of a ``threshold.Point``.
_SWEPT = {
    "abstention.precision": "refusals_right",
    "abstention.recall": "refusals_found",
    "end_to_end": "handled",
}


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Run the command; 0 when every floor and the baseline are kept, and 1 otherwise.

    Raises :class:`~pullquote.errors.PullquoteError`; what an earlier run has written then stands.
    """
    # All that may be wrong with what was asked is told before the models are loaded.
    questions = QuestionSet.read(options.questions)
    known = tuple(_SWEPT) if options.sweep else known_figures()
    floors = [Floor.parse(text, known) for text in options.min]
    baseline = Baseline.read(options.baseline, questions.digest) if options.baseline else None
    with tempfile.TemporaryDirectory() as temporary:
        settings = _indexed(questions, options, settings, Path(temporary))
        assistant = _open(settings)
        golds = locate(questions.questions, assistant.index.articles)
        with bar("Asking") as progress:
            results = list(run(assistant, questions.questions, golds, progress))
    if options.sweep:
        return _sweep(questions, results, floors)
    summary = summarise(questions, results, _settings_json(results, settings))
    comparison = compare(baseline, results, summary.rates) if baseline else Comparison()
    verdicts = tuple(floor.check(summary.rates[floor.figure]) for floor in floors)
    comparison = replace(comparison, verdicts=verdicts + comparison.verdicts)
    _write(options.out, summary, results, comparison, assistant.index)
    print(terminal.figures(summary))
    print(terminal.gate(comparison, results), end="")
    return PASSED if comparison.passed else FAILED


def _indexed(
    questions: QuestionSet, options: argparse.Namespace, settings: Settings, temporary: Path
) -> Settings:
    """The settings with the index that is to be asked, built first where there is a corpus."""
    corpus: Sequence[Path] = options.corpus or ()
    if questions.articles:
        if corpus or options.index:
            raise EvaluationError(
                f"{questions.name} brings its own articles: leave out --corpus and --index."
            )
        for id_, text in questions.articles.items():
            (temporary / id_).write_text(text, encoding="utf-8", newline="")
        corpus = [temporary]
    if not corpus:
        return settings
    folder = options.out / "index"
    with bar("Indexing articles") as progress:
        report = update(
            corpus,
            folder,
            settings.embedder,
            SentenceTransformersEmbedder.open,
            progress=progress,
        )
    for it in report.left_out:
        print(f"pullquote: left out {str(it.path)!r}: {it.reason}.", file=sys.stderr)
    return replace(settings, corpus=tuple(corpus), index=folder)


def _open(settings: Settings) -> Assistant:
    with spinner("Loading the index and the models"):
        assistant = Assistant.open(settings)
    if assistant.notice:
        print(f"pullquote: {assistant.notice}", file=sys.stderr)
    return assistant


def _sweep(questions: QuestionSet, results: Sequence[Result], floors: Sequence[Floor]) -> int:
    """Fit the refusal threshold, and write it where the settings are read from."""
    judgements = [it.judgement for it in results]
    candidates = points(judgements)
    if not candidates:
        raise EvaluationError(
            f"{questions.name} cannot fit a threshold: no question has evidence or is said to "
            "have no answer."
        )
    least = [(_SWEPT[floor.figure], floor.least) for floor in floors]
    chosen = choose(candidates, least)
    print(terminal.sweep(candidates, chosen))
    if chosen is None:
        print("\nFAILED  no threshold keeps every --min; nothing was written.")
        return FAILED
    file = write_threshold(Path.cwd(), chosen.threshold, questions.digest)
    honest = halves(judgements, least)
    print(
        f"\nWrote refuse_below = {chosen.threshold} into {file.name}: of all questions it handles "
        f"{chosen.handled:.3f} right."
    )
    if honest is not None:
        print(f"Fitted on one half of them and measured on the other: {honest:.3f}.")
    variable = f"{ENV_PREFIX}REFUSE_BELOW"
    if variable in os.environ:
        print(f"pullquote: {variable} is set, and goes before {file.name}.", file=sys.stderr)
    return PASSED


def _settings_json(results: Sequence[Result], settings: Settings) -> dict[str, Any]:
    """What a figure depends on, apart from the question set."""
    provenance = results[0].answer.provenance
    return {
        "version": __version__,
        "reader": provenance.reader,
        "embedder": provenance.embedder,
        "index": provenance.digest,
        "passages": settings.passages,
        "citations": settings.citations,
        "refuse_below": settings.refuse_below,
        "refuse_below_fitted_on": settings.refuse_below_fitted_on,
    }


def _write(
    out: Path,
    summary: Summary,
    results: Sequence[Result],
    comparison: Comparison,
    index: Index,
) -> None:
    write(out, RESULTS, results_jsonl(results, index))
    write(out, JUNIT, junit_xml(summary.questions, results))
    # Last: a summary is there only when what it sums up is.
    write(out, SUMMARY, json.dumps(summary_json(summary), indent=1) + "\n")
