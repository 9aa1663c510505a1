"""Word files and books -> articles."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest

from pullquote.errors import CorpusError
from pullquote.ingest import formats
from pullquote.ingest.formats import Fault, archive
from pullquote.types import Article
from tests.support.documents import (
    XHTML,
    write_book,
    write_docx,
    write_zip,
)

LONG = "The company banned police use of its software for a year, and it did not say why it did."


def read(kind: str, path: Path, url: str | None = None) -> list[Article | Fault]:
    return list(formats.read(kind, path.name, path, url))


def one(kind: str, path: Path) -> Article:
    (article,) = read(kind, path)
    assert isinstance(article, Article)
    return article


def reason(kind: str, path: Path) -> str:
    with pytest.raises(CorpusError) as caught:
        read(kind, path)
    message = str(caught.value)
    assert "\n" not in message
    return message


# Word


def test_a_word_file_gives_its_paragraphs_lists_and_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "A ban"
    document.core_properties.author = "Ann Lee"
    document.core_properties.created = datetime(2020, 6, 11, 23)
    document.core_properties.modified = datetime(2020, 6, 12)
    document.add_heading("Why it matters", 1)
    paragraph = document.add_paragraph("“Café” ")
    paragraph.add_run("bold").bold = True
    paragraph.add_run(" 😀.\nA new line.")
    table = document.add_table(2, 2)
    for number, cell in enumerate(c for row in table.rows for c in row.cells):
        cell.text = f"Cell {number}"
    document.add_paragraph("The end.")
    document.sections[0].header.paragraphs[0].text = "A running header"
    document.save(str(tmp_path / "a.docx"))
    assert read("docx", tmp_path / "a.docx", "https://site.example/a.docx") == [
        Article(
            id="a.docx",
            title="A ban",
            url="https://site.example/a.docx",
            published="2020-06-11",
            author="Ann Lee",
            text=(
                "Why it matters\n\n“Café” bold 😀.\nA new line.\n\n"
                "- Cell 0\tCell 1\n- Cell 2\tCell 3\n\nThe end."
            ),
            updated="2020-06-12",
            source="site.example",
        )
    ]


def test_struck_text_and_field_codes_are_not_read(tmp_path: Path) -> None:
    path = write_docx(
        tmp_path / "a.docx",
        "<w:sdt><w:sdtContent><w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new </w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText>"
        "<w:t>text</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>item</w:t></w:r></w:p>",
    )
    assert one("docx", path).text == "new text\n\n- item"
    assert one("docx", path).title == "A"


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(12)
) + "]>"  # fmt: skip


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", "<w:p><w:r><w:t>Text &m; more</w:t></w:r></w:p>", LAUGHS)
    assert reason("docx", path) == "its Word file is damaged: its XML cannot be read"
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2")
    path = write_docx(
        tmp_path / "b.docx",
        "<w:p><w:r><w:t>Text</w:t><w:t>&x;</w:t></w:r></w:p>",
        f"<!DOCTYPE x [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>",
    )
    assert one("docx", path).text == "Text"
    path = write_book(
        tmp_path / "a.epub", {"c.xhtml": f"{LAUGHS}<html><body><p>{LONG} &m;</p></body></html>"}
    )
    assert read("epub", path) == [Fault("chapter 1", "its EPUB is damaged: its XML cannot be read")]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    many = write_zip(tmp_path / "a.docx", {f"{i}.bin": bytes(20_000_000) for i in range(6)})
    assert reason("docx", many) == (
        "its Word file has 120 MB unpacked, more than the 100 MB that it may have: split it"
    )
    dense = write_zip(tmp_path / "b.docx", {"word/document.xml": bytes(5_000_000)})
    assert reason("docx", dense) == (
        "its Word file is packed so densely that it looks like a zip bomb"
    )
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    assert reason("epub", write_zip(tmp_path / "c.epub", dict.fromkeys("abcd", ""))) == (
        "its EPUB has 4 entries, more than 3"
    )


def test_an_entry_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.docx", {"word/document.xml": bytes(5_000_000)})
    data = path.read_bytes()
    path.write_bytes(data.replace((5_000_000).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    assert reason("docx", path) == (
        "its Word file is damaged: 'word/document.xml' cannot be unpacked"
    )


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "its Word file is damaged: 'word/document.xml' is missing in it"),
        ({"word/document.xml": "<a"}, "its Word file is damaged: its XML cannot be read"),
        ({"word/document.xml": "<a/>"}, "it holds no text"),
    ],
)
def test_a_word_file_that_is_none_says_why(tmp_path: Path, files: dict[str, str], why: str) -> None:
    assert reason("docx", write_zip(tmp_path / "a.docx", files)) == why


def test_a_file_that_is_no_archive_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"PK\3\4 and nothing")
    assert reason("docx", tmp_path / "a") == "its Word file is damaged: it is not a zip archive"
    assert reason("epub", tmp_path / "a") == "its EPUB is damaged: it is not a zip archive"


# Books


def test_each_chapter_with_prose_is_an_article(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "book.epub",
        {
            "cover.xhtml": XHTML % "<img src='cover.jpg' alt=''/>",
            "nav.xhtml": XHTML % f"<nav><ol><li>{LONG}</li></ol></nav>",
            "one.xhtml": XHTML % f"<h1>One &amp; all</h1><p>{LONG}</p><p>It’s&nbsp;so&eacute;.</p>",
            "two%20b.xhtml": f"<html><body><div>{LONG}<br>Broken<p>markup</body>",
            "gone.xhtml": XHTML % "",
        },
    )
    one, two = read("epub", path)
    assert one == Article(
        id="book.epub#3",
        title="The Book: One & all",
        url=None,
        published="2020-06-11",
        author="Ann Lee, Bo Ek",
        text=f"One & all\n\n{LONG}\n\nIt’s\u00a0soé.",
        updated="2020-06-12",
        source="A Press",
    )
    assert isinstance(two, Article)
    assert (two.id, two.title) == ("book.epub#4", "The Book")
    assert two.text == f"{LONG}\nBroken\n\nmarkup"


def test_a_damaged_chapter_is_read_in_its_encoding(tmp_path: Path) -> None:
    page = f"<html><body><p>{LONG}</p><p>It’s so é.<br></body></html>"
    assert one("epub", write_book(tmp_path / "a.epub", {"a.xhtml": page})).text == (
        f"{LONG}\n\nIt’s so é."
    )


def test_the_lines_of_a_chapters_heading_are_parted_in_its_title(tmp_path: Path) -> None:
    page = XHTML % f"<h1>Chapter 4<br/>Who pays?</h1><p>{LONG}</p>"
    article = one("epub", write_book(tmp_path / "a.epub", {"a.xhtml": page}))
    assert article.title == "The Book: Chapter 4 Who pays?"


def test_the_date_of_a_books_conversion_is_none_of_its_own(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.epub", {"a.xhtml": XHTML % f"<p>{LONG}</p>"})
    with zipfile.ZipFile(path) as zipped:
        files = {name: zipped.read(name).decode() for name in zipped.namelist()}

    def dated(*dates: tuple[str, str]) -> tuple[str | None, str | None]:
        marked = "".join(
            f'<dc:date xmlns:opf="http://www.idpf.org/2007/opf" opf:event="{event}">{day}</dc:date>'
            for event, day in dates
        )
        package = re.sub("<dc:date>.*</meta>", marked, files["in/book.opf"])
        article = one("epub", write_zip(path, {**files, "in/book.opf": package}))
        return article.published, article.updated

    assert dated(("conversion", "2021-01-01"), ("modification", "2020-01-01")) == (
        None, "2020-01-01",
    )  # fmt: skip
    assert dated(("creation", "1999-01-01")) == ("1999-01-01", None)
    assert dated(("creation", "1999-01-01"), ("publication", "1999-02-01")) == ("1999-02-01", None)


def test_a_chapter_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    path = write_book(tmp_path / "b.epub", {"a.xhtml": XHTML % f"<p>{LONG}</p>", "../../b": ""})
    assert [type(item) for item in read("epub", path)] == [Article, Fault]
    assert read("epub", path)[1] == Fault(
        "chapter 2", "its EPUB is damaged: '../b' is missing in it"
    )


def test_a_protected_book_says_so_and_a_masked_font_does_no_harm(tmp_path: Path) -> None:
    encryption = (
        '<encryption xmlns:e="x"><e:EncryptedData><e:EncryptionMethod Algorithm="%s"/>'
        "</e:EncryptedData></encryption>"
    )
    chapters = {"a.xhtml": XHTML % f"<p>{LONG}</p>"}
    aes = {"META-INF/encryption.xml": encryption % "http://www.w3.org/2001/04/xmlenc#aes128-cbc"}
    font = {"META-INF/encryption.xml": encryption % "http://www.idpf.org/2008/embedding"}
    assert reason("epub", write_book(tmp_path / "a.epub", chapters, **aes)) == (
        "it is protected against copying (DRM): get a copy without"
    )
    assert one("epub", write_book(tmp_path / "b.epub", chapters, **font)).text == LONG


def test_a_book_without_prose_holds_no_text(tmp_path: Path) -> None:
    assert reason(
        "epub", write_book(tmp_path / "a.epub", {"a.xhtml": XHTML % "<p>Short.</p>"})
    ) == ("it holds no text")
    assert reason("epub", write_zip(tmp_path / "b.epub", {"META-INF/container.xml": "<c/>"})) == (
        "its EPUB is damaged: its container names no package"
    )


def test_raised_figures_of_a_book_are_read(tmp_path: Path) -> None:
    page = (
        XHTML % f"<p>{LONG}</p><p>It holds 3<sup>1</sup>/<sub>2</sub> tons of <sup>14</sup>C.</p>"
    )
    text = one("epub", write_book(tmp_path / "a.epub", {"a.xhtml": page})).text
    assert text.endswith("It holds 3 1/2 tons of ¹⁴C.")
