"""Dates as publishers write them -> ``YYYY-MM-DD``."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

#: ISO 8601 and its profiles RFC 3339 and W3CDTF, also with slashes. Only the written day counts,
#: not the time.
_ISO = re.compile(r"(\d{4})([-/]?)(\d\d)\2(\d\d)(?:[T ]\d.*)?\Z", re.ASCII)
#: "March 4, 2024" and "4 March 2024", which some pages put into their metadata.
_SPELT = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")
#: Dates in e-mails and feeds: "Thu, 11 Jun 2020 08:00:00 GMT" (RFC 822, 2822, 5322).
_EMAIL = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?"
    r"(?:\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2}(?:\d{2})?|[A-Za-z]{3,9} \d{1,2},? \d{4})"
    r"\s+\d{1,2}:\d{2}",
    re.ASCII,
)
#: What a program writes if it knows no date: the beginning of its time.
_NONE = (date.min, date(1601, 1, 1), date(1970, 1, 1))


def is_iso_date(value: str) -> bool:
    """Whether ``value`` is a day as ``YYYY-MM-DD``."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def iso_date(value: str | None) -> str | None:
    """The day that ``value`` names, or ``None`` if it names no complete date.

    The written day is kept and not converted to UTC: 11 June, 23:00 in New York stays 11 June.
    """
    value = (value or "").strip()
    day = None
    try:
        if written := _ISO.match(value):
            day = date(int(written[1]), int(written[3]), int(written[4]))
        elif _EMAIL.match(value):
            day = parsedate_to_datetime(value).date()
        elif value.isascii():
            day = next(filter(None, (_spelt(value, form) for form in _SPELT)), None)
    except (ValueError, OverflowError):
        pass
    return day.isoformat() if day and day not in _NONE else None


def _spelt(value: str, form: str) -> date | None:
    try:
        return datetime.strptime(value, form).date()
    except ValueError:
        return None
