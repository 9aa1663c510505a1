"""A column chart of counts by week. It takes no untrusted text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from markupsafe import Markup

from pullquote.evaluate.report.drawing import Frame, count_axis, svg, text

#: The most week labels on the axis: more would overlap.
_NAMES = 6


@dataclass(frozen=True, slots=True)
class Series:
    """One part of every column: its name, its style in report.css, and a count for each week."""

    name: str
    style: str
    counts: Sequence[int]


def columns(title: str, what: str, weeks: Sequence[date], parts: Sequence[Series]) -> Markup:
    """A stacked column for each week, the first of ``parts`` at the bottom.

    ``what`` names the things counted.
    """
    frame = Frame(height=230)
    totals = [sum(part.counts[n] for part in parts) for n in range(len(weeks))]
    most = max([1, *totals])
    drawn = [f'<path class="axis" d="M{frame.x(0):.1f} {frame.y(0):.1f}H{frame.x(1):.1f}"/>']
    width = 1 / max(len(weeks), 8)  # keeps columns narrow if there are few weeks
    for n in range(len(weeks)):
        below = 0
        for part in parts:
            count = part.counts[n]
            if count:
                top, bottom = frame.y((below + count) / most), frame.y(below / most)
                left, right = frame.x((n + 0.12) * width), frame.x((n + 0.88) * width)
                drawn.append(
                    f'<rect class="{part.style}" x="{left:.1f}" y="{top:.1f}" '
                    f'width="{right - left:.1f}" height="{bottom - top:.1f}">'
                    f"<title>{_day(weeks[n])}: {count:,} {part.name}</title></rect>"
                )
            below += count
    drawn += count_axis(frame, most, what)
    for n in range(0, len(weeks), max(1, ceil(len(weeks) / _NAMES))):
        drawn.append(text(frame.x((n + 0.5) * width), frame.y(0) + 17, _day(weeks[n])))
    drawn.append(text(frame.x(0.5), frame.height - 8, "week that begins on", "title"))
    described = " ".join(
        f"{week.isoformat()}: "
        + ", ".join(f"{part.counts[n]:,} {part.name}" for part in parts)
        + "."
        for n, week in enumerate(weeks)
    )
    return svg("plot", frame.width, frame.height, title, described, drawn)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
