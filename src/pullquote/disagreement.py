"""Articles that answer a question differently: another figure, another year, the contrary.

In doubt they do not: an alarm that is false makes two true sentences look like an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pullquote.terms import stem, terms
from pullquote.timeframe import Timeframe, explicit_years
from pullquote.types import Article, Library, ScoredSentence

#: A sentence is held against the best one when it scores at least this share of it: it has to be an
#: answer of its own.
_ANSWERS = 0.6

#: The share of the question's words that each sentence, or its article's title, must have.
_ASKED = 0.6

#: The share of the shorter sentence's other words that the two must have in common.
_ALIKE = 0.3

#: Figures that differ by less are the same, rounded; by more where one says "about".
_ROUNDED, _ABOUT = 0.02, 0.1

_WORDS = {
    "a": 1, "an": 1, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip

_ONES = "one|two|three|four|five|six|seven|eight|nine"

_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT = {"k": 1e3, "m": 1e6, "bn": 1e9}

#: Units of time, in days.
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0, "decade": 3650.0}

_AMOUNT = re.compile(
    r"(?P<hedge>\b(?:about|around|nearly|almost|roughly|some|more than|less than|at least|up to"
    r"|over|under|approximately)\s+)?"
    r"(?P<sign>[$£€¥])?"
    r"(?:(?P<digits>\d[\d,]*(?:\.\d+)?)|\b(?P<word>" + "|".join(_WORDS) + r")"
    rf"(?:-(?P<ones>{_ONES}))?\b)"
    r"(?:\s?(?P<short>k|m|bn)\b)?"
    r"(?:[\s-]+(?P<scale>" + "|".join(_SCALES) + r")\b)?"
    r"(?P<percent>\s?%|\s+per\s?cent\b)?"
    r"(?:[\s-]+(?P<unit>[a-z]+))?",
    re.IGNORECASE,
)  # fmt: skip

#: What cannot both be so, as stems of words.
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

_NOT = re.compile(r"\b(?:not|never|no)\b|n[’']t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure in its unit: a currency's sign, ``%``, ``days`` or the stem of what is counted."""

    value: float
    unit: str
    rough: bool = False

    def differs(self, other: Amount) -> bool:
        """Whether it is another figure of the same unit, and not the same one rounded."""
        most = max(abs(self.value), abs(other.value))
        if self.unit != other.unit or not most:
            return False
        room = _ABOUT if self.rough or other.rough or self.unit == "days" else _ROUNDED
        return abs(self.value - other.value) / most > room


def find(
    question: str,
    sentences: Sequence[ScoredSentence],
    library: Library,
    frame: Timeframe | None = None,
) -> ScoredSentence | None:
    """The sentence of another article that answers otherwise than the first of ``sentences``.

    They come best first. Articles of another time than the question names, ``frame``, do not
    count. Those that say nearly the same do: a correction may change a figure alone.
    """
    if not sentences or not sentences[0].span:
        return None
    best = sentences[0]
    own = best.sentence.article_id
    for it in sentences[1:]:
        if it.score < _ANSWERS * best.score:
            continue
        article = library.article(it.sentence.article_id)
        if frame and not frame.holds(article.published):
            continue
        if it.span and it.sentence.article_id != own and _differ(question, best, it, library):
            return it
    return None


def _differ(question: str, one: ScoredSentence, other: ScoredSentence, library: Library) -> bool:
    texts = [_text(it, library) for it in (one, other)]
    years = [explicit_years(it) for it in texts]
    spans = [_span(it, library) for it in (one, other)]
    if not _about_the_same(question, (one, other), texts, spans, library):
        return False
    if _amounts_differ(*spans):
        # Another year's figure is no contradiction, unless the year is what was asked for.
        return not (years[0] and years[1] and not years[0] & years[1])
    if re.match(r"\s*(?:when|what year|in which year|what date)\b", question, re.IGNORECASE):
        asked = [explicit_years(it) for it in spans]
        return bool(asked[0] and asked[1]) and not asked[0] & asked[1]
    return _contrary(*texts)


def _amounts_differ(one: str, other: str) -> bool:
    first, second = next(amounts(one), None), next(amounts(other), None)
    return first is not None and second is not None and first.differs(second)


def amounts(text: str) -> Iterator[Amount]:
    """The figures of a text, with their units; bare numbers and years are left out."""
    for match in _AMOUNT.finditer(text):
        digits, word = match["digits"], (match["word"] or "").lower()
        value = float(digits.replace(",", "")) if digits else float(_WORDS[word])
        value += _WORDS[match["ones"].lower()] if match["ones"] else 0
        value *= _SCALES.get((match["scale"] or "").lower(), 1.0)
        value *= _SHORT.get((match["short"] or "").lower(), 1.0)
        unit = stem((match["unit"] or "").lower())
        days = next((it for name, it in _DAYS.items() if unit == stem(name)), None)
        rough = bool(match["hedge"])
        if match["sign"]:
            yield Amount(value, match["sign"], rough)
        elif match["percent"]:
            yield Amount(value, "%", rough)
        elif days is not None:
            yield Amount(value * days, "days", rough)
        elif unit and terms(unit) and word not in ("a", "an"):
            yield Amount(value, unit, rough)


def _contrary(one: str, other: str) -> bool:
    first, second = set(terms(one)), set(terms(other))
    if bool(_NOT.search(one)) != bool(_NOT.search(other)):
        return False  # "not closed" and "open" agree
    return any(
        (bool(first & a) and bool(second & b) and not first & b and not second & a)
        or (bool(first & b) and bool(second & a) and not first & a and not second & b)
        for a, b in _CONTRARY
    )


def _about_the_same(
    question: str,
    pair: tuple[ScoredSentence, ScoredSentence],
    texts: Sequence[str],
    spans: Sequence[str],
    library: Library,
) -> bool:
    asked = set(terms(question))
    words = [set(terms(text)) for text in texts]
    for it, own in zip(pair, words, strict=True):
        title = set(terms(library.article(it.sentence.article_id).title))
        if len(asked & (own | title)) < _ASKED * len(asked):
            return False
    rest = [own - set(terms(span)) for own, span in zip(words, spans, strict=True)]
    shorter = min(map(len, rest))
    return shorter > 0 and len(rest[0] & rest[1]) >= _ALIKE * shorter


def newest_first(sentences: Sequence[ScoredSentence], library: Library) -> list[ScoredSentence]:
    """By the date of their articles, of the correction if there was one; undated ones last."""
    return sorted(sentences, key=lambda it: _date(library.article(it.sentence.article_id)))[::-1]


def _date(article: Article) -> str:
    return max(article.updated or "", article.published or "")


def _text(it: ScoredSentence, library: Library) -> str:
    text = library.article(it.sentence.article_id).text
    return text[it.sentence.start : it.sentence.end]


def _span(it: ScoredSentence, library: Library) -> str:
    """The answering words, and the next one: a unit may stand outside of them."""
    text = library.article(it.sentence.article_id).text
    start, end = it.span or (it.sentence.start, it.sentence.start)
    following = re.match(r"[\s-]*[\w%]+", text[end : it.sentence.end])
    return text[start : end + (following.end() if following else 0)]
