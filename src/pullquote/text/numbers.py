"""Parses the figures in a sentence: their values, units and precision.

A doubtful figure gets no amount, because amounts are compared between articles. Examples are
"10 to 12 wolves", "another five" and "12 of the 30": none of these numbers is the total.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import inf

from pullquote.text.terms import stem, terms

#: The relative difference up to which two figures count as equal, since figures are rounded; the
#: second if one of them is rough ("about") or a time.
_ROUNDED, _ABOUT = 0.02, 0.1

_ONES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9,
}  # fmt: skip
_TEENS = {
    "zero": 0, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORDS = {"a": 1, "an": 1, **_ONES, **_TEENS, **_TENS}
_SCALES = {
    "dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9,
    "trillion": 1e12,
}  # fmt: skip
_SHORT = {"k": 1e3, "m": 1e6, "bn": 1e9}

#: Units of time, in days.
_DAYS = {
    stem(name): days
    for name, days in {
        "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0,
        "decade": 3650.0,
    }.items()
}  # fmt: skip
_MONEY = {stem("dollar"): "$", stem("euro"): "€"}

_SCALE = "|".join(_SCALES)
_ONE, _TEEN, _TEN = ("|".join(item) for item in (_ONES, _TEENS, _TENS))
_UNDER_100 = rf"(?:(?:{_TEN})(?:[\s-](?:{_ONE}))?|{_TEEN}|{_ONE})\b"
_FIGURE = re.compile(
    r"(?P<sign>(?:\b[A-Z]{1,3})?[$£€¥]\s?)?"
    # "30m" is thirty million, "30 m" is thirty metres.
    r"(?:(?<!\w)(?<!\w[-.,])(?P<digits>\d(?:[\d,]*\d)?(?:\.\d+)?)(?:(?P<short>\s?(?:k|bn)|m)\b)?"
    rf"(?:[\s-]+(?P<scale>{_SCALE})\b)?"
    rf"|\b(?P<half>half\s+)?(?P<words>(?:an?\b|{_UNDER_100})"
    rf"(?:[\s-]+(?:{_SCALE})\b(?:\s+(?:and\s+)?{_UNDER_100})?)*))",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"(?P<percent>\s?%|\s+per\s?cent\b)?"
    r"(?P<unit>[\s-]+(?!(?:an?|per|each|every)\b)[^\W\d_]+)?"
    r"(?:(?:\s+(?:an?|per|each|every)\s+|/)(?P<per>[^\W\d_]+))?",
    re.IGNORECASE,
)

#: Words before a figure that say how exact it is.
_HEDGE = re.compile(
    r"\b(?:(?P<most>no\s+more\s+than|less\s+than|fewer\s+than|under|below|up\s+to|at\s+most"
    r"|as\s+(?:many|much)\s+as)"
    r"|(?P<least>no\s+(?:less|fewer)\s+than|at\s+least|more\s+than|over|above|upwards\s+of)"
    r"|(?P<rough>about|around|nearly|almost|roughly|some|approximately|estimated|close\s+to)"
    r"|(?P<part>another|further|additional|extra|other|first|last|next|past|every|each|half(?:\s+of)?"
    r"|nor))\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
#: After a figure: "two and a half years", "12 or more", "12+", "2½".
_MORE = re.compile(
    r"(?:[\s-]+\w+)?\s+and\s+an?\s+(?:half|third|quarter)\b|\s+or\b|\s?[+½¼¾⅓⅔]", re.I
)
#: Text that joins two figures into one statement: "10 to 12", "12 of the 30", "2 1/2", "3-1". Its
#: parts give nothing back: else a long row of dots would take hours.
_JOINS = re.compile(
    r"[^\w,;]*+(?:(?:to|and|or|by|of|in|out\s+of|through)\b)?+[^\w,;]*+"
    r"(?:(?:the|its|their|all|about|some|at\s+least)\b)?+[^\w,;]*+",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_BEFORE_A_YEAR = re.compile(
    r"\b(?:in|since|by|until|till|during|from|after|before|year|of"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?,?)?"
    r"|spring|summer|autumn|fall|winter)\s+$",
    re.IGNORECASE,
)

#: How many characters before a figure are searched for a hedge.
_REACH = 24


@dataclass(frozen=True, slots=True)
class Amount:
    """A value with its unit: a currency sign, ``%``, ``days`` or the stem of what is counted.

    ``rough`` is set by "about" and the like; ``bound`` is 1 for "at least", -1 for "up to".
    """

    value: float
    unit: str
    rough: bool = False
    bound: int = 0

    def differs(self, other: Amount) -> bool:
        """Whether both cannot be true, allowing for rounding; false when the units differ."""
        most = max(abs(self.value), abs(other.value))
        if self.unit != other.unit or not 0 < most < inf:
            return False
        room = _ABOUT if self.rough or other.rough or self.unit == "days" else _ROUNDED
        ranges = (self._range(), other._range())
        gap = max(low for low, _ in ranges) - min(high for _, high in ranges)
        return gap > room * most

    def _range(self) -> tuple[float, float]:
        return (
            -inf if self.bound < 0 else self.value,
            inf if self.bound > 0 else self.value,
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's range in a text, and where its unit ends.

    ``amount`` is ``None`` when the figure is doubtful.
    """

    start: int
    end: int
    unit_end: int
    amount: Amount | None


def the_one(text: str, span: tuple[int, int]) -> Figure | None:
    """The only figure that overlaps ``span``; ``None`` if there are several or it is doubtful."""
    found = [figure for figure in figures(text) if figure.start < span[1] and span[0] < figure.end]
    return found[0] if len(found) == 1 and found[0].amount else None


def figures(text: str) -> list[Figure]:
    """All figures of a text except years, from left to right."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        # The "a" of "$5 a day" is part of the unit.
        if match["words"] and found and match.end() <= found[-1].unit_end:
            continue
        if figure := _figure(text, match):
            found.append(figure)
    joined: set[int] = set()
    for n in range(1, len(found)):
        if _JOINS.fullmatch(text, found[n - 1].end, found[n].start):
            joined |= {n - 1, n}
    return [replace(one, amount=None) if n in joined else one for n, one in enumerate(found)]


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    start, end = match.span()
    after = _UNIT.match(text, end)
    unit, per, percent = (after["unit"], after["per"], after["percent"]) if after else (None,) * 3
    unit = unit.strip(" -\n\t\r\xa0").lower() if unit else ""
    sign = (match["sign"] or "").strip().upper().removeprefix("US")
    before = text[max(0, start - _REACH) : start]
    single = (match["words"] or "").lower() in ("a", "an")
    if single and stem(unit) not in _DAYS:
        return None  # an article, not a figure
    bare = not (sign or percent or match["short"] or match["scale"])
    is_year = bare and _YEAR.fullmatch(match["digits"] or "")
    if is_year and (not terms(unit) or _BEFORE_A_YEAR.search(before)):
        return None
    hedge = _HEDGE.search(before)
    if _MORE.match(text, end) or (hedge and hedge["part"]):
        return Figure(start, end, end, None)
    value, measure = _value(match), sign or ("%" if percent else "")
    if not measure and unit and terms(unit):
        measure = _MONEY.get(stem(unit), stem(unit))
    if measure in _DAYS:
        value, measure = value * _DAYS[measure], "days"
    if not measure:
        return Figure(start, end, end, None)
    if per:
        measure += "/" + stem(per.lower())
    bound = (1 if hedge["least"] else -1 if hedge["most"] else 0) if hedge else 0
    rough = bool(hedge and hedge["rough"])
    return Figure(start, end, after.end() if after else end, Amount(value, measure, rough, bound))


def _value(match: re.Match[str]) -> float:
    if match["digits"]:
        value = float(match["digits"].replace(",", ""))
        value *= _SHORT.get((match["short"] or "").strip().lower(), 1.0)
        return value * _SCALES.get((match["scale"] or "").lower(), 1.0)
    whole = part = 0.0
    for word in re.findall(r"[a-z]+", match["words"].lower()):
        if word in _WORDS:
            part += _WORDS[word]
        elif word in ("hundred", "dozen"):
            part *= _SCALES[word]
        elif word in _SCALES:
            whole, part = whole + part * _SCALES[word], 0.0
    return (whole + part) * (0.5 if match["half"] else 1.0)


def value(figure: str) -> float | None:
    """The number at the start of ``figure``, the text of a :class:`Figure`, without its unit."""
    match = _FIGURE.match(figure)
    return _value(match) if match else None
