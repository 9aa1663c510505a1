"""Cuts sentences out of an article's text, and converts offsets between the two texts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pullquote.evaluate.gold import Place
from pullquote.types import Article, Sentence


@dataclass(frozen=True, slots=True)
class Cut:
    """The ranges cut out of a text, in order, none touching another.

    Offsets in the original text are *old*; offsets in the text without the ranges are *new*.
    """

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, ranges: Iterable[tuple[int, int]]) -> Cut:
        """The cut of ``ranges``, which may overlap and be in any order."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(item for item in ranges if item[0] < item[1]):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return cls(tuple(merged))

    @classmethod
    def of_sentences(
        cls, article: Article, sentences: Sequence[Sentence], indices: Container[int]
    ) -> Cut:
        """The cut that removes the sentences with these indices, and the space next to them."""
        return cls.of(_with_space(article, run) for run in _runs(sentences, indices))

    def apply(self, text: str) -> str:
        """The text without the ranges."""
        kept = []
        at = 0
        for start, end in self.ranges:
            kept.append(text[at:start])
            at = end
        return "".join([*kept, text[at:]])

    def new(self, place: Place) -> Place | None:
        """The new place of what is left of an old place; ``None`` if nothing is left."""
        start, end = self._new(place.start), self._new(place.end)
        return Place(place.article_id, start, end) if start < end else None

    def old(self, place: Place) -> Place:
        """The old place of a new place, including anything cut out of its middle."""
        lengths = list(accumulate((end - start for start, end in self.ranges), initial=0))
        joints = [start - gone for (start, _), gone in zip(self.ranges, lengths, strict=False)]
        # At a joint, a start maps to the end of the cut range, and an end to its start.
        return Place(
            place.article_id,
            place.start + lengths[bisect_right(joints, place.start)],
            place.end + lengths[bisect_left(joints, place.end)],
        )

    def _new(self, offset: int) -> int:
        return offset - sum(
            min(offset, end) - start for start, end in self.ranges if start < offset
        )


def _runs(sentences: Sequence[Sentence], indices: Container[int]) -> Iterator[list[Sentence]]:
    """Runs of the chosen sentences that are consecutive and in the same paragraph."""
    run: list[Sentence] = []
    for sentence in sentences:
        if run and (sentence.index not in indices or sentence.paragraph != run[0].paragraph):
            yield run
            run = []
        if sentence.index in indices:
            run.append(sentence)
    if run:
        yield run


def _with_space(article: Article, run: Sequence[Sentence]) -> tuple[int, int]:
    """The run, with the space on one side of it.

    The side is chosen so that a paragraph break stays if a paragraph only loses its first or last
    sentence.
    """
    text, start, end = article.text, run[0].start, run[-1].end
    before, after = start, end
    while before > article.body_start and text[before - 1].isspace():
        before -= 1
    while after < len(text) and text[after].isspace():
        after += 1
    if not _breaks(text[before:start]) and before > article.body_start:
        return before, end
    if after < len(text) and not _breaks(text[end:after]):
        return start, after
    return (before, end) if before > article.body_start else (start, after)


def _breaks(space: str) -> bool:
    return "\n" in space or "\r" in space
