"""Articles that answer a question differently: another figure, another date, the contrary.

In doubt they do not: an alarm that is false makes two true sentences look like an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pullquote.text import numbers
from pullquote.text.names import missing, names
from pullquote.text.question_kind import Kind, kind_of
from pullquote.text.terms import stem, terms
from pullquote.text.timeframe import Timeframe, explicit_years
from pullquote.types import Article, Library, ScoredSentence

#: A sentence is held against the best one when it scores at least this share of it: it has to be an
#: answer of its own.
_ANSWERS = 0.6

#: The share of the question's words that each sentence, or its article's title, must have.
_ASKED = 0.6

#: The share of the shorter sentence's other words that the two must have in common; for the
#: contrary, whose words say less than a figure, more.
_ALIKE, _ALIKE_CONTRARY = 0.3, 0.7

#: Days between two articles within which "on 12 June" is of the same year in both.
_SAME_YEAR = 180

#: Questions that a figure answers.
_OF_FIGURES = (Kind.HOW_MANY, Kind.WHAT, Kind.WHETHER, Kind.OTHER)

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
_EITHER = frozenset[str]().union(*(one | other for one, other in _CONTRARY))
_NOT = re.compile(r"\b(?:not?|never|neither|nor|without)\b|n[’']t\b", re.IGNORECASE)
#: "not found guilty", "no longer open".
_DENIED = re.compile(r"(?:\b(?:not|never|no\s+longer)|n[’']t)\s+(?:\w+\s+)?$", re.IGNORECASE)
#: What is not so, or not yet, or was.
_UNSURE = re.compile(
    r"\b(?:will|would|could|may|might|should|if|whether|until|unless|when|before|after|plan\w*"
    r"|expect\w*|to\s+be|once|formerly|again|almost|partly)\b",
    re.IGNORECASE,
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|Mar(?:ch|\.)|Apr(?:il|\.)|May|June?|July?|Aug(?:ust|\.)"
    r"|Sept?(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})"
    rf"|(?P<m2>{_MONTH})(?:\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]))?)"
)
#: A mill may have opened in 1892.
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b(?!,\d)")
#: A date that leaves room for another.
_LOOSE = re.compile(
    r"\b(?:before|after|until|till|by|since|about|around|circa|or|to|through|between|early|late"
    r"|mid|first|last|again)\b|[-–—/]",
    re.IGNORECASE,
)

#: Words that tell one time, part or turn from another: where both sentences have one of a kind,
#: and not the same, they speak of different things.
_TELLING = tuple(
    re.compile(rf"\b(?:{words})\b")
    for words in (
        _MONTH,
        r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
        r"[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter",
        r"[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ss]ixth|[Ff]inal|\d+(?:st|nd|rd|th)",
        r"[Ll]ast|[Tt]his|[Nn]ext",
        r"by|to|from",
        r"[Mm]en|[Ww]omen|[Cc]hildren|[Bb]oys|[Gg]irls|[Aa]dults",
    )
)
#: The directions a figure may be reached in are told by the word right before it.
_STEP = re.compile(r"\b(by|to|from)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)

#: Who says it: what one spokesman and another are called tells nothing of what they speak of.
_SOURCE = re.compile(
    r"^[^,;]*?\b(?:said|says|reported|reports|announced)\b(?:\s+that\b)?"
    r"|,[^,;]*\b(?:said|says|told|reported|found)\b[^;]*$"
    r"|\b(?:according\s+to)\b[^,;]*"
)
_CALENDAR = frozenset(
    terms(
        "January February March April May June July August September October November December Jan"
        " Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday"
        " Saturday Sunday"
    )
)


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


def newest_first(sentences: Sequence[ScoredSentence], library: Library) -> list[ScoredSentence]:
    """By the date of their articles, of the correction if there was one; undated ones last."""
    return sorted(sentences, key=lambda it: _date(library.article(it.sentence.article_id)))[::-1]


def _differ(question: str, one: ScoredSentence, other: ScoredSentence, library: Library) -> bool:
    pair = (one, other)
    texts = [_text(it, library) for it in pair]
    spans = [_span(it) for it in pair]
    kind = kind_of(question)
    if not _about_the_same(question, pair, texts, spans, library):
        return False
    if kind is Kind.WHEN:
        return _dates_differ(texts, spans, [library.article(it.sentence.article_id) for it in pair])
    if kind not in _OF_FIGURES or not _of_one_time(texts, spans):
        return False
    if kind is Kind.WHETHER and _contrary(question, texts):
        return True
    return _figures_differ(texts, spans)


def _figures_differ(texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> bool:
    one, other = (numbers.the_one(*it) for it in zip(texts, spans, strict=True))
    if not (one and other and one.amount and other.amount and one.amount.differs(other.amount)):
        return False
    steps = [_STEP.search(text[: it.start]) for text, it in zip(texts, (one, other), strict=True)]
    if steps[0] and steps[1] and steps[0][1].lower() != steps[1][1].lower():
        return False  # "rose by 5 percent", "rose to 12 percent"
    rest = [
        set(terms(text[span[0] : it.start] + " " + text[it.unit_end : span[1]]))
        for text, span, it in zip(texts, spans, (one, other), strict=True)
    ]
    return len(rest[0] & rest[1]) >= min(map(len, rest)) / 2


def _dates_differ(
    texts: Sequence[str], spans: Sequence[tuple[int, int]], articles: Sequence[Article]
) -> bool:
    told = [text[slice(*span)] for text, span in zip(texts, spans, strict=True)]
    before = [text[: span[0]][-12:] for text, span in zip(texts, spans, strict=True)]
    if any(map(_LOOSE.search, told)) or any(_LOOSE.search(it.split(",")[-1]) for it in before):
        return False
    years, days = (
        [set(_YEAR.findall(it)) for it in told],
        [set(map(_day, _DATE.finditer(it))) for it in told],
    )
    if any(len(it) > 1 for it in (*years, *days)):
        return False
    if years[0] and years[1] and years[0] != years[1]:
        return True
    if not (days[0] and days[1]) or not ((years[0] and years[1]) or _near(articles)):
        return False
    (one,), (other,) = days
    return one[0] != other[0] or (None not in (one[1], other[1]) and one[1] != other[1])


def _day(match: re.Match[str]) -> tuple[int, int | None]:
    day = match["d1"] or match["d2"]
    return _MONTHS.index((match["m1"] or match["m2"])[:3].lower()), int(day) if day else None


def _near(articles: Sequence[Article]) -> bool:
    """Whether both were published at about the same time."""
    try:
        one, other = (date.fromisoformat(it.published or "") for it in articles)
    except ValueError:
        return False
    return abs((one - other).days) <= _SAME_YEAR


def _contrary(question: str, texts: Sequence[str]) -> bool:
    asked = set(terms(question))
    for sides in _CONTRARY:
        if not asked & (sides[0] | sides[1]):
            continue
        states = [_state(text, sides) for text in texts]
        if None in states or states[0] == states[1]:
            continue
        words = [set(terms(_NOT.sub(" ", it))) - sides[0] - sides[1] for it in texts]
        shorter = min(map(len, words))
        return shorter > 0 and len(words[0] & words[1]) >= _ALIKE_CONTRARY * shorter
    return False


def _state(text: str, sides: tuple[frozenset[str], frozenset[str]]) -> bool | None:
    """Whether the first of ``sides`` is so; ``None`` when the sentence does not plainly say."""
    if _UNSURE.search(text):
        return None
    states, denials = set(), 0
    for match in re.finditer(r"\w+", text):
        word = stem(match.group().lower())
        if word in sides[0] | sides[1]:
            denied = bool(_DENIED.search(text[: match.start()]))
            denials += denied
            states.add((word in sides[0]) != denied)
    # A denial elsewhere may be of anything.
    if len(states) != 1 or denials != len(_NOT.findall(text)):
        return None
    return states.pop()


def _of_one_time(texts: Sequence[str], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the sentences may be of one time, and of one part of what they speak of."""
    years = [explicit_years(it) for it in texts]
    if years[0] and years[1] and not years[0] & years[1]:
        return False
    outside = [f"{text[:a]} {text[b:]}" for text, (a, b) in zip(texts, spans, strict=True)]
    told = [[{it.lower() for it in form.findall(text)} for text in outside] for form in _TELLING]
    return not any(one and other and not one & other for one, other in told)


def _about_the_same(
    question: str,
    pair: tuple[ScoredSentence, ScoredSentence],
    texts: Sequence[str],
    spans: Sequence[tuple[int, int]],
    library: Library,
) -> bool:
    asked = set(terms(question))
    if kind_of(question) is Kind.WHETHER:
        # "Closed" is an answer to "is it open?".
        asked -= _EITHER
    words = [set(terms(text)) for text in texts]
    articles = [library.article(it.sentence.article_id) for it in pair]
    for article, own in zip(articles, words, strict=True):
        if len(asked & (own | set(terms(article.title)))) < _ASKED * len(asked):
            return False
    answers = [set(terms(text[slice(*span)])) for text, span in zip(texts, spans, strict=True)]
    rest = [own - answer for own, answer in zip(words, answers, strict=True)]
    shorter = min(map(len, rest))
    if not shorter or len(rest[0] & rest[1]) < _ALIKE * shorter:
        return False
    # What is asked of is named by both articles, or by neither.
    if len({missing(names(question), it) for it in articles}) > 1:
        return False
    named = [_names(it, text, library) for it, text in zip(pair, texts, strict=True)]
    only = [named[0] - named[1], named[1] - named[0]]
    # Each of another place or person; or of one that the other article does not know.
    return not (only[0] and only[1]) and not any(
        missing(it, article) for it, article in zip(only, reversed(articles), strict=True)
    )


def _names(it: ScoredSentence, text: str, library: Library) -> frozenset[str]:
    """What the sentence names, but for who says it; its first word if it is a name elsewhere."""
    own = it.sentence
    text = _SOURCE.sub(" ", text)
    found = names(text)
    first = re.match(r"\W*([A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŐŘŚŞŠŰŹŻŽ][\w’'-]*)", text)
    if first:
        stems = set(terms(first[1]))
        article = library.article(own.article_id)
        elsewhere = library.sentences(own.article_id)
        if stems and any(
            stems & names(article.text[at.start : at.end]) for at in elsewhere if not at.heading
        ):
            found |= stems
    return found - _CALENDAR


def _date(article: Article) -> str:
    return max(article.updated or "", article.published or "")


def _text(it: ScoredSentence, library: Library) -> str:
    text = library.article(it.sentence.article_id).text
    return text[it.sentence.start : it.sentence.end]


def _span(it: ScoredSentence) -> tuple[int, int]:
    """The answering words, in the sentence's own offsets."""
    start, end = it.span or (it.sentence.start, it.sentence.start)
    return start - it.sentence.start, end - it.sentence.start
