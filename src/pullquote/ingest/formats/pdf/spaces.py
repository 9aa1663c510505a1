"""Glyphs of one line -> its words: spaces are told from the gaps between the glyphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median

from pullquote.ingest.formats.pdf.glyphs import Glyph
from pullquote.ingest.formats.raised import SUPERSCRIPTS

#: A gap between two words: where the line has spaces, they say so, and only a wide one does as
#: well. Where it has none, what lies between the gaps within and between words: at most the one.
_GAP_BESIDE_SPACES = 0.22
GAP = 0.15
_NARROWEST_GAP = 0.1

#: Letters that are no further apart than this touch: then any gap that is seen is one of words.
_TOUCHING = 0.015

#: Of steps that are equal, none differs by a larger part of one.
_UNEVEN = 0.04

#: Letters are spaced out where nearly all gaps of a line are wider than this.
_SPREAD = 0.1

#: So many single letters in a row are no words; fewer may be.
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
        # A space that the next glyph was moved back over is none.
        spaced.append(space is not None and glyph.x0 - space.x0 > 0.05 * glyph.size)
        inked.append(glyph)
        space = None
    gaps = [0.0] + [(b.x0 - a.x1) / max(a.size, b.size) for a, b in pairwise(inked)]
    for i, glyph in enumerate(inked[:-1]):
        # A raised sign stands at its word, whatever its distance: what follows is so far from it.
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
    """``row`` as words: a new one begins where the gap before is wider than ``limit``."""
    words: list[list[int]] = []
    for i in row:
        if not words or gaps[i] > limit:
            words.append([])
        words[-1].append(i)
    return words


def _pitch(inked: Sequence[Glyph], spaced: Sequence[bool]) -> float | None:
    """How far apart letters begin that were set one by one at equal steps, and at how many."""
    steps = [b.x0 - a.x0 for a, b in pairwise(inked)]
    if len(inked) < _SINGLES or any(spaced) or min(steps) <= 0:
        return None
    pitch = min(steps)
    even = all(abs(step / pitch - round(step / pitch)) < _UNEVEN for step in steps)
    return pitch if even and sum(step < 1.5 * pitch for step in steps) * 2 > len(steps) else None


def _limit(inked: Sequence[Glyph], gaps: Sequence[float], spaced: Sequence[bool]) -> float | None:
    """The width of the gap between words; ``None`` where the letters are spaced out."""
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
    """Single letters in a row, put together: "the w o r d s were" has five words too many."""
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
