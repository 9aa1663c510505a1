"""Splits the glyphs of a line into words, by the gaps between the glyphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median

from pullquote.ingest.formats.pdf.glyphs import Glyph
from pullquote.ingest.formats.raised import SUPERSCRIPTS

#: The least gap between two words, in type heights. If the line has spaces, they separate words,
#: and so do gaps over ``_GAP_BESIDE_SPACES``. If it has none, the limit is in the middle of the
#: largest jump among its sorted gaps, or else ``GAP``.
_GAP_BESIDE_SPACES = 0.22
GAP = 0.15
_NARROWEST_GAP = 0.1

#: Letters this close touch; then narrower gaps can already separate words.
_TOUCHING = 0.015

#: Steps between letters count as equal if they differ by less than this share.
_UNEVEN = 0.04

#: Letters are spaced out if nearly all gaps of a line are wider than this.
_SPREAD = 0.1

#: From this many in a row, single letters are parts of spaced-out words.
_SINGLES = 4

_CLOSING = frozenset(",.;:!?)]”’»")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def text_of(glyphs: Sequence[Glyph]) -> str:
    """The glyphs of a line as words."""
    inked: list[Glyph] = []
    spaced: list[bool] = []
    space: Glyph | None = None
    for glyph in sorted(glyphs, key=lambda glyph: glyph.x0):
        if glyph.text.isspace():
            space = space or glyph
            continue
        # A space does not count if the next glyph was moved back over it.
        spaced.append(space is not None and glyph.x0 - space.x0 > 0.05 * glyph.size)
        inked.append(glyph)
        space = None
    gaps = [0.0] + [(b.x0 - a.x1) / max(a.size, b.size) for a, b in pairwise(inked)]
    for i, glyph in enumerate(inked[:-1]):
        # Attach a superscript to the word before it, and move the gap behind it.
        if i and (not glyph.text or glyph.text[0] in SUPERSCRIPTS):
            closes = inked[i + 1].text[:1] in _CLOSING
            gaps[i], gaps[i + 1] = 0.0, 0.0 if closes else gaps[i] + gaps[i + 1]
            spaced[i], spaced[i + 1] = False, not closes and (spaced[i] or spaced[i + 1])
    words = _words(inked, gaps, spaced)
    if sum(map(len, _RTL.findall("".join(words)))) * 2 > sum(map(len, words)):
        words = [w[::-1] if _RTL.search(w) else w for w in reversed(words)]
    return " ".join(word for word in words if word)


def _words(inked: Sequence[Glyph], gaps: Sequence[float], spaced: Sequence[bool]) -> list[str]:
    if pitch := _pitch(inked, spaced):
        gaps = [0.0, *((b.x0 - a.x0) / pitch - 1 for a, b in pairwise(inked))]
        return ["".join(inked[i].text for i in w) for w in _parted(range(len(inked)), gaps, 0.5)]
    limit = _limit(inked, gaps, spaced)
    spread = limit is None
    if limit is None:
        limit = 1.5 * median(gaps[1:]) + 0.08
    words: list[list[int]] = []
    for i, glyph in enumerate(inked):
        wide = gaps[i] > limit
        if not spread:
            wide = wide or spaced[i]
            if wide and i and gaps[i] < 0.5 and _CJK.match(glyph.text + inked[i - 1].text):
                wide = spaced[i]
        if not words or wide:
            words.append([])
        words[-1].append(i)
    if not spread:
        words = _gathered(words, inked, gaps)
    return ["".join(inked[i].text for i in word) for word in words]


def _parted(row: Sequence[int], gaps: Sequence[float], limit: float) -> list[list[int]]:
    """Split ``row`` into words wherever the gap is wider than ``limit``."""
    words: list[list[int]] = []
    for i in row:
        if not words or gaps[i] > limit:
            words.append([])
        words[-1].append(i)
    return words


def _pitch(inked: Sequence[Glyph], spaced: Sequence[bool]) -> float | None:
    """The step of a monospaced line, in points; ``None`` if letters are not in equal steps."""
    steps = [b.x0 - a.x0 for a, b in pairwise(inked)]
    if len(inked) < _SINGLES or any(spaced) or min(steps) <= 0:
        return None
    pitch = min(steps)
    even = all(abs(step / pitch - round(step / pitch)) < _UNEVEN for step in steps)
    return pitch if even and sum(step < 1.5 * pitch for step in steps) * 2 > len(steps) else None


def _limit(inked: Sequence[Glyph], gaps: Sequence[float], spaced: Sequence[bool]) -> float | None:
    """The least width of a gap between words; ``None`` if the letters are spaced out."""
    letters = sum(glyph.text.isalpha() for glyph in inked)
    spread = sum(gap > _SPREAD for gap in gaps[1:]) >= 0.75 * len(gaps[1:])
    enough = _SINGLES if any(spaced) else _SINGLES - 1
    if spread and len(inked) >= enough and letters > 0.7 * len(inked):
        return None
    if sum(spaced) * 15 >= len(inked):
        return _GAP_BESIDE_SPACES
    jumps = [
        (b - a, (a + b) / 2)
        for a, b in pairwise(sorted(gaps))
        if a < GAP
        and b - a > 0.05
        and b > (_NARROWEST_GAP if a > _TOUCHING else _NARROWEST_GAP / 2)
    ]
    return max(jumps)[1] if jumps else GAP


def _gathered(
    words: list[list[int]], inked: Sequence[Glyph], gaps: Sequence[float]
) -> list[list[int]]:
    """Join single letters in a row: "the w o r d s were" becomes "the words were"."""
    found: list[list[int]] = []
    for single, group in groupby(words, lambda w: len(w) == 1 and inked[w[0]].text.isalpha()):
        same = list(group)
        row = [word[0] for word in same] if single else []
        if len(row) < _SINGLES or sum(inked[i].text.islower() for i in row) < _SINGLES - 1:
            found.extend(same)
            continue
        limit = 1.5 * median(gaps[i] for i in row[1:]) + 0.08
        found.extend(
            _parted(row, [0.0 if i == row[0] else gap for i, gap in enumerate(gaps)], limit)
        )
    return found
