"""Validates the filters that a user gives to restrict the articles."""

from __future__ import annotations

from datetime import date

from pullquote.errors import FilterError
from pullquote.types import Filters

#: The longest name of a section or a source, in characters.
MAX_LENGTH = 200


def checked(
    since: str | None = None,
    until: str | None = None,
    section: str | None = None,
    source: str | None = None,
) -> Filters:
    """The filters; an empty text means no restriction. Raises :class:`FilterError`."""
    first, last = _date("first", since), _date("last", until)
    if first and last and first > last:
        raise FilterError(f"No article is from {first} on and up to {last}: turn the dates round.")
    return Filters(first, last, _name("section", section), _name("source", source))


def _date(which: str, text: str | None) -> str | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        # Only this form, as the message says: Python itself would accept "20200611" too.
        if len(text) == 10:
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise FilterError(f"The {which} day must be a date such as 2020-06-11, not {text[:40]!r}.")


def _name(which: str, text: str | None) -> str | None:
    text = (text or "").strip()
    if len(text) > MAX_LENGTH:
        raise FilterError(f"The {which} has {len(text)} characters; none has over {MAX_LENGTH}.")
    return text or None
