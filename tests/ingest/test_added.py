"""Names of files that are added: safe on every system, and never those of others."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from pullquote.errors import AddingError
from pullquote.ingest.added import file_name, put, text_file


@pytest.mark.parametrize(
    "name",
    [
        *("../../x.txt", "/etc/x.txt", "..\\..\\x.txt", "a/b.txt", "x.txt\0.txt", "x\n.txt"),
        *("C:\\x.txt", "..", ".", "", "\x7f.txt"),
    ],
)
def test_a_name_that_is_a_path_is_refused(name: str) -> None:
    with pytest.raises(AddingError, match="is not a file name"):
        file_name(name)


@pytest.mark.parametrize("name", ["mill.exe", "mill", "app.py", ".txt", "mill.txt.", "mill.txt "])
def test_a_name_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(AddingError, match="is not a text, Markdown, HTML, PDF"):
        file_name(name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("x" * 300 + ".txt", "x" * 120 + ".txt"),
        ("é" * 300 + ".TXT", "é" * 60 + ".txt"),
        ("e\u0301.txt", "é.txt"),
        ("CON.txt", "file-CON.txt"),
        ("com1.tar.md", "file-com1.tar.md"),
        ("console.md", "console.md"),
        ("...hidden.txt", "hidden.txt"),
        ("a\u202etxt.exe.txt", "a-txt.exe.txt"),
        ("C:report; rm -rf $HOME.txt", "C-report-rm-rf-HOME.txt"),
        ("<img src=x onerror=alert(1)>.txt", "img-src-x-onerror-alert-1.txt"),
        ("a\ud800b.txt", "a-b.txt"),
        ("???.txt", "article.txt"),
    ],
)
def test_any_other_name_is_made_safe_for_every_system(tmp_path: Path, name: str, kept: str) -> None:
    assert file_name(name) == kept
    assert put(tmp_path, kept, b"x") == tmp_path / kept


def test_a_text_is_named_by_its_title_or_its_first_words() -> None:
    assert text_file("A/../b\n c", "One.\0 Two.") == (
        "A-..-b-c.txt",
        b"title: A/../b c\n\nOne. Two.\n",
    )
    words = "one two three four five six seven eight nine"
    assert text_file(" ", words) == (
        "one-two-three-four-five-six-seven-eight.txt",
        f"{words}\n".encode(),
    )
    with pytest.raises(AddingError, match="There is no text"):
        text_file("A title", " ... ")


def test_nothing_is_written_over_and_no_link_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    folder = tmp_path / "added"
    folder.mkdir()
    (folder / "mill.txt").symlink_to(outside)
    assert put(folder, "mill.txt", b"new").name == "mill-2.txt"
    assert put(folder, "mill.txt", b"other").name == "mill-3.txt"
    assert not outside.exists()
    with pytest.raises(AddingError, match=r"already, as mill-3\.txt"):
        put(folder, "mill.txt", b"other")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "added").write_bytes(b"")
    with pytest.raises(AddingError, match=r"added' cannot be written .*: make it writable"):
        put(tmp_path / "added", "mill.txt", b"new")


def test_a_full_disk_leaves_no_half_article(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))
    try:
        with pytest.raises(AddingError, match=r"cannot be written .*: make room there"):
            put(tmp_path, "mill.txt", b"The mill closed. " * 1_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
