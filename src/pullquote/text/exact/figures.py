"""Figures: each must stand in a source, in digits or in words, and in the same unit."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.text.numbers import Figure, figures, value


def false_figure(written: str, sources: Sequence[str]) -> bool:
    """Whether a figure is in no source, or stands there only with another measure.

    Measures are currencies, percentages and times. 1 is skipped, since "one" is often a pronoun.
    Bounds, shares and sums cannot be checked by comparing figures: "nearly doubled" may be true of
    38 and 71.
    """
    known = [_read(source, figure) for source in sources for figure in figures(source)]
    return any(
        number != 1 and not any(number == other and _agree(unit, its) for other, its in known)
        for number, unit in (_read(written, figure) for figure in figures(written))
    )


def _read(text: str, figure: Figure) -> tuple[float | None, str]:
    """The figure's value, and its unit if that is a measure, else an empty text."""
    unit = figure.amount.unit if figure.amount else ""
    return value(text[figure.start : figure.end]), unit if _is_measure(unit) else ""


def _is_measure(unit: str) -> bool:
    return unit in ("days", "%") or unit[:1] in "$£€¥" or unit[-1:] in "$£€¥" or "/" in unit


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other
