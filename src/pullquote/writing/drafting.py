"""What a language model writes, piece by piece -> sentences with the numbers that each cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pullquote.text.segment import split
from pullquote.types import Article

_MARKS = re.compile(r"(?:[^\S\n]*\[\s*\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*\s*\])+")
#: Behind marks: the sentence's end, or how it goes on.
_CLOSES = re.compile(r"[.!?”\"’')\s]*")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+\s+|\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as it was written, without its marks, and the numbers in them."""

    text: str
    numbers: tuple[int, ...]


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """Each sentence as soon as it is complete; one that cites nothing has no numbers.

    A sentence ends with its marks. Marks inside of a sentence count as its own.
    """
    rest = ""
    for piece in pieces:
        rest += piece
        while end := _end(rest):
            yield from _cut(rest[:end])
            rest = rest[end:]
    yield from _cut(rest)


def _end(text: str) -> int | None:
    """Where the first sentence with marks, or the first line, ends; ``None`` until it has."""
    line = text.find("\n", len(text) - len(text.lstrip()))
    for match in _MARKS.finditer(text):
        if not _BULLET.sub("", text[: match.start()]).strip():
            continue  # marks in front of their sentence
        if 0 <= line < match.start():
            return line + 1
        closed = _CLOSES.match(text, match.end())
        end = closed.end() if closed else match.end()
        if end == len(text):
            return None  # more marks may follow
        # "IBM [1] said", "IBM [1], which": the sentence goes on.
        if "\n" in text[match.end() : end] or not (text[end].islower() or text[end] in ",;:[("):
            return end
    return line + 1 if line >= 0 else None


def _cut(text: str) -> Iterator[Draft]:
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines:
        line = _BULLET.sub("", line)
        found = _MARKS.findall(line)
        numbers = tuple(
            dict.fromkeys(int(it) for marks in found for it in re.findall(r"\d+", marks))
        )
        # Small models put them in front: there they are meant of the whole line.
        in_front = len(found) == 1 and _MARKS.match(line) is not None
        plain = _MARKS.sub("", line)
        plain = " ".join(_EMPHASIS.sub("", plain).split())
        plain = re.sub(r"\s+([.,;:!?])", r"\1", plain)
        sentences = [plain[start:end] for start, end in _sentences(plain)]
        for sentence in sentences[:-1]:
            yield Draft(sentence, numbers if in_front else ())
        if sentences:
            yield Draft(_ended(sentences[-1]), numbers)


def _sentences(text: str) -> list[tuple[int, int]]:
    draft = Article("draft", "", None, None, None, text)
    return [(it.start, it.end) for it in split(draft)] if text else []


def _ended(sentence: str) -> str:
    return sentence if re.search(r"[.!?…][”\"’')]*$", sentence) else sentence.rstrip(" ,;:") + "."
