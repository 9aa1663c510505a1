"""Finds out a page's locale, which decides whether 04/03/2024 is 4 March or 3 April."""

from __future__ import annotations

import re

from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.tree import Element

_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{4})?(?:[-_]([A-Za-z]{2}))?\Z")
#: Countries that write the month first, according to CLDR, and countries that use both orders.
_MONTH_FIRST = frozenset(("US", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "UM", "VI", "PH"))
_EITHER = frozenset(("CA", "ZA", "KE"))
#: Languages in which the day comes first in every country. English is not one of them.
_DAY_FIRST = frozenset(
    (
        *("fr", "de", "it", "pt", "nl", "da", "nb", "nn", "no", "fi", "pl", "cs", "sk", "ru", "uk"),
        *("bg", "ro", "el", "tr", "hr", "sr", "sl", "et", "lv", "he", "vi", "id", "ca", "gl", "is"),
    )
)
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)


def month_first(tree: Element) -> bool | None:
    """Whether the first number of a date on this page is the month.

    ``None`` if the page does not say or is inconsistent. The sources are ``og:locale``, the page's
    language, and the ``hreflang`` of its canonical address.
    """
    said = [tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang")]
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("http-equiv") or ""
        if name.lower() in ("og:locale", "content-language", "language", "dc.language"):
            said.append(meta.get("content"))
    links = list(tree.iter("link"))
    own = {link.get("href") for link in links if "canonical" in (link.get("rel") or "").lower()}
    said += [link.get("hreflang") for link in links if link.get("href") in own]
    orders = {_order(value) for value in said if value} - {None}
    return orders.pop() if len(orders) == 1 else None


def _order(locale: str) -> bool | None:
    found = _LOCALE.match(locale.strip())
    if found is None:
        return None
    language, country = found[1].lower(), (found[2] or "").upper()
    if country in _MONTH_FIRST:
        return True
    if country and country not in _EITHER and language in {*_DAY_FIRST, "en", "es", "ar", "hi"}:
        return False
    return False if language in _DAY_FIRST and not country else None


def local_date(value: str, month_comes_first: bool | None) -> str | None:
    """Parse a numeric date such as 04/03/2024 or 4.3.2024 into ``YYYY-MM-DD``.

    ``None`` if it is no such date, or if it is ambiguous and the order is not known.
    """
    found = _NUMERIC.match(value.strip())
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), found[4]
    if found[2] == "." or first > 12 or first == second:
        day, month = first, second
    elif second > 12 or month_comes_first:
        day, month = second, first
    elif month_comes_first is None:
        return None
    else:
        day, month = first, second
    return iso_date(f"{year}-{month:02}-{day:02}")


def reread(day: str, page: str, month_comes_first: bool | None) -> str | None:
    """Check a ``day`` that a library found, against the dates written in the page.

    An ambiguous numeric date is read in the page's order. ``None`` if no date matches, or if the
    order is needed and not known.
    """
    year, month, number = map(int, day.split("-"))
    written = (
        rf"{year}\D{{0,2}}0?{month}\D{{0,2}}0?{number}(?!\d)",
        rf"(?<!\d)0?{number}(?:\.|st|nd|rd|th|º)?\s(?:\w+\s)?[^\W\d]+[.,]?\s(?:\w+\s)?{year}",
        rf"[^\W\d]+\.?\s0?{number}(?:st|nd|rd|th)?,?\s{year}",
    )
    if any(re.search(form, page) for form in written):
        return day
    for found in _NUMERIC.finditer(page):
        if found[4] == str(year) and {int(found[1]), int(found[3])} == {month, number}:
            return local_date(found[0], month_comes_first)
    return None
