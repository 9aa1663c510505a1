"""Text, web pages and exports -> articles."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pullquote.errors import CorpusError
from pullquote.ingest import formats
from pullquote.ingest.formats import KINDS, READERS, Fault, export, html, plain
from pullquote.ingest.formats.clean import MAX_FIELD, clean_field, clean_text, extracted
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.encoding import decode_page
from pullquote.ingest.formats.files import open_regular
from pullquote.ingest.formats.jsonstream import JsonStream
from pullquote.ingest.formats.links import believed
from pullquote.text import segment
from pullquote.types import Article
from tests.support.places import ROOT
from tests.support.webpage import LONG, PAGE


def one(kind: str, path: Path, url: str | None = None, article_id: str = "a") -> Article:
    """The only article of the file."""
    (article,) = formats.read(kind, article_id, path, url)
    assert isinstance(article, Article)
    return article


def page(data: str | bytes, url: str | None = None) -> Article:
    return html.parse("a.html", data.encode() if isinstance(data, str) else data, url)


def reason(kind: str, path: Path) -> str:
    """Why the file as a whole is left out."""
    with pytest.raises(CorpusError) as caught:
        list(formats.read(kind, path.name, path))
    message = str(caught.value)
    assert "\n" not in message
    return message


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_every_kind_has_a_reader() -> None:
    assert set(KINDS.values()) == set(READERS)
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in KINDS)
    with pytest.raises(ValueError, match="there is no kind of file 'exe'"):
        formats.read("exe", "a", Path("a.exe"))


def test_importing_the_formats_loads_no_parser() -> None:
    code = "import sys, pullquote.ingest.formats, pullquote.ingest.sandbox; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"lxml", "trafilatura", "pypdfium2", "docx", "charset_normalizer"} & set(
        done.stdout.split()
    )


# Plain text


def test_a_header_may_say_when_it_was_updated_and_whose_it_is(tmp_path: Path) -> None:
    text = (
        "Title: T\nDate: 2020-06-11\nUpdated: 2020-06-12T08:00:00\nSection: Business\nSource: AP\n"
    )
    article = one("plain", write(tmp_path / "a.txt", text + LONG))
    assert (article.updated, article.section, article.source) == ("2020-06-12", "Business", "AP")
    assert article.text[article.body_start :] == LONG
    assert reason("plain", write(tmp_path / "b.txt", "Updated: June\n" + LONG)) == (
        "its updated date must be such as 2020-06-11, not 'June'"
    )


def test_plain_text_that_was_fetched_has_the_address_it_came_from(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", LONG)
    article = one("plain", path, "https://www.site.example/a.txt")
    assert (article.url, article.source) == ("https://www.site.example/a.txt", "site.example")
    path = write(tmp_path / "b.txt", f"URL: https://bank.example/\n{LONG}")
    assert one("plain", path).url == "https://bank.example/"
    assert one("plain", path, "https://site.example/b").url == "https://site.example/b"


# Web pages


def test_a_page_gives_its_article_and_nothing_of_what_stands_around_it() -> None:
    article = page(PAGE, "https://site.example/ban")
    assert article == Article(
        id="a.html",
        title="Ban on “software”",
        url="https://www.site.example/ban?x=1",
        published="2020-06-11",
        author="Matt O’Brien, Ann Lee",
        text=(
            f"{LONG}\n\nWhy it matters\n\n"
            f"A second paragraph has bold words, a link, & “quotes”. {LONG}\n\n"
            "- One item is a sentence.\n- Another item is one, too.\n- Revenue\t$5m"
        ),
        updated="2020-06-12",
        section="Business",
        source="site.example",
    )


def test_the_segmenter_sees_the_paragraphs_and_headings_of_a_page() -> None:
    article = page(PAGE)
    sentences = segment.split(article)
    shown = [(article.text[s.start : s.end], s.heading) for s in sentences]
    assert ("Why it matters", True) in shown
    assert ("It did not say why.", False) in shown
    assert ("One item is a sentence.", False) in shown
    assert ("Revenue\t$5m", False) in shown


def test_meta_elements_are_read_where_there_is_no_json_ld() -> None:
    article = page(
        f"""<html><head><title>One headline here</title>
        <meta property="article:published_time" content="2021-02-03T04:05:06+0000">
        <meta property="article:modified_time" content="Fri, 05 Feb 2021 04:05:06 GMT">
        <meta property="article:section" content=" World&amp;Co ">
        <meta name="author" content="Ann Lee">
        <meta property="og:site_name" content="Site News">
        <script type="application/ld+json">{{"@type": "NewsArticle", broken</script>
        </head><body><article><p>{LONG}</p></article></body></html>"""
    )
    assert (article.published, article.updated) == ("2021-02-03", "2021-02-05")
    assert (article.section, article.author) == ("World&Co", "Ann Lee")
    assert (article.title, article.url, article.source) == ("One headline here", None, "Site News")


def test_a_date_in_the_prose_is_not_the_articles() -> None:
    assert (
        page(f"<html><body><p>On 3 May 1999 it began. {LONG}</p></body></html>").published is None
    )


@pytest.mark.parametrize(
    ("declared", "fetched", "taken"),
    [
        ("https://a.example/x", None, "https://a.example/x"),
        ("https://www.a.example/x", "http://a.example/y", "https://www.a.example/x"),
        ("/x?y=1", "https://a.example/y", "https://a.example/x?y=1"),
        ("/x", None, None),
        ("https://bank.example/", "https://a.example/y", "https://a.example/y"),
        ("https://a.example@bank.example/", None, None),
        ("javascript:alert(1)", "https://a.example/y", "https://a.example/y"),
        ("https://a.example/\x00", None, None),
        ("http://[::1", "https://a.example/y", "https://a.example/y"),
        ("https://a.example/" + "x" * 3000, None, None),
        (None, "file:///etc/passwd", None),
        (None, None, None),
    ],
)
def test_a_declared_address_is_believed_on_its_own_site_only(
    declared: str | None, fetched: str | None, taken: str | None
) -> None:
    assert believed(declared, fetched) == taken


NASTY = "Café “quotes” – it’s £5."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (NASTY.encode(), NASTY),
        (NASTY.encode("utf-8-sig"), NASTY),
        (NASTY.encode("utf-16"), NASTY),
        (f"<p>{NASTY}".encode("utf-16-le"), f"<p>{NASTY}"),
        (f"<p>{NASTY}".encode("utf-16-be"), f"<p>{NASTY}"),
        (NASTY.encode("utf-32"), NASTY),
        # Undeclared, and what browsers take "latin-1" to mean.
        (NASTY.encode("cp1252"), NASTY),
        *(
            (f"<meta charset={name}>{NASTY}".encode("cp1252"), f"<meta charset={name}>{NASTY}")
            for name in ("iso-8859-1", "'latin1'", "US-ASCII", "windows-1252")
        ),
        # Declared wrongly, and UTF-8 for sure.
        (
            f'<meta http-equiv=x content="text/html; charset=iso-8859-1">{NASTY}'.encode(),
            f'<meta http-equiv=x content="text/html; charset=iso-8859-1">{NASTY}',
        ),
        (
            '<?xml version="1.0" encoding="windows-1251"?>Закон'.encode("cp1251"),
            '<?xml version="1.0" encoding="windows-1251"?>Закон',
        ),
        ("<meta charset=iso-2022-jp>政府".encode("iso-2022-jp"), "<meta charset=iso-2022-jp>政府"),
        ("<meta charset=Shift_JIS>政府①".encode("cp932"), "<meta charset=Shift_JIS>政府①"),
        ("政府は水曜日の夜に新しい税金に関する法律を採択した。".encode("cp932"),
         "政府は水曜日の夜に新しい税金に関する法律を採択した。"),
        (b"<meta charset=utf-8>Caf\xe9", "<meta charset=utf-8>Caf\ufffd"),
        (b"<meta charset=hex>Caf\xe9 it\x92s", "<meta charset=hex>Café it’s"),
        (b"", ""),
    ],
)  # fmt: skip
def test_a_page_is_decoded_as_declared_or_as_it_looks(data: bytes, text: str) -> None:
    assert decode_page(data) == text


def test_pages_in_other_encodings_are_read_whole() -> None:
    body = f"<html><head><meta charset='%s'></head><body><p>{NASTY} {LONG}</p></body></html>"
    for name in ("iso-8859-1", "utf-8", "utf-16"):
        encoded = (body % name).encode("cp1252" if name == "iso-8859-1" else name)
        assert page(encoded).text == f"{NASTY} {LONG}"


@pytest.mark.parametrize(
    "data",
    [b"", b" \n", b"<html></html>", b"<p></p>", b"\0\0\0", b"<!doctype html>", b"\xff\xfe"],
)
def test_a_page_without_an_article_holds_no_text(data: bytes) -> None:
    with pytest.raises(CorpusError) as caught:
        page(data)
    assert str(caught.value) in ("it holds no text", "its HTML cannot be read: save the page again")


def test_a_page_nested_deeply_is_an_article_or_has_a_reason() -> None:
    for tag in ("div", "b", "ul><li", "table><tr><td"):
        try:
            page(f"<{tag}>" * 20_000 + LONG)
        except CorpusError as error:
            assert str(error) in (  # noqa: PT017 - either outcome is right
                "it holds no text",
                "its HTML cannot be read: save the page again",
            )


def test_a_large_page_is_refused_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "a.html").open("wb") as file:
        file.truncate(50_000_000)
    monkeypatch.setattr(html, "parse", lambda *_: pytest.fail("it was read"))
    assert reason("html", tmp_path / "a.html") == (
        "it has 50.0 MB, more than the 10 MB that an article may have: split it"
    )


# Exports


def ndjson(tmp_path: Path, *lines: object) -> list[Article | Fault]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path = write(tmp_path / "e.ndjson", text)
    return list(formats.read("ndjson", "e.ndjson", path))


def test_an_entry_may_have_everything_or_only_text(tmp_path: Path) -> None:
    full = {
        "id": "news/1",
        "title": " A  ban ",
        "url": "https://www.site.example/1",
        "published": "2020-06-11T23:00:00.12Z",
        "updated": "Fri, 12 Jun 2020 08:00:00 GMT",
        "author": "Ann Lee",
        "section": "Business",
        "source": "AP",
        "text": "One.\r\n\r\nTwo\x00\x1b.",
        "unknown": {"a": [1]},
    }
    assert ndjson(tmp_path, full, "", {"text": "Three."}) == [
        Article(
            id="news/1",
            title="A ban",
            url="https://www.site.example/1",
            published="2020-06-11",
            author="Ann Lee",
            text="One.\n\nTwo.",
            updated="2020-06-12",
            section="Business",
            source="AP",
        ),
        Article("e.ndjson#3", "Three.", None, None, None, "Three."),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("9" * 10_000, "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ({}, "its text is missing"),
        ({"text": None}, "its text is missing"),
        ({"text": 5}, "its text is not a string"),
        ({"text": " \x00"}, "it holds no text"),
        ({"text": "a", "title": []}, "its title is not a string"),
        ({"text": "a", "published": 1591862400}, "its published is not a string"),
        (
            {"text": "a", "published": "June"},
            "its published must be a date such as 2020-06-11, not 'June'",
        ),
        (
            {"text": "a", "updated": "2020-02-30"},
            "its updated must be a date such as 2020-06-11, not '2020-02-30'",
        ),
        (
            {"text": "a", "url": "javascript:x"},
            "its url 'javascript:x' is not an http or https address",
        ),
        ({"text": "a", "id": True}, "its id is neither a string nor a whole number"),
        ({"text": "a", "id": 1.5}, "its id is neither a string nor a whole number"),
        ({"text": "a", "id": 1790000000000000001}, None),
        (
            {"text": "a", "id": "a\nb"},
            "its id 'a\\nb' is too long or has unprintable characters",
        ),
        ({"text": "a", "id": "first"}, "its id 'first' is that of an entry before: change one"),
        ({"text": "a", "id": "e.ndjson#4"}, None),
    ],
)
def test_a_bad_line_is_reported_and_the_next_is_read(
    tmp_path: Path, line: object, why: str | None
) -> None:
    first, second, third = ndjson(tmp_path, {"id": "first", "text": "a"}, line, {"text": "c"})
    assert isinstance(first, Article)
    assert second == Fault("line 2", why) if why else isinstance(second, Article)
    assert isinstance(third, Article)
    assert third.id == "e.ndjson#3"


def test_a_line_that_is_not_utf8_or_too_long_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MAX_ENTRY", 1000)
    data = b'{"text": "Caf\xe9"}\n{"text": "' + b"x" * 5000 + b'"}\n{"id": 7, "text": "c"}'
    assert list(formats.read("ndjson", "e", write(tmp_path / "e", data))) == [
        Fault("line 1", "it is not UTF-8: save it as UTF-8"),
        Fault("line 2", "it has more than 0 MB: split it"),
        Article("7", "c", None, None, None, "c"),
    ]


@pytest.mark.parametrize("wrap", ["%s", '{"version": {"a": [1]}, "articles": %s, "next": null}'])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_json_array_gives_its_entries(tmp_path: Path, wrap: str, mark: str) -> None:
    entries = '\n [ {"id": "x", "text": "Caf\\u00e9 \\ud83d\\ude00 \\ud800"}, 12 , {"text": "b"}] '
    path = write(tmp_path / "e.json", mark + wrap % entries)
    assert list(formats.read("json", "e.json", path)) == [
        Article("x", "Café 😀 \ufffd", None, None, None, "Café 😀 \ufffd"),
        Fault("entry 2", "it is not a JSON object"),
        Article("e.json#3", "b", None, None, None, "b"),
    ]


def test_a_json_array_longer_than_what_is_read_at_once_is_cut_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"Nº {i} 😀 " + "word " * (i % 7) + '"\\' for i in range(300)]
    path = tmp_path / "e.json"
    path.write_text(json.dumps([{"text": t, "id": i} for i, t in enumerate(texts)]))
    for chunk in (1, 7, 100, 1 << 20):
        monkeypatch.setattr("pullquote.ingest.formats.jsonstream._CHUNK", chunk)
        found = list(formats.read("json", "e.json", path))
        assert [a.text for a in found if isinstance(a, Article)] == [t.strip() for t in texts]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is not a list of articles: write a JSON array of objects"),
        (b"5", "it is not a list of articles: write a JSON array of objects"),
        (b"[]", "it holds no articles"),
        (b'{"articles": []}', "it holds no articles"),
        (b'{"a": 1}', 'it is not a list of articles: it has no array "articles"'),
        (b'{"articles": 1}', 'it is not a list of articles: it has no array "articles"'),
        (b'[{"text": "a"}', "its JSON breaks off: export it again"),
        (b'[{"text": "a"', "its JSON is malformed (Expecting ',' delimiter)"),
        (b'[{"text": "a"} 5]', "its JSON is malformed (there is '5' instead of ']')"),
        (b'[{"text": "a"}] 5', "its JSON is malformed (there is more after its end)"),
        (b"[" * 100_000, "its JSON is nested too deeply"),
        (
            b'[{"text": "Caf\xe9"}]',
            "it is not UTF-8 (there is a byte 0xe9): save it as UTF-8",
        ),
    ],
)
def test_a_json_file_that_is_no_list_says_why(tmp_path: Path, data: bytes, why: str) -> None:
    assert reason("json", write(tmp_path / "e.json", data)) == why


def test_a_value_that_is_too_long_is_not_only_said_to_be_malformed() -> None:
    stream = JsonStream(io.BytesIO(b'"' + b"a" * 3_000_000), 2_000_000)
    with pytest.raises(CorpusError, match="or a value in it has more than 2 million characters"):
        stream.value()


def test_exports_are_read_one_entry_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "e"
    path.write_text('{"text": "a"}\n{"text": "b"}\n')
    entries = formats.read("ndjson", "e", path)
    assert next(entries) == Article("e#1", "a", None, None, None, "a")
    path.write_text("[" + '{"text": "a"},' * 200_000 + "broken")
    entries = formats.read("json", "e", path)
    assert next(entries) == Article("e#1", "a", None, None, None, "a")


def test_an_empty_ndjson_file_holds_no_articles(tmp_path: Path) -> None:
    assert reason("ndjson", write(tmp_path / "e", "\n \n")) == "it holds no articles"


# What all share


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-06-11", "2020-06-11"),
        (" 2020-06-11T23:59:59-11:00 ", "2020-06-11"),
        ("2020-06-11T08:00Z", "2020-06-11"),
        ("2020-06-11 08:00:00 +0200", "2020-06-11"),
        ("2020-06-11T08:00:00.1234567Z", "2020-06-11"),
        ("20200611", "2020-06-11"),
        ("Thu, 11 Jun 2020 23:00:00 -0400", "2020-06-11"),
        ("11 Jun 2020 08:00:00 GMT", "2020-06-11"),
        ("2020-06", None),
        ("2020", None),
        ("2020-02-30", None),
        ("2020-06-11 nonsense", None),
        ("June 11, 2020", "2020-06-11"),
        ("11 Jun 2020", "2020-06-11"),
        ("2020/06/11 08:00", "2020-06-11"),
        ("2020/06-11", None),
        ("11/06/2020", None),
        ("June 31, 2020", None),
        ("99 Jun 2020 08:00", None),
        ("٢٠٢٠-٠٦-١١", None),
        ("", None),
    ],
)
def test_a_date_is_the_day_that_is_written(written: str, day: str | None) -> None:
    assert iso_date(written) == day


def test_extracted_text_has_no_control_characters_and_is_unicode() -> None:
    assert clean_text(
        "\ufeff"[:0] + " a\x00b\r\nc\rd\x0ce\u2028f\u2029g\x9d\ud800\ufffe \n\n\n\th "
    ) == ("ab\nc\nd\ne\nf\n\ng\ufffd\n\n\th")
    assert clean_text("har\u00adbour") == clean_field("har\u00adbour") == "harbour"
    assert clean_text("har\u00adbour", soft_hyphens=True) == "har\u00adbour"
    assert clean_field(" a\n\tb ") == "a b"
    assert clean_field("\x00 ") is None
    cut = clean_field("x" * 1000)
    assert cut == "x" * (MAX_FIELD - 1) + "…"


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"text": "A" + " \t" * 500_000 + "b"}, id="within a line"),
        pytest.param({"text": "A" + " \n" * 500_000 + "b"}, id="at the ends of lines"),
        pytest.param({"text": "A", "published": f"2020-06-11T{' ' * 500_000}x"}, id="in a date"),
    ],
)
def test_white_space_without_an_end_takes_no_time(tmp_path: Path, entry: dict[str, str]) -> None:
    began = time.monotonic()
    assert len(ndjson(tmp_path, entry)) == 1
    assert time.monotonic() - began < 20


def test_text_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pullquote.ingest.formats.clean.MAX_TEXT", 10)
    with pytest.raises(CorpusError, match="split it"):
        extracted("a", "x" * 11)


@pytest.mark.parametrize("kind", sorted(READERS))
def test_a_file_that_is_none_says_so_and_never_hangs(tmp_path: Path, kind: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "itself", "folder"):
        assert reason(kind, tmp_path / name) == (
            "it is not a regular file but a pipe, a device or a link to nothing"
        )
    assert reason(kind, tmp_path / "gone") == "it is gone"


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    with pytest.raises(CorpusError, match="it is not a regular file"):
        open_regular(tmp_path / "pipe")


def test_the_plain_limit_is_ten_megabytes() -> None:
    assert plain.MAX_BYTES == html.MAX_BYTES == 10_000_000
