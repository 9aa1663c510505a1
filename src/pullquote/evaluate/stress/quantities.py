"""Finds numbers, sums, dates and days in a text, and says which could replace one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MONTHS = re.findall(
    r"\w+",
    "January February March April May June July August September October November December",
)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
_SCALE = r"(?:hundred|thousand|million|billion|trillion)"
_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"

_ONES = re.findall(
    r"\w+",
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty""",
)
_TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

#: Spelled-out numbers. "One" is missing: it is mostly a pronoun, not a count.
WORDS = {
    **{word: number for number, word in enumerate(_ONES, start=2)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=3)},
}
_BY_VALUE = {str(number): word for word, number in WORDS.items()}


class Form(StrEnum):
    """The kinds of quantities."""

    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    CLOCK = "clock"
    DECADE = "decade"
    SCORE = "score"
    YEAR = "year"
    COUNT = "count"
    SPELLED = "spelled"
    MONTH = "month"
    DAY = "day"


# Tried in this order at each place, so that "$60 million" is money, not a count, and "June 11" is a
# date, not a month.
_FORMS: tuple[tuple[Form, str], ...] = (
    (Form.MONEY, rf"(?:US|C|A)?[$£€¥]\s?{_DIGITS}(?:\s?(?:{_SCALE}|[mbk]n?)\b)?"),
    (Form.PERCENT, rf"{_DIGITS}\s?(?:%|percent\b|per\scent\b)"),
    (
        Form.DATE,
        rf"{_MONTH}\s\d{{1,2}}(?:,\s\d{{4}})?(?!\d)|\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})?(?!\w)"
        rf"|{_MONTH}\s\d{{4}}(?!\d)",
    ),
    (Form.CLOCK, r"\d{1,2}(?::\d\d)?\s?[ap](?:\.m\.|m\b)|\d{1,2}:\d\d(?!\d)"),
    (Form.DECADE, r"(?:1[5-9]|20)\d0s\b"),
    (Form.SCORE, r"\d{1,3}[-–]\d{1,3}(?![\d-])"),
    (Form.YEAR, r"(?:1[5-9]|20)\d\d(?![\d-]|,\d|\.\d)"),
    (Form.COUNT, rf"{_DIGITS}(?:\s{_SCALE}\b)?"),
    (
        Form.SPELLED,
        # No part of "twenty-one", since such compounds are not supported.
        rf"(?<!-)(?i:{'|'.join(WORDS)})(?:\s{_SCALE}\b)?(?!-(?:one|{'|'.join(WORDS)}))",
    ),
    (Form.MONTH, rf"{_MONTH}"),
    (Form.DAY, rf"{'|'.join(DAYS)}"),
)

_ANY = re.compile(
    r"(?<![\w$£€¥])(?<!\d[.,:/–-])(?:"
    + "|".join(f"(?P<{form}>{pattern})" for form, pattern in _FORMS)
    # Not within "3rd" or "B2B", and not the beginning of "1.75.2" or "1/2".
    + r")(?!\w)(?![.,/:]\d)"
)
_ANY_CASE = re.compile(_ANY.pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """``text[start:end]`` is ``words``. A quantity may replace another with an equal shape."""

    form: Form
    start: int
    end: int
    words: str

    @property
    def shape(self) -> tuple[str, ...]:
        """The form, and what else must be equal: the currency, the scale, or the date format."""
        words = self.words.lower()
        if self.form is Form.DATE:
            days = re.sub(r"\b\d\d?\b", "0", re.sub(r"\d{4}", "year", words))
            return self.form, re.sub(rf"{'|'.join(MONTHS).lower()}|[a-z]+\.", "month", days)
        if self.form is Form.CLOCK:
            return self.form, re.sub(r"\d+", "0", words)
        if self.form in _NAMED:
            return self.form, *words.split()[1:]
        signs = re.sub(r"[\d.,\s–-]+", " ", words).strip()
        # Separate counts with decimals: 0.2 cannot replace an age. Sums may have cents or not.
        return self.form, signs, "." if self.form is Form.COUNT and "." in words else ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """The words, and for a small number also its other spelling, such as "2" for "two"."""
        other = _BY_VALUE.get(self.words) or WORDS.get(self.words.lower())
        return (self.words, str(other)) if other else (self.words,)

    @property
    def digits(self) -> int:
        """How many digits it has."""
        return sum(map(str.isdecimal, self.words))


#: Forms whose values come from a list of words.
_NAMED = frozenset((Form.SPELLED, Form.MONTH, Form.DAY))


def quantities(text: str) -> Iterator[Quantity]:
    """The quantities in ``text``, in order, except 0, 1 and "one"."""
    # In a question without capitals, days are in lower case too.
    pattern = _ANY if any(map(str.isupper, text)) and text != text.upper() else _ANY_CASE
    for match in pattern.finditer(text):
        form = Form(str(match.lastgroup))
        # Without their normal capitalisation, these are mostly not months.
        if form is Form.MONTH and match.group() in ("may", "march", "MAY", "MARCH"):
            continue
        if match.group() not in ("0", "1"):
            yield Quantity(form, match.start(), match.end(), match.group())
