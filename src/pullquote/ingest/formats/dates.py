"""Dates as publishers write them -> ``YYYY-MM-DD``."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

#: ISO 8601 and its profiles RFC 3339 and W3CDTF. Whatever the time says, the day is written.
_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]\d.*)?\Z", re.ASCII)
#: As in an e-mail or a feed: "Thu, 11 Jun 2020 08:00:00 GMT" (RFC 822, 2822, 5322).
_EMAIL = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?"
    r"(?:\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2}(?:\d{2})?|[A-Za-z]{3,9} \d{1,2},? \d{4})"
    r"\s+\d{1,2}:\d{2}",
    re.ASCII,
)


def iso_date(value: str | None) -> str | None:
    """The day that ``value`` names, or ``None`` when it names no whole day.

    The day is the one that is written, and is not turned into UTC: an article of 11 June, 23:00 in
    New York stays one of 11 June.
    """
    value = (value or "").strip()
    try:
        if written := _ISO.match(value):
            return date(int(written[1]), int(written[2]), int(written[3])).isoformat()
        if _EMAIL.match(value):
            return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, OverflowError):
        pass
    return None
