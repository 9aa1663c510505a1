"""A page of a PDF -> its visible glyphs, with their positions and sizes."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import pypdfium2
import pypdfium2.raw as pdfium

#: The most glyphs of one page; a page of small print has 15,000.
MAX_GLYPHS = 200_000

#: Degrees by which a line may be tilted, as in a scan, and still be read with the others.
_LEAN = 6

#: Pixels per point in the rendering that shows what is visible, and the most on its longer side.
_SCALE = 1.5
_MAX_PIXELS = 2_000

#: The least difference between the lightest and darkest pixel of a word, out of 255. White on white
#: differs by 0, the palest grey in print by about 30.
_CONTRAST = 12

#: A picture over more than this share of a page is a scan; invisible text on it comes from OCR.
_SCAN = 0.5

#: The most objects of a page that are searched for pictures.
_OBJECTS = 5_000

_Bounds: TypeAlias = tuple[float, float, float, float]

_UNSEEN_MODES = frozenset((pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP))
_BOLD = 600
#: Coordinates and type sizes, in points, beyond any page: the largest page has 14,400.
_FAR = 100_000

_SPACE = 32
_HYPHEN = 2  # PDFium's code for a hyphen at the end of a line


class TooManyGlyphsError(Exception):
    """A page has more than :data:`MAX_GLYPHS`."""


class Glyph(NamedTuple):
    """``text`` is drawn from ``x0`` to ``x1`` on the baseline ``y``, in points; ``y`` points up.

    Coordinates are relative to the page rotated so that the text is upright. ``size`` is the type
    height.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    """The properties that all glyphs of a text object share."""

    size: float
    #: The rotation in right angles, ``None`` if tilted; and the baseline after that rotation.
    turn: int | None
    y: float
    seen: bool
    #: Counts as visible whatever the rendering shows: text recognised in a scan.
    trusted: bool
    embedded: bool
    bold: bool


def glyph_groups(page: pypdfium2.PdfPage) -> Iterator[list[Glyph]]:
    """The visible glyphs, grouped by rotation in right angles, the most frequent rotation first.

    Tilted text, such as stamps, is left out. So is text that is invisible, outside the page,
    clipped, covered, or in the colour of its background; this is checked in a rendering of the
    page. Raises :class:`TooManyGlyphsError` for more than ``MAX_GLYPHS``.
    """
    words = list(_words(page))
    if not words:
        return
    shown: _Shown | None = None
    by_turn: dict[int, list[Glyph]] = {}
    count: Counter[int] = Counter()
    for word, style in words:
        if style.turn is None or not style.seen:
            continue
        if not style.trusted and not word[0].text.isspace():
            shown = shown or _Shown(page)
            if not shown.word(word, style):
                continue
        count[style.turn] += not word[0].text.isspace() and len(word)
        by_turn.setdefault(style.turn, []).extend(word)
    for turn, _ in count.most_common():
        yield by_turn[turn]


def _words(page: pypdfium2.PdfPage) -> Iterator[tuple[list[Glyph], _Style]]:
    """Runs of glyphs without a space, each from one text object, in file order."""
    text_page = page.get_textpage()
    raw = text_page.raw  # the raw API is faster, which matters for thousands of glyphs
    count = text_page.count_chars()
    if count > MAX_GLYPHS:
        raise TooManyGlyphsError
    scan = _is_scan(page)
    styles: dict[int | None, _Style] = {}
    box = pdfium.FS_RECTF()
    word: list[Glyph] = []
    of: int | None = None
    style: _Style | None = None
    for i in range(count):
        drawn_by = pdfium.FPDFText_GetTextObject(raw, i)
        code = pdfium.FPDFText_GetUnicode(raw, i)
        # Ignore spaces and line ends that PDFium generates: we find them from the gaps instead.
        if not drawn_by or (code == _SPACE and pdfium.FPDFText_IsGenerated(raw, i) == 1):
            continue
        if not 0 < code < 0x110000 or not pdfium.FPDFText_GetLooseCharBox(raw, i, box):
            continue
        char = "-" if code == _HYPHEN else chr(code)
        address = ctypes.c_void_p.from_buffer(drawn_by).value
        space = char.isspace()
        if address != of or space:
            if word and style:
                yield word, style
            word = []
            of = address
            style = styles.get(of)
            if style is None:
                style = styles[of] = _style(raw, i, drawn_by, scan)
        if style is None:
            continue
        x0, x1 = _along(box, style.turn)
        if not (abs(x0) < _FAR and abs(x1) < _FAR and abs(style.y) < _FAR):  # too far, or NaN
            continue
        if word and word[-1].x0 == x0 and word[-1].x1 == x1:  # the parts of a ligature
            word[-1] = word[-1]._replace(text=word[-1].text + char)
            continue
        word.append(Glyph(char, x0, x1, style.y, style.size, style.bold))
        if space:
            yield word, style
            word = []
    if word and style:
        yield word, style


def _along(box: Any, turn: int | None) -> tuple[float, float]:
    """Where a box begins and ends on its line, after the rotation that makes the line upright."""
    if turn == 1:
        return box.bottom, box.top
    if turn == 2:
        return -box.right, -box.left
    if turn == 3:
        return -box.top, -box.bottom
    return box.left, box.right


def _style(raw: Any, index: int, drawn_by: Any, scan: bool) -> _Style:
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
    size = abs(pdfium.FPDFText_GetFontSize(raw, index)) * math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    turn = round(angle / 90) % 4
    leans = abs((angle - 90 * turn + 180) % 360 - 180) > _LEAN
    font = pdfium.FPDFTextObj_GetFont(drawn_by)
    hidden = pdfium.FPDFTextObj_GetTextRenderMode(drawn_by) in _UNSEEN_MODES
    return _Style(
        min(size, _FAR) or 1.0,
        None if leans else turn,
        (y.value, -x.value, -y.value, x.value)[turn],
        seen=scan or not hidden,
        trusted=scan and hidden,
        embedded=pdfium.FPDFFont_GetIsEmbedded(font) == 1,
        bold=_is_bold(font),
    )


def _is_bold(font: Any) -> bool:
    name = ctypes.create_string_buffer(100)
    pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
    return b"bold" in name.value.lower() or pdfium.FPDFFont_GetWeight(font) >= _BOLD


def _pictures(page: pypdfium2.PdfPage) -> list[tuple[Any, _Bounds]]:
    """The pictures of a page, each with its left, bottom, right and top."""
    found = []
    bounds = [ctypes.c_float() for _ in range(4)]
    for i in range(min(pdfium.FPDFPage_CountObjects(page), _OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, i)
        is_picture = pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_IMAGE
        if is_picture and pdfium.FPDFPageObj_GetBounds(drawn, *bounds):
            left, bottom, right, top = (bound.value for bound in bounds)
            found.append((drawn, (left, bottom, right, top)))
    return found


def _is_scan(page: pypdfium2.PdfPage) -> bool:
    """Whether one picture covers most of the page."""
    width, height = page.get_size()
    return any(
        (right - left) * (top - bottom) > _SCAN * width * height
        for _, (left, bottom, right, top) in _pictures(page)
    )


class _Shown:
    """A rendering of the page that shows whether a word is visible.

    Pictures on the page are left out: they are slow to draw, and text on them counts as visible.
    """

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        width, height = page.get_size()
        self._pictures = [bounds for _, bounds in _pictures(page)]
        for drawn, _ in _pictures(page):
            if pdfium.FPDFPage_RemoveObject(page, drawn):
                pdfium.FPDFPageObj_Destroy(drawn)
        scale = min(_SCALE, _MAX_PIXELS / max(width, height, 1))
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False)
        self._pixels = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
        # Map the corners of a large square, so that rounding errors do not matter.
        origin, across, up = (
            self._device(page, *point) for point in ((0, 0), (1000, 0), (0, 1000))
        )
        self._origin = origin
        self._across = (across[0] - origin[0]) / 1000, (across[1] - origin[1]) / 1000
        self._up = (up[0] - origin[0]) / 1000, (up[1] - origin[1]) / 1000

    def _device(self, page: pypdfium2.PdfPage, x: int, y: int) -> tuple[float, float]:
        fine = 64
        height, width = self._pixels.shape
        column, row = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, width * fine, height * fine, 0, x, y, column, row)
        return column.value / fine, row.value / fine

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        return (
            self._origin[0] + x * self._across[0] + y * self._up[0],
            self._origin[1] + x * self._across[1] + y * self._up[1],
        )

    def word(self, word: Sequence[Glyph], style: _Style) -> bool:
        """Whether the word is visible.

        If a font is not embedded, PDFium draws Latin text with a substitute, but omits glyphs of
        other scripts. Those always count as visible.
        """
        first, last = word[0], word[-1]
        if not (style.embedded or first.text.isascii()):
            return True
        # From the baseline up to half of the type height: no other line reaches into this area.
        start = _on_page(first.x0, first.y, style.turn)
        end = _on_page(last.x1, last.y + 0.5 * style.size, style.turn)
        if any(
            left <= start[0] <= right and bottom <= start[1] <= top
            for left, bottom, right, top in self._pictures
        ):
            return True
        x0, y0 = self._pixel(*start)
        x1, y1 = self._pixel(*end)
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        if x1 < 0 or y1 < 0:
            return False
        # Shrink by a pixel, to exclude the edges of neighbours, but keep at least one pixel.
        left, top = max(0, math.ceil(x0)), max(0, math.ceil(y0))
        right, bottom = max(left + 1, math.floor(x1)), max(top + 1, math.floor(y1))
        patch = self._pixels[top:bottom, left:right]
        return bool(patch.size and int(patch.max()) - int(patch.min()) >= _CONTRAST)


def _on_page(x: float, y: float, turn: int | None) -> tuple[float, float]:
    """Convert the coordinates of a glyph to those of the page."""
    return ((x, y), (-y, x), (-x, -y), (y, -x))[turn or 0]
