"""Groups whole sentences into passages, up to a number of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from pullquote.types import Passage, Sentence

#: Among 80 to 200 tokens with a quarter of overlap, 200 had the right sentence in the first twelve
#: passages most often: .980 of 293 questions on whole encyclopedia articles (.952 at 80, .969 at
#: 120, .962 at 160) and .992 of 126 on news. 240 found .986 and .992, but has a sixth more to read
#: and is close to the embedding model's limit of 256 word pieces. Measure again with
#: `python -m benchmarks.passages` when the model changes.
PASSAGE_TOKENS = 200

#: About two sentences of news, so that a sentence and what it refers back to share a passage.
#: Without overlap, the right passage came first for .713 instead of .771 of the questions on
#: encyclopedia articles. Measured with PASSAGE_TOKENS.
OVERLAP_TOKENS = 50


def _sections(
    sentences: Sequence[Sentence], tokens: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """``(start, body, end)`` of each run of text and the headings over it, ``end`` exclusive."""
    start, count = 0, len(sentences)
    while start < count:
        body, size = start, 0
        # Many headings in a row (a table, a poem) must not pile up in one passage.
        while body < count and sentences[body].heading:
            size += tokens[body]
            if body > start and size > OVERLAP_TOKENS:
                break
            body += 1
        end = body
        while end < count and not sentences[end].heading:
            end += 1
        yield start, body, end
        start = end


def _runs(start: int, body: int, end: int, sums: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Overlapping ``(first, stop)`` of one section, ``stop`` exclusive. ``sums``: prefix sums."""
    first, stop = start, start
    while True:
        # Always take at least one new sentence of text, whatever its length, to make progress.
        stop = min(max(stop, body) + 1, end)
        while stop < end and sums[stop + 1] - sums[first] <= PASSAGE_TOKENS:
            stop += 1
        yield first, stop
        if stop == end:
            return
        floor = max(first + 1, body)
        rest = sums[end] - sums[stop]
        # A short rest is a poor passage: give it all the text before it that fits.
        short = rest < PASSAGE_TOKENS // 2
        room = PASSAGE_TOKENS - (rest if short else sums[stop + 1] - sums[stop])
        wanted = room if short else OVERLAP_TOKENS
        first, shared = stop, 0
        while first > floor:
            more = sums[stop] - sums[first - 1]
            if more > room or abs(more - wanted) > abs(shared - wanted):
                break
            first, shared = first - 1, more


def passages(
    article_id: str, sentences: Sequence[Sentence], tokens: Sequence[int]
) -> tuple[Passage, ...]:
    """Overlapping runs of whole sentences, numbered from 0.

    ``tokens[i]`` is the token count of ``sentences[i]``. A passage has at most
    ``PASSAGE_TOKENS`` tokens, unless its one sentence of text, with the headings over it, has
    more. It never crosses a heading, and shares about ``OVERLAP_TOKENS`` with the one before
    (more at the end of a section, rather than leave a tiny passage). Every sentence is in a
    passage, and no passage lies within another. :class:`ValueError` when the lengths differ.
    """
    if len(sentences) != len(tokens):
        raise ValueError(f"{article_id}: {len(sentences)} sentences but {len(tokens)} token counts")
    sums = list(accumulate(tokens, initial=0))
    runs = [run for section in _sections(sentences, tokens) for run in _runs(*section, sums)]
    return tuple(
        Passage(i, article_id, sentences[first].index, sentences[stop - 1].index)
        for i, (first, stop) in enumerate(runs)
    )
