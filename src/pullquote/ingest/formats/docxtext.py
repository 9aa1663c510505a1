"""The body of a Word file -> prose: the visible text, in order and without duplicates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pullquote.ingest.formats.prose import BREAK, Prose
from pullquote.ingest.formats.raised import read_raised
from pullquote.ingest.formats.tree import Element, local_name

#: Elements without visible text: deleted or moved-away text, field codes, properties.
_UNREAD = frozenset(
    ("del", "movefrom", "instrtext", "delinstrtext", "deltext", "ppr", "rpr", "sdtpr", "sdtendpr")
)

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


def _value(element: Element, name: str = "val") -> str | None:
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _child(element: Element, *names: str) -> Element | None:
    """The descendant reached by following ``names``, one level per name; ``None`` if missing."""
    for name in names:
        element = next((child for child in element if local_name(child) == name), None)
        if element is None:
            return None
    return element


def _below(element: Element, name: str) -> Iterator[Element]:
    """The children with that name, including those in controls, tracked insertions and so on."""
    for child in _chosen(element):
        if local_name(child) == name:
            yield child
        elif local_name(child) not in _UNREAD | _STRUCTURE:
            yield from _below(child, name)


def _style(element: Element, *names: str) -> str | None:
    """The id of the style that the descendant reached by ``names`` sets."""
    found = _child(element, *names)
    return _value(found) if found is not None else None


class Styles:
    """Which styles hide or raise their text, and which are those of headings."""

    def __init__(self, styles: Iterable[Element]) -> None:
        """``styles``: the elements below the root of ``styles.xml``."""
        self._by_id = {
            _value(style, "styleId"): style for style in styles if local_name(style) == "style"
        }

    def settings(self, style: str | None) -> dict[str, bool]:
        """For each way to hide text, what the style or a style that it is based on says."""
        found: dict[str, bool] = {}
        for element in self._chain(style):
            found = {**_settings(_child(element, "rpr")), **found}
        return found

    def raises(self, style: str | None) -> bool:
        """Whether the style is that of superscript text, such as note marks."""
        aligns = (_child(element, "rpr", "vertalign") for element in self._chain(style))
        return any(_value(align) == "superscript" for align in aligns if align is not None)

    def heads(self, style: str | None) -> bool:
        """Whether the style is that of headings."""
        if style is not None and _HEADING.fullmatch(style):
            return True
        for element in self._chain(style):
            level, name = _child(element, "ppr", "outlinelvl"), _child(element, "name")
            if level is not None:
                return _value(level) in _OUTLINE_LEVELS
            if name is not None and _HEADING.fullmatch(_value(name) or ""):
                return True
        return False

    def _chain(self, style: str | None) -> Iterator[Element]:
        """The style and those that it is based on."""
        seen: set[str | None] = set()
        while style in self._by_id and style not in seen:
            seen.add(style)
            element = self._by_id[style]
            yield element
            based_on = _child(element, "basedon")
            style = _value(based_on) if based_on is not None else None


def _settings(properties: Element | None) -> dict[str, bool]:
    if properties is None:
        return {}
    return {local_name(p): _value(p) not in _OFF for p in properties if local_name(p) in _HIDING}


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
        for element in _chosen(parent):
            name = local_name(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name not in _UNREAD:
                self.blocks(element)

    def notes(self, notes: Sequence[Element]) -> None:
        """Add those of ``notes`` that the text refers to, in order of reference."""
        by_id = {(local_name(note), _value(note, "id")): note for note in notes}
        for key in dict.fromkeys(self._noted):
            if key in by_id:
                self.blocks(by_id[key])

    def _paragraph(self, paragraph: Element) -> None:
        text = self._carried + self._text(paragraph)
        deleted = _child(paragraph, "ppr", "rpr", "del") is not None
        self._carried = text if deleted else ""
        if deleted:
            return
        if self._heads(paragraph):
            self._prose.heading(text)
        elif _child(paragraph, "ppr", "numpr") is not None:
            self._prose.item(text)
        else:
            self._prose.paragraph(text)
        self._flush()

    def _heads(self, paragraph: Element) -> bool:
        level = _child(paragraph, "ppr", "outlinelvl")
        if level is not None:
            return _value(level) in _OUTLINE_LEVELS
        return self._styles.heads(_style(paragraph, "ppr", "pstyle"))

    def _table(self, table: Element) -> None:
        for row in _below(table, "tr"):
            if _child(row, "trpr", "del") is None:
                cells = _below(row, "tc")
                kept = [cell for cell in cells if _child(cell, "tcpr", "celldel") is None]
                self._prose.row([self._cell(cell) for cell in kept])
                self._flush()

    def _cell(self, cell: Element) -> str:
        """The cell's paragraphs joined on one line, including nested tables."""
        texts = []
        for element in _chosen(cell):
            name = local_name(element)
            if name == "p":
                texts.append(self._text(element))
            elif name not in _UNREAD:
                texts.append(self._cell(element))
        return " ".join(filter(None, texts))

    def _flush(self) -> None:
        """Add the text boxes that are anchored in what was just added."""
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.blocks(box)

    def _text(self, paragraph: Element) -> str:
        parts: list[str] = []
        self._inline(paragraph, self._styles.settings(_style(paragraph, "ppr", "pstyle")), parts)
        return "".join(parts)

    def _inline(self, parent: Element, inherited: Mapping[str, bool], parts: list[str]) -> None:
        for element in _chosen(parent):
            name = local_name(element)
            if name == "r":
                self._run(element, inherited, parts)
            elif name == "fldsimple":
                if not _is_page_field(_value(element, "instr") or ""):
                    self._inline(element, inherited, parts)
            elif name == "t":  # in a formula
                parts.append(element.text or "")
            elif name not in _UNREAD and name != "rt":  # "rt" is an annotation above its base
                placeholder = _child(element, "sdtpr", "showingplchdr") is not None
                if not placeholder:
                    self._inline(element, inherited, parts)

    def _run(self, run: Element, inherited: Mapping[str, bool], parts: list[str]) -> None:
        properties = _child(run, "rpr")
        style = _style(run, "rpr", "rstyle")
        of_style = self._styles.settings(style)
        hidden = any({**inherited, **of_style, **_settings(properties)}.values())
        shown: list[str] = []
        marks_note = False
        for element in _chosen(run):
            name = local_name(element)
            if name == "fldchar":
                self._field(_value(element, "fldCharType"))
            elif name == "instrtext" and self._fields and not self._fields[-1][1]:
                self._fields[-1] = self._fields[-1][0] + (element.text or ""), False
            elif hidden or self._in_page_field() or name in _UNREAD:
                continue
            elif name == "t":
                shown.append((element.text or "").replace(BREAK, " "))
            elif name in _CHARACTERS:
                shown.append(_CHARACTERS[name])
            elif name in ("footnotereference", "endnotereference"):
                self._noted.append((name.removesuffix("reference"), _value(element, "id")))
                marks_note = _value(element, "customMarkFollows") is not None
            elif name == "ruby":
                self._inline(element, inherited, shown)
            elif name in ("drawing", "pict", "object"):
                self._boxes.extend(_boxes(element))
        text = "".join(shown)
        align = _child(run, "rpr", "vertalign")
        raised = self._styles.raises(style) if align is None else _value(align) == "superscript"
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

    def _in_page_field(self) -> bool:
        return any(_is_page_field(code) for code, _ in self._fields)


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


def _chosen(parent: Element) -> Iterator[Element]:
    """The children of ``parent``; of alternatives, the first choice or else the fallback."""
    for child in parent:
        if local_name(child) != "alternatecontent":
            yield child
            continue
        choice = _child(child, "choice")
        chosen = choice if choice is not None and len(choice) else _child(child, "fallback")
        if chosen is not None:
            yield from _chosen(chosen)


def _boxes(element: Element) -> Iterator[Element]:
    """The outermost text boxes of a drawing."""
    for child in _chosen(element):
        if local_name(child) == "txbxcontent":
            yield child
        else:
            yield from _boxes(child)
