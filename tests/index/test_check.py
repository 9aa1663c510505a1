"""``pullquote check``: what it finds and repairs, and what an indexing run would change."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pullquote.errors import IndexUnusableError
from pullquote.index import search
from pullquote.index import update as indexing
from pullquote.index.check import check
from pullquote.index.database import DATABASE
from pullquote.index.manifest import Manifest
from pullquote.index.preview import Preview, preview
from pullquote.index.store import Index
from tests.support.indexes import HashingEmbedder, make_index, write_corpus

TEXTS = {
    "a.txt": "Amazon banned police use. The company did not say why.",
    "b.txt": "Floyd died May 25. Protests followed.",
}


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0


def run(tmp_path: Path) -> indexing.Report:
    corpus, folder = [tmp_path / "corpus"], tmp_path / "index"
    return indexing.update(corpus, folder, "hashing", lambda _: HashingEmbedder())


def test_of_a_whole_index_nothing_is_found_and_nothing_changed(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    assert check(index.folder) == (index.manifest, [])
    assert Index.open(index.folder).manifest == index.manifest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE content SET text = x'4e6f77' WHERE article = 2",
        "UPDATE article SET title = 'Another' WHERE number = 2",
        "DELETE FROM content WHERE article = 2",
        "UPDATE content SET sentences = x'00' WHERE article = 2",
        "UPDATE content SET sentences = zeroblob(32) WHERE article = 2",
        "DELETE FROM passage WHERE article = 2",
        "UPDATE passage SET vector = x'0000' WHERE article = 2",
        "UPDATE passage SET last = 7 WHERE article = 2",
    ],
)
def test_an_article_that_was_altered_is_taken_out_and_read_again(
    tmp_path: Path, statement: str
) -> None:
    index = make_index(tmp_path, TEXTS)
    change(index.folder, statement)
    manifest, found = check(index.folder)
    assert [fault for fault in found if "The article" in fault] == [
        "The article 'b.txt' is not what was indexed: it was taken out, and the next "
        "`pullquote index` reads it again."
    ]
    assert manifest.articles == 1
    assert list(Index.open(index.folder).articles) == ["a.txt"]
    assert check(index.folder)[1] == []
    assert run(tmp_path).embedded == 1
    assert Index.open(index.folder).manifest.digest == index.manifest.digest


@pytest.mark.parametrize("name", ["passages.npy", "terms/vocab.index.json", "files.json"])
def test_search_files_that_were_altered_are_made_anew(tmp_path: Path, name: str) -> None:
    index = make_index(tmp_path, TEXTS)
    file = index.folder / index.manifest.search / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    _, found = check(index.folder)
    assert found
    assert all(fault.startswith("Of the search files ") for fault in found)
    assert check(index.folder)[1] == []
    opened = Index.open(index.folder)
    assert [passage.article_id for passage, _ in opened.matching("police", 5)] == ["a.txt"]


def test_rows_of_no_article_and_wrong_counts_are_mended(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    change(index.folder, "INSERT INTO content VALUES (99, x'00', NULL, x'00')")
    change(
        index.folder,
        "UPDATE state SET value = json_set(value, '$.sentences', 7) WHERE key = 'manifest'",
    )
    manifest, found = check(index.folder)
    assert found == [
        "1 row of 'content' belonged to no article: deleted.",
        "The manifest did not say what the index holds: it does now.",
    ]
    assert manifest.sentences == index.manifest.sentences
    assert check(index.folder)[1] == []


def test_a_repair_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = make_index(tmp_path, TEXTS)
    change(index.folder, "UPDATE content SET text = x'4e6f77' WHERE article = 2")
    (index.folder / index.manifest.search / "files.json").write_text("{")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(search, "write", full)
        with pytest.raises(IndexUnusableError, match="No space left on device"):
            check(index.folder)
    assert Manifest.read(index.folder) == index.manifest
    with closing(sqlite3.connect(index.folder / DATABASE)) as connection:
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (2,)
    assert check(index.folder)[0].articles == 1


def test_a_database_that_is_damaged_says_what_to_do(tmp_path: Path) -> None:
    index = make_index(
        tmp_path, {f"{n:03}.txt": f"Number {n}. {TEXTS['a.txt']}" for n in range(99)}
    )
    file = index.folder / DATABASE
    del index
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40_000] = b"x" * 40_000
    file.write_bytes(data)
    with pytest.raises(IndexUnusableError, match="`pullquote index --rebuild`"):
        check(file.parent)


def test_a_preview_says_what_a_run_does_and_changes_nothing(tmp_path: Path) -> None:
    corpus, folder = [tmp_path / "corpus"], tmp_path / "index"
    write_corpus(tmp_path / "corpus", {**TEXTS, "c.txt": "Havana opened a school.", "d.txt": b"\0"})
    first = preview(corpus, folder, "hashing")
    assert (first.added, first.unchanged) == (("a.txt", "b.txt", "c.txt"), 0)
    assert [omission.path.name for omission in first.left_out] == ["d.txt"]  # type: ignore[union-attr]
    assert not folder.exists()
    run(tmp_path)
    (tmp_path / "corpus/a.txt").unlink()
    (tmp_path / "corpus/d.txt").unlink()
    write_corpus(tmp_path / "corpus", {"b.txt": "Floyd was buried.", "e.txt": "It rained."})
    before = Index.open(folder).manifest
    assert preview(corpus, folder, "hashing") == Preview(("e.txt",), ("b.txt",), ("a.txt",), 1, ())
    assert preview(corpus, folder, "another").changed == ("b.txt", "c.txt")
    assert Index.open(folder).manifest == before
    report = run(tmp_path)
    assert (report.embedded, report.removed, report.articles) == (2, 1, 3)
    assert preview(corpus, folder, "hashing") == Preview((), (), (), 3, ())
