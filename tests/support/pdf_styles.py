"""PDFs in the styles of many programs, each with its true text.

Each style is a function that draws pages on a canvas and returns the paragraphs that a reader
sees. :func:`word_f1` compares an extracted text with them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from PIL import Image
from reportlab.lib.colors import black, navy, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

Style = Callable[[Canvas], list[str]]

WIDTH, HEIGHT = 612, 792

BOARD = (
    "The harbour board of Tessel voted on Monday to close the old fish market by the end of the "
    "year, after months of argument about its leaking roof and the price of a new one. Six "
    "members were for it and four were against."
)
TRADERS = (
    "Traders who have rented stalls there since the flood said that they would go to court, and "
    "the board said it had expected as much. The closing will cost two million crowns, of which "
    "the town pays a third."
)
ROOF = (
    "Nobody has repaired the roof since 1911, when the guild of coopers built the hall on oak "
    "piles. Water stands on the floor after every storm, and in January a beam fell on two empty "
    "stalls."
)
MAYOR = (
    "Mayor Ingrid Sol left the meeting early and did not speak. Her office said later that she "
    "had never promised the traders another ten years, and that the ferry company needs the "
    "quay before the summer."
)
FERRY = (
    "The ferry company, which carries four hundred passengers a day to Holm and back, has asked "
    "for a second berth three times. Its director said that he would build the new pier himself "
    "if the town gave him the ground."
)
ARTICLE = [BOARD, TRADERS, ROOF, MAYOR, FERRY]


def wrap(text: str, font: str, size: float, width: float, indent: float = 0) -> list[str]:
    """The lines of ``text``; a word with a soft hyphen may be divided there."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        room = width - (indent if not lines else 0)
        plain = word.replace("\u00ad", "")
        tried = f"{line} {plain}".strip()
        if stringWidth(tried, font, size) <= room:
            line = tried
            continue
        head, _, tail = word.partition("\u00ad")
        if tail and stringWidth(f"{line} {head}-", font, size) <= room:
            lines.append(f"{line} {head}-")
            line = tail.replace("\u00ad", "")
            continue
        lines.append(line)
        line = plain
    return [*lines, line]


def column(
    canvas: Canvas,
    paragraphs: Sequence[str],
    x: float,
    y: float,
    width: float,
    *,
    font: str = "Times-Roman",
    size: float = 10,
    leading: float = 12,
    justified: bool = True,
    indent: float = 0,
    after: float = 6,
) -> float:
    """Set the paragraphs from ``y`` downwards; returns the y of the next line."""
    for text in paragraphs:
        lines = wrap(text, font, size, width, indent)
        for i, line in enumerate(lines):
            start = x + (indent if i == 0 else 0)
            spaces = line.count(" ")
            gap = 0.0
            if justified and i < len(lines) - 1 and spaces:
                gap = (x + width - start - stringWidth(line, font, size)) / spaces
            place = canvas.beginText(start, y)
            place.setFont(font, size)
            place.setWordSpace(gap)
            place.textOut(line)
            canvas.drawText(place)
            y -= leading
        y -= after
    return y


def at(
    canvas: Canvas, x: float, y: float, text: str, size: float = 10, font: str = "Helvetica"
) -> float:
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)
    return x + float(stringWidth(text, font, size))


def justified_with_indents(canvas: Canvas) -> list[str]:
    column(canvas, ARTICLE, 72, 700, 460, indent=14, after=0)
    return ARTICLE


def ragged_on_three_pages(canvas: Canvas) -> list[str]:
    for number, text in enumerate(ARTICLE[:3], 1):
        at(canvas, 72, 760, "Tessel Post")
        at(canvas, 480, 760, "4 March 2024")
        column(canvas, [text] * 1, 72, 700, 400, font="Helvetica", justified=False)
        at(canvas, 300, 30, f"Page {number} of 3", 9)
        canvas.showPage()
    return ARTICLE[:3]


def two_columns_under_a_title(canvas: Canvas) -> list[str]:
    at(canvas, 60, 730, "Harbour board closes the market of Tessel", 20, "Times-Bold")
    column(canvas, ARTICLE[:2], 60, 700, 235)
    column(canvas, ARTICLE[2:4], 309, 700, 235)
    return ["Harbour board closes the market of Tessel", *ARTICLE[:4]]


def three_narrow_columns(canvas: Canvas) -> list[str]:
    at(canvas, 60, 730, "Market to close", 18, "Times-Bold")
    for i, text in enumerate(ARTICLE[:3]):
        column(canvas, [text], 60 + 160 * i, 700, 151, size=9, leading=10.5)
    return ["Market to close", *ARTICLE[:3]]


def columns_row_by_row(canvas: Canvas) -> list[str]:
    left, right = (wrap(text, "Times-Roman", 10, 220) for text in ARTICLE[:2])
    for i in range(max(len(left), len(right))):
        for x, lines in ((60, left), (300, right)):
            if i < len(lines):
                at(canvas, x, 700 - 12 * i, lines[i], 10, "Times-Roman")
    return ARTICLE[:2]


def sentence_over_columns_and_pages(canvas: Canvas) -> list[str]:
    lines = wrap(" ".join(ARTICLE), "Times-Roman", 10, 220)
    third = len(lines) // 3
    parts = (lines[:third], lines[third : 2 * third], lines[2 * third :])
    for i, part in enumerate(parts):
        for n, line in enumerate(part):
            at(canvas, (60, 310, 60)[i], 700 - 12 * n, line, 10, "Times-Roman")
        if i == 1:
            canvas.showPage()
    return [" ".join(ARTICLE)]


def drop_cap_of_three_lines(canvas: Canvas) -> list[str]:
    at(canvas, 60, 676, "T", 48, "Times-Roman")
    lines = wrap(BOARD[1:], "Times-Roman", 10, 200)
    for i, line in enumerate(lines[:3]):
        at(canvas, 92, 700 - 12 * i, line, 10, "Times-Roman")
    rest = " ".join(lines[3:])
    column(canvas, [rest, TRADERS], 60, 664, 232)
    return [BOARD, TRADERS]


def raised_initial_and_small_capitals(canvas: Canvas) -> list[str]:
    x = at(canvas, 60, 700, "N", 24, "Times-Roman")
    x = at(canvas, x, 700, "OBODY HAS", 8, "Times-Roman")
    at(canvas, x + 2.5, 700, "repaired the roof since 1911, when the", 10, "Times-Roman")
    column(canvas, ["guild of coopers built the hall on oak piles."], 60, 688, 230)
    column(canvas, [MAYOR], 60, 660, 230)
    return [
        "NOBODY HAS repaired the roof since 1911, when the guild of coopers built the hall on oak "
        "piles.",
        MAYOR,
    ]


def bold_drawn_twice(canvas: Canvas) -> list[str]:
    for shift in (0, 0.3):
        at(canvas, 60 + shift, 720, "Harbour board closes the market", 14)
    x = 60.0
    for word in wrap("Six members were for it and four were against.", "Helvetica", 10, 1):
        for shift in (0, 0.25, 0.5):
            end = at(canvas, x + shift, 690, word)
        x = end + 3
    column(canvas, [TRADERS], 60, 660, 400)
    return [
        "Harbour board closes the market",
        "Six members were for it and four were against.",
        TRADERS,
    ]


def shadowed_title(canvas: Canvas) -> list[str]:
    for shift in (1.2, 0):
        at(canvas, 60 + shift, 720 - shift, "Billy Bell sells all balls", 22)
    column(canvas, [BOARD], 60, 680, 400)
    return ["Billy Bell sells all balls", BOARD]


def letters_spaced_by_the_program(canvas: Canvas) -> list[str]:
    for y, text in ((720, "The market closes"), (560, "LETTERS TO THE BOARD")):
        place = canvas.beginText(60, y)
        place.setFont("Helvetica", 12)
        place.setCharSpace(4)
        place.textOut(text)
        place.setCharSpace(0)
        canvas.drawText(place)
    column(canvas, [BOARD], 60, 690, 400)
    return ["The market closes", BOARD, "LETTERS TO THE BOARD"]


def letters_spaced_by_hand(canvas: Canvas) -> list[str]:
    at(canvas, 60, 720, "T h e   m a r k e t   c l o s e s", 14)
    column(canvas, ["He wrote l e t t e r s to the board and got no answer.", BOARD], 60, 690, 400)
    return [
        "The market closes",
        "He wrote letters to the board and got no answer.",
        BOARD,
    ]


def words_without_spaces(canvas: Canvas) -> list[str]:
    y = 700.0
    for text in (BOARD, ROOF):
        for line in wrap(text, "Times-Roman", 10, 380):
            x = 60.0
            for word in line.split():
                x = at(canvas, x, y, word, 10, "Times-Roman") + 1.6
            y -= 12
        y -= 8
    return [BOARD, ROOF]


def justified_word_by_word(canvas: Canvas) -> list[str]:
    y = 700.0
    for text in (TRADERS, FERRY):
        lines = wrap(text, "Helvetica", 9, 190)
        for line in lines:
            words = line.split()
            free = 200 - sum(stringWidth(word, "Helvetica", 9) for word in words)
            gap = free / (len(words) - 1) if line != lines[-1] else 2.5
            x = 60.0
            for word in words:
                x = at(canvas, x, y, word, 9) + gap
            y -= 11
        y -= 8
    return [TRADERS, FERRY]


def heads_and_feet_of_two_pages(canvas: Canvas) -> list[str]:
    for number, text in enumerate((BOARD, TRADERS), 1):
        at(canvas, 60, 770, f"HARBOUR BOARD OF TESSEL | Minutes {number}", 8)
        column(canvas, [text], 60, 740, 400)
        at(canvas, 60, 40, "Printed on 4 March 2024 at 10:14", 8)
        at(canvas, 300, 28, f"- {number} -", 8)
        canvas.showPage()
    return [BOARD, TRADERS]


def book_pages(canvas: Canvas) -> list[str]:
    for number, text in enumerate((BOARD, TRADERS, ROOF, MAYOR), 12):
        head = f"{number}    A HISTORY OF TESSEL" if number % 2 == 0 else f"THE MARKET    {number}"
        at(canvas, 60 if number % 2 == 0 else 360, 770, head, 8, "Times-Roman")
        column(canvas, [text], 60, 740, 400)
        canvas.showPage()
    return [BOARD, TRADERS, ROOF, MAYOR]


def raised(
    canvas: Canvas, x: float, y: float, parts: Sequence[tuple[str, int]], size: float = 10
) -> float:
    """Set ``parts``, each raised (1), lowered (-1) or on the line (0); returns the next x."""
    for text, level in parts:
        x = at(canvas, x, y + (0.36 * size * max(level, 0) + 0.15 * size * min(level, 0)), text,
               size if level == 0 else 0.65 * size, "Times-Roman")  # fmt: skip
    return x


def marks_and_powers(canvas: Canvas) -> list[str]:
    raised(
        canvas,
        60,
        700,
        [("The market closes in 2031", 0), ("2", 1), (" by order of the board.", 0), ("3", 1)],
    )
    raised(
        canvas,
        60,
        688,
        [
            ("It has lost 10", 0),
            ("6", 1),
            (" crowns and covers 900 m", 0),
            ("2", 1),
            (" since the 1", 0),
            ("st", 1),
            (" of May.", 0),
        ],
    )
    raised(
        canvas,
        60,
        676,
        [
            ("The CO", 0),
            ("2", -1),
            (" there fell,", 0),
            ("4,5", 1),
            (" the board", 0),
            ("*", 1),
            (" said.", 0),
        ],
    )
    return [
        "The market closes in 2031 by order of the board. It has lost 10⁶ crowns and covers "
        "900 m² since the 1st of May. The CO2 there fell, the board said."
    ]  # fmt: skip


def notes_under_two_pages(canvas: Canvas) -> list[str]:
    lines = wrap(f"{BOARD} {TRADERS}", "Times-Roman", 10, 300)
    notes = ["The hall was built by the guild.", "Two million for the new hall."]
    for number, (part, note) in enumerate(zip((lines[:2], lines[2:]), notes, strict=True), 1):
        for i, line in enumerate(part):
            at(canvas, 60, 700 - 12 * i, line, 10, "Times-Roman")
        raised(canvas, 60, 90, [(str(number), 1), (f" {note}", 0)], 8)
        at(canvas, 300, 40, str(number), 9)
        canvas.showPage()
    return [f"{BOARD} {TRADERS}", *notes]


def stamp_and_watermark(canvas: Canvas) -> list[str]:
    canvas.saveState()
    canvas.setFillGray(0.8)
    canvas.translate(150, 400)
    canvas.rotate(45)
    at(canvas, 0, 0, "CONFIDENTIAL DRAFT", 50)
    canvas.restoreState()
    canvas.saveState()
    canvas.translate(20, 200)
    canvas.rotate(90)
    at(canvas, 0, 0, "Downloaded from tessel.example by a reader on 4 March 2024", 8)
    canvas.restoreState()
    column(canvas, ARTICLE, 60, 700, 460)
    return ARTICLE


def turned_page(canvas: Canvas) -> list[str]:
    canvas.setPageRotation(90)
    canvas.translate(WIDTH, 0)
    canvas.rotate(90)
    column(canvas, ARTICLE[:2], 60, 500, 500)
    return ARTICLE[:2]


def table_between_paragraphs(canvas: Canvas) -> list[str]:
    column(canvas, [BOARD], 60, 700, 400)
    rows = [("Year", "Stalls", "Rent"), ("2021", "31", "310 crowns"), ("2022", "28", "355 crowns")]
    for i, row in enumerate(rows):
        for x, cell in zip((60, 180, 300), row, strict=True):
            at(canvas, x, 620 - 16 * i, cell)
    column(canvas, [TRADERS], 60, 550, 400)
    return [BOARD, "\n".join("- " + "\t".join(row) for row in rows), TRADERS]


def table_with_long_cells(canvas: Canvas) -> list[str]:
    cells = [
        ("Roof", "leaks after every storm and has not been repaired since it was built"),
        ("Floor", "wet"),
        ("Doors", "stolen in 1994, found in 1996, and hung again"),
    ]
    y = 700.0
    for label, text in cells:
        at(canvas, 60, y, label)
        for line in wrap(text, "Helvetica", 10, 160):
            at(canvas, 160, y, line)
            y -= 12
        y -= 8
    column(canvas, [MAYOR], 60, y - 20, 400)
    return ["\n".join(f"- {label}\t{text}" for label, text in cells), MAYOR]


def unseen_text(canvas: Canvas) -> list[str]:
    column(canvas, [BOARD], 60, 700, 400)
    place = canvas.beginText(60, 600)
    place.setFont("Helvetica", 10)
    place.setTextRenderMode(3)
    place.textOut("The mayor resigned on Sunday.")
    place.setTextRenderMode(0)
    canvas.drawText(place)
    canvas.setFillColor(white)
    at(canvas, 60, 580, "Ignore what the board said.")
    canvas.setFillColor(black)
    at(canvas, 60, -40, "Below the page stands nothing.")
    at(canvas, 700, 500, "Beside it neither.")
    column(canvas, [TRADERS], 60, 540, 400)
    return [BOARD, TRADERS]


def clipped_and_covered(canvas: Canvas) -> list[str]:
    canvas.setFillColor(navy)
    canvas.rect(50, 690, 420, 30, fill=1)
    canvas.setFillColor(white)
    at(canvas, 60, 700, "White on navy is to be seen.")
    canvas.setFillColor(black)
    x = at(canvas, 60, 660, "The informer is ")
    end = at(canvas, x, 660, "Anna Vale")
    at(canvas, end, 660, ", they said.")
    canvas.rect(x - 1, 655, end - x + 1, 16, fill=1)
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(60, 500, 10, 10)
    canvas.clipPath(path, stroke=0)
    at(canvas, 60, 600, "Nobody sees this line.")
    canvas.restoreState()
    column(canvas, [ROOF], 60, 560, 400)
    return ["White on navy is to be seen.", "The informer is , they said.", ROOF]


def words_on_a_picture(canvas: Canvas) -> list[str]:
    canvas.drawImage(ImageReader(Image.new("RGB", (90, 60), "navy")), 60, 600, 300, 120)
    canvas.setFillColor(white)
    at(canvas, 80, 640, "White on a picture is to be seen.")
    at(canvas, 80, 560, "White beside it is not.")
    canvas.setFillColor(black)
    column(canvas, [MAYOR], 60, 540, 300)
    return ["White on a picture is to be seen.", MAYOR]


def divided_words(canvas: Canvas) -> list[str]:
    text = (
        "The well-known coopers com\u00adplained that the fish\u00admongers' associa\u00adtion had "
        "nego\u00adtiated a long-term agree\u00adment with\u00adout them, a re\u00admarkable and "
        "un\u00adneces\u00adsary insult to a hard-work\u00ading guild, and in\u00adstructed their "
        "repre\u00adsenta\u00adtives accord\u00adingly."
    )
    column(canvas, [text], 60, 700, 92, justified=False)
    column(canvas, [text], 260, 700, 118, justified=False)
    return [text.replace("\u00ad", "")] * 2


def hard_hyphens(canvas: Canvas) -> list[str]:
    for i, line in enumerate(
        (
            "It was a well-",
            "known case of a state-",
            "owned, long-",
            "term lease of 1998-",
            "2004, said the U.S.-",
            "backed board of twenty-",
            "three.",
        )
    ):
        at(canvas, 60, 700 - 12 * i, line)
    column(canvas, [MAYOR], 60, 590, 300)
    return [
        "It was a well-known case of a state-owned, long-term lease of 1998-2004, said the "
        "U.S.-backed board of twenty-three.",
        MAYOR,
    ]


def caption_in_a_column(canvas: Canvas) -> list[str]:
    lines = wrap(BOARD, "Times-Roman", 10, 220)
    for i, line in enumerate(lines[:3]):
        at(canvas, 60, 700 - 12 * i, line, 10, "Times-Roman")
    canvas.rect(60, 560, 220, 90)
    at(canvas, 60, 548, "The hall of Tessel on Monday.", 8)
    for i, line in enumerate(lines[3:]):
        at(canvas, 60, 525 - 12 * i, line, 10, "Times-Roman")
    column(canvas, [TRADERS, ROOF], 310, 700, 220)
    return [BOARD, "The hall of Tessel on Monday.", TRADERS, ROOF]


def lists(canvas: Canvas) -> list[str]:
    at(canvas, 60, 720, "The board asks for", 10)
    items = [
        "1. a roof that does not leak, before the next winter comes in from the north",
        "2. two doors",
        "• and a clerk",
    ]
    y = 700.0
    for item in items:
        mark, _, text = item.partition(" ")
        at(canvas, 60, y, mark)
        for line in wrap(text, "Helvetica", 10, 200):
            at(canvas, 80, y, line)
            y -= 12
    column(canvas, [FERRY], 60, y - 20, 300)
    return ["The board asks for", *items, FERRY]


def bold_headings(canvas: Canvas) -> list[str]:
    found = []
    y = 700.0
    for heading, text in (("The vote", BOARD), ("What the traders say", TRADERS)):
        at(canvas, 60, y, heading, 10, "Times-Bold")
        y = column(canvas, [text], 60, y - 12, 300, after=0)
        found += [heading, text]
    return found


#: The styles that the PDF reader was developed on, and those it was only measured on.
BUILT_ON: list[Style] = [
    justified_with_indents, two_columns_under_a_title, columns_row_by_row, drop_cap_of_three_lines,
    bold_drawn_twice, letters_spaced_by_the_program, words_without_spaces,
    heads_and_feet_of_two_pages, marks_and_powers, stamp_and_watermark, table_between_paragraphs,
    unseen_text, words_on_a_picture, divided_words, caption_in_a_column,
]  # fmt: skip
HELD_OUT: list[Style] = [
    ragged_on_three_pages, three_narrow_columns, sentence_over_columns_and_pages,
    raised_initial_and_small_capitals, shadowed_title, letters_spaced_by_hand,
    justified_word_by_word, book_pages, notes_under_two_pages, turned_page, table_with_long_cells,
    clipped_and_covered, hard_hyphens, lists, bold_headings,
]  # fmt: skip


def drawn(style: Style) -> tuple[bytes, list[str]]:
    """The PDF and its true paragraphs."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=True)
    truth = style(canvas)
    canvas.save()
    return file.getvalue(), truth


def word_f1(found: str, truth: str) -> float:
    """F1 over the words that both texts have in the same order."""
    a, b = (re.findall(r"\w+|[^\w\s]", text) for text in (found, truth))
    same = sum(
        block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    )
    return 2 * same / (len(a) + len(b)) if a or b else 1.0
