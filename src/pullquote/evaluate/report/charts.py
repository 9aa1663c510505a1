"""Charts as inline SVG. The functions take only numbers, so no untrusted text gets in.

Colours and fonts are in report.css. Coordinates are in the units of each chart's own size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, sqrt

from markupsafe import Markup

from pullquote.evaluate.report.calibration import Bin
from pullquote.evaluate.report.drawing import (
    Frame,
    count_axis,
    left_label,
    left_title,
    svg,
    text,
)
from pullquote.evaluate.report.plots import Latency, Threshold, round_step
from pullquote.evaluate.report.words import decimal
from pullquote.plurals import counted

_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def interval_bar(value: float | None, interval: tuple[float, float] | None) -> Markup:
    """A value from 0 to 1 as a dot, with its interval as a bar behind it."""
    parts = ['<path class="track" d="M4 8H164M4 5V11M84 5V11M164 5V11"/>']
    told = "no value"
    if interval:
        low, high = (4 + 160 * _within(edge) for edge in interval)
        parts.append(
            f'<rect class="interval" x="{low:.1f}" y="4" width="{max(high - low, 1):.1f}" '
            'height="8" rx="2"/>'
        )
    if value is not None:
        parts.append(f'<circle class="value" cx="{4 + 160 * _within(value):.1f}" cy="8" r="3.5"/>')
        told = decimal(value)
        if interval:
            told += f", 95 % interval {decimal(interval[0])} to {decimal(interval[1])}"
    return svg("bar", 168, 16, f"{told}, on a line from 0 to 1", "", parts)


def share_bar(share: float) -> Markup:
    """A bar for a share. It is hidden from screen readers, since the number is next to it."""
    width = 100 * _within(share)
    return Markup(
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="10"/>'
        f'<rect width="{width:.2f}" height="10"/></svg>'
    )


def trade_off(drawn: Threshold) -> Markup:
    """Precision over coverage, with a ring at the current threshold."""
    label = "as run" if drawn.refuse_below is None else f"refuse_below {drawn.refuse_below:g}"
    frame = Frame()
    parts = list(_axes(frame, "share of questions that get an answer", "share of those right"))
    if drawn.spots:
        path = [(frame.x(spot.coverage), frame.y(spot.precision)) for spot in drawn.spots]
        upper = [(frame.x(spot.coverage), frame.y(spot.interval[1])) for spot in drawn.spots]
        lower = [(frame.x(spot.coverage), frame.y(spot.interval[0])) for spot in drawn.spots]
        parts.append(f'<polygon class="band" points="{_points([*upper, *reversed(lower)])}"/>')
        parts.append(f'<polyline class="curve" points="{_points(path)}"/>')
    described = f"{counted(len(drawn.spots), 'point')} from a coverage of 0 to 1."
    if drawn.present:
        coverage, precision = drawn.present
        x, y = frame.x(coverage), frame.y(precision)
        end = coverage > 0.5
        aside = x + (-9 if end else 9)
        # The label goes below the ring, since a good curve rises to its left.
        level = y + (20 if precision > 0.1 else -11)
        parts.append(f'<path class="guide" d="M{x:.1f} {y:.1f}V{frame.y(0):.1f}"/>')
        parts.append(f'<circle class="present" cx="{x:.1f}" cy="{y:.1f}" r="5.5"/>')
        parts.append(
            f'<text class="label" x="{aside:.1f}" y="{level:.1f}" '
            f'text-anchor="{"end" if end else "start"}">{label}</text>'
        )
        described += f" {label}: coverage {decimal(coverage)}, of which right {decimal(precision)}."
    title = "Precision against coverage as the refusal threshold moves"
    return svg("plot", frame.width, frame.height, title, described, parts)


def calibration(found: Sequence[Bin]) -> Markup:
    """The share that is right over the answerability, a dot for each bin."""
    frame = Frame()
    parts = list(_axes(frame, "answerability", "share that is right"))
    parts.append(
        f'<path class="diagonal" d="M{frame.x(0):.1f} {frame.y(0):.1f}'
        f'L{frame.x(1):.1f} {frame.y(1):.1f}"/>'
    )
    most = max((each.count for each in found), default=1)
    dots = []
    for each in found:
        x = frame.x(_within(each.mean))
        low, high = (frame.y(edge) for edge in each.interval)
        radius = 6.5 * sqrt(each.count / most)  # the area is proportional to the count
        parts.append(f'<path class="whisker" d="M{x:.1f} {low:.1f}V{high:.1f}"/>')
        dots.append(
            f'<circle class="value" cx="{x:.1f}" cy="{frame.y(each.right):.1f}" r="{radius:.1f}"/>'
        )
    parts += dots  # drawn on top of the neighbours' whiskers
    described = " ".join(
        f"Answerability {decimal(each.mean)}: {decimal(each.right)} right of {each.count}."
        for each in found
    )
    title = "Answerability against the share whose first citation is right"
    return svg("plot", frame.width, frame.height, title, described, parts)


def latency(times: Latency) -> Markup:
    """A histogram of milliseconds with percentiles marked."""
    drawn, percentiles = times.histogram, times.percentiles
    frame = Frame(height=190, top=40)
    most = max(drawn.counts)
    parts = [f'<path class="axis" d="M{frame.x(0):.1f} {frame.y(0):.1f}H{frame.x(1):.1f}"/>']
    for place, count in enumerate(drawn.counts):
        low, high = (frame.x((place + side) / len(drawn.counts)) for side in (0, 1))
        if count:
            parts.append(
                f'<rect class="column" x="{low + 0.5:.1f}" y="{frame.y(count / most):.1f}" '
                f'width="{high - low - 1:.1f}" height="{frame.y(0) - frame.y(count / most):.1f}"/>'
            )
    parts += count_axis(frame, most, "questions")
    tick = round_step(drawn.top / 5)
    for number in range(ceil(drawn.top / tick)):
        x = frame.x(number * tick / drawn.top)
        parts.append(text(x, frame.y(0) + 17, f"{number * tick:g}"))
    parts.append(text(frame.x(0.5), frame.height - 8, "milliseconds", "title"))
    # The highest percentile goes on top, so that no label crosses another's line.
    for row, (name, value) in enumerate(reversed(list(percentiles.items()))):
        x = frame.x(_within(value / drawn.top))
        y = 13 + 15 * row
        end = x > 120
        parts.append(f'<path class="percentile" d="M{x:.1f} {y - 10:.1f}V{frame.y(0):.1f}"/>')
        parts.append(
            f'<text class="label" x="{x + (-5 if end else 5):.1f}" y="{y:.1f}" '
            f'text-anchor="{"end" if end else "start"}">{name} {value:,.0f} ms</text>'
        )
    described = ", ".join(f"{name} {value:.0f} ms" for name, value in percentiles.items())
    return svg("plot", frame.width, frame.height, "Time for an answer", described, parts)


def _axes(frame: Frame, across: str, upwards: str) -> Iterator[str]:
    """Both axes from 0 to 1, with their titles."""
    grid = "".join(
        f"M{frame.x(share):.1f} {frame.y(0):.1f}V{frame.y(1):.1f}"
        f"M{frame.x(0):.1f} {frame.y(share):.1f}H{frame.x(1):.1f}"
        for share in _QUARTERS
    )
    yield f'<path class="grid" d="{grid}"/>'
    for share in _QUARTERS:
        name = f"{share:g}".removeprefix("0") or "0"
        yield text(frame.x(share), frame.y(0) + 17, name)
        yield left_label(frame, share, name)
    yield text(frame.x(0.5), frame.height - 8, across, "title")
    yield left_title(frame, upwards)


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)
