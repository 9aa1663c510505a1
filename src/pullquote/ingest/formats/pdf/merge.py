"""Merges segments of a page that only typesetting separates: justified lines, drop caps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pullquote.ingest.formats.pdf.columns import WORD, grouped
from pullquote.ingest.formats.pdf.hyphens import english
from pullquote.ingest.formats.pdf.words import Segment

#: In a justified line, gaps differ by less than ``_EVEN`` and are narrower than ``_STRETCHED``.
_EVEN = 0.1
_STRETCHED = 3.0

#: A drop cap: one or two letters at the beginning, as high as two lines or more.
_CAP = re.compile(r"[“‘\"'«„]?[^\W\d_]{1,2}['’]?\Z")
_CAP_SIZE = 1.6
_LETTERS = re.compile(r"[^\W\d_]+")
_WORDS_OF_ONE_LETTER = frozenset("AIOEYÀÉÓ")


def put_together(segments: Sequence[Segment], words: Mapping[str, int]) -> list[Segment]:
    """Merge the words of justified lines, and drop caps with their lines.

    A drop cap is the beginning of a word or a whole word. ``words`` counts the document's words.
    """
    return _with_drop_caps(_with_whole_lines(segments), words)


def _with_whole_lines(segments: Sequence[Segment]) -> list[Segment]:
    """Merge evenly spaced words: a line of prose that was stretched to full width."""
    found: list[Segment] = []
    for row in grouped(segments):
        even: list[Segment] = []
        for segment in row:
            if len(even) > 1 and not _is_even(even[-2], even[-1], segment):
                # If there are two, the second may begin a line with the third.
                keep = len(even) == 2
                found.extend(even[:1] if keep else _as_line(even))
                even = even[1:] if keep else []
            even.append(segment)
        found.extend(_as_line(even))
    return found


def _is_even(first: Segment, second: Segment, third: Segment) -> bool:
    gaps = second.x0 - first.x1, third.x0 - second.x1
    return max(gaps) - min(gaps) < _EVEN * third.size and max(gaps) < _STRETCHED * third.size


def _as_line(even: Sequence[Segment]) -> Sequence[Segment]:
    """Merge three or more single words. Numbers (table cells) and phrases (columns) stay apart."""
    words = [segment for segment in even if WORD.search(segment.text)]
    if len(even) < 3 or len(words) * 2 < len(even) or any(" " in s.text for s in even):
        return even
    return [replace(even[0], text=" ".join(s.text for s in even), x1=even[-1].x1)]


def _with_drop_caps(segments: Sequence[Segment], words: Mapping[str, int]) -> list[Segment]:
    found = list(segments)
    for cap in segments:
        if not _CAP.match(cap.text) or cap not in found:  # part of a larger one
            continue
        beside = [
            i
            for i, other in enumerate(found)
            if cap.size >= _CAP_SIZE * other.size
            and -0.3 * cap.size < other.x0 - cap.x1 < 1.5 * other.size
            and cap.y - 0.3 * cap.size <= other.y <= cap.y + cap.size
        ]
        if not beside:
            continue
        first = max(beside, key=lambda i: found[i].y)
        line = found[first]
        space = " " * _is_word(cap.text, line.text, words)
        # Keep the line's position, so that the lines next to the cap start no new paragraph.
        found[first] = replace(line, text=cap.text + space + line.text)
        found.remove(cap)
    return found


def _is_word(cap: str, text: str, words: Mapping[str, int]) -> bool:
    """Whether a drop cap is a whole word: yes in "A harbour", no in "After" and "The"."""
    rest = _LETTERS.match(text)
    bare = cap.strip("“‘\"'«„’")
    if not rest or bare not in _WORDS_OF_ONE_LETTER:
        return not rest and bare in _WORDS_OF_ONE_LETTER
    part = rest[0].lower()
    if words.get(bare.lower() + part) or bare.lower() + part in english():
        return False
    return words.get(part, 0) > 1 or part in english()
