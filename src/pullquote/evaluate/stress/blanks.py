"""Finds parts of a sentence that can be replaced by a question phrase, such as "how long"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pullquote.evaluate.stress.capitals import Name, has_article
from pullquote.evaluate.stress.quantities import WORDS, Form, Quantity, quantities
from pullquote.evaluate.stress.sorts import Sort
from pullquote.text.terms import STOP_WORDS

_NEAR = r"(?:in|on|at|by|of|to|from|for|with|about|against|near)"
_PREPOSITION = rf"(?:{_NEAR}|since|until|after|before|during)"
_BEHIND_PREPOSITION = re.compile(rf"\b{_PREPOSITION}\s$", re.IGNORECASE)
_ABOUT = (
    r"(?:about|around|nearly|almost|roughly|some|more than|less than|at least|up to|over|only|just)"
)
_LEAD = re.compile(rf"\b{_ABOUT}\s$", re.IGNORECASE)
#: Words after which a number is not a total, so that "how many" would not fit.
_PARTIAL = re.compile(
    r"\b(?:an?|the|this|that|these|those|his|her|its|their|our|my|first|last|next|other|every|all"
    r"|another|than|or|and|to|between|of|aged?|\w+[’']s?)\s$",
    re.IGNORECASE,
)
_LENGTH = r"(?:second|minute|hour|day|night|week|month|season|year|decade)s?|century|centuries"
_DURATION = re.compile(
    rf"\bfor\s((?:{_ABOUT}\s)?(?:an?|{'|'.join(WORDS)}|\d+)\s(?:{_LENGTH}))\b(?!\s(?:of|old)\b)"
)
#: Nouns for things that are counted, with at most two words before them.
_COUNTED = re.compile(
    r"\s(?:(?:U\.S\.|US|UK)\s)?(?:(?!percent\b|per\b)[a-z][\w’'-]*\s){0,2}?"
    r"(?:people|men|women|children|[a-z][\w-]+(?<![su’'])s)(?=[\s,.;:]|$)"
)
_NEXT_WORD = re.compile(r"\s([a-z][\w’'-]*)")
_OTHER_YEAR = re.compile(r"\d{4}\W{1,3}(?:(?:to|and|or)\s)?$")
_THEN_YEAR = re.compile(r"[’']|\W{1,3}(?:(?:to|and|or)\s)?\d")
#: What may follow a name that is not an attribute of a noun, as in "Amazon employees".
_ENDS_NAME = re.compile(
    r"[.?!]?$|[,;)](?!\s\d)|\s(?:said|says|told|was|is|has|had|were|are|have|will|would|could|can|did"
    rf"|does|may|that|and|or|but|as|than|{_PREPOSITION}|\w{{2,}}ed)\b"
)
_BEHIND_NEAR = re.compile(rf"\b{_NEAR}\s(?:the\s)?$", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:in|at|near|to|from)\s(?:the\s)?$", re.IGNORECASE)
_AT_START = re.compile(r"(?:^|,\s)(?:the\s)?$", re.IGNORECASE)
_MONTH_OF_YEAR = re.compile(r"\D+\d{4}$")

#: What replaces a name in the question.
_WHO: Mapping[Sort, str] = {
    Sort.SPEAKER: "who",
    # Not "which place": a name may count as a place only because of an "in" ("in the Black Death").
    Sort.PLACE: "what",
    Sort.BODY: "which organisation",
}


@dataclass(frozen=True, slots=True)
class Blank:
    """``sentence[start:end]`` can be replaced by ``asked``, such as "how many"."""

    start: int
    end: int
    kind: str
    asked: str


def quantity_blanks(text: str) -> Iterator[Blank]:
    """The quantities in a sentence that can be asked for."""
    durations = list(_DURATION.finditer(text))
    for match in durations:
        yield Blank(match.start(1), match.end(1), "duration", "how long")
    for quantity in quantities(text):
        if not any(duration.start() <= quantity.start < duration.end() for duration in durations):
            blank = _quantity_blank(text, quantity)
            if blank is not None:
                yield blank


def name_blank(text: str, name: Name, sort: Sort) -> Blank | None:
    """The blank for a name in a sentence; ``None`` if the question would not be English."""
    before = text[: name.start]
    # Include the full stop of an abbreviation such as "Inc.", except at the end of the sentence.
    end = name.end + text[name.end :].startswith(". ")
    if not _ENDS_NAME.match(text[end:]) or name.without_titles() != name:
        return None
    # Between commas a name is only an apposition: "a former pilot, Ola Nordmann, told".
    alone = _AT_START.search(before) and not text[name.end :].startswith(",")
    if not alone and not _BEHIND_NEAR.search(before):
        return None
    asked = "which place" if sort is Sort.PLACE and _WHERE.search(before) else _WHO.get(sort)
    start = name.start - (len("the ") if has_article(text, name.start) else 0)
    return Blank(start, end, "name", asked) if asked else None


def _quantity_blank(text: str, quantity: Quantity) -> Blank | None:
    before, after = text[: quantity.start], text[quantity.end :]
    behind = bool(_BEHIND_PREPOSITION.search(before))
    word = _NEXT_WORD.match(after)
    # In "a $60 million grant" or "the 2016 election", the quantity only describes the noun.
    describes = word is not None and word.group(1) not in STOP_WORDS
    if quantity.form is Form.YEAR:
        ranged = _OTHER_YEAR.search(before) or _THEN_YEAR.match(after)
        if behind and not describes and not ranged:
            return Blank(quantity.start, quantity.end, "year", "which year")
        return None
    if quantity.form is Form.DATE:
        if describes or not (behind or before[-2:-1].islower()):
            return None
        month = _MONTH_OF_YEAR.match(quantity.words)
        asked = "which month and year" if month else "which date"
        return Blank(quantity.start, quantity.end, "date", asked if behind else f"on {asked}")
    start = quantity.start
    if lead := _LEAD.search(before):
        before, start = before[: lead.start()], lead.start()
    if _PARTIAL.search(before):
        return None
    if quantity.form is Form.MONEY:
        return None if describes else Blank(start, quantity.end, "money", "how much")
    if quantity.form is Form.PERCENT:
        fits = after.startswith(" of ")
        return Blank(start, quantity.end, "percent", "what percentage") if fits else None
    if quantity.form in (Form.COUNT, Form.SPELLED):
        # "Section 12 members"
        numbered = before[-2:-1].isalnum() and before.split()[-1][0].isupper()
        if describes and _COUNTED.match(after) and not numbered:
            return Blank(start, quantity.end, "number", "how many")
    return None
