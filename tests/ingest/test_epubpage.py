"""What of a book's page is shown, and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pullquote.ingest import formats
from pullquote.ingest.formats.stylesheets import hiding, raising
from pullquote.types import Article
from tests.support.documents import write_book

LONG = "The harbour board of Tessel voted on Monday to close the old fish market by the end of May."
PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    "<head><title>T</title>{head}</head><body>{body}</body></html>"
)


def read(path: Path, body: str, head: str = "", **files: str) -> str:
    page = PAGE.format(head=head, body=f"<p>{LONG}</p>{body}")
    write_book(path, {"a.xhtml": page}, **files)
    (article,) = formats.read("epub", path.name, path)
    assert isinstance(article, Article)
    return article.text.removeprefix(LONG).strip()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<p>to close <span epub:type="pagebreak" id="p1">12</span>the market</p>',
         "to close the market"),
        ('<p>to close<span role="doc-pagebreak">12</span> the market</p>', "to close the market"),
        ('<p>to clo<span epub:type="pagebreak x">12</span>se it</p>', "to close it"),
        ('<div epub:type="pagebreak">xii</div><p>So it is.</p>', "So it is."),
        ('<p>to <span class="pagenum">[Pg 12]</span>close</p>', "to close"),
        ('<p>to <a id="page_12">12</a>close</p>', "to close"),
        ('<p>to <span class="page">open page 12 and</span> close</p>', "to open page 12 and close"),
        ("<p>A <del>dry</del> wet <s>old</s> <strike>new</strike> roof</p>", "A wet roof"),
        ('<p>A <span style="text-decoration: line-through">dry</span> roof</p>', "A roof"),
        ('<p>It leaks.<a epub:type="noteref" href="#n">1</a> It is late.</p>',
         "It leaks. It is late."),
        ('<p>It leaks.<a href="#n"><sup>1</sup></a> It is late.</p>', "It leaks. It is late."),
        ('<p>It leaks.<sup><a href="#n">a</a></sup> It is late.</p>', "It leaks. It is late."),
        ('<p>It leaks.<a href="b.xhtml#n">[1]</a> It is late.</p>', "It leaks. It is late."),
        ('<p>In chapter <a href="#two">2</a> it rains.</p>', "In chapter 2 it rains."),
        ("<p>It cost 10<sup>6</sup> crowns for 9 km<sup>2</sup>, on the 1<sup>st</sup>.</p>",
         "It cost 10⁶ crowns for 9 km², on the 1st."),
        ("<p>The <b>roof</b><sup>2</sup> leaks</p>", "The roof leaks"),
        ("<p>by the end<sup><!-- x -->*</sup></p>", "by the end"),
        ('<p>The<span hidden="hidden"> secret</span> end</p>', "The end"),
        ('<p>The<span style="color:red; DISPLAY : none"> secret</span> end</p>', "The end"),
        ("<p>On <ruby>漢<rp>(</rp><rt>kan</rt><rtc>x</rtc></ruby> it</p>", "On 漢 it"),
        ("<p>called it <q>a danger, <q>a <i>trap</i></q></q> then</p>",
         "called it “a danger, ‘a trap’” then"),
        ("<p>called it “<q>a danger</q>” and <q>“a trap”</q> then</p>",
         "called it “a danger” and “a trap” then"),
        ('<aside epub:type="footnote"><p>Since 1911. <a role="doc-backlink" href="#r">↩</a></p>'
         "</aside>", "Since 1911."),
        ("<p>It cost 10<b><sup>6</sup></b> crowns.</p>", "It cost 10⁶ crowns."),
        ('<p>It cost 10<span style="vertical-align: super">6</span> crowns.</p>',
         "It cost 10⁶ crowns."),
        ("<p>It is 3<math xmlns='http://www.w3.org/1998/Math/MathML'><mfrac><mn>1</mn><mn>2</mn>"
         "</mfrac></math> tons.</p>", "It is 3 1/2 tons."),
        ("<p>So <switch><case><b>new</b></case><default>old</default></switch> it is.</p>",
         "So old it is."),
        ("<table><tr><td><p>5</p>million<ul><li>a</li></ul>b</td><td>c</td></tr></table>",
         "- 5 million a b\tc"),
        ("<table><tr><td><h3>Who pays?</h3></td><td>The city.</td></tr></table>",
         "# Who pays?\n\n- The city."),
        ("<table><tr><td><h3>Total</h3></td><td>5</td></tr></table>", "- Total\t5"),
        ('<h2>Two <span epub:type="pagebreak">13</span></h2><p>So it is.</p>', "Two\n\nSo it is."),
    ],
)  # fmt: skip
def test_a_page_is_read_as_it_is_seen(tmp_path: Path, body: str, text: str) -> None:
    assert read(tmp_path / "a.epub", body) == text


def test_what_a_style_sheet_raises_is_read_as_raised(tmp_path: Path) -> None:
    up = '<span class="up">{}</span>'
    head = "<style>.up { font-size: 70%; vertical-align: super }</style>"
    late = up.format("late in May")
    body = f"<p>It cost 10{up.format(6)} crowns.{up.format(2)} It is {late}.</p>"
    assert read(tmp_path / "a.epub", body, head) == "It cost 10⁶ crowns. It is late in May."
    assert raising(".up{vertical-align:super} b .x{vertical-align:super} .y{top:1px}") == {".up"}


def test_what_a_style_sheet_hides_is_left_out(tmp_path: Path) -> None:
    body = '<p>The<b class="a x"> one</b><b id="b"> two</b><b class="c"> three</b> end</p>'
    head = '<style>.x, p.y { display:none }</style><link rel="stylesheet" href="css/s.css"/>'
    sheet = {"in/css/s.css": "#b { visibility: hidden }"}
    assert read(tmp_path / "a.epub", body, head, **sheet) == "The three end"
    assert read(tmp_path / "a.epub", body, head) == "The two three end"


@pytest.mark.parametrize(
    ("css", "found"),
    [
        (".a{display:none}", {".a"}),
        ("span.a, #b, .c > p {display : none !important; x:y}", {".a", "#b"}),
        (".a{display:block} .b{text-decoration:line-through}", {".b"}),
        ("@media amzn-mobi { .a {display:none} } .b{visibility:hidden}", {".b"}),
        ("/* .a{display:none} */ p{display:none}", set()),
        (".a{display:none", set()),
        ("text-decoration:" * 30_000 + "/*" * 50_000, set()),
        ("{}" * 50_000 + "@media" * 50_000 + "{" * 50_000, set()),
    ],
    ids=["one", "several", "struck", "media", "comment", "unclosed", "long", "deep"],
)
def test_classes_that_a_style_sheet_hides(css: str, found: set[str]) -> None:
    assert hiding(css) == found
