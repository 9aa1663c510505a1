"""A folder as a newsroom has it, formats mixed and some files broken, through the command line."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from pullquote.cli import main
from pullquote.index import embed
from pullquote.index.store import Index
from tests.support.documents import column, locked_pdf, pdf_bytes, write_book
from tests.support.indexes import HashingEmbedder, write_corpus

Shown = pytest.CaptureFixture[str]

STORY = "The old bridge was closed on Monday after engineers had found cracks in two of its piers."

GOOD = {
    "plain.txt": f"title: Plain\ndate: 2020-01-01\n\n{STORY} The mayor gave no reason.",
    "sub/marked.md": f"---\ntitle: Marked\nsection: Town\n---\n\n{STORY} Buses run.",
    "page.html": f"<html><head><title>Page</title></head><body><article><p>{STORY}</p>"
    f"<p>The works will take four months, the council said, and cost two million euros in all."
    "</p></article></body></html>",
    "export.ndjson": json.dumps({"id": "wire-1", "title": "Wire", "text": STORY})
    + "\n"
    + json.dumps({"id": "wire-2", "title": "Wire", "published": "tomorrow", "text": STORY})
    + "\nnot json\n"
    + json.dumps({"id": "plain.txt", "title": "Twice", "text": STORY}),
    "list.json": json.dumps([{"id": "json-1", "text": f"{STORY} It rained.", "section": "Town"}]),
    "latin.html": "<html><head><meta charset='iso-8859-1'></head><body><article><p>Das Café am "
    "Fluß schloß im März. Niemand sagte warum, und der Wirt schwieg.</p></article></body></html>",
    "two\nlines.txt": f"{STORY} Twice.",
}


def _zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 200_000_000)
    return file.getvalue()


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The good files and, among them, every kind of broken one."""
    corpus = tmp_path / "corpus"
    latin = GOOD["latin.html"].encode("latin-1")
    write_corpus(corpus, {**GOOD, "latin.html": latin})
    (corpus / "paper.pdf").write_bytes(pdf_bytes([column(STORY, "It is the fourth this year.")]))
    document = docx.Document()
    document.add_paragraph(f"{STORY} A word file says so.")
    document.save(str(corpus / "letter.docx"))
    write_book(corpus / "book.epub", {"one": f"{STORY} The first chapter tells of it."})
    write_corpus(
        corpus,
        {
            "bad-truncated.pdf": pdf_bytes([column(STORY)])[:300],
            "bad-encrypted.pdf": locked_pdf(STORY),
            "bad-bomb.docx": _zip_bomb(),
            "bad-huge.html": b"<p>" + b"word " * 10_000_000,
            "bad-mixed.txt": "Café and ".encode() + "Fluß".encode("latin-1"),
            "bad-empty.md": b"",
            "bad-kind.jpg": b"\xff\xd8",
        },
    )
    (corpus / "bad-loop").symlink_to(corpus)
    (corpus / "bad-loop.txt").symlink_to(corpus / "bad-loop.txt")
    os.mkfifo(corpus / "bad-pipe.html")
    monkeypatch.chdir(tmp_path)
    opened: Callable[[str], HashingEmbedder] = lambda name: HashingEmbedder()  # noqa: E731
    monkeypatch.setattr(embed.SentenceTransformersEmbedder, "open", opened)
    return corpus


BAD = {
    "bad-truncated.pdf": "damaged",
    "bad-encrypted.pdf": "encrypted",
    "bad-bomb.docx": "unpack",
    "bad-huge.html": "50.0 MB",
    "bad-mixed.txt": "not UTF-8",
    "bad-empty.md": "holds no text",
    "bad-kind.jpg": "not a text, Markdown",
    "bad-loop.txt": "link to nothing",
    "bad-pipe.html": "pipe",
    "export.ndjson": "line 2: ",
}


def test_the_good_files_are_indexed_and_each_bad_one_is_named(
    newsroom: Path, capsys: Shown
) -> None:
    assert main(["index"]) == 1
    told = capsys.readouterr().err
    for name, why in BAD.items():
        (line, *_) = [line for line in told.splitlines() if f"corpus/{name}:" in line]
        assert why in line, line
    assert "line 3: " in told
    assert "'plain.txt': rename one" in told
    assert "Traceback" not in told
    index = Index.open(Path("index"))
    assert list(index.articles) == [
        "book.epub#1",
        "json-1",
        "latin.html",
        "letter.docx",
        "page.html",
        "paper.pdf",
        "plain.txt",
        "sub/marked.md",
        "two\nlines.txt",
        "wire-1",
    ]
    for article in index.articles.values():
        for sentence in index.sentences(article.id):
            assert article.text[sentence.start : sentence.end].strip()
    assert "Café am Fluß" in index.article("latin.html").text
    assert index.article("json-1").section == "Town"
    # The same again reads nothing anew and still names what is left out.
    assert main(["index"]) == 1
    again = capsys.readouterr()
    assert "up to date" in again.out
    assert again.err == told


def test_strict_refuses_the_folder_and_an_answer_is_verified_without_its_source(
    newsroom: Path, capsys: Shown
) -> None:
    assert main(["index", "--strict"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("pullquote: These were left out, so nothing was changed:")
    assert "bad-bomb.docx" in told
    assert main(["articles", "list"]) == 2
    assert "was begun and not finished" in capsys.readouterr().err
    assert main(["index"]) == 1
    capsys.readouterr()
    ask = ["ask", "What was found in the piers of the bridge?", "--format", "json"]
    main([*ask, "--section", "Town"])
    answer = json.loads(capsys.readouterr().out)
    cited = [*answer["citations"], *answer["closest"]]
    assert {item["document_id"] for item in cited} <= {"sub/marked.md", "json-1"}
    assert cited
    Path("answer.json").write_text(json.dumps(answer))
    assert main(["verify", "answer.json"]) == 0
    # Years later: what the quotes were extracted from is gone.
    (newsroom / "list.json").unlink()
    assert main(["verify", "answer.json"]) == 0
    capsys.readouterr()
    cited[0]["cited_text"] = "The bridge is sound."
    Path("answer.json").write_text(json.dumps(answer))
    assert main(["verify", "answer.json"]) == 1
    assert "is not what the article says" in capsys.readouterr().out


def test_articles_are_listed_shown_and_removed_by_command(newsroom: Path, capsys: Shown) -> None:
    main(["index"])
    capsys.readouterr()
    assert main(["articles", "list", "--section", "town"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["json-1", "sub/marked.md"]
    assert main(["articles", "show", "json-1"]) == 0
    assert STORY in capsys.readouterr().out
    assert main(["articles", "remove", "json-1"]) == 0
    assert main(["articles", "show", "json-1"]) == 2
    assert "There is no article 'json-1' in the index." in capsys.readouterr().err
    assert main(["articles", "list", "json-1"]) == 2
    assert main(["articles", "remove"]) == 2
    assert "Name the articles to remove" in capsys.readouterr().err
    assert main(["articles", "list", "--since", "June"]) == 2
    assert "must be a date such as 2020-06-11, not 'June'" in capsys.readouterr().err
    assert main(["articles", "restore", "json-1"]) == 0
    assert main(["ask", "Why?", "--until", "x"]) == 2
