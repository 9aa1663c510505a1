"""Citations and gold, marked in the article's own text by their offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from pullquote.answering.render import escape
from pullquote.types import Library, Sentence

#: A paragraph of more characters than this is shown only around its marks.
LONG = 1500

#: How many sentences around a mark are shown of a long paragraph.
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
    """A marked range of an article; ``number`` is shown where it begins."""

    start: int
    end: int
    kind: Kind
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a paragraph. ``gap``: paragraphs before it are left out.

    ``opened`` and ``closed`` tell whether it begins and ends where its paragraph does.
    """

    start: int
    end: int
    gap: bool
    opened: bool = True
    closed: bool = True


class Paragraphs:
    """The paragraphs of a library's articles, each found once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, tuple[tuple[Sentence, ...], ...]] = {}

    def of(self, article_id: str) -> tuple[tuple[Sentence, ...], ...]:
        """The sentences of each paragraph, in order."""
        if article_id not in self._known:
            sentences = self._library.sentences(article_id)
            self._known[article_id] = tuple(
                tuple(group) for _, group in groupby(sentences, key=lambda it: it.paragraph)
            )
        return self._known[article_id]


def excerpts(paragraphs: Sequence[Sequence[Sentence]], marks: Sequence[Mark]) -> Iterator[Excerpt]:
    """The paragraphs that hold some part of a mark, in order."""
    starts = [it[0].start for it in paragraphs]
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
    """The whole paragraph, or what stands around the marks in a long one."""
    start, end = paragraph[0].start, paragraph[-1].end
    last = len(paragraph) - 1
    shown = [
        number
        for number, it in enumerate(paragraph)
        if any(mark.start < it.end and it.start < mark.end for mark in marks)
    ]
    if end - start <= LONG or not shown:
        yield Excerpt(start, end, gap)
        return
    runs: list[tuple[int, int]] = []
    for number in shown:
        # Windows that would touch are one.
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


def marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """``text[start:end]`` as HTML, cut wherever a mark begins or ends.

    Marks may overlap in any way: each piece is in one ``mark`` with the classes of all its kinds.
    Without its tags, the result is the text itself, to the character.
    """
    touching = [it for it in marks if it.start < end and start < it.end]
    edges = {edge for it in touching for edge in (it.start, it.end) if start < edge < end}
    parts = []
    for low, high in pairwise(sorted({start, end, *edges})):
        over = [it for it in touching if it.start <= low and high <= it.end]
        words = escape(text[low:high])
        if over:
            kinds = sorted({it.kind for it in over}, key=list(Kind).index)
            numbers = [str(it.number) for it in over if it.number and max(it.start, start) == low]
            label = f' data-number="{" ".join(numbers)}"' if numbers else ""
            words = f'<mark class="{" ".join(kinds)}"{label}>{words}</mark>'
        parts.append(words)
    return "".join(parts)


def excerpts_html(
    text: str, paragraphs: Sequence[Sequence[Sentence]], marks: Sequence[Mark]
) -> str:
    """The excerpts that hold ``marks``, with a sign where something of the article is left out."""
    parts = []
    for it in excerpts(paragraphs, marks):
        if it.gap:
            parts.append('<p class="gap">…</p>')
        before = "" if it.opened else '<span class="cut">… </span>'
        after = "" if it.closed else '<span class="cut"> …</span>'
        parts.append(f'<p dir="auto">{before}{marked(text, it.start, it.end, marks)}{after}</p>')
    return "".join(parts)
