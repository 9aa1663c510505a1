"""Splits text into paragraphs at blank lines, headings and list items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pullquote.text.segment.characters import (
    BRACKETS_CLOSE,
    CJK_STOPS,
    OTHER_STOPS,
    QUOTES,
    REACH,
    SPACE,
    WORD,
    is_space,
)

#: A subhead is short: no headline style book allows more.
_HEADING_WORDS = 12
_HEADING_CHARS = 90

#: What is marked as a heading, and longer than this, is a paragraph set in large type.
LONGEST_HEADING = 300

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_PARAGRAPH_BREAKS = "\f\u2029"

_TERMINAL = ".!?…:;,-–—" + CJK_STOPS + OTHER_STOPS

_MARKDOWN_HEADING = re.compile(rf"#{{1,6}}(?=[ \t\u00a0]){SPACE}*+(?=\S)")
_MARKDOWN_CLOSE = re.compile(r"[ \t\u00a0]#+$")
_MARKDOWN_UNDERLINE = re.compile(r"={2,}|-{3,}")
_BULLET = re.compile(rf"[-*•‣▪●◦](?=[ \t\u00a0]){SPACE}*+(?=\S)")
_NUMBER_MARKER = re.compile(rf"[0-9]{{1,2}}[.)](?=[ \t\u00a0]){SPACE}*+(?=\S)")
_QUESTION_LABEL = re.compile(rf"[QA][:.]{SPACE}")
_BYLINE = re.compile(
    r"(?:by|(?:reporting|written|edited|photos?|photographs?|story|words) by|from)\s+[A-Z]"
    r"|(?:published|updated|posted|last updated)\b"
    r"|(?:[A-Z][a-z]+day,? )?(?:\d{1,2} )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d"
    r"|\d{4}-\d\d-\d\d",
    re.IGNORECASE,
)
_BYLINE_NAME = re.compile(r"\S+(?:\s+by)?\s+[A-Z]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its pieces of running text, each a range without outer space."""

    units: tuple[tuple[int, int], ...]
    heading: bool = False
    #: Begins with a list marker, so it is not a heading.
    marked: bool = False
    lines: int = 1


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and is_space(text[start]):
        start += 1
    while start < end and is_space(text[end - 1]):
        end -= 1
    return start, end


def _blocks(text: str, start: int) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines with no blank line between, each line ``(start, end)`` without outer space."""
    lines: list[tuple[int, int]] = []
    position = start
    while position <= len(text):
        found = _BREAK.search(text, position)
        end = found.start() if found else len(text)
        line = _trim(text, position, end)
        if line[0] < line[1]:
            lines.append(line)
        if lines and (line[0] == line[1] or found is None or found[0] in _PARAGRAPH_BREAKS):
            yield lines
            lines = []
        position = found.end() if found else len(text) + 1


def _starts_unit(text: str, line: tuple[int, int], before: tuple[int, int], item: bool) -> bool:
    """Whether a line without a marker begins a new piece, not a soft wrap of the line before."""
    if _QUESTION_LABEL.match(text, *line):
        return True
    indented = line[0] > before[1] and text[line[0] - 1] in " \t"
    return item and not indented


def _marker(text: str, line: tuple[int, int], before: tuple[int, int] | None, item: bool) -> int:
    """The length of the list marker that the line begins with, 0 when there is none."""
    if found := _BULLET.match(text, *line):
        return found.end() - line[0]
    # "It rained in June\n12. He" is a soft wrap: a number begins an item only where a list may.
    if before is None or item or text[before[1] - 1] in _TERMINAL:
        found = _NUMBER_MARKER.match(text, *line)
        return found.end() - line[0] if found else 0
    return 0


def _begins_in_capitals(text: str, lines: Sequence[tuple[int, int]]) -> bool:
    """Whether the first line is a heading in capitals, directly above its text."""
    (start, end), (under, under_end) = lines[:2]
    if end - start > _HEADING_CHARS or _is_underlined(text, *lines[:2]):
        return False
    line = text[start:end]
    return (
        line.isupper()
        and " " in line
        and not text[under:under_end].isupper()
        and _is_subhead(line, text[under])
    )


def _block_paragraphs(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[Paragraph]:
    """The lines of one block as paragraphs; a heading among them becomes its own paragraph."""
    if len(lines) > 1 and _begins_in_capitals(text, lines):
        yield Paragraph((lines[0],), heading=True)
        lines = lines[1:]
    units: list[tuple[int, int]] = []
    before: tuple[int, int] | None = None
    item = marked = False
    count = 0
    for line in lines:
        if count == 1 and not marked and _is_underlined(text, units[0], line):
            yield Paragraph(tuple(units), heading=True)
            units, before, item, count = [], None, False, 0
            continue
        if found := _MARKDOWN_HEADING.match(text, *line):
            if units:
                yield Paragraph(tuple(units), marked=marked, lines=count)
            close = _MARKDOWN_CLOSE.search(text, max(found.end(), line[1] - REACH), line[1])
            end = close.start() if close else line[1]
            yield Paragraph((_trim(text, found.end(), end),), heading=True)
            units, before, item, marked, count = [], None, False, False, 0
            continue
        marker = _marker(text, line, before, item)
        if marker:
            units.append((line[0] + marker, line[1]))
            item = True
            marked = marked or before is None
        elif before is None or _starts_unit(text, line, before, item):
            units.append(line)
            item = False
        else:
            units[-1] = units[-1][0], line[1]
        before = line
        count += 1
    if units:
        yield Paragraph(tuple(units), marked=marked, lines=count)


def _is_underlined(text: str, line: tuple[int, int], under: tuple[int, int]) -> bool:
    """Whether the line ``under`` makes a heading of ``line``, as Markdown's second form does."""
    start, end = line
    return (
        end - start <= LONGEST_HEADING
        and _MARKDOWN_UNDERLINE.fullmatch(text, *under) is not None
        and any(map(str.isalnum, text[start:end]))
    )


def _is_subhead(line: str, following: str) -> bool:
    """Whether a line is short and unterminated like a heading.

    ``following`` is the first character of the text under it.
    """
    bare = line.rstrip(QUOTES + BRACKETS_CLOSE)
    if not bare or len(line.split()) > _HEADING_WORDS or following.islower():
        return False
    if line[0] in QUOTES + "([@" or _QUESTION_LABEL.match(line) or _is_byline(line):
        return False
    if line.isupper():
        return bare[-1] not in _TERMINAL or bare[-1] in ":?"
    word = WORD.match(line)
    if bare[-1] in _TERMINAL or not any(map(str.isalpha, line)):
        return False
    return word is None or not word[0].islower()  # "iPhone" is not lower


def _is_byline(line: str) -> bool:
    """ "By Ann Lee", "June 3, 2024"; but not "By the numbers"."""
    if not _BYLINE.match(line):
        return False
    return not line.lower().startswith(("by", "from")) or _BYLINE_NAME.match(line) is not None


def paragraphs(text: str, start: int) -> Iterator[Paragraph]:
    """The paragraphs of ``text[start:]``, in order."""
    found = [p for lines in _blocks(text, start) for p in _block_paragraphs(text, lines)]
    for paragraph, following in zip(found, [*found[1:], None], strict=False):
        start, end = paragraph.units[0]
        alone = not (paragraph.heading or paragraph.marked) and paragraph.lines == 1
        if (
            following
            and alone
            and end - start <= _HEADING_CHARS
            and _is_subhead(text[start:end], text[following.units[0][0]])
        ):
            yield Paragraph(paragraph.units, heading=True)
        else:
            yield paragraph
