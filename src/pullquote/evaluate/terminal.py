"""Formats the figures of an evaluation for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.evaluate import prose
from pullquote.evaluate.comparison import Comparison
from pullquote.evaluate.rates import Rate
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import Summary
from pullquote.evaluate.threshold import Point
from pullquote.plurals import counted

#: About how many rows of a sweep are printed, apart from the chosen one.
_ROWS = 20
#: The most questions that are listed by id.
_NAMED = 10


def figures(summary: Summary) -> str:
    """Counts, then one line per figure with its interval, then the failures with their counts."""
    counts = summary.counts
    expected = {
        "answered": counts["n_answerable"],
        "stated unknown": counts["n_stated_unknown"],
        "not found": counts["n_unanswerable"],
        "unlabelled": counts["n_unlabelled"],
    }
    lines = [
        f"{counted(counts['n'], 'question')} of {summary.questions}: "
        + ", ".join(f"{number:,} {what}" for what, number in expected.items() if number),
        "",
        *(f"{name:<26}{_rate(rate)}" for name, rate in summary.rates.items()),
        "",
        "latency_ms                "
        + "  ".join(f"{name} {value:.0f}" for name, value in summary.latency_ms.items()),
        "failures                  "
        + (
            ", ".join(f"{number} {kind}" for kind, number in summary.failures.items() if number)
            or "none"
        ),
    ]
    if summary.prose:
        lines += ["", *prose.lines(summary.prose)]
    if summary.without_evidence:
        names = ", ".join(summary.without_evidence[:_NAMED])
        more = len(summary.without_evidence) - _NAMED
        lines += [
            "",
            f"{counted(len(summary.without_evidence), 'question')} marked as answerable, but "
            f"without evidence, so not in end_to_end: {names}"
            + (f" and {more:,} more (summary.json)." if more > 0 else "."),
        ]
    if summary.is_fitted_here:
        lines += [
            "",
            "The refusal threshold was fitted on these very questions, so the figures on refusals "
            "do not hold for others.",
        ]
    return "\n".join(lines)


def gate(comparison: Comparison, results: Sequence[Result]) -> str:
    """The verdicts, and which questions broke or were mended; an empty line if there are none."""
    lines = [
        f"{'passed' if verdict.passed else 'FAILED'}  {verdict.text}"
        for verdict in comparison.verdicts
    ]
    by_id = {result.question.id: result for result in results}
    for word, ids in (("broken", comparison.broken), ("mended", comparison.mended)):
        for id_ in ids or ():
            asked = by_id[id_]
            failure = f" ({asked.judgement.failure})" if asked.judgement.failure else ""
            lines.append(f"{word}  {id_}: {asked.question.text}{failure}")
    return "".join(f"{line}\n" for line in ["", *lines, ""]) if lines else "\n"


def sweep(candidates: Sequence[Point], chosen: Point | None) -> str:
    """A row for about twenty thresholds, evenly spread over the coverage, and the chosen one."""
    step = max(1, len(candidates) // _ROWS)
    shown = {*candidates[::step], candidates[-1], *([chosen] if chosen else [])}
    rows = [
        f"{point.threshold:<11.6g}{point.coverage:>8.3f}{_plain(point.precision):>11}"
        f"{_plain(point.refusals_right):>15}{_plain(point.refusals_found):>15}{point.handled:>11.3f}"
        + ("  <- chosen" if point == chosen else "")
        for point in sorted(shown, key=lambda point: point.threshold)
    ]
    head = (
        f"{'threshold':<11}{'coverage':>8}{'precision':>11}{'refusals right':>15}"
        f"{'refusals found':>15}{'handled':>11}"
    )
    return "\n".join([head, *rows])


def _rate(rate: Rate) -> str:
    if rate.value is None or rate.interval is None:
        return "    –   no question counts"
    low, high = rate.interval
    return f"{rate.value:8.3f}   {low:.3f} to {high:.3f}   of {rate.over}"


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
