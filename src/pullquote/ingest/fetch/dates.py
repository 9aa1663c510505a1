"""The dates of feeds and sitemaps, as ISO dates."""

from __future__ import annotations

import email.utils
import re
from datetime import date, datetime

_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?![\d-])", re.ASCII)


def iso_date(text: str | None) -> str | None:
    """The day that ``text`` names, ``YYYY-MM-DD``; ``None`` when it names no whole day.

    Read are ISO 8601, its profiles RFC 3339 and W3CDTF, and the dates of e-mail (RFC 822, 2822,
    5322) that RSS uses. The day is the publisher's own: it is not turned into UTC, where an
    evening in New York is the next morning.
    """
    bare = (text or "").strip()
    match = _ISO.match(bare)
    if match is not None:
        try:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        except ValueError:
            return None
    # "2024" and "2024-05" name no day, though the reader of e-mail dates would guess one.
    if not re.search(r"[A-Za-z]{3}", bare):
        return None
    try:
        found: datetime = email.utils.parsedate_to_datetime(bare)
    except (ValueError, OverflowError):
        return None
    return found.date().isoformat()
