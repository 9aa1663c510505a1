"""Splits a language model's streamed reply into sentences with the numbers that each cites."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from pullquote.text.segment import split
from pullquote.thinking import FORGET
from pullquote.types import Article
from pullquote.writing.marks import MARKS, OPENS, is_noun, marks_of, numbers

#: What closes a sentence behind its marks. What follows a space opens the next sentence.
_CLOSES = re.compile(r"(?:\s*[.!?…。！？])*[”\"’')*_]*[.!?…。！？]*\s*")
_STOPPED = re.compile(r"[.!?…。！？][”\"’')*_\s]*\Z")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+\s+|\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`")
#: A heading, or a fence around a text.
_FRAME = re.compile(r"#|(?:```|~~~) ?\w*$")
#: A line of marks alone: they are those of the line above.
_BELOW = re.compile(rf"\s*(?:{MARKS.pattern})[. ]*\n", re.IGNORECASE)
#: The prompt ends with "Answer:", and some models repeat it.
_ANSWER = re.compile(r"^(?:final\s+)?answer:\s*", re.IGNORECASE)

#: A text is in a loop when its last letters, as many as a number of this range, occur five times in
#: a row; digits are ignored. Small models loop until their context is full.
_ROUND = range(12, 121)
_ROUNDS = 5
#: How many of the last characters are searched for a loop.
_LAST = 1200


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as it was written, without citation marks, and the numbers in its marks.

    ``is_whole``: no mark was a noun, as in "according to [1]", which the sentence now lacks.
    """

    text: str
    numbers: tuple[int, ...]
    is_whole: bool = True


class _Mark(NamedTuple):
    """A citation mark: its place in the line without marks, its numbers, and if it is a noun."""

    place: int
    numbers: tuple[int, ...]
    is_noun: bool


#: A marker in the stream: all sentences before it were reasoning, not the answer.
FORGOTTEN = Draft("", ())


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """Yield each sentence as soon as it is complete; one that cites nothing has no numbers.

    A sentence ends with its marks; marks inside it count as its own. The prompt asks for citations,
    so a sentence without any may be unmarked reasoning: it and all that follow are held back until
    the text ends. :data:`FORGOTTEN` revokes sentences that were already yielded. Reading stops when
    the text is in a loop.
    """
    waiting: list[Draft] = []
    is_given = False
    for draft in _complete(_until_it_circles(pieces)):
        if draft is FORGOTTEN:
            waiting.clear()
            if is_given:
                yield draft
            is_given = False
        elif waiting or not draft.numbers:
            waiting.append(draft)
        else:
            is_given = True
            yield draft
    yield from waiting


def _until_it_circles(pieces: Iterable[str]) -> Iterator[str]:
    last = ""
    for piece in pieces:
        yield piece
        last = (last + piece)[-_LAST:]
        letters = re.sub(r"[\W\d]+", "", last)
        if letters and any(letters.endswith(letters[-size:] * _ROUNDS) for size in _ROUND):
            return


def _complete(pieces: Iterable[str]) -> Iterator[Draft]:
    rest = ""
    for piece in chain(pieces, ["\n"]):
        _, thought, piece = piece.rpartition(FORGET)
        if thought:
            rest = ""
            yield FORGOTTEN
        # One space or break instead of many: a model may be in a loop of them.
        rest = re.sub(r"\s+", lambda gap: "\n" if "\n" in gap[0] else " ", rest + piece)
        while end := _end(rest):
            yield from _cut(rest[:end])
            rest = rest[end:]
    yield from _cut(rest)


def _end(text: str) -> int | None:
    """The end of the first sentence with marks or of the first line; ``None`` if not there yet."""
    line = text.find("\n", len(text) - len(text.lstrip()))
    is_cited = False
    for match in MARKS.finditer(text):
        before = text[: match.start()]
        if 0 <= line < match.start():
            break
        is_cited = True
        if not _BULLET.sub("", before).strip(" \n*_`|"):
            break  # marks in front of their sentences: where these end, only the line tells
        closed = _CLOSES.match(text, match.end())
        end = closed.end() if closed else match.end()
        if end == len(text):
            return None  # more marks may follow
        if "\n" in text[match.end() : end]:
            return end
        # "IBM [1] said", "IBM [1], which", "In June [1] IBM": the sentence goes on.
        stopped = _STOPPED.search(text[match.end() : end]) or _STOPPED.search(before)
        if stopped and not (text[end].islower() or text[end] in f",;:&–—-{OPENS}"):
            return end
    if line < 0 or is_cited:
        return line + 1 or None
    below = _BELOW.match(text, line)
    is_known = "\n" in text[line:].lstrip()
    return below.end() if below else line + 1 if is_known else None


def _cut(text: str) -> Iterator[Draft]:
    whole = " ".join(text.split())
    line = _ANSWER.sub("", _EMPHASIS.sub("", _BULLET.sub("", whole.replace("|", " "))).strip())
    plain, behind = "", 0
    cited: list[_Mark] = []
    for match in marks_of(line).finditer(line):
        plain = _tidy(plain + line[behind : match.start()])
        is_needed = is_noun(plain, line[match.end() :])
        cited.append(_Mark(len(plain), numbers(match[0]), is_needed))
        behind = match.end()
    end = line[behind:]
    # "A year. [1]."
    plain = _tidy(plain + (re.sub(r"^\s*\.", "", end) if _STOPPED.search(plain) else end))
    bare = plain.rstrip(" ,;.")
    # "Here is the answer:", "Sources: [1], [2]"
    if not bare.endswith(":") and (cited or not _FRAME.match(whole)):
        # '"sources": [1]}' is JSON, and no sentence that cites.
        yield from _cited(plain, [] if bare.rstrip("]}").endswith(":") else cited)


def _tidy(text: str) -> str:
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
    return re.sub(r"\s*[(（]\s*[)）]", "", text).lstrip(" .,;:")


def _cited(text: str, cited: Sequence[_Mark]) -> Iterator[Draft]:
    """The sentences of a line, each with its own marks: those in it and those at its end."""
    spans = [(start, end) for start, end in _sentences(text) if re.search(r"\w", text[start:end])]
    ends = [end for _, end in spans]
    # Some models put marks in front; they then apply as far as the next ones.
    in_front = bool(cited) and cited[0].place == 0
    find = bisect_right if in_front else bisect_left
    own: tuple[int, ...] = ()
    for nth, (start, end) in enumerate(spans):
        marks = [mark for mark in cited if min(find(ends, mark.place), len(ends) - 1) == nth]
        found = dict.fromkeys(number for mark in marks for number in mark.numbers)
        own = tuple(found) or (own if in_front else ())
        sentence = text[start:end]
        is_whole = not any(mark.is_noun for mark in marks)
        yield Draft(_ended(sentence) if end == ends[-1] else sentence, own, is_whole)


def _sentences(text: str) -> list[tuple[int, int]]:
    draft = Article("draft", "", None, None, None, text)
    return [(part.start, part.end) for part in split(draft)] if text else []


def _ended(sentence: str) -> str:
    return (
        sentence
        if re.search(r"[.!?…。！？][”\"’')]*$", sentence)
        else sentence.rstrip(" ,;:") + "."
    )
