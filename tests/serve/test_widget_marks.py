"""The sentences of an article are found on its page, whatever a publisher makes of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pullquote.answering.render.as_json import AROUND
from pullquote.ingest.formats import html as pages
from pullquote.serve.widget import SECOND, asset
from pullquote.text.segment.sentences import split
from pullquote.types import Article
from tests.support.browser import skip_without_chromium
from tests.support.places import CORPUS, ROOT
from tests.support.site import Site

skip_without_chromium()

pytestmark = pytest.mark.browser

#: Finds citations in the page; of each its text, whether it stands behind the one before, and the
#: answering words.
FIND = """async ([citations, sure]) => {
  const { find } = await import('/more.js');
  const pages = [...document.querySelectorAll('article'), document.body].map(root => ({ root }));
  let last = null;
  return citations.map(citation => {
    const found = find(citation, pages, null, sure);
    if (!found) return null;
    const { sentence, words } = found;
    const later = !last || last.compareBoundaryPoints(Range.END_TO_START, sentence) <= 0;
    last = sentence;
    return [String(sentence), later, String(words ?? '')];
  });
}"""

ARTICLES = sorted(
    [*CORPUS.glob("*.txt"), *(ROOT / "tests" / "questions" / "gazette" / "corpus").glob("*.txt")],
    key=lambda path: path.name,
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    script = asset(SECOND).content.decode()
    site.put("/more.js", script, Content_Type="text/javascript; charset=utf-8")
    yield site
    site.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1000, "height": 800})


def citation(text: str, start: int, end: int, words: str = "") -> dict[str, Any]:
    """What an answer says of ``text[start:end]``."""
    quote = text[start:end]
    span = None
    if words:
        first = start + quote.index(words)
        span = {"start_char_index": first, "end_char_index": first + len(words)}
    return {
        "cited_text": quote,
        "start_char_index": start,
        "end_char_index": end,
        "answer_span": span,
        "selector": {
            "exact": quote,
            "prefix": text[max(0, start - AROUND) : start],
            "suffix": text[end : end + AROUND],
        },
    }


def find(
    page: Page, site: Site, body: str, citations: Sequence[dict[str, Any]], *, sure: bool = True
) -> list[Any]:
    page.goto(site.put("/a", f"<!doctype html><meta charset=utf-8><body>{body}</body>"))
    found: list[Any] = page.evaluate(FIND, [citations, sure])
    return found


@cache
def read(path: Path) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of an article behind its lines of metadata, and where its sentences stand."""
    text = path.read_text(encoding="utf-8")
    head, gap, rest = text.partition("\n\n")
    text = rest if gap and re.match(r"\w+: ", head) else text
    article = Article(path.name, path.name, None, None, None, text)
    return text, tuple((sentence.start, sentence.end) for sentence in split(article))


def letters(text: str) -> str:
    """What the reader sees of it: letters and digits, notes and ruby left out."""
    return "".join(char for char in re.sub(r"\[\d+\]", "", text) if char.isalnum())


# ---- One page for each kind


KINDS: dict[str, tuple[str, str, str]] = {
    # name: the page, the article's text, the sentence
    "note in the text": (
        "<p>The board met.[1] The vote was close.[2] All left.</p>",
        "The board met.[1] The vote was close.[2] All left.",
        "The vote was close.[2]",
    ),
    "behind a note that the text has not": (
        "<p>The board met.<sup><a href='#1'>[1]</a></sup> The vote was close.<sup>2</sup> Bye.</p>",
        "The board met. The vote was close. Bye.",
        "The vote was close.",
    ),
    "note inside": (
        "<p>The board<sup>a</sup> met in 2031<sup>2</sup> by order.</p>",
        "The board met in 2031 by order.",
        "The board met in 2031 by order.",
    ),
    "raised note in brackets that the text has": (
        "<p>The board met.<sup>[1]</sup> The vote was close.<sup>[2]</sup></p>",
        "The board met.[1] The vote was close.[2]",
        "The vote was close.[2]",
    ),
    "power": (
        "<p>It held 10<sup>6</sup> herrings on 120 m<sup>2</sup>.</p>",
        "It held 10⁶ herrings on 120 m².",
        "It held 10⁶ herrings on 120 m².",
    ),
    "emoji at the end": (
        "<p>We won the cup 🎉 The crowd sang. 🏆 Then it rained.</p>",
        "We won the cup 🎉 The crowd sang. 🏆 Then it rained.",
        "We won the cup 🎉",
    ),
    "behind an emoji": (
        "<p>We won the cup 🎉 The crowd sang. 🏆 Then it rained.</p>",
        "We won the cup 🎉 The crowd sang. 🏆 Then it rained.",
        "Then it rained.",
    ),
    "no space before it": (
        "<p>The mill opened.<span>The crowd sang.</span></p>",
        "The mill opened. The crowd sang.",
        "The crowd sang.",
    ),
    "no space before it in both": (
        "<p>The mill opened.The crowd sang.Nobody left.</p>",
        "The mill opened.The crowd sang.Nobody left.",
        "The crowd sang.",
    ),
    "Chinese": (
        "<p>这座工厂在去年\n  关闭了。市长说，<b>工人</b>会得到补偿。没有人反对。</p>",
        "这座工厂在去年关闭了。市长说，工人会得到补偿。没有人反对。",
        "市长说，工人会得到补偿。",
    ),
    "Chinese over lines": (
        "<p>这座工厂在去年\n  关闭了。市长走了。</p>",
        "这座工厂在去年关闭了。市长走了。",
        "这座工厂在去年关闭了。",
    ),
    "ruby": (
        "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>は難しい。次へ。</p>",
        "漢字は難しい。次へ。",
        "漢字は難しい。",
    ),
    "ruby that the text has": (
        "<p><ruby>漢字<rt>かんじ</rt></ruby>は難しい。次へ。</p>",
        "漢字かんじは難しい。次へ。",
        "漢字かんじは難しい。",
    ),
    "table row": (
        "<table><tr><th>Year</th><th>Ships</th></tr>\n<tr>\n <td>2019</td>\n <td>412 came in</td>\n"
        "</tr><tr><td>2020</td><td>98 came in</td></tr></table>",
        "- Year\tShips\n- 2019\t412 came in\n- 2020\t98 came in",
        "2019\t412 came in",
    ),
    "table row with bars": (
        "<table><tr><td>2019</td><td><p>412 came in</p></td></tr><tr><td>2020</td><td>98</td></tr>"
        "</table>",
        "| 2019 | 412 came in |\n| 2020 | 98 |",
        "2019 | 412 came in",
    ),
    "cell": (
        "<table><tr><td>The mayor</td><td>She left the hall.</td></tr></table>",
        "The mayor\tShe left the hall.",
        "She left the hall.",
    ),
    "time": (
        "<p>It burnt down on <time>14 February 1911</time> and rose again.</p>",
        "It burnt down on 14 February 1911 and rose again.",
        "It burnt down on 14 February 1911 and rose again.",
    ),
    "q": (
        "<p>Holt called it <q>a <em>plain</em> danger</q> and left. <q>No,</q> she said.</p>",
        "Holt called it “a plain danger” and left. “No,” she said.",
        "Holt called it “a plain danger” and left.",
    ),
    "begins with q": (
        "<p>Holt left. <q>No more of it,</q> she said.</p>",
        "Holt left. “No more of it,” she said.",
        "“No more of it,” she said.",
    ),
    "q that the text has not": (
        "<p>Holt called it <q>a plain danger</q> and left.</p>",
        "Holt called it a plain danger and left.",
        "Holt called it a plain danger and left.",
    ),
    "struck": (
        "<p>It costs <del>90,000</del> 900,000 crowns.</p>",
        "It costs 900,000 crowns.",
        "It costs 900,000 crowns.",
    ),
    "for screen readers": (
        "<p>It costs <span style='position:absolute;width:1px;height:1px;overflow:hidden'>about"
        "</span> 900 crowns.</p>",
        "It costs 900 crowns.",
        "It costs 900 crowns.",
    ),
    "space before a comma": (
        "<p>The <b>mill</b>, she said, shut.</p>",
        "The mill , she said, shut.",
        "The mill , she said, shut.",
    ),
    "lines of a block": (
        "<div>The mill<div>opened late</div>in May.</div><p>Nobody came to see it.</p>",
        "The mill opened late in May.\n\nNobody came to see it.",
        "The mill opened late in May.",
    ),
    "short, between advertisements": (
        "<p>It rained on the day.</p><aside>Buy now</aside><p>He left.</p><aside>Buy more</aside>"
        "<p>The hall was empty.</p>",
        "It rained on the day.\n\nHe left.\n\nThe hall was empty.",
        "He left.",
    ),
    "French quotes": (
        "<p>Il a dit : «&nbsp;non&nbsp;» et il est parti.</p>",
        "Il a dit : “non” et il est parti.",
        "Il a dit : “non” et il est parti.",
    ),
}


SHOWN = {
    "note inside": "The boarda met in 20312 by order.",
    "power": "It held 106 herrings on 120 m2.",
    "ruby": "漢(かん)字じは難しい。",
    "struck": "It costs 90,000 900,000 crowns.",
    "for screen readers": "It costs about 900 crowns.",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_of_each_kind_is_found(page: Page, site: Site, kind: str) -> None:
    body, text, sentence = KINDS[kind]
    start = text.index(sentence)
    wanted = citation(text, start, start + len(sentence))
    (found,) = find(page, site, f"<article>{body}</article>", [wanted])
    assert found is not None
    # What an index leaves out stands within the mark.
    assert letters(found[0]) == letters(SHOWN.get(kind, sentence))


# ---- What is raised, lowered or a formula

#: Ways to write a fraction in a page, and in a text that it was indexed from.
FRACTIONS = (
    "3<sup>1</sup>/<sub>2</sub>",
    "3 <sup>1</sup>/<sub>2</sub>",
    "3<sup>1</sup>&frasl;<sub>2</sub>",
    "<span>3<span class=num>1</span>⁄<span class=den>2</span></span>",
    "3½",
    "3&nbsp;&frac12;",
    "3 1/2",
    "3¹⁄₂",
    "<math><mn>3</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></math>",
)
INDEXED = ("3 1/2", "3 1⁄2", "3½", "3 ½", "3¹⁄₂", "3¹/₂")


@pytest.mark.parametrize("fraction", FRACTIONS)
def test_a_fraction_is_found_however_page_and_index_write_it(
    page: Page, site: Site, fraction: str
) -> None:
    texts = [f"It holds {written} tons of coal." for written in INDEXED]
    wanted = [citation(text, 0, len(text), "tons") for text in texts]
    body = f"<article><p>It holds {fraction} tons of coal.</p></article>"
    for found in find(page, site, body, wanted):
        assert (found[0][:9], found[0][-6:], found[2]) == ("It holds ", " coal.", "tons")


def _math(formula: str) -> str:
    return f"<math><semantics>{formula}<annotation>x^2</annotation></semantics></math>"


def _power(base: str, exponent: str) -> str:
    return f"<msup>{base}{exponent}</msup>"


A, B, N, TWO = "<mi>a</mi>", "<mi>b</mi>", "<mi>n</mi>", "<mn>2</mn>"
SUM = f"<mrow>{A}<mo>+</mo>{B}</mrow>"
SQUARE = _math(f"<mrow><mi>E</mi><mo>=</mo><mi>m</mi>{_power('<mi>c</mi>', TWO)}</mrow>")
SMALL = "position:absolute;width:1px;height:1px;overflow:hidden"

#: Lines of a page of which the index has what :mod:`pullquote.ingest` makes of them.
FIGURES = (
    *FRACTIONS,
    "about <sup>1</sup>/<sub>2</sub>",
    "11<sup>15</sup>/<sub>16</sub>",
    "2000<sup>1</sup>/<sub>2</sub>",
    "10<sup>6</sup>",
    "10<sup>-6</sup> and 10<sup>−12</sup>",
    "5 m<sup>2</sup> and 9 km<sup>3</sup>",
    "10<sup>6</sup>/cm<sup>3</sup>",
    "x<sup>n</sup>",
    "$4<sup>50</sup>",
    "some <sup>14</sup>C",
    "H<sub>2</sub>O and CO₂",
    "the 1<sup>st</sup> of 9<sup>th</sup>",
    "word<sup>n</sup> and word<sup>12</sup>",
    SQUARE,
    SQUARE.replace("<math>", "<math display=block>"),
    f"<span class=katex><span style='{SMALL}'>{SQUARE}</span>"
    "<span aria-hidden=true><span>E</span>=<span>mc</span><span>2</span></span></span>",
    f"<span>\n <span style='display:none'>{SQUARE}</span>\n <img alt='E=mc^2'></span>",
    f"<span><nobr aria-hidden=true>E=mc2</nobr><span style='{SMALL}'>{SQUARE}</span></span>",
    _math(_power(A, SUM)),
    _math(_power("<mi>e</mi>", "<mi>x</mi>")),
    _math(_power(TWO, "<mrow><mo>−</mo><mn>10</mn></mrow>")),
    _math(_power(A, N) + _power(B, "<mo>′</mo>")),
    _math(f"<mfrac>{SUM}{TWO}</mfrac>"),
    _math(f"<mfrac>{_power(A, TWO)}{SUM}</mfrac>"),
    _math(f"<msqrt>{SUM}</msqrt><mo>&#x2062;</mo><msqrt>{TWO}</msqrt>"),
    _math(f"<msub>{A}{N}</msub><mo>+</mo><msub>{A}{TWO}</msub>"),
    _math(f"<msubsup>{A}<mn>1</mn>{TWO}</msubsup>"),
    _math(f"{A}<mtext> if </mtext>{B}"),
    _math(f"<mrow>\n  {A}\n  <mo>=</mo>\n  {B}\n</mrow>"),
    _math(f"<mtable><mtr><mtd>{A}</mtd></mtr></mtable>"),
)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("line", ["It was {} on the day of the flood.", "{} was the sum of it."])
def test_what_ingest_makes_of_a_figure_is_found_in_its_page(
    page: Page, site: Site, figure: str, line: str
) -> None:
    others = "<p>The board of the mill met at noon to hear about {} of the sums in the book.</p>"
    shown = f"<p>{line.format(figure)}</p>"
    body = (
        f"<article><h1>The sums</h1>{others.format('two')}{shown}{others.format('six')}</article>"
    )
    text = pages.parse("a.html", f"<title>The sums</title><body>{body}".encode()).text
    sentence = text.split("\n\n")[1]
    start = text.index(sentence)
    wanted = citation(text, start, start + len(sentence))
    assert sentence.endswith(line[-7:])
    for one in ({**wanted, "selector": {"exact": sentence, "prefix": "", "suffix": ""}}, wanted):
        (found,) = find(page, site, body, [one])
        assert found is not None
        assert found[0].endswith(line[-7:])
        assert found[0].startswith(line.partition("{")[0])


# ---- Nowhere else


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("<p>It rose 10<sup>6</sup> times.</p>", "It rose 10 times."),
        ("<p>It rose 106 times.</p>", "It rose 10⁶ times."),
        ("<p>It rose 31/2 times.</p>", "It rose 3 1/2 times."),
        ("<p>It rose 3 1/2 times.</p>", "It rose 31/2 times."),
        ("<p>It rose 3<sup>1</sup>/<sub>2</sub> times.</p>", "It rose 31/2 times."),
        ("<p>It rose 3<sup>1</sup>/<sub>2</sub> times.</p>", "It rose 3/2 times."),
        ("<p>It rose 3½ times.</p>", "It rose 3¼ times."),
        (f"<p>It is {SQUARE} now.</p>", "It is E=mc2 now."),
        ("<p>It cost 1, 500 pounds.</p>", "It cost 1,500 pounds."),
        ("<p>It rose to 3.5 percent.</p>", "5 percent."),
        ("<p>It rose to 3.5 percent.</p>", "It rose to 3."),
        ("<p>The U.S.Army left.</p>", "Army left."),
        ("<p>It is now</p><p>here.</p>", "It is now here."),
        ("<table><tr><td>The mill</td><td>It shut.</td></tr></table>", "mill It shut."),
        ("<p>The mill [1] opened 2 doors.</p>", "The mill [2] opened 2 doors."),
        ("<p>工厂没有关闭了。</p>", "关闭了。"),
        ("<p>The mill<del> never</del> opened.</p>", "The mill ever opened."),
        ("<p>They love 🎉 the mill.</p>", "the mill."),
        ("<p>The Acme™ Mill opened.</p>", "Mill opened."),
        ("<p>It’s the boys’ mill.</p>", "Its the boys mill."),
        ("<p>“It rained.” said nobody.</p>", "It snowed."),
    ],
)
def test_what_only_resembles_it_is_never_found(
    page: Page, site: Site, body: str, sentence: str
) -> None:
    wanted = citation(sentence, 0, len(sentence))
    assert find(page, site, f"<article>{body}</article>", [wanted]) == [None]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (f"<p>{'[1] ' * 300}</p>", f"{'[1] ' * 150}x."),
        (f"<table><tr>{'<td></td>' * 200}</tr></table>", f"{'| ' * 100}x."),
        (f"<p>{'<q></q>' * 12}</p>", f"{'“” ' * 5}x."),
        (f"<p>{'a ' * 5000}</p>", f"{'a ' * 1000}x."),
    ],
)
def test_no_sentence_keeps_the_page_busy(page: Page, site: Site, body: str, sentence: str) -> None:
    assert find(page, site, body, [citation(sentence, 0, len(sentence))]) == [None]


def test_on_a_page_that_may_not_be_its_own_two_short_words_are_not_the_sentence(
    page: Page, site: Site
) -> None:
    wanted = citation("He left.", 0, 8)
    body = "<article><p>He left.</p></article>"
    assert find(page, site, body, [wanted], sure=False) == [None]


def test_the_answering_words_are_found_between_notes_and_tags(page: Page, site: Site) -> None:
    text = "🏭 The “mill” cost 900,000 crowns in 1901."
    body = "<p>🏭 The <q>mill</q> cost<sup>1</sup> 900,<b>000</b> crowns in 1901.</p>"
    wanted = citation(text, 0, len(text), "900,000 crowns")
    ((_, _, words),) = find(page, site, f"<article>{body}</article>", [wanted])
    assert words == "900,000 crowns"


# ---- Every sentence of whole articles

Paragraphs = Sequence[Sequence[str]]


def _tagged(text: str) -> str:
    tags = ("b", "em", "a href='#'", "span", "mark", "time", "data", "label")
    words = text.split(" ")
    for n in range(2, len(words), 4):
        tag = tags[n // 4 % len(tags)]
        words[n] = f"<{tag}>{words[n]}</{tag.partition(' ')[0]}>"
    return " ".join(words)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def plain(paragraphs: Paragraphs) -> str:
    return "".join(f"<p>{_escaped(' '.join(paragraph))}</p>" for paragraph in paragraphs)


def spaced(paragraphs: Paragraphs) -> str:
    """Lines broken, spaces doubled or unbreakable, quotes and dashes the other way round."""
    text = plain(paragraphs).replace("</p>", "</p>\n\n")
    text = re.sub(r"(?<=\w) (?=\w)", lambda one: ("\n   ", "  ", "&nbsp;")[one.start() % 3], text)
    for char, other in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'"), ("—", "–"), ("…", "...")):
        text = text.replace(char, other)
    return text


def curled(paragraphs: Paragraphs) -> str:
    """Straight quotes curled, soft hyphens and chances to break in long words."""
    sides = count()
    text = plain(paragraphs).replace("'", "’")
    text = re.sub('"', lambda _: "“”"[next(sides) % 2], text)
    return re.sub(r"([a-z]{4})([a-z]{4})", r"\1&shy;\2<wbr>", text)


def tagged(paragraphs: Paragraphs) -> str:
    return "".join(f"<p>{_tagged(_escaped(' '.join(paragraph)))}</p>" for paragraph in paragraphs)


def advertised(paragraphs: Paragraphs) -> str:
    """Advertisements, pictures and links between paragraphs."""
    between = (
        "<aside class='ad'>Advertisement. Buy 3 boats now!</aside>",
        "<figure><img alt=''><figcaption>A picture of it.</figcaption></figure>",
        "<div><a href='#'>Read more about this</a></div>",
    )
    parts = [
        f"<p>{_escaped(' '.join(paragraph))}</p>{between[n % 3]}"
        for n, paragraph in enumerate(paragraphs)
    ]
    return "".join(parts)


def noted(paragraphs: Paragraphs) -> str:
    """A note mark behind each sentence, some raised, some with a space before them."""
    numbers = count(1)
    forms = ("<sup><a href='#n'>[{}]</a></sup>", "[{}]", " <sup>{}</sup>")

    def note(sentence: str) -> str:
        number = next(numbers)
        return _escaped(sentence) + forms[number % 3].format(number % 100)

    return "".join(f"<p>{' '.join(map(note, paragraph))}</p>" for paragraph in paragraphs)


def crowded(paragraphs: Paragraphs) -> str:
    """No space between sentences, each in an element of its own."""
    parts = ("".join(f"<span>{_escaped(item)}</span>" for item in one) for one in paragraphs)
    return "".join(f"<p>{part}</p>" for part in parts)


def broken(paragraphs: Paragraphs) -> str:
    """One block for all, and <br> between the paragraphs."""
    return (
        f"<div>{'<br><br>'.join(_escaped(' '.join(paragraph)) for paragraph in paragraphs)}</div>"
    )


def tabled(paragraphs: Paragraphs) -> str:
    rows = ("".join(f"<td>{_escaped(item)}</td>" for item in one) for one in paragraphs)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def quoted(paragraphs: Paragraphs) -> str:
    """Quotations in <q>, the quotes themselves gone."""
    return re.sub(r"“([^“”<]*)”", r"<q>\1</q>", plain(paragraphs))


def cheered(paragraphs: Paragraphs) -> str:
    return "".join(f"<p>{' 🎉 '.join(map(_escaped, paragraph))} 🎉</p>" for paragraph in paragraphs)


FORMS: tuple[Callable[[Paragraphs], str], ...] = (
    plain, spaced, curled, tagged, advertised, noted, crowded, broken, tabled, quoted, cheered,
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_all_sentences_of_all_articles_are_found_in_their_order(
    page: Page, site: Site, form: Callable[[Paragraphs], str]
) -> None:
    missed, total = [], 0
    for path in ARTICLES:
        text, places = read(path)
        paragraphs: list[list[str]] = []
        last = 0
        for start, end in places:
            if not paragraphs or "\n" in text[last:start]:
                paragraphs.append([])
            paragraphs[-1].append(text[start:end])
            last = end
        teaser = f"<nav><p>{_escaped(paragraphs[0][0])}</p></nav>"
        body = f"{teaser}<article>{form(paragraphs)}</article>{teaser}"
        wanted = [citation(text, start, end) for start, end in places]
        found = find(page, site, body, wanted)
        total += len(found)
        for one, told in zip(wanted, found, strict=True):
            if told is None or not told[1] or letters(told[0]) != letters(one["cited_text"]):
                missed.append((path.name, one["cited_text"], told))
    assert missed == []
    assert total == 431
