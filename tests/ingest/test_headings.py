"""Headings are read, and never quoted, whatever they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pullquote.ingest import formats
from pullquote.text import segment
from pullquote.text.segment.paragraphs import LONGEST_HEADING
from pullquote.types import Article
from tests.support.documents import W, write_book, write_zip

FIRST = (
    "The harbour board of Tessel voted on Monday to close the old fish market by the end of May."
)
SECOND = (
    "Traders who have rented stalls there since the flood said that they would go to court now."
)
PAGE = (
    "<html><head><title>Fish market to close</title></head><body><article>"
    "<h1>Fish market to close</h1>{}</article></body></html>"
)
CHAPTER = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body>{}</body></html>'
)

Make = Callable[[Path, str], Path]


def word(path: Path, properties: str, heading: str, styles: str = "") -> Path:
    def paragraph(text: str, about: str = "") -> str:
        return f"<w:p><w:pPr>{about}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"

    body = paragraph(FIRST) + paragraph(heading, properties) + paragraph(SECOND)
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    files = {"word/document.xml": document, "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>"}
    return write_zip(path / "a.docx", files)


def style(name: str, more: str = "") -> str:
    return f'<w:style w:styleId="x"><w:name w:val="{name}"/>{more}</w:style>'


def outline(level: int) -> str:
    return f'<w:outlineLvl w:val="{level}"/>'


X = '<w:pStyle w:val="x"/>'
BASED = '<w:style w:styleId="y"><w:name w:val="Mine"/><w:basedOn w:val="x"/></w:style>'
WORD: tuple[tuple[str, str], ...] = (
    ('<w:pStyle w:val="Heading2"/>', ""),
    (X, style("heading 1")),
    (X, style("Title")),
    (X, style("Mine", f"<w:pPr>{outline(3)}</w:pPr>")),
    (X.replace("x", "y"), style("Heading 1") + BASED),
    (outline(0), ""),
    (f'{X}<w:numPr><w:ilvl w:val="0"/></w:numPr>', style("heading 3")),
)
NO_HEADING = (
    (outline(9), ""),
    (X, style("heading one")),
    (X + outline(9), style("heading 1")),
    (X, style("heading 1", f"<w:pPr>{outline(9)}</w:pPr>")),
)

MARKUP = (
    "<h2>{}</h2>",
    "<h6>{}</h6>",
    "<h3><a href='#x'>{}</a></h3>",
    "<div><h2><span>{}</span></h2></div>",
    "<ul><li><h3>{}</h3></li></ul>",
    '<p role="heading">{}</p>',
    '<div role="heading"><p>{}</p></div>',
)


def written(path: Path, name: str, text: str) -> Path:
    path = path / name
    path.write_text(text, encoding="utf-8")
    return path


def page(markup: str) -> Make:
    body = f"<p>{FIRST}</p>{markup}<p>{SECOND}</p>"
    return lambda path, text: written(path, "a.html", PAGE.format(body.format(text)))


def chapter(markup: str) -> Make:
    body = CHAPTER.format(f"<p>{FIRST}</p>{markup}<p>{SECOND}</p>")
    return lambda path, text: write_book(path / "a.epub", {"a.xhtml": body.format(text)})


def markdown(form: str) -> Make:
    return lambda path, text: written(path, "a.md", f"{FIRST}\n\n{form.format(text)}{SECOND}\n")


def document(properties: str, styles: str) -> Make:
    return lambda path, text: word(path, properties, text, styles)


MAKERS: dict[str, Make] = {
    **{f"html {markup}": page(markup) for markup in MARKUP},
    **{f"epub {markup}": chapter(markup) for markup in MARKUP},
    **{
        f"markdown {form!r}": markdown(form)
        for form in ("## {}\n\n", "## {} ##\n", "{}\n=====\n\n", "{}\n---\n", " {}\n  ==\n")
    },
    **{f"word {number}": document(*parts) for number, parts in enumerate(WORD)},
}

HEADINGS = (
    "What comes next?",
    "What comes next? And who pays?",
    "It is over.",
    "“We lost it all.”",
    "“A monument”",
    "He said:",
    "and after that",
    "By Ann Lee",
    "June 3, 2024",
    "Q: Who pays?",
    "谁来付钱？",
    "Why do so many of the traders who rented their stalls after the flood go to court now?",
    "Where the money went",
)


def sentences(path: Path) -> list[tuple[str, bool]]:
    """The sentences of the article in a file, and whether each is a heading."""
    kind = formats.KINDS[path.suffix]
    (article,) = formats.read(kind, path.name, path)
    assert isinstance(article, Article)
    return [(article.text[s.start : s.end], s.heading) for s in segment.split(article)]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_is_no_sentence_whatever_it_says(
    tmp_path: Path, maker: str, heading: str
) -> None:
    found = sentences(MAKERS[maker](tmp_path, heading))
    assert found == [(FIRST, False), (heading, True), (SECOND, False)]


@pytest.mark.parametrize("maker", [m for m in MAKERS if not m.startswith("markdown")])
@pytest.mark.parametrize("heading", ["1. Who pays?", "- Who pays -", "# 1 of all!", "#MeToo?"])
def test_a_heading_may_begin_like_an_item(tmp_path: Path, maker: str, heading: str) -> None:
    found = sentences(MAKERS[maker](tmp_path, heading))
    assert found == [(FIRST, False), (heading, True), (SECOND, False)]


@pytest.mark.parametrize("make", [page("<h2>{}</h2>"), chapter("<h1>{}</h1>")])
def test_the_lines_of_a_heading_are_one(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path, "Chapter 4<br/>Who pays?")
    assert sentences(path)[1] == ("Chapter 4 Who pays?", True)


def test_a_heading_at_the_end_of_a_chapter_is_one(tmp_path: Path) -> None:
    body = CHAPTER.format(f"<p>{FIRST}</p><h2>The end</h2>")
    path = write_book(tmp_path / "a.epub", {"a.xhtml": body})
    assert sentences(path) == [(FIRST, False), ("The end", True)]


@pytest.mark.parametrize("make", [page("<h2>{}</h2>"), chapter("<h1>{}</h1>"), document(*WORD[0])])
def test_a_paragraph_in_large_type_is_text(tmp_path: Path, make: Make) -> None:
    long = " ".join([SECOND.replace("Traders", "Fishers")] * 4)
    assert len(long) > LONGEST_HEADING
    assert not any(heading for _, heading in sentences(make(tmp_path, long)))


@pytest.mark.parametrize(("properties", "styles"), NO_HEADING)
def test_what_a_word_file_says_is_text_is_text(
    tmp_path: Path, properties: str, styles: str
) -> None:
    path = word(tmp_path, properties, "It is over.", styles)
    assert sentences(path)[1] == ("It is over.", False)


@pytest.mark.parametrize("make", [page, chapter])
def test_a_heading_in_a_table_is_no_sentence_by_itself(
    tmp_path: Path, make: Callable[[str], Make]
) -> None:
    rows = (("Question", "Answer"), ("{}", "The city."), ("<h4>Total</h4>", "5 million"))
    table = "".join(f"<tr><th>{one}</th><td>{other}</td></tr>" for one, other in rows)
    path = make(f"<table>{table.format('<h4>{}</h4>')}</table>")(tmp_path, "Who pays?")
    assert sentences(path) == [
        (FIRST, False), ("Question\tAnswer", False), ("Who pays?", True), ("The city.", False),
        ("Total\t5 million", False), (SECOND, False),
    ]  # fmt: skip


def test_only_a_heading_that_looks_like_a_sentence_is_marked(tmp_path: Path) -> None:
    third = SECOND.replace("Traders", "Fishers")
    path = page(f"<h2>{{}}</h2><p>{third}</p><h2>Where it went</h2>")(tmp_path, "Who pays?")
    (article,) = formats.read("html", "a.html", path)
    assert isinstance(article, Article)
    parts = [FIRST, "# Who pays?", third, "Where it went", SECOND]
    assert article.text.split("\n\n") == parts
