"""Splits a language model's streamed reply into sentences with the numbers that each cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pullquote.text.segment import split
from pullquote.thinking import FORGET
from pullquote.types import Article
from pullquote.writing.marks import MARKS, OPENS, marks_of, numbers

#: What may follow marks at the end of a sentence.
_CLOSES = re.compile(r"[.!?。！？”\"’')*_\s]*")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+\s+|\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
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
    """A sentence as it was written, without citation marks, and the numbers in its marks."""

    text: str
    numbers: tuple[int, ...]


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
    for piece in pieces:
        _, thought, piece = piece.rpartition(FORGET)
        if thought:
            rest = ""
            yield FORGOTTEN
        rest += piece
        while end := _end(rest):
            yield from _cut(rest[:end])
            rest = rest[end:]
    yield from _cut(rest)


def _end(text: str) -> int | None:
    """The end of the first sentence with marks or of the first line; ``None`` if not there yet."""
    line = text.find("\n", len(text) - len(text.lstrip()))
    for match in MARKS.finditer(text):
        if not _BULLET.sub("", text[: match.start()]).strip():
            continue  # marks in front of their sentence
        if 0 <= line < match.start():
            return line + 1
        closed = _CLOSES.match(text, match.end())
        end = closed.end() if closed else match.end()
        if end == len(text):
            return None  # more marks may follow
        # "IBM [1] said", "IBM [1], which": the sentence goes on.
        if "\n" in text[match.end() : end] or not (
            text[end].islower() or text[end] in f",;:{OPENS}"
        ):
            return end
    return line + 1 if line >= 0 else None


def _cut(text: str) -> Iterator[Draft]:
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines:
        line = _BULLET.sub("", line)
        marks = marks_of(line)
        found = marks.findall(line)
        cited = numbers(" ".join(found))
        # Small models put marks in front: they then apply to the whole line.
        in_front = len(found) == 1 and marks.match(line) is not None
        plain = marks.sub("", line)
        plain = " ".join(_EMPHASIS.sub("", plain).split())
        plain = _ANSWER.sub("", re.sub(r"\s+([.,;:!?])", r"\1", plain))
        plain = plain.lstrip(" .,;:")
        if plain.rstrip(" ,;.").endswith(":"):
            continue  # "Here is the answer:", "Sources: [1], [2]"
        sentences = [plain[start:end] for start, end in _sentences(plain)]
        for sentence in sentences[:-1]:
            yield Draft(sentence, cited if in_front else ())
        if sentences:
            yield Draft(_ended(sentences[-1]), cited)


def _sentences(text: str) -> list[tuple[int, int]]:
    draft = Article("draft", "", None, None, None, text)
    return [(part.start, part.end) for part in split(draft)] if text else []


def _ended(sentence: str) -> str:
    return (
        sentence
        if re.search(r"[.!?…。！？][”\"’')]*$", sentence)
        else sentence.rstrip(" ,;:") + "."
    )
