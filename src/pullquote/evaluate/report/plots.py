"""The three plots, each with a caption that says how to read it."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.evaluate.judge import Judgement
from pullquote.evaluate.report import calibration, charts
from pullquote.evaluate.report.words import decimal
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import Summary
from pullquote.evaluate.threshold import Point, points
from pullquote.plurals import counted
from pullquote.types import Status

#: More points than this cannot be told apart in the drawing.
_MOST = 300


def threshold_html(summary: Summary, judgements: Sequence[Judgement]) -> str:
    """Precision against coverage as the refusal threshold moves."""
    counted_ones = [it for it in judgements if it.handled is not None]
    title = "The refusal threshold"
    if not counted_ones:
        return _figure(title, "", "No question of this set can be judged from end to end.")
    given = summary.settings.get("refuse_below")
    threshold = float(given) if isinstance(given, int | float) else None
    present = _present(counted_ones)
    drawing = charts.trade_off(_spots(points(judgements), len(counted_ones)), present, threshold)
    now = "At present nothing is answered."
    if present:
        now = (
            f"At present (the ring) {decimal(present[0], 2)} of the questions get an answer, and "
            f"{decimal(present[1], 2)} of those answers cite the right sentence first."
        )
    return _figure(
        title,
        drawing,
        "To the left more is refused, to the right more is answered. The higher the line climbs "
        "towards the left, the better the reader knows what it cannot answer; the shaded band is "
        f"where chance may have put it (95&nbsp;%). {now}",
    )


def calibration_html(judgements: Sequence[Judgement]) -> str:
    """How far an answerability can be taken at its word."""
    found = calibration.bins(judgements)
    error = calibration.expected_error(found)
    title = "Calibration"
    if error is None:
        return _figure(title, "", "The threshold decides on no question of this set.")
    total = sum(it.count for it in found)
    return _figure(
        title,
        charts.calibration(found),
        "On the dashed line an answerability of .7 would be right seven times in ten; below it "
        "the reader is surer than it ought to be. Each dot stands for questions of like "
        "answerability, the larger the more; the bar is its 95&nbsp;% interval. "
        f"<strong>Expected calibration error {decimal(error)}</strong>, over "
        f"{counted(total, 'question')} on which the threshold decides.",
    )


def latency_html(summary: Summary, results: Sequence[Result]) -> str:
    """How long answers took."""
    times = [it.answer.timings.total for it in results]
    drawn = charts.histogram(times, summary.latency_ms["p95"])
    overflow = (
        f" The last column also holds what took longer, up to {max(times):,.0f} ms."
        if drawn.overflow
        else ""
    )
    return _figure(
        "Latency",
        charts.latency(drawn, summary.latency_ms),
        f"From the question to its answer, over {counted(len(times), 'question')}. Half of them "
        f"took no longer than p50, 95 in 100 no longer than p95.{overflow}",
    )


def _spots(found: Sequence[Point], total: int) -> list[charts.Spot]:
    """The points at which something is answered, thinned out, and the first and last of them."""
    answering = [it for it in found if it.precision is not None]
    step = len(answering) // _MOST + 1
    kept = answering[::step]
    if answering and kept[-1] is not answering[-1]:
        kept.append(answering[-1])
    return [
        charts.Spot(
            it.coverage, it.precision, calibration.wilson(it.precision, round(it.coverage * total))
        )
        for it in kept
        if it.precision is not None
    ]


def _present(judgements: Sequence[Judgement]) -> tuple[float, float] | None:
    """Coverage and precision as the questions were answered; ``None`` when none was."""
    answered = [it for it in judgements if it.status is not Status.NOT_FOUND]
    if not answered:
        return None
    right = sum(bool(it.first_right) for it in answered)
    return len(answered) / len(judgements), right / len(answered)


def _figure(title: str, drawing: str, caption: str) -> str:
    """``caption`` is HTML of our own making."""
    name = title.split()[-1].casefold()
    return (
        f'<figure id="{name}"><h2>{title}</h2>{drawing}<figcaption>{caption}</figcaption></figure>'
    )
