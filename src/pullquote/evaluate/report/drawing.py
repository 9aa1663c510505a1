"""What drawings are made of: a frame with its axes, and inline SVG around it.

Colours and fonts are in report.css; coordinates are in units of each drawing's own size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Frame:
    """The field of a drawing, and where a value from 0 to 1 lies in it."""

    width: float = 400
    height: float = 306
    left: float = 46
    right: float = 14
    top: float = 12
    bottom: float = 46

    def x(self, value: float) -> float:
        """From the left."""
        return self.left + value * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        """From the top; 0 is at the bottom."""
        return self.height - self.bottom - value * (self.height - self.top - self.bottom)


def count_axis(frame: Frame, most: int, what: str) -> Iterator[str]:
    """An axis upwards from 0 to ``most`` of ``what``."""
    for share, name in ((0.0, "0"), (1.0, f"{most:,}")):
        yield (
            f'<text x="{frame.left - 7:.1f}" y="{frame.y(share) + 4:.1f}" text-anchor="end">'
            f"{name}</text>"
        )
    middle = frame.y(0.5)
    yield (
        f'<text class="title" x="13" y="{middle:.1f}" text-anchor="middle" '
        f'transform="rotate(-90 13 {middle:.1f})">{what}</text>'
    )


def svg(
    kind: str, width: float, height: float, title: str, described: str, parts: Sequence[str]
) -> Markup:
    """A drawing with what is read out of it."""
    more = f"<desc>{described}</desc>" if described else ""
    return Markup(
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" role="img">'
        f"<title>{title}</title>{more}{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, kind: str = "tick") -> str:
    """Words around a place."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{words}</text>'
