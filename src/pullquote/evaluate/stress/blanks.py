"""What can be taken out of a sentence and asked for in its place."""

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
#: Words behind which a number does not say how many of all there are.
_PARTIAL = re.compile(
    r"\b(?:an?|the|this|that|these|those|his|her|its|their|our|my|first|last|next|other|every|all"
    r"|another|than|or|and|to|between|of|aged?|\w+[’']s?)\s$",
    re.IGNORECASE,
)
_LENGTH = r"(?:second|minute|hour|day|night|week|month|season|year|decade)s?|century|centuries"
_DURATION = re.compile(
    rf"\bfor\s((?:{_ABOUT}\s)?(?:an?|{'|'.join(WORDS)}|\d+)\s(?:{_LENGTH}))\b(?!\s(?:of|old)\b)"
)
#: Things that are counted, with at most two words before them.
_COUNTED = re.compile(
    r"\s(?:(?:U\.S\.|US|UK)\s)?(?:(?!percent\b|per\b)[a-z][\w’'-]*\s){0,2}?"
    r"(?:people|men|women|children|[a-z][\w-]+(?<![su’'])s)(?=[\s,.;:]|$)"
)
_NEXT_WORD = re.compile(r"\s([a-z][\w’'-]*)")
_OTHER_YEAR = re.compile(r"\d{4}\W{1,3}(?:(?:to|and|or)\s)?$")
_THEN_YEAR = re.compile(r"[’']|\W{1,3}(?:(?:to|and|or)\s)?\d")
#: What may follow a name that stands for itself, and not before a noun as in "Amazon employees".
_ENDS_NAME = re.compile(
    r"[.?!]?$|[,;)](?!\s\d)|\s(?:said|says|told|was|is|has|had|were|are|have|will|would|could|can|did"
    rf"|does|may|that|and|or|but|as|than|{_PREPOSITION}|\w{{2,}}ed)\b"
)
_BEHIND_NEAR = re.compile(rf"\b{_NEAR}\s(?:the\s)?$", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:in|at|near|to|from)\s(?:the\s)?$", re.IGNORECASE)
_AT_START = re.compile(r"(?:^|,\s)(?:the\s)?$", re.IGNORECASE)


_MONTH_OF_YEAR = re.compile(r"\D+\d{4}$")

#: What is asked for in the place of a name.
_WHO: Mapping[Sort, str] = {
    Sort.SPEAKER: "who",
    # The Black Death was in Europe too: told by "in" alone, it may be no place after all.
    Sort.PLACE: "what",
    Sort.BODY: "which organisation",
}


@dataclass(frozen=True, slots=True)
class Blank:
    """``sentence[start:end]`` is taken out and asked for with ``asked``."""

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
    """A name of a sentence, as what is asked for; ``None`` where that would be no English."""
    before = text[: name.start]
    # The point of "Inc." is the sentence's only at its end.
    end = name.end + text[name.end :].startswith(". ")
    if not _ENDS_NAME.match(text[end:]) or name.without_titles() != name:
        return None
    # Between commas it only says who is meant: "a former pilot, Ola Nordmann, told".
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
    # "A $60 million grant", "the 2016 election": what is taken out only describes.
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
