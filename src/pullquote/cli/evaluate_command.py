"""``pullquote eval``: runs the steps of an evaluation in order."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pullquote import __version__
from pullquote.assistant import Assistant
from pullquote.cli.own_index import index_first
from pullquote.cli.progress import bar, spinner
from pullquote.config import Settings
from pullquote.errors import EvaluationError
from pullquote.evaluate import terminal
from pullquote.evaluate.comparison import (
    FAILED,
    PASSED,
    Baseline,
    Comparison,
    Floor,
    compare,
)
from pullquote.evaluate.files import (
    JUNIT,
    REPORT,
    RESULTS,
    STRESS,
    SUMMARY,
    check_writable,
    junit_xml,
    results_jsonl,
    write,
)
from pullquote.evaluate.gold import locate
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.rates import FIGURES
from pullquote.evaluate.report import report_html
from pullquote.evaluate.run import Result, run
from pullquote.evaluate.stress import (
    Stress,
    StressCase,
    copyable,
    question_set,
    rates_of,
    stress,
    stress_jsonl,
)
from pullquote.evaluate.summary import summarise, summary_json
from pullquote.evaluate.sweep import SWEPT, sweep
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.opened import open_store
from pullquote.plurals import counted
from pullquote.protocols import Embedder
from pullquote.types import Status


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Run the command. Returns 0 if every floor and the baseline are kept, and otherwise 1.

    Raises :class:`~pullquote.errors.PullquoteError`; the files of an earlier run are kept then.
    """
    # Check all options and files before the models are loaded.
    if options.writer and not settings.writer:
        raise EvaluationError(
            "--writer needs a language model: name its server in the settings 'writer' and "
            "'writer_model'."
        )
    questions = _read(options)
    floors = _floors(options)
    baseline = _baseline(options, questions)
    if not options.sweep:
        check_writable(options.out)
    with tempfile.TemporaryDirectory() as temporary:
        settings = _indexed(questions, options, settings, Path(temporary))
        if options.stress:
            copyable(settings.index)
        embedder, assistant = _open(settings)
    if questions is None:
        questions = question_set(assistant.index)
        baseline = _baseline(options, questions)
    golds = locate(questions.questions, assistant.index.articles)
    with bar("Asking") as progress:
        results = _judged(list(run(assistant, questions.questions, golds, progress)))
    if options.sweep:
        return sweep(questions, results, floors)
    cases: tuple[StressCase, ...] = ()
    if options.stress:
        with bar("Asking in other words") as progress:
            cases = stress(assistant, results, embedder, settings, progress)
    summary = summarise(
        questions, results, _settings_json(results, settings, assistant.refuse_below)
    )
    stressed = rates_of(cases) if options.stress else {}
    rates = {**summary.rates, **stressed}
    comparison = compare(baseline, results, rates) if baseline else Comparison()
    verdicts = tuple(floor.check(rates[floor.figure]) for floor in floors)
    comparison = replace(comparison, verdicts=verdicts + comparison.verdicts)
    rows = [(item.figure, item.meaning, stressed[item.figure]) for item in Stress if stressed]
    report = report_html(summary, results, assistant.index, comparison, rows)
    summary = replace(summary, rates=rates)
    out: Path = options.out
    if options.stress:
        write(out, STRESS, stress_jsonl(cases))
    else:
        (out / STRESS).unlink(missing_ok=True)  # may be left from an earlier run
    write(out, JUNIT, junit_xml(summary.questions, results))
    write(out, REPORT, report)
    # A run that is worse than its baseline must not become the baseline of the next run.
    if not comparison.passed and _is_in(out, options.baseline):
        print(
            f"pullquote: {SUMMARY} and {RESULTS} in {str(out)!r} stay as they were: they are the "
            "baseline, and this run did not pass.",
            file=sys.stderr,
        )
    else:
        # One after the other, since they belong together. The summary comes last, so that it
        # exists only if the other files do.
        write(out, RESULTS, results_jsonl(results, assistant.index))
        write(out, SUMMARY, json.dumps(summary_json(summary), indent=1) + "\n")
    print(terminal.figures(summary))
    print(terminal.gate(comparison, results), end="")
    print(f"Look at {str(out / REPORT)!r}.")
    return PASSED if comparison.passed else FAILED


def _read(options: argparse.Namespace) -> QuestionSet | None:
    """The question set; ``None`` if the questions should be made from the articles."""
    if options.sweep and (options.stress or options.baseline):
        raise EvaluationError("--sweep goes neither with --stress nor with --baseline.")
    if options.questions:
        return QuestionSet.read(options.questions)
    if not options.stress:
        raise EvaluationError(
            "Name a file of questions. Only --stress can do without: it makes its own."
        )
    return None


def _floors(options: argparse.Namespace) -> list[Floor]:
    known = tuple(SWEPT) if options.sweep else tuple(FIGURES)
    if options.stress:
        known += tuple(kind.figure for kind in Stress)
    return [Floor.parse(text, known) for text in options.min]


def _baseline(options: argparse.Namespace, questions: QuestionSet | None) -> Baseline | None:
    if options.baseline is None or questions is None:
        return None
    return Baseline.read(options.baseline, questions.digest)


def _is_in(out: Path, baseline: Path | None) -> bool:
    """Whether the baseline, or the file that it links to, is in the folder ``out``."""
    return baseline is not None and out.resolve() in (
        baseline.parent.resolve(),
        baseline.resolve().parent,
    )


def _judged(results: Sequence[Result]) -> Sequence[Result]:
    """The results without greetings and the like, which are named on standard error."""
    judged = [item for item in results if item.answer.status is not Status.NOT_A_QUESTION]
    if not judged:
        raise EvaluationError(
            "There is nothing to judge: Pullquote took every line for a greeting or the like. Ask "
            "something that an article can answer."
        )
    if len(judged) < len(results):
        kept = {item.question.id for item in judged}
        left_out = [item.question.id for item in results if item.question.id not in kept]
        print(
            f"pullquote: {len(left_out):,} of {counted(len(results), 'question')} left out of the "
            f"figures, taken for a greeting or the like: {', '.join(left_out)}.",
            file=sys.stderr,
        )
    return judged


def _indexed(
    questions: QuestionSet | None, options: argparse.Namespace, settings: Settings, temporary: Path
) -> Settings:
    """The settings with the index to ask. If there is a corpus, its index is built first."""
    corpus: Sequence[Path] = options.corpus or ()
    if questions and questions.articles:
        if corpus or options.index:
            raise EvaluationError(
                f"{questions.name} brings its own articles: leave out --corpus and --index."
            )
        for id_, text in questions.articles.items():
            (temporary / id_).write_text(text, encoding="utf-8", newline="")
        corpus = [temporary]
    if not corpus:
        return settings
    return index_first(corpus, options.out / "index", settings)


def _open(settings: Settings) -> tuple[Embedder, Assistant]:
    with spinner("Loading the index and the models"):
        index = open_store(settings.index)
        embedder = SentenceTransformersEmbedder.open(settings.embedder)
        assistant = Assistant.with_parts(index, embedder, settings)
    if assistant.notice:
        print(f"pullquote: {assistant.notice}", file=sys.stderr)
    return embedder, assistant


def _settings_json(
    results: Sequence[Result], settings: Settings, refuse_below: float
) -> dict[str, Any]:
    """Everything that the figures depend on, apart from the question set."""
    provenance = results[0].answer.provenance
    return {
        "version": __version__,
        "reader": provenance.reader,
        "embedder": provenance.embedder,
        "index": provenance.digest,
        "passages": settings.passages,
        "citations": settings.citations,
        "refuse_below": refuse_below,
        "refuse_below_fitted_on": settings.refuse_below_fitted_on,
        **({"writer": settings.writer_model} if settings.writer else {}),
    }
