"""Dates as publishers write them -> ``YYYY-MM-DD``."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ].*)?\Z", re.ASCII)
#: As in a feed: "Thu, 11 Jun 2020 08:00:00 GMT".
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}", re.ASCII)
#: ``fromisoformat`` takes fractions of three or six digits only, publishers write others.
_FRACTION = re.compile(r"\.\d+")
#: A time zone written with a space before it, as in "2020-06-11 08:00:00 +0200".
_SPACED_ZONE = re.compile(r"\s+(?=(?:[+-]\d{2}:?\d{2}|Z)\Z)")


def iso_date(value: str) -> str | None:
    """The day that ``value`` names, or ``None`` when it names none.

    Takes ISO 8601 dates and timestamps, and the timestamps of RFC 2822. The day is the one that is
    written: an article of 11 June, 23:00 in New York stays one of 11 June.
    """
    value = value.strip()
    try:
        if _ISO.match(value):
            plain = _SPACED_ZONE.sub("", _FRACTION.sub("", value))
            return datetime.fromisoformat(plain).date().isoformat()
        if _RFC_2822.match(value):
            return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, OverflowError):
        pass
    return None
