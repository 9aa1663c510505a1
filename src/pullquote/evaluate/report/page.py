"""The whole page. It holds its own styles and script, and its policy forbids all else."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Collection, Sequence
from hashlib import sha256
from importlib.resources import files

from pullquote.answering.render import escape
from pullquote.evaluate.comparison import Comparison
from pullquote.evaluate.report import figures, plots, questions
from pullquote.evaluate.report.words import decimal
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import Summary
from pullquote.plurals import counted
from pullquote.types import Library


def report_html(
    summary: Summary,
    results: Sequence[Result],
    library: Library,
    comparison: Comparison | None = None,
    stress: Sequence[figures.Stress] = (),
) -> str:
    """The report as one page that needs no network. There is at least one result.

    ``stress`` holds rows of a name, what it means in a sentence, and its figure. Raises
    :class:`~pullquote.errors.GateError` when a quote is not its article's.
    """
    styles, script = _static("report.css"), _static("report.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(styles)}'; script-src '{_digest(script)}'; "
        "img-src 'none'; base-uri 'none'; form-action 'none'"
    )
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>Evaluation of {escape(summary.questions)}</title>\n"
        f"<style>{styles}</style>\n</head>\n<body>\n"
        f"{_head(summary, results, comparison)}\n<main>\n"
        f"{_figures(summary)}\n{figures.stress_html(stress)}\n{_plots(summary, results)}\n"
        f"{_questions(summary, results, library)}\n</main>\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )
    # Half a surrogate pair, as JSON may hold it, cannot be written to a file.
    return page.encode("utf-8", "replace").decode()


def _head(summary: Summary, results: Sequence[Result], comparison: Comparison | None) -> str:
    links = "".join(
        f'<a href="#{name}">{words}</a> '
        for name, words in (
            ("figures", "Figures"),
            ("threshold", "Threshold"),
            ("calibration", "Calibration"),
            ("latency", "Latency"),
            ("questions", "Questions"),
        )
    )
    return (
        '<header><p class="kicker">Evaluation of</p>'
        f"<h1><bdi>{escape(summary.questions)}</bdi></h1>"
        f'<p class="verdict">{_verdict(summary, results)}</p>'
        f"{_fitted(summary)}{_comparison(comparison, results)}{_settings(summary)}"
        f'<nav aria-label="Parts of the report">{links}</nav></header>'
    )


def _verdict(summary: Summary, results: Sequence[Result]) -> str:
    rate = summary.rates["end_to_end"]
    if rate.value is None:
        return f"{counted(len(results), 'question')} asked, none of which can be judged."
    handled = sum(bool(it.judgement.handled) for it in results)
    sure = decimal(rate.value, 2)
    if rate.interval:
        low, high = (decimal(it, 2) for it in rate.interval)
        sure += f", 95 % interval {low} to {high}"
    text = f"{handled:,} of {counted(rate.over, 'question')} handled right <span>({sure})</span>"
    others = len(results) - rate.over
    if others:
        text += f" <small>{others:,} more cannot be judged.</small>"
    return text


def _fitted(summary: Summary) -> str:
    if summary.settings.get("refuse_below_fitted_on") != summary.digest:
        return ""
    return (
        '<p class="note" role="note"><strong>Not held out:</strong> the refusal threshold was '
        "fitted on this very set, so what the figures say of refusals is not to be trusted on "
        "other questions.</p>"
    )


def _comparison(comparison: Comparison | None, results: Sequence[Result]) -> str:
    if comparison is None:
        return ""
    items = "".join(
        f'<li class="{"passed" if it.passed else "failed"}"><strong>'
        f"{'✓ passed' if it.passed else '✗ FAILED'}</strong> {escape(it.text)}</li>"
        for it in comparison.verdicts
    )
    known = {it.question.id for it in results}
    changed = "".join(
        _changed(words, ids, known)
        for words, ids in (("broken", comparison.broken), ("mended", comparison.mended))
        if ids is not None
    )
    return (f'<ul class="verdicts">{items}</ul>' if items else "") + changed


def _changed(words: str, ids: Sequence[str], known: Collection[str]) -> str:
    """The questions that broke or were mended since the baseline, as links to their rows."""
    if not ids:
        return f'<p class="changed">No question was {words} since the baseline.</p>'
    links = ", ".join(
        f'<a href="#{questions.anchor(id_)}"><bdi>{escape(id_)}</bdi></a>'
        if id_ in known
        else f"<bdi>{escape(id_)}</bdi>"
        for id_ in ids
    )
    return (
        f'<p class="changed">{counted(len(ids), "question")} <strong>{words}</strong> since the '
        f"baseline: {links}</p>"
    )


def _settings(summary: Summary) -> str:
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(_plain(value))}</dd></div>"
        for name, value in {**summary.settings, "question set": summary.digest}.items()
    )
    return f"<details><summary>Settings and digests</summary><dl>{rows}</dl></details>"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _figures(summary: Summary) -> str:
    return (
        f'<section id="figures"><h2>Figures</h2>{figures.counts_html(summary)}'
        f"{figures.figures_html(summary)}</section>"
    )


def _plots(summary: Summary, results: Sequence[Result]) -> str:
    judgements = [it.judgement for it in results]
    return (
        f'<div class="plots">{plots.threshold_html(summary, judgements)}'
        f"{plots.calibration_html(judgements)}{plots.latency_html(summary, results)}</div>"
    )


def _questions(summary: Summary, results: Sequence[Result], library: Library) -> str:
    rows = questions.questions_html(results, library, summary.settings.get("refuse_below"))
    return (
        f'<section id="questions"><h2>Questions</h2>{questions.kinds_html(results)}'
        # Only the script can filter, so only the script shows this.
        '<div class="filter" hidden><label for="text">Only with these words in the question, its '
        'id or its tags</label><input id="text" type="search" autocomplete="off">'
        '<p role="status"></p></div>'
        f"{questions.LEGEND}{rows}</section>"
    )


def _static(name: str) -> str:
    return (files("pullquote") / "serve" / "static" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """As a policy names what may be inlined: Content Security Policy Level 3, section 2.3.1."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
