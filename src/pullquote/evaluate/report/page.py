"""The whole report page. Styles and script are inlined; its policy forbids loading others."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pullquote.evaluate.comparison import Comparison
from pullquote.evaluate.report import figures, plots, questions
from pullquote.evaluate.report.rendering import digest, render, static
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import Summary
from pullquote.protocols import Library


def report_html(
    summary: Summary,
    results: Sequence[Result],
    library: Library,
    comparison: Comparison | None = None,
    stress: Sequence[figures.Stress] = (),
) -> str:
    """The report as one page that needs no network. Needs at least one result.

    Each row of ``stress`` holds a name, its meaning as a sentence, and its figure. Raises
    :class:`~pullquote.errors.GateError` if a quote is not in its article.
    """
    judgements = [result.judgement for result in results]
    settings = {**summary.settings, "question set": summary.digest}
    page = render(
        "page.html",
        summary=summary,
        styles=static("report.css"),
        script=static("report.js"),
        digest=digest,
        handled=sum(bool(one.handled) for one in judgements),
        comparison=comparison,
        known={result.question.id for result in results},
        settings=[(name, _plain(value)) for name, value in settings.items()],
        groups=figures.groups(summary),
        stress=stress,
        threshold=plots.threshold(summary, judgements),
        calibration=plots.calibrated(judgements),
        latency=plots.latency(summary, results),
        kinds=questions.kinds(judgements),
        rows=questions.rows(results, library),
    )
    # Lone surrogates, which JSON may contain, cannot be written to a file.
    return page.encode("utf-8", "replace").decode()


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
