"""Years, months, days of the week and hours: each must stand in a source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.text.exact.words import word_set

#: Months and their abbreviations; the first three letters identify each.
MONTHS = word_set(
    """january jan february feb march mar april apr may june jun july jul august aug september sept
    sep october oct november nov december dec"""
)

DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_CLOCK = re.compile(r"(?:\b|(?<=\d))([ap])\.?m\b", re.IGNORECASE)
#: Words that may be no months where they begin a sentence; a day after them shows that they are.
_VAGUE = frozenset(("mar", "march", "may"))
_DAY = re.compile(r"\.?\s+\d")


def false_date(written: str, sources: Sequence[str]) -> bool:
    """Whether a year, a month, a day of the week or "p.m." is in no source."""
    known = frozenset().union(*map(_times, sources))
    return bool(_times(written) - known)


def _times(text: str) -> frozenset[str]:
    found = set(_YEAR.findall(text)) | {
        character.lower() + "m" for character in _CLOCK.findall(text)
    }
    for match in re.finditer(r"[^\W\d_]+", text):
        word = match.group().lower()
        told = match.start() > 0 or word not in _VAGUE or _DAY.match(text, match.end())
        if word in MONTHS and match.group()[0].isupper() and told:
            found.add(f"month {word[:3]}")
        elif word in DAYS or word.removesuffix("s") in DAYS:
            found.add(word.removesuffix("s"))
    return frozenset(found)
