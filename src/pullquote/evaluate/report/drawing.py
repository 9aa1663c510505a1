"""Building blocks of charts: the plot area, axes, text, and the SVG element itself.

Colours and fonts are in report.css. Coordinates are in the units of each chart's own size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot area of a chart, which maps values from 0 to 1 to coordinates."""

    width: float = 400
    height: float = 306
    left: float = 46
    right: float = 14
    top: float = 12
    bottom: float = 46

    def x(self, value: float) -> float:
        """The horizontal coordinate, from the left."""
        return self.left + value * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        """The vertical coordinate, from the top. The value 0 is at the bottom."""
        return self.height - self.bottom - value * (self.height - self.top - self.bottom)


def count_axis(frame: Frame, most: int, what: str) -> Iterator[str]:
    """The labels of a vertical axis from 0 to ``most``, with the title ``what``."""
    yield left_label(frame, 0.0, "0")
    yield left_label(frame, 1.0, f"{most:,}")
    yield left_title(frame, what)


def left_label(frame: Frame, value: float, words: str) -> str:
    """A label of the vertical axis at ``value``, from 0 to 1."""
    return (
        f'<text x="{frame.left - 7:.1f}" y="{frame.y(value) + 4:.1f}" text-anchor="end">'
        f"{words}</text>"
    )


def left_title(frame: Frame, words: str) -> str:
    """The title of the vertical axis, which reads upwards."""
    middle = frame.y(0.5)
    return (
        f'<text class="title" x="13" y="{middle:.1f}" text-anchor="middle" '
        f'transform="rotate(-90 13 {middle:.1f})">{words}</text>'
    )


def svg(
    kind: str, width: float, height: float, title: str, described: str, parts: Sequence[str]
) -> Markup:
    """An SVG element with a title and description for screen readers."""
    more = f"<desc>{described}</desc>" if described else ""
    return Markup(
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" role="img">'
        f"<title>{title}</title>{more}{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, kind: str = "tick") -> str:
    """Text centred at ``x``."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{words}</text>'
