"""Finds sentences of two articles that contradict each other: by a figure, a date, an opposite.

When in doubt, they do not: a false alarm makes two true sentences look like an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from pullquote.answering import contradictions
from pullquote.protocols import Library
from pullquote.text.cut import cut
from pullquote.text.names import CAPITALS, missing, names
from pullquote.text.question_kind import Kind, kind_of
from pullquote.text.terms import terms
from pullquote.text.timeframe import Timeframe
from pullquote.types import Article, ScoredSentence

#: The share of a better sentence's score that a contradicting one must have: it must be an answer
#: itself.
_ANSWERS = 0.6

#: The share of the question's words that each sentence, or its article's title, must have.
_ASKED = 0.6

#: The share of the shorter sentence's other words that the two must have in common.
_ALIKE = 0.3

#: Questions that a figure answers.
_OF_FIGURES = (Kind.HOW_MANY, Kind.WHAT, Kind.WHETHER, Kind.OTHER)

#: Who says it. Two speakers may speak of the same thing.
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
    """The sentence of another article that contradicts the first of ``sentences``.

    They come best first. Articles of another time than the question names, ``frame``, do not
    count. Near copies of one article do: a correction may change only a figure.
    """
    return next(
        (
            other
            for other in sentences[1:]
            if _is_of_the_time(other, frame, library)
            and _differ(question, sentences[0], other, library)
        ),
        None,
    )


def both_sides(
    question: str,
    sentences: Sequence[ScoredSentence],
    library: Library,
    frame: Timeframe | None,
) -> list[tuple[int, int]]:
    """Which two of ``sentences`` contradict each other, as pairs of their numbers from 1."""
    asked = [
        one for one in enumerate(sentences, start=1) if _is_of_the_time(one[1], frame, library)
    ]
    return [
        (number, other_number)
        for (number, one), (other_number, other) in combinations(asked, 2)
        if _differ(question, one, other, library)
    ]


def _is_of_the_time(one: ScoredSentence, frame: Timeframe | None, library: Library) -> bool:
    return not frame or frame.holds(library.article(one.sentence.article_id).published)


def _differ(question: str, one: ScoredSentence, other: ScoredSentence, library: Library) -> bool:
    """Whether sentences of two articles are answers of their own, and contradict each other."""
    weaker, stronger = sorted((one.score, other.score))
    return (
        one.sentence.article_id != other.sentence.article_id
        and weaker >= _ANSWERS * stronger
        and bool(one.span and other.span)
        and _contradict(question, one, other, library)
    )


def newest_first(sentences: Sequence[ScoredSentence], library: Library) -> list[ScoredSentence]:
    """Sort by the dates of the articles, or of their updates; undated ones come last.

    Sentences of one day stay in their order.
    """
    return sorted(
        sentences, key=lambda one: _date(library.article(one.sentence.article_id)), reverse=True
    )


def _contradict(
    question: str, one: ScoredSentence, other: ScoredSentence, library: Library
) -> bool:
    pair = (one, other)
    texts = [cut(side.sentence, library) for side in pair]
    spans = [_span(side) for side in pair]
    kind = kind_of(question)
    if not _about_the_same(question, pair, texts, spans, library):
        return False
    if kind is Kind.WHEN:
        return contradictions.dates_differ(
            texts, spans, [library.article(side.sentence.article_id) for side in pair]
        )
    if kind not in _OF_FIGURES or not contradictions.of_one_time(texts, spans):
        return False
    if kind is Kind.WHETHER and contradictions.contrary(question, texts):
        return True
    return contradictions.figures_differ(texts, spans)


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
        asked -= contradictions.EITHER
    words = [set(terms(text)) for text in texts]
    articles = [library.article(side.sentence.article_id) for side in pair]
    for article, own in zip(articles, words, strict=True):
        if len(asked & (own | set(terms(article.title)))) < _ASKED * len(asked):
            return False
    answers = [set(terms(text[slice(*span)])) for text, span in zip(texts, spans, strict=True)]
    rest = [own - answer for own, answer in zip(words, answers, strict=True)]
    shorter = min(map(len, rest))
    if not shorter or len(rest[0] & rest[1]) < _ALIKE * shorter:
        return False
    # Both articles name what the question names, or neither does.
    if len({missing(names(question), item) for item in articles}) > 1:
        return False
    named = [_names(side, text, library) for side, text in zip(pair, texts, strict=True)]
    only = [named[0] - named[1], named[1] - named[0]]
    # They differ if each names something else, or one names what the other article does not.
    return not (only[0] and only[1]) and not any(
        missing(item, article) for item, article in zip(only, reversed(articles), strict=True)
    )


def _names(scored: ScoredSentence, text: str, library: Library) -> frozenset[str]:
    """The names in the sentence, except the speaker's; its first word if it is a name elsewhere."""
    own = scored.sentence
    text = _SOURCE.sub(" ", text)
    found = names(text)
    first = re.match(rf"\W*([{CAPITALS}][\w’'-]*)", text)
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


def _span(scored: ScoredSentence) -> tuple[int, int]:
    """The answering words, in the sentence's own offsets."""
    start, end = scored.span or (scored.sentence.start, scored.sentence.start)
    return start - scored.sentence.start, end - scored.sentence.start
