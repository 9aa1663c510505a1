"""Files -> articles: headers, encodings, and why a file was left out."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pullquote.digest import article_digest
from pullquote.errors import CorpusError
from pullquote.ingest import corpus
from pullquote.ingest.corpus import LeftOut, Source
from pullquote.ingest.formats import plain
from pullquote.types import Article
from tests.support.indexes import write_corpus
from tests.support.places import CORPUS

BODY = "The company did not say why."


def reason(data: bytes, article_id: str = "a.txt") -> str:
    """Why ``data`` is left out."""
    with pytest.raises(CorpusError) as caught:
        plain.parse(article_id, data)
    message = str(caught.value)
    assert "\n" not in message
    return message


def unlistable(*roots: Path) -> str:
    with pytest.raises(CorpusError) as caught:
        corpus.list_sources(roots)
    return str(caught.value)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Root may do everything; while this lasts we are somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_the_customers_article_is_read_as_it_is() -> None:
    data = (CORPUS / "amazon-rekognition.txt").read_bytes()
    article = plain.parse("amazon-rekognition.txt", data)
    assert article == Article(
        id="amazon-rekognition.txt",
        title="Amazon rekognition",
        url=None,
        published="2020-06-11",
        author=None,
        text=data.decode(),
        body_start=17,
    )
    assert article.text.startswith(" date 2020-06-11 Amazon banned police use")
    assert article.text[article.body_start :].startswith("Amazon banned police use")


def test_the_customers_corpus_is_listed() -> None:
    listing = corpus.list_sources([CORPUS])
    assert listing.sources == (Source("amazon-rekognition.txt", CORPUS / "amazon-rekognition.txt"),)
    assert listing.left_out == ()


@pytest.mark.parametrize("article_id", ["a.txt", "a.md"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_header_is_stepped_over_and_stays_in_the_text(article_id: str, end: str) -> None:
    header = (
        "Title: The “Ban”: a year on\nDATE: 2020-06-11\n"
        "url : https://news.example/a?b=1#c\nauthor:\tMatt O’Brien\n\n \n"
    )
    text = (header + BODY).replace("\n", end)
    assert plain.parse(article_id, text.encode()) == Article(
        id=article_id,
        title="The “Ban”: a year on",
        url="https://news.example/a?b=1#c",
        published="2020-06-11",
        author="Matt O’Brien",
        text=text,
        body_start=text.index(BODY),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_yaml_front_matter_is_stepped_over(end: str) -> None:
    lines = [
        "---",
        'title: "It\'s a ban"',
        "author: The Workers'",
        "tags:",
        "  - police",
        "date: '2020-06-11T08:00:00+02:00'",
        "---",
        "",
        BODY,
    ]
    text = end.join(lines)
    assert plain.parse("a.md", text.encode()) == Article(
        id="a.md",
        title="It's a ban",
        url=None,
        published="2020-06-11",
        author="The Workers'",
        text=text,
        body_start=text.index(BODY),
    )


def test_a_rule_that_opens_an_article_is_no_front_matter() -> None:
    text = f"---\n{BODY}\nTitle: this is prose.\n"
    article = plain.parse("a-b.md", text.encode())
    assert (article.title, article.body_start) == ("A b", 0)


def test_front_matter_without_a_body_holds_no_text() -> None:
    assert reason(b"---\ntitle: x\n---") == "it holds no text"
    assert reason(b"---\ntitle: x\n---\n") == "it holds no text"


@pytest.mark.parametrize(
    "text",
    [
        "Title fights: there were three.",
        "Dates: they are sweet.",
        "The title: a short one.",
        "date 20-06-11 is when it began.",
        "date 2020-06-11, a Thursday.",
        "By author: nobody.",
    ],
)
def test_prose_that_looks_like_a_header_is_prose(text: str) -> None:
    article = plain.parse("x.txt", text.encode())
    assert (article.title, article.published, article.body_start) == ("X", None, 0)


def test_the_header_ends_with_the_first_other_line() -> None:
    text = f"Title: One\n{BODY}\nDate: 2020-06-11\n"
    article = plain.parse("x.txt", text.encode())
    assert (article.title, article.published, article.body_start) == ("One", None, 11)


def test_empty_fields_count_as_not_given() -> None:
    article = plain.parse(
        "my_first--article.txt", f"title:\ndate:\nurl: \nauthor:\n{BODY}".encode()
    )
    assert article.title == "My first article"
    assert (article.published, article.url, article.author) == (None, None, None)


@pytest.mark.parametrize(
    ("article_id", "title"),
    [
        ("amazon-rekognition.txt", "Amazon rekognition"),
        ("2020/why_it  paused.md", "Why it paused"),
        ("élan.txt", "Élan"),
        ("---.txt", "---.txt"),
    ],
)
def test_an_article_without_a_title_is_named_by_its_file(article_id: str, title: str) -> None:
    assert plain.parse(article_id, BODY.encode()).title == title


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    text = f"Title: One\n{BODY}"
    for data in (
        text.encode("utf-8-sig"),
        b"\xff\xfe" + text.encode("utf-16-le"),
        b"\xfe\xff" + text.encode("utf-16-be"),
    ):
        article = plain.parse("a.txt", data)
        assert (article.text, article.title, article.body_start) == (text, "One", 11)


def test_the_text_is_not_normalised() -> None:
    text = "Cafe\u0301\u00a0au lait.\r\nTwo\u2028lines\x0b\x0c 👩‍👩‍👧 \ufb01n."
    assert plain.parse("a.txt", text.encode()).text == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it holds no text"),
        (b" \r\n\t\n", "it holds no text"),
        (b"\xef\xbb\xbf", "it holds no text"),
        (b"Title: only a header\n", "it holds no text"),
        (b" date 2020-06-11 ", "it holds no text"),
        ("🎉👍🏽 … —".encode(), "it holds no text"),
        (
            b"Caf\xe9 society.",
            "it is not UTF-8 (byte 3 is 0xe9): save it as UTF-8",
        ),
        (
            b"\xef\xbb\xbfCaf\xe9 society.",
            "it is not UTF-8 (byte 6 is 0xe9): save it as UTF-8",
        ),
        (
            b"\xff\xfea\x00b",
            "it is not UTF-16 (byte 4 is 0x62): save it as UTF-8",
        ),
        (
            b"%PDF-1.7\n\x00\xff",
            "it is binary, not text (a zero byte at byte 9): save it as UTF-8",
        ),
        (
            b"Plain\x1b[31m red.",
            "it is binary, not text (control character 0x1b at character 5): remove it",
        ),
        (
            "é\x7f".encode(),
            "it is binary, not text (control character 0x7f at character 1): remove it",
        ),
        (
            b"Title: a\nURL: javascript:alert(1)\nText.",
            "its url 'javascript:alert(1)' is not an http or https address",
        ),
        (
            b"URL: javascript://x/%0aalert(1)\nText.",
            "its url 'javascript://x/%0aalert(1)' is not an http or https address",
        ),
        (b"URL: https:///path\nText.", "its url 'https:///path' is not an http or https address"),
        (b"URL: http://[::1\nText.", "its url 'http://[::1' is not an http or https address"),
        (b"URL: news.example\nText.", "its url 'news.example' is not an http or https address"),
        (b"Date: 11 June\nText.", "its date must be such as 2020-06-11, not '11 June'"),
        (b"Date: 2020-02-30\nText.", "its date must be such as 2020-06-11, not '2020-02-30'"),
        (b"date 2020-13-01 Text.", "its date must be such as 2020-06-11, not '2020-13-01'"),
        (b"Updated: June\nText.", "its updated date must be such as 2020-06-11, not 'June'"),
        (b"Title: a\ntitle: b\nText.", "its header gives 'title:' twice: keep one"),
    ],
)
def test_a_file_that_is_no_article_says_why(data: bytes, why: str) -> None:
    assert reason(data) == why


def test_a_file_that_is_too_big_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(plain.MAX_BYTES + 100_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(CorpusError) as caught:
        corpus.read_text("a.txt", tmp_path / "big.txt")
    assert str(caught.value) == (
        "it has 10.1 MB, more than the 10 MB that an article may have: split it"
    )


def test_a_file_of_the_greatest_size_is_read(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"a" * plain.MAX_BYTES)
    assert len(corpus.read_text("a.txt", tmp_path / "big.txt").text) == plain.MAX_BYTES


def test_an_unreadable_file_says_why(open_folder: Path) -> None:
    file = write_corpus(open_folder, {"a.txt": BODY}) / "a.txt"
    file.chmod(0)
    with ordinary_user(), pytest.raises(CorpusError) as caught:
        corpus.read_text("a.txt", file)
    assert str(caught.value) == "it cannot be read (Permission denied)"


def test_an_unreadable_folder_is_reported_and_the_rest_is_listed(open_folder: Path) -> None:
    write_corpus(open_folder, {"a.txt": BODY, "closed/b.txt": BODY})
    (open_folder / "closed").chmod(0)
    with ordinary_user():
        listing = corpus.list_sources([open_folder])
    assert listing.sources == (Source("a.txt", open_folder / "a.txt"),)
    assert listing.left_out == (
        LeftOut(open_folder / "closed", "the folder cannot be read (Permission denied)"),
    )


def test_an_unreadable_root_is_an_error_that_says_so(open_folder: Path) -> None:
    root = write_corpus(open_folder / "closed", {"b.txt": BODY})
    root.chmod(0)
    with ordinary_user():
        assert unlistable(root) == (
            f"The corpus {str(root)!r} cannot be read (Permission denied): make it readable, or "
            "name another with --corpus."
        )


def test_pipes_and_links_to_nothing_are_left_out_without_blocking(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "itself.txt").symlink_to(tmp_path / "itself.txt")
    for name in ("pipe.txt", "dangling.txt", "itself.txt"):
        with pytest.raises(CorpusError) as caught:
            corpus.read_text("a.txt", tmp_path / name)
        assert str(caught.value) == (
            "it is not a regular file but a pipe, a device or a link to nothing"
        ), name


def test_a_folder_named_like_an_article_is_a_folder(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"x.txt/a.md": BODY})
    assert corpus.list_sources([tmp_path]).sources == (
        Source("x.txt/a.md", tmp_path / "x.txt" / "a.md"),
    )


def test_a_loop_of_linked_folders_ends(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"sub/a.txt": BODY})
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    assert corpus.list_sources([tmp_path]).sources == (
        Source("sub/a.txt", tmp_path / "sub" / "a.txt"),
    )


def test_sources_are_ordered_by_id_and_hidden_ones_passed_over(tmp_path: Path) -> None:
    names = ["b.txt", "A.TXT", "sub/c.md", ".hidden.txt", ".git/d.txt", "sub.txt"]
    write_corpus(tmp_path, dict.fromkeys(names, BODY))
    listing = corpus.list_sources([tmp_path])
    assert [source.article_id for source in listing.sources] == [
        "A.TXT",
        "b.txt",
        "sub.txt",
        "sub/c.md",
    ]
    assert listing.left_out == ()


def test_other_kinds_of_file_are_left_out(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"a.txt": BODY, "b.jpg": BODY, "txt": BODY})
    assert corpus.list_sources([tmp_path]).left_out == (
        LeftOut(
            tmp_path / "b.jpg", "it is not a text, Markdown, HTML, PDF, DOCX, EPUB or JSON file"
        ),
        LeftOut(tmp_path / "txt", "it is not a text, Markdown, HTML, PDF, DOCX, EPUB or JSON file"),
    )


def test_a_name_with_a_line_break_is_an_id_like_any_other(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"two\nlines.txt": BODY})
    assert corpus.list_sources([tmp_path]).sources == (
        Source("two\nlines.txt", tmp_path / "two\nlines.txt"),
    )
    assert plain.parse("two\nlines.txt", BODY.encode()).title == "Two lines"


def test_a_name_that_is_not_utf8_is_left_out(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"a.txt": BODY})
    strange = tmp_path / os.fsdecode(b"caf\xe9.txt")
    strange.write_text(BODY)
    listing = corpus.list_sources([tmp_path])
    assert listing.sources == (Source("a.txt", tmp_path / "a.txt"),)
    assert listing.left_out == (LeftOut(strange, "its name is not UTF-8: rename it"),)


def test_of_two_files_with_one_id_the_first_is_taken(tmp_path: Path) -> None:
    one = write_corpus(tmp_path / "one", {"a.txt": BODY})
    two = write_corpus(tmp_path / "two", {"a.txt": BODY, "b.txt": BODY})
    listing = corpus.list_sources([one, two])
    assert listing.sources == (Source("a.txt", one / "a.txt"), Source("b.txt", two / "b.txt"))
    assert listing.left_out == (
        LeftOut(two / "a.txt", f"{one / 'a.txt'} has the same id, 'a.txt': rename one"),
    )


def test_a_root_named_twice_counts_once(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"a.txt": BODY})
    listing = corpus.list_sources([tmp_path, tmp_path])
    assert listing.sources == (Source("a.txt", tmp_path / "a.txt"),)
    assert listing.left_out == ()


def test_a_file_below_several_roots_counts_once_and_the_first_gives_its_id(tmp_path: Path) -> None:
    outer = write_corpus(tmp_path / "corpus", {"a.txt": BODY, "news/b.txt": BODY, "news/c.png": ""})
    inner = outer / "news"
    (tmp_path / "link").symlink_to(inner)
    for again in (inner, inner / "b.txt", outer / ".." / "corpus" / "news", tmp_path / "link"):
        listing = corpus.list_sources([outer, again])
        assert [source.article_id for source in listing.sources] == ["a.txt", "news/b.txt"]
        assert len(listing.left_out) == 1
    listing = corpus.list_sources([inner, outer])
    assert [source.article_id for source in listing.sources] == ["a.txt", "b.txt"]


def test_a_single_file_may_be_a_root(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"sub/a.txt": BODY, "sub/b.txt": BODY})
    file = tmp_path / "sub" / "a.txt"
    assert corpus.list_sources([file]).sources == (Source("a.txt", file),)


def test_a_missing_root_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    for root in (tmp_path / "gone", tmp_path / ("n" * 300)):
        assert unlistable(root) == (
            f"The corpus {str(root)!r} does not exist: create the folder and put articles "
            "into it, or name another with --corpus."
        )


def test_roots_without_articles_give_none_and_what_else_is_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    jpg = write_corpus(tmp_path / "jpg", {"a.jpg": BODY})
    listed = corpus.list_sources([tmp_path / "empty", jpg])
    assert listed.sources == ()
    assert [omission.path for omission in listed.left_out] == [jpg / "a.jpg"]


def test_the_article_digest_covers_everything_that_is_shown() -> None:
    base = Article("a", "b", "c", "d", "e", "f", 0)
    changed = [
        Article("A", "b", "c", "d", "e", "f", 0),
        Article("a", "B", "c", "d", "e", "f", 0),
        Article("a", "b", "C", "d", "e", "f", 0),
        Article("a", "b", "c", "D", "e", "f", 0),
        Article("a", "b", "c", "d", "E", "f", 0),
        Article("a", "b", "c", "d", "e", "F", 0),
        Article("a", "b", "c", "d", "e", "f", 1),
        Article("ab", "", "c", "d", "e", "f", 0),
    ]
    assert len({article_digest(article) for article in [base, *changed]}) == 9


def test_the_article_digest_takes_lone_surrogates() -> None:
    tampered = Article("a", "b", None, None, None, "\udcff", 0)
    assert article_digest(tampered) == (
        article_digest(Article("a", "b", None, None, None, "\udcff", 0))
    )
    assert article_digest(tampered) != (
        article_digest(Article("a", "b", None, None, None, "\udcfe", 0))
    )
