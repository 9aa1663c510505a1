"""Finds the time that a question names, and prefers articles of that time; none is excluded."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pullquote.types import Hit

#: For how many days after a time articles still report on it: Sunday's match is in Monday's paper,
#: and in a weekly a week later.
GRACE = 7

#: The constant of reciprocal rank fusion: being of the right time counts as one more ranking.
_RRF_K = 60

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"

#: Words after which a bare number is a year.
_BEFORE_YEARS = (
    *("in", "during", "since", "until", "till", "before", "after", "between", "from", "and"),
    *("to", "by", "for", "early", "late", "mid", "year"),
)

#: What a year is not followed by: "in 2019 units", "2,020", "2020-foot".
_NO_YEAR = (
    r"(?![\d,.]\d|[-–]\w|\s+(?:people|units|copies|times|dollars|euros|pounds|met(?:er|re)s|miles"
    r"|km|percent|jobs|votes|cars|homes|deaths|cases)\b)"
)

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}

_FORMS = (
    rf"{_YEAR}-(?P<number>[01]\d)-{_DAY}\b",
    rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
    rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
    rf"\b{_MONTH}\s+(?:of\s+)?{_YEAR}\b",
    rf"\bq(?P<quarter>[1-4])\s+(?:of\s+)?{_YEAR}\b",
    rf"\b(?P<season>{'|'.join(_SEASONS)})\s+(?:of\s+)?{_YEAR}\b",
    r"\b(?P<decade>(?:19|20)\d0)s\b",
    rf"(?:{'|'.join(f'(?<={item} )' for item in _BEFORE_YEARS)}){_YEAR}\b{_NO_YEAR}",
    r"\b(?P<which>last|this)\s+(?P<unit>year|month|week)\b",
    r"\b(?P<near>yesterday|today)\b",
)  # fmt: skip

_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|currently|at present|right now|nowadays|now)\b(?![-–])"
)


@dataclass(frozen=True, slots=True)
class Timeframe:
    """The days from ``first`` to ``last``, both included, as ISO dates.

    ``newest``: no time is named, but the newest articles are preferred.
    """

    first: str
    last: str
    newest: bool = False

    def holds(self, published: str | None) -> bool:
        """Whether an article with this date was published in the time frame or just after it."""
        if self.newest:
            return True
        if published is None:
            return False
        return self.first <= published <= _later(self.last, GRACE)


#: The time frame of "now" and "the latest".
NEWEST = Timeframe("0001-01-01", "9999-12-31", newest=True)


def find(text: str, today: date) -> Timeframe | None:
    """The time that ``text`` names, relative to ``today``; ``None`` when it names none."""
    text = text.lower()
    found = _all(text, today)
    if not found:
        return NEWEST if _LATEST.search(text) else None
    start, first = found[0]
    before = text[:start].rstrip()
    if len(found) > 1 and re.search(r"\b(?:between|from)(?: the)?$", before):
        return Timeframe(first.first, max(first.last, found[1][1].last))
    if re.search(r"\b(?:since|after)$", before):
        return Timeframe(first.first, max(first.last, today.isoformat()))
    if re.search(r"\b(?:before|until|till|up to)$", before):
        end = first.first if before.endswith("before") else first.last
        return Timeframe("0001-01-01", end)
    return first


def _all(text: str, today: date) -> list[tuple[int, Timeframe]]:
    """All times in a text with their positions, in order; of overlapping ones, the longer form."""
    found: dict[int, tuple[int, Timeframe]] = {}
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in re.finditer(form, text):
            start, end = match.span()
            if any(a < end and start < b for a, b in taken):
                continue
            frame = _frame(match, today)
            if frame:
                taken.append((start, end))
                found[start] = (start, frame)
    return [found[start] for start in sorted(found)]


def _frame(match: re.Match[str], today: date) -> Timeframe | None:
    given = {name: value for name, value in match.groupdict().items() if value}
    try:
        if "near" in given:
            day = today - timedelta(days=given["near"] == "yesterday")
            return _days(day, day)
        if "which" in given:
            return _relative(given["unit"], given["which"] == "last", today)
        if "decade" in given:
            year = int(given["decade"])
            return _days(date(year, 1, 1), date(year + 9, 12, 31))
        year = int(given["year"])
        if "quarter" in given:
            return _months(year, 3 * int(given["quarter"]) - 2, 3)
        if "season" in given:
            return _months(year, _SEASONS[given["season"]], 3)
        if "month" in given or "number" in given:
            month = (
                int(given["number"]) if "number" in given else MONTHS.index(given["month"][:3]) + 1
            )
            if "day" in given:
                day = date(year, month, int(given["day"]))
                return _days(day, day)
            return _months(year, month, 1)
        return _days(date(year, 1, 1), date(year, 12, 31))
    except ValueError:  # 31 June
        return None


def _relative(unit: str, last: bool, today: date) -> Timeframe:
    if unit == "year":
        year = today.year - last
        return _days(date(year, 1, 1), date(year, 12, 31))
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * last)
        return _days(monday, monday + timedelta(days=6))
    first = today.replace(day=1)
    if last:
        first = (first - timedelta(days=1)).replace(day=1)
    return _months(first.year, first.month, 1)


def _months(year: int, month: int, count: int) -> Timeframe:
    end_year, end = divmod(year * 12 + month - 1 + count - 1, 12)
    return _days(date(year, month, 1), date(end_year, end + 1, monthrange(end_year, end + 1)[1]))


def _days(first: date, last: date) -> Timeframe:
    return Timeframe(first.isoformat(), last.isoformat())


def _later(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        return day


def prefer(
    hits: Sequence[Hit], frame: Timeframe, published: Callable[[str], str | None]
) -> tuple[Hit, ...]:
    """Re-rank ``hits``: being of the time counts as one more ranking. All hits are kept.

    ``published`` gives an article's date by its id.
    """
    if frame.newest:
        days = [published(hit.passage.article_id) for hit in hits]
        # Articles of the same day share a rank, so they keep their order.
        order = sorted({day for day in days if day}, reverse=True)
        ranks = {day: rank for rank, day in enumerate(order, start=1)}
        newer = [
            Hit(hit.passage, hit.score + (1 / (_RRF_K + ranks[day]) if day else 0.0))
            for hit, day in zip(hits, days, strict=True)
        ]
        return tuple(sorted(newer, key=lambda hit: -hit.score))
    own = [hit for hit in hits if frame.holds(published(hit.passage.article_id))]
    if not own or len(own) == len(hits):
        return tuple(hits)
    more = {hit.passage: 1 / (_RRF_K + rank) for rank, hit in enumerate(own, start=1)}
    lifted = [Hit(hit.passage, hit.score + more.get(hit.passage, 0.0)) for hit in hits]
    return tuple(sorted(lifted, key=lambda hit: -hit.score))


def explicit_years(text: str) -> frozenset[str]:
    """The years that a text names."""
    return frozenset(re.findall(r"\b(?:19|20)\d\d\b(?!,\d)", text))
