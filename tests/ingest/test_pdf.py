"""PDF files -> articles."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pullquote.errors import CorpusError
from pullquote.ingest import formats
from pullquote.ingest.formats import pdf
from pullquote.ingest.formats.pdf import glyphs
from pullquote.ingest.formats.pdf.columns import Line
from pullquote.ingest.formats.pdf.hyphens import joined
from pullquote.ingest.formats.pdf.merge import put_together
from pullquote.ingest.formats.pdf.paragraphs import paragraphs
from pullquote.ingest.formats.pdf.words import Segment
from pullquote.types import Article
from tests.support.documents import SIMPLE, column, locked_pdf, pdf_bytes
from tests.support.pdf_styles import BUILT_ON, HELD_OUT, Style, drawn, word_f1

Words = tuple[float, float, float, str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.pdf"


def one(path: Path, data: bytes, url: str | None = None) -> Article:
    path.write_bytes(data)
    (article,) = formats.read("pdf", path.name, path, url)
    assert isinstance(article, Article)
    return article


def text(path: Path, *pages: list[Words]) -> str:
    return one(path, pdf_bytes(pages)).text


def reason(path: Path, data: bytes) -> str:
    with pytest.raises(CorpusError) as caught:
        one(path, data)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_lines_of_a_pdf_become_paragraphs(path: Path) -> None:
    data = pdf_bytes(
        [SIMPLE],
        Title="Microsoft Word - A ban",
        Author="Ann Lee",
        CreationDate="D:20200611230000-04'00'",
        ModDate="D:20200612",
    )
    assert one(path, data, "https://www.site.example/ban.pdf") == Article(
        id="a.pdf",
        title="A ban",
        url="https://www.site.example/ban.pdf",
        published="2020-06-11",
        author="Ann Lee",
        text=(
            "A ban on software\n\n"
            "Amazon banned police use of its facial recognition technology for a year (the "
            "“first” such ban), making it the latest well-known company to do so, a "
            "well-known one.\n\n"
            "It did not say why it took action now."
        ),
        updated="2020-06-12",
        source="site.example",
    )


@pytest.mark.parametrize("title", ["", "untitled", "report.docx", "Microsoft Word - x.doc"])
def test_a_pdf_is_named_by_its_file_where_its_title_is_none(path: Path, title: str) -> None:
    path = path.with_name("the-ban.pdf")
    article = one(path, pdf_bytes([SIMPLE], Title=title, CreationDate="D:20201399"))
    assert (article.title, article.published) == ("The ban", None)


def test_the_beginning_of_a_programs_time_is_no_date(path: Path) -> None:
    for moment in ("D:19700101000000Z", "D:16010101000000"):
        assert one(path, pdf_bytes([SIMPLE], CreationDate=moment)).published is None


@pytest.mark.parametrize("style", [*BUILT_ON, *HELD_OUT], ids=lambda style: style.__name__)
def test_what_a_reader_sees_is_read_in_order(path: Path, style: Style) -> None:
    data, truth = drawn(style)
    found = one(path, data).text
    assert found == "\n\n".join(truth)
    assert word_f1(found, "\n\n".join(truth)) == 1


def test_a_word_more_or_less_lowers_the_figure() -> None:
    assert word_f1("a b c d", "a b x c d") == pytest.approx(8 / 9)
    assert word_f1("c d a b", "a b c d") == 0.5
    assert word_f1("", "a") == 0


BODY = [
    "The harbour board of Tessel voted on Monday",
    "to close the old fish market by the end of",
    "the year, after months of argument about its",
    "leaking roof and the price of a new one.",
]
READ = " ".join(BODY)


def set_in(x: float, y: float, lines: list[str], size: float = 11) -> list[Words]:
    return [(x, y - 14 * i, size, line) for i, line in enumerate(lines)]


def test_columns_that_are_drawn_row_by_row_are_read_column_by_column(path: Path) -> None:
    other = [
        "Traders who have rented stalls there since",
        "the flood said that they would go to court,",
        "and the board said it had expected as much.",
    ]
    rows = [line for pair in zip(set_in(60, 700, BODY), set_in(330, 700, other), strict=False)
            for line in pair]  # fmt: skip
    assert text(path, [*rows, (60, 658, 11, BODY[3])]) == f"{READ}\n\n{' '.join(other)}"


TRADERS = [
    "Traders who have rented stalls there since",
    "the flood said that they would go to court,",
    "and the board said it had expected as much.",
]
TOLD = " ".join(TRADERS)


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ([*set_in(60, 700, BODY), *set_in(330, 694, TRADERS)], f"{READ}\n\n{TOLD}"),
        ([*set_in(330, 700, TRADERS), *set_in(60, 700, BODY)], f"{READ}\n\n{TOLD}"),
        ([(60, 730, 20, "Market to close, and nobody"), *set_in(60, 700, BODY),
          *set_in(330, 700, TRADERS), (60, 600, 11, "A line under both columns " * 3)],
         f"Market to close, and nobody\n\n{READ}\n\n{TOLD}\n\n"
         f"{('A line under both columns ' * 3).strip()}"),
        ([*set_in(60, 700, BODY), *set_in(420, 700, ["A box", "of its own."], 8)],
         f"{READ}\n\nA box of its own."),
        ([*set_in(60, 700, ["Ann Lee, mayor", "Bo Ek, clerk"]),
          *set_in(300, 700, ["voted for the plan", "voted against the plan"])],
         "- Ann Lee, mayor\tvoted for the plan\n- Bo Ek, clerk\tvoted against the plan"),
        ([(60, 700, 11, "Herring"), (200, 700, 11, "310"), (60, 686, 11, "Cod"),
          (200, 686, 11, "290")], "- Herring\t310\n- Cod\t290"),
        ([(60 + 9 * i, 730, 11, c) for i, c in enumerate("MARKET")], "MARKET"),
        ([(60, 730, 14, "N O T I C E")], "NOTICE"),
        ([(60, 730, 11, "We want l e t t e r s from you.")], "We want letters from you."),
        ([(60, 700, 11, "The"), (80.5, 700, 11, "harbour"), (119.5, 700, 11, "board"),
          (149.5, 700, 11, "met.")], "The harbour board met."),
        ([(60, 700, 11, "The CO"), (98, 697, 7, "2"), (102, 700, 11, " fell.")], "The CO2 fell."),
        ([*set_in(60, 700, BODY), (300, 30, 9, "7")], READ),
    ],
)  # fmt: skip
def test_what_stands_together_is_told_from_its_place(
    path: Path, page: list[Words], read: str
) -> None:
    assert text(path, page) == read


def test_a_drop_cap_begins_its_word_or_is_one(path: Path) -> None:
    cap = [(60.0, 680.0, 36.0, "T"), (86.0, 700.0, 11.0, BODY[0][1:]), (86.0, 686.0, 11.0, BODY[1])]
    assert text(path, [*cap, *set_in(60, 672, BODY[2:])]) == READ
    cap = [(60.0, 680.0, 36.0, "A"), (88.0, 700.0, 11.0, "harbour board like that of Tessel")]
    assert text(path, [*cap, *set_in(60, 672, BODY)]).startswith("A harbour board")
    cap = [(60.0, 680.0, 36.0, "A"), (88.0, 700.0, 11.0, "fter the storm the board of Tessel")]
    assert text(path, [*cap, *set_in(60, 672, BODY)]).startswith("After the storm")


def test_a_drop_cap_beside_a_larger_one_costs_no_text() -> None:
    drawn = {"A": (0, 20, 20, 40), "S": (22, 30, 10, 20), "till it rains.": (31, 90, 5, 10)}
    found = put_together([Segment(text, *places) for text, places in drawn.items()], {"s": 2})
    assert [segment.text.replace(" ", "") for segment in found] == ["AS", "tillitrains."]


def test_a_line_that_is_drawn_twice_is_read_once(path: Path) -> None:
    assert text(path, [*set_in(60, 700, BODY), (60.3, 686, 11, BODY[1])]) == READ
    # Twin letters stay.
    assert text(path, [(60, 700, 11, "Will Anna call? Hello, llama!")]) == (
        "Will Anna call? Hello, llama!"
    )


def test_the_mark_of_a_note_is_left_out_and_its_text_kept(path: Path) -> None:
    page: list[Words] = [
        (60, 700, 11, "The market closes in 2031"), (192, 704, 7, "2"),
        (198, 700, 11, " by order of the board."), (312, 704, 7, "3"),
        (318, 700, 11, " Traders were told."),
        (60, 120, 8, "2 The decision of 4 March is kept in the town hall."),
        (60, 110, 8, "3 Six members were for it."),
    ]  # fmt: skip
    assert text(path, page) == (
        "The market closes in 2031 by order of the board. Traders were told.\n\n"
        "The decision of 4 March is kept in the town hall.\n\nSix members were for it."
    )


@pytest.mark.parametrize(
    ("before", "sign", "after", "read"),
    [
        ("It cost 10", "6", " crowns.", "It cost 10⁶ crowns."),
        ("It grew by 3 x 10", "-12", " m.", "It grew by 3 x 10⁻¹² m."),
        ("It has 900 km", "2", " of ice.", "It has 900 km² of ice."),
        ("On the 21", "st", " of May.", "On the 21st of May."),
        ("The board of 1910", "6", " met.", "The board of 1910 met."),
        ("They met in the UN", "4", " hall.", "They met in the UN hall."),
        ("They met", "a,b", " in May.", "They met in May."),
        ("They met", "†", ", it said.", "They met, it said."),
        ("They met.", "[12]", " It rained.", "They met. It rained."),
        ("They own Tessel", "TM", " lamps.", "They own TesselTM lamps."),
    ],
)
def test_a_raised_sign_is_an_exponent_or_the_mark_of_a_note(
    path: Path, before: str, sign: str, after: str, read: str
) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    x = 60 + stringWidth(before, "Helvetica", 11)
    end = x + stringWidth(sign, "Helvetica", 7)
    page: list[Words] = [(60, 700, 11, before), (x, 704, 7, "†" if sign == "†" else sign),
                         (end, 700, 11, after)]  # fmt: skip
    assert text(path, page) == read


def test_running_heads_of_two_pages_do_not_cut_a_sentence(path: Path) -> None:
    def page(number: str, lines: list[str], note: list[Words]) -> list[Words]:
        head: list[Words] = [(60, 760, 9, "Tessel Post"), (500, 760, 9, "4 March 2024")]
        return [*head, (300, 30, 9, number), *set_in(60, 700, lines), *note]

    note: list[Words] = [(60, 80, 8, "1 The hall was built in 1911 by the guild of coopers.")]
    assert text(path, page("1", BODY[:2], note), page("2", BODY[2:], [])) == (
        f"{READ}\n\nThe hall was built in 1911 by the guild of coopers."
    )


def test_a_sentence_goes_on_over_a_page_without_its_header_and_number(path: Path) -> None:
    pages = []
    for number, lines in enumerate(
        (
            ("The first page ends in the middle of a", "sentence that is"),
            ("continued here. It ends with a full line.", "Another begins and is"),
            ("the last one of this text.",),
        ),
        1,
    ):
        foot = [(300.0, 40.0, 9.0, f"Page {number} of 3")]
        pages.append([(72.0, 760.0, 9.0, "THE REPORT 2020"), *column(*lines), *foot])
    assert text(path, *pages) == (
        "The first page ends in the middle of a sentence that is continued here. It ends with a "
        "full line. Another begins and is the last one of this text."
    )


def test_a_heading_that_differs_by_its_number_is_no_running_head(path: Path) -> None:
    pages = [[(60.0, 740.0, 16.0, f"Chapter {n}"), *set_in(60, 700, BODY)] for n in (1, 2)]
    assert text(path, *pages) == f"Chapter 1\n\n{READ}\n\nChapter 2\n\n{READ}"


def test_what_most_pages_have_at_one_place_is_a_watermark_and_not_the_text(path: Path) -> None:
    mark: Words = (200, 400, 20, "Draft copy")
    pages = [[*set_in(60, 700 - 20 * n, BODY), mark, *set_in(60, 300 - n, BODY)] for n in range(3)]
    assert "Draft" not in text(path, *pages)
    assert text(path, *[[*set_in(60, 700, BODY), *set_in(60, 600, TRADERS)]] * 3).count(TOLD) == 3


def test_what_was_recognised_in_a_scan_is_read(path: Path) -> None:
    import io

    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(612, 792))
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 612, 792)
    for i, line in enumerate(BODY):
        place = canvas.beginText(60, 700 - 14 * i)
        place.setFont("Helvetica", 11)
        place.setTextRenderMode(3)
        place.textOut(line)
        canvas.drawText(place)
    canvas.save()
    assert one(path, file.getvalue()).text == READ


def line(text: str, y: float = 0, x: float = 0, size: float = 10) -> Line:
    return Line(text, x, y, size)


def test_indents_bullets_and_columns_are_seen() -> None:
    page = [
        line("One paragraph has its lines at the left and", 100),
        line("goes on in the second line. It does not end", 88),
        line("An indented line begins another, of which the", 76, x=12),
        line("second line is not indented at all, no.", 64),
        line("• A bullet is one of its own and", 52),
        line("has a hanging indent.", 40, x=12),
        line("• Another bullet.", 28),
        line("A second column begins at the top and", 100, x=200),
        line("has the U.S.-", 88, x=200),
        line("backed plan, and soft\u00adly set co\u00ad", 76, x=200),
        line("operation.", 64, x=200),
    ]
    assert paragraphs([page]) == [
        "One paragraph has its lines at the left and goes on in the second line. It does not end",
        "An indented line begins another, of which the second line is not indented at all, no.",
        "• A bullet is one of its own and has a hanging indent.",
        "• Another bullet.",
        "A second column begins at the top and has the U.S.-backed plan, and softly set "
        "cooperation.",
    ]
    assert paragraphs([[], []]) == []


@pytest.mark.parametrize(
    ("text", "following", "words", "read"),
    [
        ("facial recog-", "nition fails", {}, "facial recognition fails"),
        ("a well-", "known firm", {}, "a well-known firm"),
        ("a well-", "known firm", {"wellknown": 2, "well-known": 1}, "a wellknown firm"),
        ("the gov-", "ernment", {}, "the government"),
        ("a long-", "term plan", {}, "a long-term plan"),
        ("the cooper-", "ation", {"co-operation": 3}, "the cooperation"),
        ("1998-", "2004", {}, "1998-2004"),
        ("the U.S.-", "backed plan", {}, "the U.S.-backed plan"),
        ("Anna Lee-", "Smith", {}, "Anna Lee-Smith"),
        ("it was -", "he said", {}, "it was - he said"),
        ("the Wetter-", "dienst", {}, "the Wetterdienst"),
        ("a state-of-the-", "art hall", {}, "a state-of-the-art hall"),
        ("twenty-", "one", {}, "twenty-one"),
        ("the con-", "tent", {}, "the content"),
    ],
)
def test_a_divided_word_is_put_together(
    text: str, following: str, words: dict[str, int], read: str
) -> None:
    assert joined(text, following, Counter(words)) == read


def test_an_encrypted_pdf_says_so(path: Path) -> None:
    assert reason(path, locked_pdf("Text")) == "it is encrypted: save a copy without a password"


def test_a_scan_says_what_to_do(path: Path) -> None:
    assert reason(path, pdf_bytes([[]])) == (
        "it has no text layer: it is most likely a scan, so run text recognition (OCR) on it first"
    )


def test_a_damaged_pdf_is_read_or_has_a_reason(path: Path) -> None:
    data = pdf_bytes([SIMPLE])
    for size in (0, 1, 8, 100, len(data) // 2):
        assert reason(path, data[:size]) in (
            "its PDF is damaged: save it again",
            "it has no text layer: it is most likely a scan, so run text recognition (OCR) on it "
            "first",
        )
    wrong = data.replace(b"startxref\n", b"startxref\n9")  # what it points to is looked for
    assert one(path, wrong).text.startswith("A ban on software")


@pytest.mark.parametrize("far", [1e5, 1e9, 1e38])
def test_glyphs_that_stand_nowhere_cost_only_themselves(path: Path, far: float) -> None:
    page: list[Words] = [*set_in(60, 700, BODY), (far, 600, 11, "Far"), (60, -far, 11, "Low")]
    assert text(path, page) == READ


def test_a_pdf_of_too_many_pages_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    assert reason(path, pdf_bytes([SIMPLE] * 3)) == (
        "it has 3 pages, more than the 2 that an article may have: split it"
    )


def test_a_page_of_too_many_glyphs_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "MAX_GLYPHS", 20)
    assert reason(path, pdf_bytes([SIMPLE])) == (
        "its text has more than 10 million characters: split it"
    )
