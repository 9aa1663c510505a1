"""The questions of the report, one row each, and how many went wrong in which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pullquote.answering.gate import check
from pullquote.evaluate.gold import Place
from pullquote.evaluate.judge import Failure, Judgement
from pullquote.evaluate.question import Item, Range
from pullquote.evaluate.report.passages import Excerpt, Kind, Mark, Paragraphs, Piece, shown
from pullquote.evaluate.report.words import RIGHT, UNJUDGED, kind, kind_words
from pullquote.evaluate.run import Result
from pullquote.protocols import Library
from pullquote.types import Article, Citation

#: The most places of the gold that are marked: a short quote may occur everywhere.
MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class KindRow:
    """How many questions went wrong in one way. With JavaScript, the row is a filter."""

    name: str
    words: str
    number: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A question, its answer and its gold, both also marked in their articles.

    ``quotes`` are the cited or closest sentences, each with a note on whether it is right.
    ``groups`` hold the texts of each evidence group, and whether one of them is cited. ``articles``
    hold the excerpts with marks, articles with citations first. ``left_out`` counts places of the
    gold that are not marked.
    """

    result: Result
    kind: str
    quotes: Sequence[tuple[Citation, str]]
    groups: Sequence[tuple[Sequence[str], bool]]
    also_ok: Sequence[str]
    articles: Sequence[tuple[Article, Sequence[tuple[Excerpt, Sequence[Piece]]]]]
    left_out: int


def kinds(judgements: Sequence[Judgement]) -> Iterator[KindRow]:
    """Rows for all questions, for each kind of failure, and for questions handled right."""
    found = Counter(map(kind, judgements))
    yield KindRow("all", "all questions", len(judgements))
    for failure in Failure:
        note = failure.meaning
        both = sum(one.failure is failure and bool(one.handled) for one in judgements)
        if both:
            note += f" The first citation is right, so {both:,} of these count as handled right."
        yield KindRow(failure, kind_words(failure), found[failure], note)
    yield KindRow(RIGHT, kind_words(RIGHT), found[RIGHT])
    if found[UNJUDGED]:
        note = "The set does not say what is right, or names no evidence."
        yield KindRow(UNJUDGED, kind_words(UNJUDGED), found[UNJUDGED], note)


def rows(results: Sequence[Result], library: Library) -> list[Row]:
    """One row per question, in order. Raises :class:`~pullquote.errors.GateError`."""
    paragraphs = Paragraphs(library)
    return [_row(result, library, paragraphs) for result in results]


def _row(result: Result, library: Library, paragraphs: Paragraphs) -> Row:
    check(result.answer, library)
    question, answer = result.question, result.answer
    marks, left_out = _marks(result)
    articles = [
        (article, list(shown(article.text, paragraphs.of(article.id), marks[article.id])))
        for article in map(library.article, marks)
    ]
    return Row(
        result=result,
        kind=kind(result.judgement),
        quotes=[(quote, _note(quote, result)) for quote in (*answer.citations, *answer.closest)],
        groups=list(_groups(result, library)),
        also_ok=[_words(item, library) for item in question.also_ok],
        articles=articles,
        left_out=left_out,
    )


def _note(citation: Citation, result: Result) -> str:
    """Whether a citation is right according to the gold, in words."""
    place = Place.of(citation)
    if any(map(place.meets, result.gold.evidence)):
        return "✓ evidence"
    if any(map(place.meets, result.gold.also_ok)):
        return "✓ may be cited"
    return "✗ not right" if result.gold.groups and result.answer.citations else ""


def _groups(result: Result, library: Library) -> Iterator[tuple[Sequence[str], bool]]:
    """The evidence, group by group, and whether the answer cites it."""
    cited = [Place.of(citation) for citation in result.answer.citations]
    for items, places in zip(result.question.evidence, result.gold.groups, strict=True):
        met = any(one.meets(place) for one in cited for place in places)
        yield [_words(item, library) for item in items], met


def _words(item: Item, library: Library) -> str:
    if isinstance(item, Range):
        return library.article(item.document_id).text[item.start : item.end]
    return item


def _marks(result: Result) -> tuple[Mapping[str, Sequence[Mark]], int]:
    """The marks by article, and how many places of the gold are left out."""
    answer, gold = result.answer, result.gold
    found: dict[str, list[Mark]] = {}
    for cited, name in ((answer.citations, Kind.CITED), (answer.closest, Kind.CLOSEST)):
        for one in cited:
            marks = found.setdefault(one.article_id, [])
            marks.append(Mark(one.start, one.end, name, one.number))
            if one.span and name is Kind.CITED:
                marks.append(Mark(*one.span, Kind.WORDS))
    cited_articles = set(found)
    left_out = 0
    for places, name in ((gold.evidence, Kind.EVIDENCE), (gold.also_ok, Kind.ALSO_OK)):
        near = sorted(
            dict.fromkeys(places), key=lambda place: place.article_id not in cited_articles
        )
        left_out += len(near[MOST_PLACES:])
        for place in near[:MOST_PLACES]:
            found.setdefault(place.article_id, []).append(Mark(place.start, place.end, name))
    return found, left_out
