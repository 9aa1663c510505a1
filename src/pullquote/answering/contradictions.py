"""Whether two sentences can both be true: figures, dates, opposites.

A sentence is given as its text and the range of the answering words in it. When in doubt, both can
be true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pullquote.text import numbers
from pullquote.text.terms import stem, terms
from pullquote.text.timeframe import MONTHS, explicit_years
from pullquote.types import Article

#: The share of the shorter sentence's other words that two contrary ones must have in common.
_ALIKE = 0.7

#: The most days between two articles for which "on 12 June" means the same year in both.
_SAME_YEAR = 180

#: Opposites, which cannot both be true, as stems of words.
_CONTRARY = tuple(
    (frozenset(map(stem, one.split())), frozenset(map(stem, other.split())))
    for one, other in (
        ("open opened reopened", "closed shut shuttered"),
        ("alive survived", "dead died killed"),
        ("guilty convicted", "acquitted innocent cleared"),
        ("confirmed", "denied"),
        ("suspended halted paused stopped", "resumed continued"),
        ("approved accepted passed", "rejected refused declined"),
        ("won", "lost"),
        ("arrested jailed", "released freed"),
        ("rose increased grew", "fell dropped decreased shrank"),
    )
)
#: All of these words. An answer may use the opposite of the question's word.
EITHER = frozenset[str]().union(*(one | other for one, other in _CONTRARY))
_NOT = re.compile(r"\b(?:not?|never|neither|nor|without)\b|n[’']t\b", re.IGNORECASE)
#: "not found guilty", "no longer open".
_DENIED = re.compile(r"(?:\b(?:not|never|no\s+longer)|n[’']t)\s+(?:\w+\s+)?$", re.IGNORECASE)
#: Signs that something may not be so, is not so yet, or is so no longer.
_UNSURE = re.compile(
    r"\b(?:will|would|could|may|might|should|if|whether|until|unless|when|before|after|plan\w*"
    r"|expect\w*|to\s+be|once|formerly|again|almost|partly)\b",
    re.IGNORECASE,
)

_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|Mar(?:ch|\.)|Apr(?:il|\.)|May|June?|July?|Aug(?:ust|\.)"
    r"|Sept?(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))(?!\w)"
)
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})"
    rf"|(?P<m2>{_MONTH})(?:\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]))?)"
)
#: From 1000 on: a mill may have opened in 1892.
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b(?!,\d)")
#: A date that leaves room for another.
_LOOSE = re.compile(
    r"\b(?:before|after|until|till|by|since|about|around|circa|or|to|through|between|early|late"
    r"|mid|first|last|again)\b|[-–—/]",
    re.IGNORECASE,
)

#: Words that tell one time, group or turn from another. If each sentence has some of one kind, and
#: none in common, they are about different things. Of a month, three letters count.
_TELLING = (
    re.compile(rf"\b(?={_MONTH})[A-Z][a-z]{{2}}"),
    *(
        re.compile(rf"\b(?:{words})\b")
        for words in (
            r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
            r"[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter",
            r"[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ss]ixth|[Ff]inal|\d+(?:st|nd|rd|th)",
            r"[Ll]ast|[Tt]his|[Nn]ext",
            r"by|to|from",
            r"[Mm]en|[Ww]omen|[Cc]hildren|[Bb]oys|[Gg]irls|[Aa]dults",
        )
    ),
)
#: The word before a figure tells a change from a result: "rose by 5 percent", "rose to 12 percent".
_STEP = re.compile(r"\b(by|to|from)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)


def figures_differ(texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether each answers with one figure, for the same thing, and the figures differ."""
    one, other = (numbers.the_one(*text) for text in zip(texts, spans, strict=True))
    if not (one and other and one.amount and other.amount and one.amount.differs(other.amount)):
        return False
    steps = [
        _STEP.search(text[: item.start]) for text, item in zip(texts, (one, other), strict=True)
    ]
    if steps[0] and steps[1] and steps[0][1].lower() != steps[1][1].lower():
        return False
    rest = [
        set(terms(text[span[0] : item.start] + " " + text[item.unit_end : span[1]]))
        for text, span, item in zip(texts, spans, (one, other), strict=True)
    ]
    return len(rest[0] & rest[1]) >= min(map(len, rest)) / 2


def dates_differ(
    texts: Sequence[str], spans: Sequence[tuple[int, int]], articles: Sequence[Article]
) -> bool:
    """Whether each answers with one date, and the dates differ.

    Dates without a year are compared only between ``articles`` of about the same time.
    """
    told = [text[slice(*span)] for text, span in zip(texts, spans, strict=True)]
    before = [text[: span[0]][-12:] for text, span in zip(texts, spans, strict=True)]
    if any(map(_LOOSE.search, told)) or any(_LOOSE.search(text.split(",")[-1]) for text in before):
        return False
    years, days = (
        [set(_YEAR.findall(item)) for item in told],
        [set(map(_day, _DATE.finditer(item))) for item in told],
    )
    if any(len(year) > 1 for year in (*years, *days)):
        return False
    if years[0] and years[1] and years[0] != years[1]:
        return True
    if not (days[0] and days[1]) or not ((years[0] and years[1]) or _near(articles)):
        return False
    (one,), (other,) = days
    return one[0] != other[0] or (None not in (one[1], other[1]) and one[1] != other[1])


def _day(match: re.Match[str]) -> tuple[int, int | None]:
    day = match["d1"] or match["d2"]
    return MONTHS.index((match["m1"] or match["m2"])[:3].lower()), int(day) if day else None


def _near(articles: Sequence[Article]) -> bool:
    """Whether both were published at about the same time."""
    try:
        one, other = (date.fromisoformat(article.published or "") for article in articles)
    except ValueError:
        return False
    return abs((one - other).days) <= _SAME_YEAR


def contrary(question: str, texts: Sequence[str]) -> bool:
    """Whether one says that what ``question`` asks is true, and the other says the opposite."""
    asked = set(terms(question))
    for sides in _CONTRARY:
        if not asked & (sides[0] | sides[1]):
            continue
        states = [_state(text, sides) for text in texts]
        if None in states or states[0] == states[1]:
            continue
        words = [set(terms(_NOT.sub(" ", text))) - sides[0] - sides[1] for text in texts]
        shorter = min(map(len, words))
        return shorter > 0 and len(words[0] & words[1]) >= _ALIKE * shorter
    return False


def _state(text: str, sides: tuple[frozenset[str], frozenset[str]]) -> bool | None:
    """Whether the first of ``sides`` is true; ``None`` if the sentence does not clearly say."""
    if _UNSURE.search(text):
        return None
    states, denials = set(), 0
    for match in re.finditer(r"\w+", text):
        word = stem(match.group().lower())
        if word in sides[0] | sides[1]:
            denied = bool(_DENIED.search(text[: match.start()]))
            denials += denied
            states.add((word in sides[0]) != denied)
    # A denial elsewhere in the sentence may deny anything.
    if len(states) != 1 or denials != len(_NOT.findall(text)):
        return None
    return states.pop()


def of_one_time(texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether both sentences may be about the same time and the same group."""
    years = [explicit_years(text) for text in texts]
    if years[0] and years[1] and not years[0] & years[1]:
        return False
    outside = [f"{text[:a]} {text[b:]}" for text, (a, b) in zip(texts, spans, strict=True)]
    told = [
        [{word.lower() for word in form.findall(text)} for text in outside] for form in _TELLING
    ]
    return not any(one and other and not one & other for one, other in told)
