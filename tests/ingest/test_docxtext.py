"""What of a Word file is shown, and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pullquote.ingest import formats
from pullquote.types import Article
from tests.support.documents import W, write_zip

NAMES = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def sdt(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def tc(*paragraphs: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(code: str, result: str) -> str:
    instruction = f"<w:r><w:instrText> {code} </w:instrText></w:r>"
    return char("begin") + instruction + char("separate") + result + char("end")


def box(*paragraphs: str, tag: str = "wps:txbx") -> str:
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return f"<w:drawing><{tag}>{content}</{tag}></w:drawing>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.docx"


def read(path: Path, body: str, **parts: str) -> str:
    document = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
    more = {
        f"word/{name}.xml": f"<w:{name} {NAMES}>{content}</w:{name}>"
        for name, content in parts.items()
    }
    write_zip(path, {"word/document.xml": document, **more})
    (article,) = formats.read("docx", path.name, path)
    assert isinstance(article, Article)
    return article.text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p(r("It shuts "), sdt(r("on 3 May")), r(".")), "It shuts on 3 May."),
        (sdt(p(r("The roof leaks."))), "The roof leaks."),
        (sdt(sdt(p(r("One."))) + p(r("Two."))), "One.\n\nTwo."),
        (
            f"<w:tbl>{tr(tc(p(r('a'))), tc(p(r('b'))))}{sdt(tr(tc(p(r('c'))), tc(p(r('d')))))}"
            f"{tr(tc(p(r('e'))), sdt(tc(p(r('f')))))}</w:tbl>",
            "- a\tb\n- c\td\n- e\tf",
        ),
        (sdt(f"<w:tbl>{tr(sdt(sdt(tc(sdt(p(r('a')))))), tc(p(r('b'))))}</w:tbl>"), "- a\tb"),
        (
            f"<w:customXml>{p(r('A '), '<w:smartTag>', r('b.'), '</w:smartTag>')}</w:customXml>",
            "A b.",
        ),
        (p(r("Name: "), sdt(r("Click here."), "<w:showingPlcHdr/>"), r("none")), "Name: none"),
        (p(r("See "), f"<w:hyperlink>{r('the page')}</w:hyperlink>", r(".")), "See the page."),
    ],
)
def test_what_stands_in_a_content_control_is_read(path: Path, body: str, text: str) -> None:
    assert read(path, body) == text


@pytest.mark.parametrize(
    ("properties", "shown"),
    [
        ("<w:strike/>", False),
        ('<w:strike w:val="true"/>', False),
        ("<w:dstrike/>", False),
        ("<w:vanish/>", False),
        ('<w:vanish w:val="0"/>', True),
        ('<w:strike w:val="false"/>', True),
        ("<w:b/>", True),
        ('<w:rStyle w:val="Gone"/>', False),
        ('<w:rStyle w:val="GoneToo"/>', False),
        ('<w:rStyle w:val="Back"/>', True),
        ('<w:rStyle w:val="Gone"/><w:vanish w:val="0"/>', True),
        ('<w:rStyle w:val="Unknown"/>', True),
        ("<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>", True),
    ],
)
def test_struck_and_hidden_text_is_left_out(path: Path, properties: str, shown: bool) -> None:
    styles = (
        '<w:style w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="GoneToo"><w:basedOn w:val="Gone"/></w:style>'
        '<w:style w:styleId="Back"><w:basedOn w:val="Gone"/><w:rPr><w:vanish w:val="0"/></w:rPr>'
        '</w:style><w:style w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    body = p(r("It costs "), r("90 ", properties), r("900 crowns."))
    assert read(path, body, styles=styles) == f"It costs {'90 ' * shown}900 crowns."
    whole = p(r("Gone."), properties='<w:pStyle w:val="GoneToo"/>') + p(
        r("Kept."), properties='<w:pStyle w:val="Loop"/>'
    )
    assert read(path, whole, styles=styles) == "Kept."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p(f"<w:del>{r('old ')}</w:del>", f"<w:ins>{r('new ')}</w:ins>", r("text")), "new text"),
        (
            p(r("It "), f"<w:moveFrom>{r('went ')}</w:moveFrom>", r("is "))
            + p(f"<w:moveTo>{r('here.')}</w:moveTo>"),
            "It is\n\nhere.",
        ),
        (p(r("One and "), properties="<w:rPr><w:del/></w:rPr>") + p(r("two.")), "One and two."),
        (p(r("The last"), properties="<w:rPr><w:del/></w:rPr>"), "The last"),
        (
            f"<w:tbl>{tr(tc(p(r('a'))))}{tr(tc(p(r('b'))), properties='<w:del/>')}"
            f"{tr(tc(p(r('c'))), tc(p(r('d')), properties='<w:cellDel/>'))}</w:tbl>",
            "- a\n- c",
        ),
        (p(r("x"), properties="<w:pPrChange><w:pPr><w:numPr/></w:pPr></w:pPrChange>"), "x"),
    ],
)
def test_the_text_is_that_with_all_changes_accepted(path: Path, body: str, text: str) -> None:
    assert read(path, body) == text


HOST = ("The market closes ", "on 3 May, the board said.")
ASIDE = "We were promised ten years."


@pytest.mark.parametrize(
    "aside",
    [
        box(p(r(ASIDE))),
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{box(p(r(ASIDE)))}</mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{p(r(ASIDE))}</w:txbxContent></v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent>",
        f"<mc:AlternateContent><mc:Fallback>{box(p(r(ASIDE)), tag='v:textbox')}</mc:Fallback>"
        "</mc:AlternateContent>",
        f"<w:pict><v:shape><v:textbox><w:txbxContent>{sdt(p(r(ASIDE)))}</w:txbxContent></v:textbox>"
        "</v:shape></w:pict>",
    ],
)
def test_a_text_box_is_a_paragraph_of_its_own_and_once(path: Path, aside: str) -> None:
    body = p(r(HOST[0]), f"<w:r>{aside}</w:r>", r(HOST[1]))
    assert read(path, body + p(r("Next."))) == f"{''.join(HOST)}\n\n{ASIDE}\n\nNext."
    table = f"<w:tbl>{tr(tc(body))}</w:tbl>"
    assert read(path, table) == f"- {''.join(HOST)}\n\n{ASIDE}"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ((r("Page "), field("PAGE", r("7")), r(" ends.")), "Page  ends."),
        ((r("See "), field("PAGEREF _x \\h", r("12")), r(".")), "See ."),
        ((field("HYPERLINK x", r("The report") + field("NUMPAGES", r("9"))), r(" says so.")),
         "The report says so."),
        ((f'<w:fldSimple w:instr=" PAGE ">{r("7")}</w:fldSimple>', r("End.")), "End."),
        ((f'<w:fldSimple w:instr=" TITLE ">{r("7 days")}</w:fldSimple>', r(" on.")), "7 days on."),
        ((r("a"), char("end"), r("b")), "ab"),
        ((char("begin"), field("MERGEFIELD sex", r("M")), char("separate"), r("Mr"), char("end"),
          r(" Lee")), "Mr Lee"),
        ((r("Intro"), r(" 3", "<w:webHidden/>")), "Intro"),
    ],
)  # fmt: skip
def test_the_number_of_a_page_is_no_text(path: Path, runs: tuple[str, ...], text: str) -> None:
    assert read(path, p(*runs)) == text.replace("  ", " ")


def test_ruby_is_left_out_and_its_base_kept(path: Path) -> None:
    ruby = f"<w:r><w:ruby><w:rt>{r('kan')}</w:rt><w:rubyBase>{r('漢')}</w:rubyBase></w:ruby></w:r>"
    assert read(path, p(r("On the door "), ruby, r(" stands."))) == "On the door 漢 stands."


def test_the_parts_of_a_file_may_have_other_names(path: Path) -> None:
    def relations(**targets: str) -> str:
        each = (f'<R Type="http://x/{kind}" Target="{name}"/>' for kind, name in targets.items())
        return f"<Relationships>{''.join(each)}</Relationships>"

    body = p(r("It leaks.", '<w:rStyle w:val="Gone"/>'), r("It rains."))
    style = '<w:style w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    files = {
        "_rels/.rels": relations(officeDocument="/word/document2.xml"),
        "word/_rels/document2.xml.rels": relations(settings="x.xml", styles="styles2.xml"),
        "word/document2.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/styles2.xml": f"<w:styles {NAMES}>{style}</w:styles>",
    }
    (article,) = formats.read("docx", "a", write_zip(path, files))
    assert isinstance(article, Article)
    assert article.text == "It rains."


HEAD = '<w:pStyle w:val="Heading2"/>'


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ((tc(p(r("Total"), properties=HEAD)), tc(p(r("5 million")))), "- Total\t5 million"),
        ((tc(p(r("Total"), properties=HEAD)),), "Total\n\nNext."),
        ((tc(p(r("Who pays?"), properties=HEAD)), tc(p(r("The city.")), p(r("In May.")))),
         "# Who pays?\n\n- The city. In May."),
        ((tc(p(r("Who?"), properties=HEAD)), tc(p(r("When?"), properties=HEAD))),
         "# Who?\n\n# When?"),
        ((tc(p(r("Note"), properties=HEAD), p(r("It rains."))),), "Note\n\nIt rains."),
        ((tc(p(r("Who pays?"), properties=HEAD), p(r("The city. " * 21))), tc(p(r("It does.")))),
         f"# Who pays?\n\n{'The city. ' * 21}".rstrip() + "\n\nIt does."),
    ],
)  # fmt: skip
def test_a_heading_in_a_table_is_no_sentence_by_itself(
    path: Path, cells: tuple[str, ...], text: str
) -> None:
    after = p(r("Next.")) if "Next." in text else ""
    assert read(path, f"<w:tbl>{tr(*cells)}</w:tbl>{after}") == text


def m(text: str) -> str:
    return f"<m:r><m:rPr/><w:rPr/><m:t>{text}</m:t></m:r>"


def f(above: str, below: str, properties: str = "") -> str:
    properties = f"<m:fPr>{properties}<m:ctrlPr><w:rPr/></m:ctrlPr></m:fPr>"
    return f"<m:f>{properties}<m:num>{above}</m:num><m:den>{below}</m:den></m:f>"


def sup(base: str, raised: str) -> str:
    return f"<m:sSup><m:e>{base}</m:e><m:sup>{raised}</m:sup></m:sSup>"


def brackets(inside: str, properties: str = "") -> str:
    return f"<m:d><m:dPr>{properties}</m:dPr><m:e>{inside}</m:e></m:d>"


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (f(m("1"), m("2")), "1/2"),
        (m("3") + f(m("1"), m("2")), "3 1/2"),
        (f(m("a+b"), m("2")), "(a+b)/2"),
        (f(sup(m("a"), m("2")), m("12")), "(a²)/12"),
        (m("E=m") + sup(m("c"), m("2")), "E=mc²"),
        (sup(m("10"), m("−6")), "10⁻⁶"),
        (sup(m("e"), m("k") + m("t")), "e^(kt)"),
        (m("2") + brackets(m("3+4")), "2(3+4)"),
        (brackets(m("x"), '<m:begChr m:val="|"/><m:endChr m:val="|"/>'), "|x|"),
        (brackets(f(m("5"), m("2"), '<m:type m:val="noBar"/>')), "(5 2)"),
        ("<m:rad><m:radPr/><m:deg/><m:e>" + m("2") + "</m:e></m:rad>", "√2"),
        ("<m:rad><m:deg>" + m("3") + "</m:deg><m:e>" + m("a+b") + "</m:e></m:rad>", "∛(a+b)"),
        ("<m:sSub><m:e>" + m("x") + "</m:e><m:sub>" + m("1") + "</m:sub></m:sSub>" + m("5"),
         "x₁ 5"),
        ('<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>' + m("i=1") + "</m:sub><m:sup>"
         + m("n") + "</m:sup><m:e>" + m("2i") + "</m:e></m:nary>", "∑_(i=1)ⁿ 2i"),
        ("<m:func><m:fName>" + m("sin") + "</m:fName><m:e>" + m("x") + "</m:e></m:func>", "sin x"),
        ("<m:m><m:mr><m:e>" + m("1") + "</m:e><m:e>" + m("2") + "</m:e></m:mr></m:m>", "1 2"),
        (f"<w:del>{m('9')}</w:del>" + m("7"), "7"),
    ],
)  # fmt: skip
def test_a_formula_is_read_as_it_would_be_typed(path: Path, formula: str, text: str) -> None:
    body = p(r("It is "), f"<m:oMath>{formula}</m:oMath>", r(" tons."))
    assert read(path, body) == f"It is {text} tons."
    alone = f"<w:p><m:oMathPara><m:oMath>{formula}</m:oMath></m:oMathPara></w:p>"
    assert read(path, p(r("So.")) + alone) == f"So.\n\n{text}"


def test_a_fraction_stands_apart_from_the_figure_before_it(path: Path) -> None:
    body = p(r("It holds 3"), f"<m:oMath>{f(m('1'), m('2'))}</m:oMath>", r(" tons."))
    assert read(path, body) == "It holds 3 1/2 tons."


@pytest.mark.parametrize(
    ("symbol", "text"),
    [
        ('w:font="Symbol" w:char="F06D"', "μ"),
        ('w:font="Symbol" w:char="00B4"', "×"),
        ('w:font="Wingdings" w:char="F0E0"', "→"),
        ('w:font="Arial" w:char="00B5"', "µ"),
        ('w:font="Webdings" w:char="F0E0"', ""),
        ('w:font="Symbol" w:char="x"', ""),
    ],
)
def test_the_sign_of_a_symbol_font_is_read(path: Path, symbol: str, text: str) -> None:
    body = p(r("It weighs 10 "), f"<w:r><w:sym {symbol}/></w:r>", r("g."))
    assert read(path, body) == f"It weighs 10 {text}g."


UP = '<w:vertAlign w:val="superscript"/>'
DOWN = UP.replace("super", "sub")
RAISED = '<w:rStyle w:val="Mark"/>'
RAISING = f'<w:style w:styleId="Mark"><w:rPr>{UP}</w:rPr></w:style>'


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ((r("The roof leaks."), '<w:r><w:footnoteReference w:id="2"/></w:r>', r(" It is late.")),
         "The roof leaks. It is late.\n\nSince 1911."),
        ((r("It leaks"), '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t>'
          "</w:r>", r(".")), "It leaks.\n\nSince 1911."),
        ((r("It leaks."), r("3", UP), r(" It is late.")), "It leaks. It is late."),
        ((r("It cost 10"), r("6", UP), r(" crowns.")), "It cost 10⁶ crowns."),
        ((r("On 1"), r("st", UP), r(" May.")), "On 1st May."),
        ((r("It holds 3"), r("1", UP), r("/"), r("2", DOWN), r(" tons.")), "It holds 3 1/2 tons."),
        ((r("It leaks."), r("3", RAISED), r(" It is late.")), "It leaks. It is late."),
        ((r("On 1"), r("st", RAISED), r(" May.")), "On 1st May."),
        ((r("On 1"), r("5", RAISED + UP.replace("superscript", "baseline")), r(" May.")),
         "On 15 May."),
        ((r("It leaks."), '<w:r><w:endnoteReference w:id="9"/></w:r>'), "It leaks."),
    ],
)  # fmt: skip
def test_the_mark_of_a_note_is_left_out_and_the_note_follows(
    path: Path, runs: tuple[str, ...], text: str
) -> None:
    notes = (
        f'<w:footnote w:id="0">{p(r("---"))}</w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", r(" Since 1911."))}</w:footnote>'
        f'<w:footnote w:id="3">{p(r("Nobody refers to it."))}</w:footnote>'
    )
    assert read(path, p(*runs), footnotes=notes, styles=RAISING) == text


def test_footnotes_and_endnotes_follow_as_paragraphs_of_their_own(path: Path) -> None:
    def note(kind: str, number: int, *paragraphs: str) -> str:
        return f'<w:{kind} w:id="{number}">{"".join(paragraphs)}</w:{kind}>'

    def mark(kind: str, number: int, sign: str = "") -> str:
        custom = 'w:customMarkFollows="1" ' if sign else ""
        return f'<w:r><w:{kind}Reference {custom}w:id="{number}"/><w:t>{sign}</w:t></w:r>'

    cell = tc(p(r("In a cell."), mark("footnote", 3)))
    body = (
        p(r("It leaks."), mark("endnote", 1), r(" It is late."), mark("footnote", 1))
        + p(r("A wall fell"), mark("footnote", 2, "†"), r("."))
        + f"<w:tbl>{tr(cell)}</w:tbl>"
    )
    footnotes = (
        note("footnote", 3, p(r("Of the table.")))
        + note("footnote", 1, p("<w:r><w:footnoteRef/></w:r>", r(" By noon. So they say.")))
        + note("footnote", 2, p(r("†", RAISED), r(" In May.")), p(r("So it was told.")))
    )
    endnotes = note("endnote", 1, p("<w:r><w:endnoteRef/></w:r>", r(" Since 1911.")))
    text = read(path, body, footnotes=footnotes, endnotes=endnotes, styles=RAISING)
    assert text.split("\n\n") == [
        "It leaks. It is late.", "A wall fell.", "- In a cell.",
        "Since 1911.", "By noon. So they say.", "In May.", "So it was told.", "Of the table.",
    ]  # fmt: skip
