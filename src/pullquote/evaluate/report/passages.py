"""Marks citations and gold in the text of the articles, by their offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from pullquote.protocols import Library
from pullquote.types import Sentence

#: A paragraph with more characters than this is shown only around its marks.
LONG = 1500

#: How many sentences before and after a mark are shown in a long paragraph.
REACH = 1


class Kind(StrEnum):
    """Why a range is marked. The values are classes in report.css."""

    CITED = "cited"
    CLOSEST = "closest"
    WORDS = "words"
    EVIDENCE = "evidence"
    ALSO_OK = "also-ok"


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked range of an article. ``number`` is shown at its beginning."""

    start: int
    end: int
    kind: Kind
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a paragraph. ``gap``: paragraphs before it are left out.

    ``opened`` and ``closed`` say whether it begins and ends with its paragraph.
    """

    start: int
    end: int
    gap: bool
    opened: bool = True
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt, all of which is in the same marks.

    ``kinds`` are the kinds of these marks, ``numbers`` the numbers of the marks that begin here.
    """

    text: str
    kinds: Sequence[Kind]
    numbers: Sequence[int]


class Paragraphs:
    """The paragraphs of a library's articles, cached by article."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, tuple[tuple[Sentence, ...], ...]] = {}

    def of(self, article_id: str) -> tuple[tuple[Sentence, ...], ...]:
        """The sentences of each paragraph, in order."""
        if article_id not in self._known:
            sentences = self._library.sentences(article_id)
            self._known[article_id] = tuple(
                tuple(group)
                for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)
            )
        return self._known[article_id]


def excerpts(paragraphs: Sequence[Sequence[Sentence]], marks: Sequence[Mark]) -> Iterator[Excerpt]:
    """Excerpts of the paragraphs that overlap with a mark, in order."""
    starts = [paragraph[0].start for paragraph in paragraphs]
    held: set[int] = set()
    for mark in marks:
        number = max(0, bisect_right(starts, mark.start) - 1)
        while number < len(paragraphs) and starts[number] < mark.end:
            if mark.start < paragraphs[number][-1].end:
                held.add(number)
            number += 1
    before = None
    for number in sorted(held):
        gap = before is not None and number > before + 1
        yield from _pieces(paragraphs[number], marks, gap)
        before = number


def _pieces(paragraph: Sequence[Sentence], marks: Sequence[Mark], gap: bool) -> Iterator[Excerpt]:
    """The whole paragraph, or for a long one, the sentences around its marks."""
    start, end = paragraph[0].start, paragraph[-1].end
    last = len(paragraph) - 1
    marked = [
        number
        for number, sentence in enumerate(paragraph)
        if any(mark.start < sentence.end and sentence.start < mark.end for mark in marks)
    ]
    if end - start <= LONG or not marked:
        yield Excerpt(start, end, gap)
        return
    runs: list[tuple[int, int]] = []
    for number in marked:
        # Merge windows that would touch.
        if runs and number - runs[-1][1] <= 2 * REACH + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    for place, run in enumerate(runs):
        low, high = max(0, run[0] - REACH), min(last, run[1] + REACH)
        yield Excerpt(
            start=paragraph[low].start,
            end=paragraph[high].end,
            gap=gap and place == 0,
            opened=low == 0,
            closed=high == last,
        )


def pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """``text[start:end]``, split wherever a mark begins or ends. Marks may overlap."""
    touching = [mark for mark in marks if mark.start < end and start < mark.end]
    edges = {edge for mark in touching for edge in (mark.start, mark.end) if start < edge < end}
    for low, high in pairwise(sorted({start, end, *edges})):
        over = [mark for mark in touching if mark.start <= low and high <= mark.end]
        yield Piece(
            text[low:high],
            sorted({mark.kind for mark in over}, key=list(Kind).index),
            [mark.number for mark in over if mark.number and max(mark.start, start) == low],
        )


def shown(
    text: str, paragraphs: Sequence[Sequence[Sentence]], marks: Sequence[Mark]
) -> Iterator[tuple[Excerpt, Sequence[Piece]]]:
    """The excerpts around ``marks``, each with its pieces."""
    for excerpt in excerpts(paragraphs, marks):
        yield excerpt, list(pieces(text, excerpt.start, excerpt.end, marks))
