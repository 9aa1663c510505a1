"""Splits paragraphs into sentences by visiting each terminator."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from pullquote.text.segment.characters import CJK_STOPS, OTHER_STOPS, QUOTES, REACH, SPACE, WORD
from pullquote.text.segment.paragraphs import paragraphs
from pullquote.text.segment.rules import is_end
from pullquote.text.segment.stops import Stop, after_closers, asides, word_before
from pullquote.types import Article, Sentence

_TERMINATOR = re.compile(rf"\.(?:[ \u00a0\u202f]\.){{2,}}+[.!?]*+|[.!?…{CJK_STOPS}{OTHER_STOPS}]++")
_OPENERS = re.compile(f"[{re.escape(QUOTES + '([{（【《〈¿¡')}]{{0,{REACH}}}")
_LETTER = re.compile(r"[^\W_]")
_GAP = re.compile(rf"{SPACE}*+")
_STRAIGHT = re.compile('"')


def _ends(text: str, start: int, limit: int) -> Iterator[tuple[int, int]]:
    """The sentences of one piece of running text, as ``(start, end)``."""
    last = limit
    while last > start and not text[last - 1].isalnum():
        last -= 1
    opens, closes = asides(text, start, limit)
    straight = [found.start() for found in _STRAIGHT.finditer(text, start, limit)]
    first = -1  # the sentence's first letter or digit; a sentence has one
    looked = start
    for found in _TERMINATOR.finditer(text, start, limit):
        at = found.start()
        if at < looked:  # inside what the last boundary took as closers
            continue
        if first < 0:
            letter = _LETTER.search(text, looked, at)
            first, looked = (letter.start(), at) if letter else (-1, at)
        if first < 0:
            continue
        end = after_closers(text, found.end(), limit, bisect_left(straight, at) % 2 == 1)
        gap = _GAP.match(text, end, limit)
        following = gap.end() if gap else end
        if following >= last:  # no word follows: the rest belongs to this sentence
            break
        openers = _OPENERS.match(text, following, limit)
        word_at = openers.end() if openers else following
        while word_at < limit and word_at - following < REACH and text[word_at].isspace():
            word_at += 1
        word = WORD.match(text, word_at, limit)
        aside = bisect_left(opens, at) - 1
        inside = aside >= 0 and first < opens[aside] and at < closes[aside]
        stop = Stop(
            text=text,
            first=first,
            at=at,
            mark=found[0],
            end=end,
            closers=text[found.end() : end],
            next=following,
            limit=limit,
            token=word_before(text, first, at),
            word=word[0] if word else "",
            word_at=word_at,
            within_aside=inside and end <= closes[aside],
            closes_aside=inside and end > closes[aside],
        )
        if is_end(stop):
            yield start, end
            start = looked = following
            first = -1
    yield start, limit


def split(article: Article) -> tuple[Sentence, ...]:
    """All sentences of ``article.text[article.body_start:]``, in order.

    Offsets are code points into ``article.text``. Sentences are not empty, do not overlap, and have
    no space (not even zero-width) at either end. Between them they contain every non-space
    character of the body, except for the marks of Markdown headings and of list items. A heading is
    one sentence and a paragraph of its own.
    """
    sentences: list[Sentence] = []
    for number, paragraph in enumerate(paragraphs(article.text, article.body_start)):
        for start, limit in paragraph.units:
            ranges = [(start, limit)] if paragraph.heading else _ends(article.text, start, limit)
            for begin, end in ranges:
                sentences.append(
                    Sentence(article.id, len(sentences), begin, end, number, paragraph.heading)
                )
    return tuple(sentences)
