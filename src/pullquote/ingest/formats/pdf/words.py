"""The glyphs of a page -> segments: groups of words on one line.

Glyphs that are drawn twice are read once. Spaces are found from the gaps between glyphs, and
superscripts from their height above the line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pullquote.ingest.formats.pdf.glyphs import Glyph
from pullquote.ingest.formats.pdf.spaces import GAP, text_of
from pullquote.ingest.formats.raised import is_mark, is_sign, read_raised, superscript

#: Widths below are in type heights. A wider gap than this separates two segments: columns are
#: rarely closer, and words of a justified line rarely further apart.
_APART = 0.7

#: Baselines closer than this count as the same.
_LEVEL = 0.2

#: How much higher a superscript is than its base, and how much lower a subscript (least, most).
_RAISED = (0.15, 0.8)
_LOWERED = (-0.45, -0.05)
_SMALLER = 0.85
_TINY = 0.4


@dataclass(frozen=True, slots=True)
class Segment:
    """Words on one baseline ``y``, from ``x0`` to ``x1``. ``size`` is that of the main part."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False


@dataclass(slots=True)
class _Run:
    """Consecutive glyphs on a baseline."""

    glyphs: list[Glyph]
    size: float
    raised: bool = False
    x0: float = field(init=False)
    x1: float = field(init=False)
    y: float = field(init=False)

    def __post_init__(self) -> None:
        inked = [glyph for glyph in self.glyphs if not glyph.text.isspace()] or self.glyphs
        self.x0 = min(glyph.x0 for glyph in inked)
        self.x1 = max(glyph.x1 for glyph in inked)
        self.y = inked[0].y

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)


def segments(glyphs: Sequence[Glyph]) -> list[Segment]:
    """The segments of a page, in arbitrary order."""
    lines = _joined(_runs(_once(glyphs)))
    return [segment for line in lines if (segment := _segment(line)) is not None]


def _once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Remove duplicates: equal glyphs that cover each other, drawn to look bold or as a shadow."""
    kept: list[Glyph] = []
    places: dict[tuple[str, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        text, x0, x1, y, size, _ = glyph
        if not text.isspace():
            near = 0.5 * max(x1 - x0, 0.1 * size)
            level = int(y // 4)
            twice = any(
                abs(other.x0 - x0) < near
                and abs(other.y - y) < _LEVEL * size
                and abs(other.size - size) < 0.2 * size
                for key in (level - 1, level, level + 1)
                for other in places.get((text, key), ())
            )
            if twice:
                continue
            places[text, level].append(glyph)
        kept.append(glyph)
    return kept


def _runs(glyphs: Sequence[Glyph]) -> list[_Run]:
    """Runs of glyphs that are consecutive both in the file and on the page."""
    runs: list[list[Glyph]] = []
    between = 0.0  # the gap before the last glyph, which allows for wide letter spacing
    for glyph in glyphs:
        before = runs[-1][-1] if runs else None
        if (
            before is not None
            and abs(before.y - glyph.y) < 0.1 * glyph.size
            and abs(before.size - glyph.size) < 0.1 * max(glyph.size, before.size)
            and -0.3 * glyph.size < glyph.x0 - before.x1 < _APART * glyph.size + 2 * between
        ):
            between = min(max(0.0, glyph.x0 - before.x1), 0.5 * glyph.size)
            runs[-1].append(glyph)
        else:
            between = 0.0
            runs.append([glyph])
    return [
        _Run(run, run[0].size) for run in runs if any(not glyph.text.isspace() for glyph in run)
    ]


def _joined(runs: list[_Run]) -> list[list[_Run]]:
    """Lines of adjacent runs, from left to right, with superscript runs marked as raised."""
    lines: list[list[_Run]] = []
    by_height: dict[int, list[list[_Run]]] = defaultdict(list)
    for run in sorted(runs, key=lambda run: run.x0):
        level = int(run.y // 12)
        reach = min(1 + int(run.size // 12), 20)
        found: tuple[float, list[_Run]] | None = None
        for height in range(level - reach, level + reach + 1):
            for line in by_height.get(height, ()):
                gap = _fits(line, run)
                if gap is not None and (found is None or gap < found[0]):
                    found = (gap, line)
        if found:
            _attach(found[1], run)
        else:
            lines.append([run])
            by_height[level].append(lines[-1])
    return lines


def _base(line: Sequence[_Run]) -> _Run:
    return max(line, key=lambda run: run.size)


def _fits(line: Sequence[_Run], run: _Run) -> float | None:
    """The distance of ``run`` from the end of ``line``; ``None`` if it does not belong there."""
    base = _base(line)
    size = max(base.size, run.size)
    gap = (run.x0 - max(other.x1 for other in line[-3:])) / size
    if not -0.3 < gap < _APART:
        return None
    rise = abs(run.y - base.y) / size
    level = rise < _LEVEL and min(base.size, run.size) > 0.55 * size
    if level or _raised(base, run) or _lowered(base, run) or _raised(run, base):
        return abs(gap) + rise
    return None


def _raised(base: _Run, run: _Run) -> bool:
    """Whether ``run`` is a superscript of ``base``."""
    return (
        _RAISED[0] < (run.y - base.y) / base.size < _RAISED[1]
        and _TINY * base.size < run.size <= _SMALLER * base.size
        and is_sign(run.text.strip())
    )


def _lowered(base: _Run, run: _Run) -> bool:
    return (
        _LOWERED[0] < (run.y - base.y) / base.size < _LOWERED[1]
        and _TINY * base.size < run.size <= _SMALLER * base.size
        and len(run.text.strip()) <= 4
    )


def _attach(line: list[_Run], run: _Run) -> None:
    base = _base(line)
    run.raised = _raised(base, run)
    if _raised(run, base):  # a mark before the first word of a line
        for before in line:
            before.raised = True
    line.append(run)


def _segment(line: Sequence[_Run]) -> Segment | None:
    body = [run for run in line if not run.raised]
    if not body:
        return None if is_mark(line[0].text.strip()) and len(line) > 1 else _plain(line)
    main = max(body, key=lambda run: len(run.glyphs))
    glyphs: list[Glyph] = []
    for i, run in enumerate(line):
        if not run.raised:
            glyphs.extend(run.glyphs)
            continue
        sign = _sign(glyphs, run, line[i + 1] if i + 1 < len(line) else None)
        glyphs.append(Glyph(sign, run.x0, run.x1, run.y, main.size))
    text = text_of(glyphs)
    if not text:
        return None
    bold = all(glyph.bold for run in body for glyph in run.glyphs)
    return Segment(text, body[0].x0, max(run.x1 for run in line), main.y, main.size, bold)


def _plain(line: Sequence[_Run]) -> Segment | None:
    first = line[0]
    text = text_of([glyph for run in line for glyph in run.glyphs])
    return Segment(text, first.x0, line[-1].x1, first.y, first.size) if text else None


def _sign(before: Sequence[Glyph], run: _Run, after: _Run | None) -> str:
    """The text of a superscript: exponents and ordinals stay, note marks become empty."""
    sign = run.text.strip()
    if before and after is not None and sign.isdecimal():  # "the isotope ¹⁴C"
        apart = run.x0 - before[-1].x1 > GAP * after.size or before[-1].text.isspace()
        touches = after.x0 - run.x1 < 0.05 * after.size and after.text[:1].isalpha()
        if apart and touches:
            return superscript(sign)
    return read_raised(text_of(before), sign)
