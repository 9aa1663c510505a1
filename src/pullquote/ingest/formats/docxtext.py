"""The body of a Word file -> prose: the visible text, in order and without duplicates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pullquote.ingest.formats.docxformulas import written
from pullquote.ingest.formats.docxsymbols import symbol
from pullquote.ingest.formats.docxtree import UNREAD, chosen, descendant, value_at, value_of
from pullquote.ingest.formats.formulas import joined
from pullquote.ingest.formats.prose import BREAK, Piece, Prose
from pullquote.ingest.formats.raised import read_raised
from pullquote.ingest.formats.tree import Element, local_name

#: A run with one of these is not shown; "webHidden" marks page numbers in a table of contents.
_HIDING = frozenset(("strike", "dstrike", "vanish", "specvanish", "webhidden"))
_OFF = frozenset(("0", "false", "off", "none"))

#: Fields that show the number of a page.
_PAGE_FIELDS = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF"))

#: The built-in styles of headings, by the name that every language version of Word stores.
_HEADING = re.compile(r"heading ?[1-9]|title", re.I)
_OUTLINE_LEVELS = frozenset("012345678")  # 9 is text

_STRUCTURE = frozenset(("tbl", "tr", "tc", "p"))

_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": BREAK, "cr": BREAK, "nobreakhyphen": "\u2011"}


def _below(element: Element, name: str) -> Iterator[Element]:
    """The children with that name, including those in controls, tracked insertions and so on."""
    for child in chosen(element):
        if local_name(child) == name:
            yield child
        elif local_name(child) not in UNREAD | _STRUCTURE:
            yield from _below(child, name)


class Styles:
    """Which styles hide or raise their text, and which are those of headings."""

    def __init__(self, styles: Iterable[Element]) -> None:
        """``styles``: the elements below the root of ``styles.xml``."""
        self._by_id = {
            value_of(style, "styleId"): style for style in styles if local_name(style) == "style"
        }

    def settings(self, style: str | None) -> dict[str, bool]:
        """For each way to hide text, what the style or a style that it is based on says."""
        found: dict[str, bool] = {}
        for element in self._chain(style):
            found = {**_settings(descendant(element, "rpr")), **found}
        return found

    def raises(self, style: str | None) -> bool:
        """Whether the style is that of superscript text, such as note marks."""
        aligns = (value_at(element, "rpr", "vertalign") for element in self._chain(style))
        return "superscript" in aligns

    def heads(self, style: str | None) -> bool:
        """Whether the style is that of headings."""
        if style is not None and _HEADING.fullmatch(style):
            return True
        for element in self._chain(style):
            if (level := value_at(element, "ppr", "outlinelvl")) is not None:
                return level in _OUTLINE_LEVELS
            if _HEADING.fullmatch(value_at(element, "name") or ""):
                return True
        return False

    def _chain(self, style: str | None) -> Iterator[Element]:
        """The style and those that it is based on."""
        seen: set[str | None] = set()
        while style in self._by_id and style not in seen:
            seen.add(style)
            element = self._by_id[style]
            yield element
            style = value_at(element, "basedon")


def _settings(properties: Element | None) -> dict[str, bool]:
    if properties is None:
        return {}
    return {local_name(p): value_of(p) not in _OFF for p in properties if local_name(p) in _HIDING}


class Reader:
    """Collects prose from document bodies. Fields may span several paragraphs."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._prose = Prose()
        #: The open fields, each with its code and whether its result has begun.
        self._fields: list[tuple[str, bool]] = []
        self._boxes: list[Element] = []
        self._noted: list[tuple[str, str | None]] = []
        #: Text of paragraphs whose end mark was deleted, so that the next paragraph continues it.
        self._carried = ""

    def text(self) -> str:
        """All text read so far."""
        if self._carried:
            self._prose.paragraph(self._carried)
            self._carried = ""
        return self._prose.text()

    def blocks(self, parent: Element) -> None:
        """Add the paragraphs and tables of a body, including those in wrapper elements."""
        for element in chosen(parent):
            name = local_name(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name not in UNREAD:
                self.blocks(element)

    def notes(self, notes: Sequence[Element]) -> None:
        """Add those of ``notes`` that the text refers to, in order of reference."""
        by_id = {(local_name(note), value_of(note, "id")): note for note in notes}
        for key in dict.fromkeys(self._noted):
            if key in by_id:
                self.blocks(by_id[key])

    def _paragraph(self, paragraph: Element) -> None:
        text = self._carried + self._text(paragraph)
        deleted = descendant(paragraph, "ppr", "rpr", "del") is not None
        self._carried = text if deleted else ""
        if deleted:
            return
        if self._heads(paragraph):
            self._prose.heading(text)
        elif descendant(paragraph, "ppr", "numpr") is not None:
            self._prose.item(text)
        else:
            self._prose.paragraph(text)
        self._flush()

    def _heads(self, paragraph: Element) -> bool:
        level = value_at(paragraph, "ppr", "outlinelvl")
        if level is not None:
            return level in _OUTLINE_LEVELS
        return self._styles.heads(value_at(paragraph, "ppr", "pstyle"))

    def _table(self, table: Element) -> None:
        for row in _below(table, "tr"):
            if descendant(row, "trpr", "del") is None:
                cells = _below(row, "tc")
                kept = [cell for cell in cells if descendant(cell, "tcpr", "celldel") is None]
                self._prose.row([self._cell(cell) for cell in kept])
                self._flush()

    def _cell(self, cell: Element) -> list[Piece]:
        """The cell's paragraphs, including those of nested tables."""
        pieces: list[Piece] = []
        for element in chosen(cell):
            name = local_name(element)
            if name == "p":
                pieces.append((self._text(element), self._heads(element)))
            elif name not in UNREAD:
                pieces += self._cell(element)
        return pieces

    def _flush(self) -> None:
        """Add the text boxes that are anchored in what was just added."""
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.blocks(box)

    def _text(self, paragraph: Element) -> str:
        parts: list[str] = []
        self._inline(paragraph, self._styles.settings(value_at(paragraph, "ppr", "pstyle")), parts)
        return "".join(parts)

    def _inline(self, parent: Element, inherited: Mapping[str, bool], parts: list[str]) -> None:
        for element in chosen(parent):
            name = local_name(element)
            if name == "r":
                self._run(element, inherited, parts)
            elif name == "fldsimple":
                if not _is_page_field(value_of(element, "instr") or ""):
                    self._inline(element, inherited, parts)
            elif name == "omath":
                parts[:] = [joined(["".join(parts), self._formula(element, inherited)])]
            elif name not in UNREAD and name != "rt":  # "rt" is an annotation above its base
                placeholder = descendant(element, "sdtpr", "showingplchdr") is not None
                if not placeholder:
                    self._inline(element, inherited, parts)

    def _formula(self, formula: Element, inherited: Mapping[str, bool]) -> str:
        def read(run: Element) -> str:
            parts: list[str] = []
            self._run(run, inherited, parts)
            return "".join(parts)

        return written(formula, read)

    def _run(self, run: Element, inherited: Mapping[str, bool], parts: list[str]) -> None:
        properties = descendant(run, "rpr")
        style = value_at(run, "rpr", "rstyle")
        of_style = self._styles.settings(style)
        hidden = any({**inherited, **of_style, **_settings(properties)}.values())
        shown: list[str] = []
        marks_note = False
        for element in chosen(run):
            name = local_name(element)
            if name == "fldchar":
                self._field(value_of(element, "fldCharType"))
            elif name == "instrtext" and self._fields and not self._fields[-1][1]:
                self._fields[-1] = self._fields[-1][0] + (element.text or ""), False
            elif hidden or self._in_unshown_field() or name in UNREAD:
                continue
            elif name == "t":
                shown.append((element.text or "").replace(BREAK, " "))
            elif name in _CHARACTERS:
                shown.append(_CHARACTERS[name])
            elif name == "sym":
                shown.append(symbol(value_of(element, "font"), value_of(element, "char")))
            elif name in ("footnotereference", "endnotereference"):
                self._noted.append((name.removesuffix("reference"), value_of(element, "id")))
                marks_note = value_of(element, "customMarkFollows") is not None
            elif name == "ruby":
                self._inline(element, inherited, shown)
            elif name in ("drawing", "pict", "object"):
                self._boxes.extend(_boxes(element))
        text = "".join(shown)
        align = value_at(run, "rpr", "vertalign")
        raised = self._styles.raises(style) if align is None else align == "superscript"
        if marks_note:  # the rest of the run is a custom note mark
            text = ""
        elif raised and text.strip():
            sign = read_raised("".join(parts), text.strip(), _following(run))
            text = sign + " " * text[-1:].isspace()
        parts.append(text)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(("", False))
        elif kind == "separate" and self._fields:
            self._fields[-1] = self._fields[-1][0], True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _in_unshown_field(self) -> bool:
        """Whether text here is the number of a page, or a part of the code of a field around."""
        in_code = not all(begun for _, begun in self._fields[:-1])
        return in_code or any(_is_page_field(code) for code, _ in self._fields)


def _following(run: Element) -> str:
    """The first characters of the paragraph's text after a run: enough to tell a fraction."""
    text = ""
    for sibling in run.itersiblings():
        text += "".join(part.text or "" for part in sibling.iter() if local_name(part) == "t")
        if len(text) > 2:
            break
    return text


def _is_page_field(code: str) -> bool:
    return (code.split() or [""])[0].upper() in _PAGE_FIELDS


def _boxes(element: Element) -> Iterator[Element]:
    """The outermost text boxes of a drawing."""
    for child in chosen(element):
        if local_name(child) == "txbxcontent":
            yield child
        else:
            yield from _boxes(child)
