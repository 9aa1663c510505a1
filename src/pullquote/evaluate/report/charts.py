"""Drawings as inline SVG: functions of numbers, with no text from outside.

Colours and fonts are in report.css; coordinates are in units of each drawing's own size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt

from pullquote.evaluate.report.calibration import Bin
from pullquote.evaluate.report.words import decimal
from pullquote.plurals import counted

_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the trade-off: ``precision`` of what is answered, with its interval."""

    coverage: float
    precision: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The field of a drawing, and where a value from 0 to 1 lies in it."""

    width: float = 400
    height: float = 306
    left: float = 46
    right: float = 14
    top: float = 12
    bottom: float = 46

    def x(self, value: float) -> float:
        return self.left + value * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        return self.height - self.bottom - value * (self.height - self.top - self.bottom)


def interval_bar(value: float | None, interval: tuple[float, float] | None) -> str:
    """A value from 0 to 1 as a dot, its interval as a bar behind it."""
    parts = ['<path class="track" d="M4 8H164M4 5V11M84 5V11M164 5V11"/>']
    told = "no value"
    if interval:
        low, high = (4 + 160 * _within(it) for it in interval)
        parts.append(
            f'<rect class="interval" x="{low:.1f}" y="4" width="{max(high - low, 1):.1f}" '
            'height="8" rx="2"/>'
        )
    if value is not None:
        parts.append(f'<circle class="value" cx="{4 + 160 * _within(value):.1f}" cy="8" r="3.5"/>')
        told = decimal(value)
        if interval:
            told += f", 95 % interval {decimal(interval[0])} to {decimal(interval[1])}"
    return _svg("bar", 168, 16, f"{told}, on a line from 0 to 1", "", parts)


def share_bar(share: float) -> str:
    """A share of a whole. The number stands beside it, so it is not read out."""
    width = 100 * _within(share)
    return (
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="10"/>'
        f'<rect width="{width:.2f}" height="10"/></svg>'
    )


def trade_off(
    spots: Sequence[Spot], present: tuple[float, float] | None, threshold: float | None
) -> str:
    """Precision over coverage; ``present`` is the point in use, where the ``threshold`` is."""
    label = "as run" if threshold is None else f"refuse_below {threshold:g}"
    frame = _Frame()
    parts = list(_axes(frame, "share of questions that get an answer", "share of those right"))
    if spots:
        path = [(frame.x(it.coverage), frame.y(it.precision)) for it in spots]
        upper = [(frame.x(it.coverage), frame.y(it.interval[1])) for it in spots]
        lower = [(frame.x(it.coverage), frame.y(it.interval[0])) for it in spots]
        parts.append(f'<polygon class="band" points="{_points([*upper, *reversed(lower)])}"/>')
        parts.append(f'<polyline class="curve" points="{_points(path)}"/>')
    described = f"{counted(len(spots), 'point')} from a coverage of 0 to 1."
    if present:
        coverage, precision = present
        x, y = frame.x(coverage), frame.y(precision)
        end = coverage > 0.5
        aside = x + (-9 if end else 9)
        # Below the ring: a good curve rises to its left.
        level = y + (20 if precision > 0.1 else -11)
        parts.append(f'<path class="guide" d="M{x:.1f} {y:.1f}V{frame.y(0):.1f}"/>')
        parts.append(f'<circle class="present" cx="{x:.1f}" cy="{y:.1f}" r="5.5"/>')
        parts.append(
            f'<text class="label" x="{aside:.1f}" y="{level:.1f}" '
            f'text-anchor="{"end" if end else "start"}">{label}</text>'
        )
        described += f" {label}: coverage {decimal(coverage)}, of which right {decimal(precision)}."
    title = "Precision against coverage as the refusal threshold moves"
    return _svg("plot", frame.width, frame.height, title, described, parts)


def calibration(found: Sequence[Bin]) -> str:
    """The share that is right over the answerability, a dot for each bin."""
    frame = _Frame()
    parts = list(_axes(frame, "answerability", "share that is right"))
    parts.append(
        f'<path class="diagonal" d="M{frame.x(0):.1f} {frame.y(0):.1f}'
        f'L{frame.x(1):.1f} {frame.y(1):.1f}"/>'
    )
    most = max((it.count for it in found), default=1)
    dots = []
    for it in found:
        x = frame.x(_within(it.mean))
        low, high = (frame.y(edge) for edge in it.interval)
        radius = 6.5 * sqrt(it.count / most)  # the area goes by the count
        parts.append(f'<path class="whisker" d="M{x:.1f} {low:.1f}V{high:.1f}"/>')
        dots.append(
            f'<circle class="value" cx="{x:.1f}" cy="{frame.y(it.right):.1f}" r="{radius:.1f}"/>'
        )
    parts += dots  # above the bars of their neighbours
    described = " ".join(
        f"Answerability {decimal(it.mean)}: {decimal(it.right)} right of {it.count}."
        for it in found
    )
    title = "Answerability against the share whose first citation is right"
    return _svg("plot", frame.width, frame.height, title, described, parts)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values fall into each step; the last also counts all that lie above ``top``."""

    step: float
    counts: tuple[int, ...]
    overflow: bool

    @property
    def top(self) -> float:
        """Where the last step ends."""
        return self.step * len(self.counts)


def histogram(values: Sequence[float], p95: float) -> Histogram:
    """Some 10 to 25 steps of a round width. A few slow ones do not squeeze all others."""
    highest = max(values)
    reach = max(min(highest, 2 * p95), 1e-3)
    step = _round_step(reach / 24)
    steps = floor(reach / step) + 1
    counts = [0] * steps
    for value in values:
        counts[min(steps - 1, int(value / step))] += 1
    return Histogram(step, tuple(counts), highest >= step * steps)


def latency(drawn: Histogram, percentiles: Mapping[str, float]) -> str:
    """A histogram of milliseconds with percentiles marked."""
    frame = _Frame(height=190, top=40)
    most = max(drawn.counts)
    parts = [f'<path class="axis" d="M{frame.x(0):.1f} {frame.y(0):.1f}H{frame.x(1):.1f}"/>']
    for place, count in enumerate(drawn.counts):
        low, high = (frame.x((place + it) / len(drawn.counts)) for it in (0, 1))
        if count:
            parts.append(
                f'<rect class="column" x="{low + 0.5:.1f}" y="{frame.y(count / most):.1f}" '
                f'width="{high - low - 1:.1f}" height="{frame.y(0) - frame.y(count / most):.1f}"/>'
            )
    parts += _count_axis(frame, most)
    tick = _round_step(drawn.top / 5)
    for number in range(ceil(drawn.top / tick)):
        x = frame.x(number * tick / drawn.top)
        parts.append(_text(x, frame.y(0) + 17, f"{number * tick:g}"))
    parts.append(_text(frame.x(0.5), frame.height - 8, "milliseconds", "title"))
    # The highest on top: no name then stands on the line of another.
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
    return _svg("plot", frame.width, frame.height, "Time for an answer", described, parts)


def _axes(frame: _Frame, across: str, upwards: str) -> Iterator[str]:
    """Both axes from 0 to 1, with their names."""
    grid = "".join(
        f"M{frame.x(it):.1f} {frame.y(0):.1f}V{frame.y(1):.1f}"
        f"M{frame.x(0):.1f} {frame.y(it):.1f}H{frame.x(1):.1f}"
        for it in _QUARTERS
    )
    yield f'<path class="grid" d="{grid}"/>'
    for it in _QUARTERS:
        name = f"{it:g}".removeprefix("0") or "0"
        yield _text(frame.x(it), frame.y(0) + 17, name)
        yield (
            f'<text x="{frame.left - 7:.1f}" y="{frame.y(it) + 4:.1f}" text-anchor="end">'
            f"{name}</text>"
        )
    yield _text(frame.x(0.5), frame.height - 8, across, "title")
    middle = frame.y(0.5)
    yield (
        f'<text class="title" x="13" y="{middle:.1f}" text-anchor="middle" '
        f'transform="rotate(-90 13 {middle:.1f})">{upwards}</text>'
    )


def _count_axis(frame: _Frame, most: int) -> Iterator[str]:
    for share, name in ((0.0, "0"), (1.0, f"{most:,}")):
        yield (
            f'<text x="{frame.left - 7:.1f}" y="{frame.y(share) + 4:.1f}" text-anchor="end">'
            f"{name}</text>"
        )
    middle = frame.y(0.5)
    yield (
        f'<text class="title" x="13" y="{middle:.1f}" text-anchor="middle" '
        f'transform="rotate(-90 13 {middle:.1f})">questions</text>'
    )


def _round_step(least: float) -> float:
    """The smallest of …, 1, 2, 5, 10, 20, … that is not below ``least``."""
    power = 10.0 ** floor(log10(least))
    for factor in (1, 2, 5):
        if factor * power >= least:
            return factor * power
    return 10 * power


def _svg(
    kind: str, width: float, height: float, title: str, described: str, parts: Sequence[str]
) -> str:
    more = f"<desc>{described}</desc>" if described else ""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" role="img">'
        f"<title>{title}</title>{more}{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, words: str, kind: str = "tick") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{words}</text>'


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)
