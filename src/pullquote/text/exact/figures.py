"""Figures: each must stand in a source, in digits or in words, and in the same unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.text.numbers import Figure, figures, value

#: "Two-thirds", "four out of five", "three in ten".
_SMALL = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d\d?)"
_SHARE = re.compile(
    rf"\b{_SMALL}(?:[-\s](?:thirds|quarters|fifths|sixths|sevenths|eighths|ninths|tenths)\b"
    rf"|\s(?:out\s+of|in)\s+(?:every\s+)?{_SMALL}\b(?![,.]\d))",
    re.IGNORECASE,
)
#: A month has from 28 to 31 days.
_MONTHS_DIFFER = 0.03


def false_figure(written: str, sources: Sequence[str]) -> bool:
    """Whether a figure is in no source, or stands there only with another measure.

    Measures are currencies, percentages and times. 1 is skipped, since "one" is often a pronoun.
    Bounds, shares and sums cannot be checked by comparing figures: "nearly doubled" may be true of
    38 and 71, and "two-thirds" of 8 of 12.
    """
    known = [_read(source, figure) for source in sources for figure in figures(source)]
    shares = [match.span() for match in _SHARE.finditer(written)]
    told = [
        _read(written, figure)
        for figure in figures(written)
        if not any(start <= figure.start < end for start, end in shares)
    ]
    return any(one.number != 1 and not any(map(one.agrees, known)) for one in told)


@dataclass(frozen=True, slots=True)
class _Read:
    """A figure: its value, its unit if that is a measure, and per what; days, if it is a time."""

    number: float | None
    unit: str
    per: str
    days: float

    def agrees(self, other: _Read) -> bool:
        if self.unit and other.unit and self.unit != other.unit:
            return False
        if self.per and other.per and self.per != other.per:
            return False
        if self.days and other.days:
            # "Three decades" and "30 years", "two weeks" and "14 days".
            return abs(self.days - other.days) <= _MONTHS_DIFFER * self.days
        return self.number == other.number


def _read(text: str, figure: Figure) -> _Read:
    unit, _, per = figure.amount.unit.partition("/") if figure.amount else ("", "", "")
    days = figure.amount.value if figure.amount and unit == "days" else 0.0
    is_measure = _is_measure(unit) or bool(per)
    number = value(text[figure.start : figure.end])
    return _Read(number, unit if is_measure else "", per, days)


def _is_measure(unit: str) -> bool:
    return unit in ("days", "%") or unit[:1] in "$£€¥" or unit[-1:] in "$£€¥"
