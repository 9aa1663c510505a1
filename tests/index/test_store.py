"""The index on disk: what is refused, what each process sees, and that no code in it is run."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pullquote.errors import IndexUnusableError
from pullquote.index import former as former_index
from pullquote.index import search, store
from pullquote.index import update as indexing
from pullquote.index.backup import back_up
from pullquote.index.database import DATABASE, open_for_writing
from pullquote.index.manifest import Manifest
from pullquote.index.opened import forgotten
from pullquote.index.preview import preview
from pullquote.index.store import Index
from pullquote.index.writing import writing
from pullquote.serve import opening
from pullquote.text import segment
from pullquote.types import NO_FILTERS
from tests.support.indexes import HashingEmbedder, make_index, write_corpus
from tests.support.places import ROOT

TEXTS = {
    "a.txt": "Amazon banned police use. The company did not say why.",
    "b.txt": "Floyd died May 25. Protests followed.",
}

FILES = [
    "passage_vectors.npy",
    "passages.npy",
    "terms/data.csc.index.npy",
    "terms/indices.csc.index.npy",
    "terms/indptr.csc.index.npy",
    "terms/length.npy",
    "terms/params.index.json",
    "terms/vocab.index.json",
]


def unusable(folder: Path) -> str:
    with pytest.raises(IndexUnusableError) as caught:
        Index.open(folder)
    message = str(caught.value)
    assert "`pullquote index" in message or "--index" in message
    assert "\n" not in message
    return message


def search_files(index: Index) -> Path:
    return index.folder / index.manifest.search


def run(tmp_path: Path, embedder: HashingEmbedder | None = None) -> indexing.Report:
    stand_in = embedder or HashingEmbedder()
    return indexing.update([tmp_path / "corpus"], tmp_path / "index", "hashing", lambda _: stand_in)


def change(folder: Path, statement: str, *values: object) -> None:
    """Change the database as Pullquote never does."""
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        assert connection.execute(statement, values).rowcount > 0


# --- what is there ----------------------------------------------------------------------------


def test_the_search_files_are_these_and_no_others(tmp_path: Path) -> None:
    folder = search_files(make_index(tmp_path, TEXTS))
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(path.relative_to(folder).as_posix() for path in written) == [
        "files.json",
        *FILES,
    ]


def test_an_unknown_article_is_a_key_error(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    lookups: list[Callable[[str], object]] = [
        index.article,
        index.sentences,
        index.passages,
        index.manifest_digest,
        index.passage_vectors,
        lambda name: index.matching("police", 5, index.among(name, NO_FILTERS)),
        lambda name: index.twins(name),
    ]
    for look_up in lookups:
        with pytest.raises(KeyError):
            look_up("c.txt")


def test_the_search_files_are_on_the_disk_before_the_manifest_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda file: flushed.add(os.fstat(file).st_ino))
    folder = search_files(make_index(tmp_path, TEXTS))
    wanted = (folder.parent, folder, *folder.rglob("*"))
    assert {path.stat().st_ino for path in wanted} <= flushed


# --- what is refused --------------------------------------------------------------------------


def test_a_missing_or_empty_folder_says_how_to_build_an_index(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone", tmp_path / "gone" / "further"):
        assert unusable(folder) == (
            f"There is no index in {str(folder)!r}: build it with `pullquote index`."
        )


def test_an_index_path_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("mine")
    assert unusable(tmp_path / "index") == (
        f"'{tmp_path}/index' is a file, not an index: name a folder with --index, and build it "
        "with `pullquote index`."
    )


def test_an_index_path_that_cannot_be_looked_at_says_why(tmp_path: Path) -> None:
    folder = tmp_path / ("n" * 300)
    assert unusable(folder) == (
        f"The index in {str(folder)!r} cannot be read (File name too long): make it readable, or "
        "name another with --index."
    )
    with pytest.raises(IndexUnusableError, match="File name too long"):
        preview([tmp_path], folder, "hashing")


@pytest.mark.parametrize("content", [b"", b"not a database " * 100, b"\x00" * 5000])
def test_a_database_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    make_index(tmp_path, TEXTS)
    (tmp_path / "index" / DATABASE).write_bytes(content)
    assert f"The index in '{tmp_path}/index' " in unusable(tmp_path / "index")


def test_an_index_of_another_format_is_refused(tmp_path: Path) -> None:
    make_index(tmp_path, TEXTS)
    with closing(sqlite3.connect(tmp_path / "index" / DATABASE)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert unusable(tmp_path / "index") == (
        f"The index in '{tmp_path}/index' has format 99, and this version of Pullquote reads 5: "
        "build it again with `pullquote index --rebuild`."
    )


def test_a_manifest_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    for value in ("", "{", "[]", "{}", '{"corpus": 3}', '{"corpus": [], "urls": [], "more": 1}'):
        change(index.folder, "UPDATE state SET value = ? WHERE key = 'manifest'", value)
        assert "(its manifest cannot be read): " in unusable(tmp_path / "index")
    change(index.folder, "DELETE FROM state WHERE key = 'manifest'")
    assert "was begun and not finished" in unusable(tmp_path / "index")


@pytest.mark.parametrize("name", FILES)
def test_a_search_file_that_is_cut_or_gone_is_named(tmp_path: Path, name: str) -> None:
    path = search_files(make_index(tmp_path, TEXTS)) / name
    whole = path.read_bytes()

    def message(what: str) -> str:
        damaged = f"The index in '{tmp_path}/index' is damaged ({name} {what})"
        return f"{damaged}: see what can be repaired"

    path.write_bytes(whole[:-1])
    assert unusable(tmp_path / "index").startswith(message("has another length"))
    path.write_bytes(whole + b"\n")
    assert unusable(tmp_path / "index").startswith(message("has another length"))
    path.unlink()
    assert unusable(tmp_path / "index").startswith(message("is missing"))
    path.write_bytes(whole)
    assert list(Index.open(tmp_path / "index").articles) == ["a.txt", "b.txt"]


def test_search_files_that_are_gone_are_refused(tmp_path: Path) -> None:
    search_files(make_index(tmp_path, TEXTS)).rename(tmp_path / "elsewhere")
    assert "(files.json cannot be read): " in unusable(tmp_path / "index")


@pytest.mark.parametrize(
    "change_to",
    ["UPDATE content SET text = x'4e6f77'", "UPDATE article SET title = 'Another'"],
)
def test_an_article_that_was_altered_is_not_shown(tmp_path: Path, change_to: str) -> None:
    index = make_index(tmp_path, TEXTS)
    change(index.folder, change_to)
    with pytest.raises(IndexUnusableError, match=r"the article 'b\.txt' was altered"):
        Index.open(index.folder).article("b.txt")


class Payload:
    """An object that writes a file when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.write_text, (self.marker, "it ran")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["array", "pickle"])
def test_nothing_is_ever_unpickled(tmp_path: Path, name: str, kind: str) -> None:
    index = make_index(tmp_path, TEXTS)
    marker = tmp_path / "ran"
    source = tmp_path / "evil.npy"
    np.save(source, np.array([Payload(marker)], dtype=object), allow_pickle=True)
    data = source.read_bytes() if kind == "array" else pickle.dumps(Payload(marker))
    pickle.loads(pickle.dumps(Payload(marker)))  # noqa: S301 - that it would run, if it were
    marker.unlink()
    path = search_files(index) / name
    path.write_bytes(data)
    search._seal(search_files(index))
    with pytest.raises(IndexUnusableError, match=r"is damaged \("):
        # Memory-mapped files are only read at the first question.
        Index.open(index.folder).matching("police", 5)
    assert not marker.exists()


def test_no_source_file_may_unpickle() -> None:
    sources = sorted((ROOT / "src").rglob("*.py"))
    words = ("pickle", "joblib", "dill", "marshal", "shelve")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sources
        for line in path.read_text().replace("allow_pickle=False", "").splitlines()
        if any(word in line for word in words) and "unpickled" not in line
    ]
    assert len(sources) > 20
    assert found == []


def test_parts_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    connection = open_for_writing(index.folder)
    replace(index.manifest, passages=3).write(connection)
    connection.close()
    assert "(its parts do not belong together): " in unusable(index.folder)


# --- who sees what ----------------------------------------------------------------------------


def test_search_files_replaced_while_an_index_is_opened_are_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = make_index(tmp_path, TEXTS).manifest
    write_corpus(tmp_path / "corpus", {"c.txt": "Havana opened a school."})
    monkeypatch.setattr(search, "_CHANGES", 0)
    opened = search.Search
    tried: list[Path] = []

    def replaced_meanwhile(folder: Path, connection: sqlite3.Connection) -> object:
        tried.append(folder)
        if len(tried) == 1:
            run(tmp_path)
        return opened(folder, connection)

    monkeypatch.setattr(store, "Search", replaced_meanwhile)
    index = Index.open(tmp_path / "index")
    assert len(tried) == 2
    assert not tried[0].exists()
    assert index.manifest.search != before.search
    assert list(index.articles) == ["a.txt", "b.txt", "c.txt"]
    assert index.manifest == Manifest.read(tmp_path / "index")


def test_an_open_index_outlives_its_replacement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_CHANGES", 0)
    index = make_index(tmp_path, TEXTS)
    before = index.passage_vectors("a.txt").copy()
    make_index(tmp_path, {"a.txt": "All of it is new."})
    assert not search_files(index).exists()
    assert np.array_equal(index.passage_vectors("a.txt"), before)
    assert [source.article_id for source, _ in index.matching("police", 5)] == ["a.txt"]
    assert index.article("a.txt").text == TEXTS["a.txt"]


def test_an_index_is_seen_as_it_was_when_it_was_opened_while_a_run_commits(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    seen: list[list[str]] = []

    class Looking(HashingEmbedder):
        def encode(self, texts: object) -> object:  # type: ignore[override]
            seen.append(list(Index.open(tmp_path / "index").articles))
            return super().encode(texts)  # type: ignore[arg-type]

    write_corpus(tmp_path / "corpus", {f"n{n}.txt": f"Ferry {n} sank." for n in range(600)})
    run(tmp_path, Looking())
    assert len(seen) == 2
    assert seen == [["a.txt", "b.txt"]] * 2
    assert list(index.articles) == ["a.txt", "b.txt"]
    assert len(Index.open(tmp_path / "index").articles) == 602


def test_a_reader_that_stays_lets_the_log_be_emptied_and_sees_what_it_saw(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    log = index.folder / f"{DATABASE}-wal"
    indexing.withdraw(index.folder, ["b.txt"])
    assert b"Protests" in log.read_bytes() + (index.folder / DATABASE).read_bytes()
    now = Index.open(index.folder)
    index.catalog.release_log(index.manifest)
    assert list(index.articles) == ["a.txt", "b.txt"]
    del index
    now.catalog.release_log(now.manifest)
    assert log.stat().st_size == 0
    assert b"Protests" not in (now.folder / DATABASE).read_bytes()
    assert list(now.articles) == ["a.txt"]
    # While another process writes, the log is not released.
    with writing(now.folder) as connection:
        connection.execute("DELETE FROM withdrawn")
        now.catalog.release_log(now.manifest)
    assert list(now.articles) == ["a.txt"]


def test_a_log_that_cannot_be_emptied_leaves_a_reader_what_it_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = make_index(tmp_path, TEXTS)
    connection = index.catalog._connection

    class Failing:
        @property
        def in_transaction(self) -> bool:
            return connection.in_transaction

        def execute(self, statement: str) -> sqlite3.Cursor:
            if "checkpoint" in statement:
                raise sqlite3.DatabaseError("database disk image is malformed")
            return connection.execute(statement)

    with monkeypatch.context() as patch:
        patch.setattr(index.catalog, "_connection", Failing())
        index.catalog.release_log(index.manifest)
    assert connection.execute("PRAGMA busy_timeout").fetchone() == (30_000,)
    indexing.withdraw(index.folder, ["b.txt"])
    assert list(index.articles) == ["a.txt", "b.txt"]


def test_what_came_later_is_found_as_in_a_fresh_index(tmp_path: Path) -> None:
    texts = {f"{n:02}.txt": f"Ferry {n} sank off Oslo in storm {n % 5}." for n in range(40)}
    first = {name: text for name, text in texts.items() if name < "30.txt"}
    make_index(tmp_path, {**first, "99.txt": "Ferry 99 sank off Oslo in storm 4."})
    (tmp_path / "corpus" / "99.txt").unlink()
    write_corpus(tmp_path / "corpus", texts)
    run(tmp_path)
    grown, fresh = Index.open(tmp_path / "index"), make_index(tmp_path / "fresh", texts)
    assert grown.manifest.digest == fresh.manifest.digest
    assert grown.articles == fresh.articles
    vector = HashingEmbedder().encode(["Ferry 35 sank off Oslo in storm 0."])[0]
    for found in ("nearest", "matching"):
        asked = vector if found == "nearest" else "ferry storm 35"
        (one, *_), (other, *_) = (getattr(i, found)(asked, 40) for i in (grown, fresh))
        assert (one[0].article_id, one[1]) == (
            other[0].article_id,
            pytest.approx(other[1], rel=0.05),
        )
        names = [
            {passage.article_id for passage, _ in getattr(i, found)(asked, 99)}
            for i in (grown, fresh)
        ]
        assert names == [set(texts)] * 2
    among = grown.among("35.txt", NO_FILTERS)
    assert [p.article_id for p, _ in grown.matching("ferry", 5, among)] == ["35.txt"]
    assert [p.article_id for p, _ in grown.nearest(vector, 5, among)] == ["35.txt"]


def test_twins_are_known_as_articles_come_and_go(tmp_path: Path) -> None:
    wire = "The ferry sank off Oslo at nine, said the harbour master, and nobody was hurt at all."
    make_index(tmp_path, {**TEXTS, "one.txt": wire})
    write_corpus(tmp_path / "corpus", {"three.txt": wire, "two.txt": wire})
    run(tmp_path)
    assert list(Index.open(tmp_path / "index").twins("one.txt")) == ["three.txt", "two.txt"]
    (tmp_path / "corpus" / "one.txt").unlink()
    run(tmp_path)
    assert list(Index.open(tmp_path / "index").twins("two.txt")) == ["three.txt"]
    indexing.withdraw(tmp_path / "index", ["three.txt"])
    assert list(Index.open(tmp_path / "index").twins("two.txt")) == []


def test_many_changes_have_the_search_files_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_CHANGES", 3)
    before = make_index(tmp_path, {f"{n}.txt": f"Ferry {n} sank." for n in range(20)}).manifest
    for number, anew in ((3, False), (4, True)):
        write_corpus(tmp_path / "corpus", {f"new{number}.txt": "It rained. It rained."})
        write_corpus(tmp_path / "corpus", {f"{number}.txt": "Nothing sank."})
        run(tmp_path)
        index = Index.open(tmp_path / "index")
        assert (index.manifest.search != before.search) is anew
        assert len(index.matching("sank", 99)) == 20
        assert len(index.matching("rained", 99)) == number - 2


def test_a_folder_that_nobody_can_write_is_served(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    del index  # the last user of the database cleans up
    folder = tmp_path / "index"
    folder.chmod(0o555)
    opened = [path for path in tmp_path.parents if not path.stat().st_mode & 0o001]
    modes = [path.stat().st_mode for path in opened]
    root = os.geteuid() == 0
    try:
        if root:  # root may write everywhere, so continue as another user
            for path in [*opened, tmp_path]:
                path.chmod(path.stat().st_mode | 0o055)
            os.seteuid(65534)
        found = Index.open(folder)
        assert found.article("a.txt").text == TEXTS["a.txt"]
        assert [passage.article_id for passage, _ in found.matching("police", 5)] == ["a.txt"]
    finally:
        if root:
            os.seteuid(0)
            for path, mode in zip(opened, modes, strict=True):
                path.chmod(mode)
        folder.chmod(0o755)


# --- earlier versions, and copies ---------------------------------------------------------------


def former(tmp_path: Path, texts: dict[str, str]) -> Path:
    """An index as the previous version wrote it, of four articles; ``c.txt`` is withdrawn."""
    shutil.copytree(ROOT / "tests/saved/index_of_schema_4", tmp_path / "index")
    return write_corpus(tmp_path / "corpus", texts)


@pytest.mark.parametrize("text", ['{"withdrawn": ["c.tx', "[]", '{"withdrawn": 7}'])
def test_a_damaged_list_of_withdrawn_articles_is_named_and_kept(tmp_path: Path, text: str) -> None:
    former(tmp_path, TEXTS)
    manifest = tmp_path / "index" / "manifest.json"
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(IndexUnusableError, match=r"manifest\.json' of an earlier index is damaged"):
        run(tmp_path)
    assert manifest.read_text(encoding="utf-8") == text


def test_an_index_of_an_earlier_version_is_taken_over_by_the_first_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As when it was made: what another version has cut is embedded again.
    monkeypatch.setattr(segment, "VERSION", 2)
    corpus = former(
        tmp_path, {**TEXTS, "c.txt": "Havana opened a school.", "d.txt": TEXTS["b.txt"]}
    )
    assert "is of an earlier version: run `pullquote index`" in unusable(tmp_path / "index")
    embedder = HashingEmbedder()
    report = run(tmp_path, embedder)
    # Sources that were in another folder then are read again, and have not changed.
    assert (report.articles, report.embedded, embedder.encoded) == (3, 0, [])
    index = Index.open(tmp_path / "index")
    assert list(index.articles) == ["a.txt", "b.txt", "d.txt"]
    assert list(index.twins("b.txt")) == ["d.txt"]
    assert sorted(path.name for path in (tmp_path / "index").iterdir() if path.is_dir()) == [
        index.manifest.search
    ]
    assert not (tmp_path / "index" / "manifest.json").exists()
    # A withdrawn article stays out until it is restored.
    assert not run(tmp_path).written
    indexing.restore(tmp_path / "index", ["c.txt"])
    assert run(tmp_path).articles == 4
    assert corpus.is_dir()


def test_of_a_damaged_index_of_an_earlier_version_what_was_withdrawn_stays_out(
    tmp_path: Path,
) -> None:
    former(tmp_path, {**TEXTS, "c.txt": "Havana opened a school."})
    (build,) = (tmp_path / "index").glob("build-*")
    (build / "articles.sqlite").write_bytes(b"not a database " * 100)
    assert (run(tmp_path).embedded, run(tmp_path).embedded) == (2, 0)
    assert list(Index.open(tmp_path / "index").articles) == ["a.txt", "b.txt"]


def test_an_index_of_an_earlier_version_stays_while_the_new_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former(tmp_path, TEXTS)
    before = sorted((tmp_path / "index").rglob("*"))

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(former_index, "stage", broken)
        with pytest.raises(IndexUnusableError, match=r"cannot be written \(disk I/O error\)"):
            run(tmp_path)
    assert {*before} <= {*(tmp_path / "index").rglob("*")}
    assert run(tmp_path).articles == 2


def test_a_copy_is_whole_and_none_is_overwritten(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    assert back_up(index.folder, tmp_path / "copy") == index.manifest
    shutil.rmtree(index.folder)
    copy = Index.open(tmp_path / "copy")
    assert copy.articles == index.articles
    assert [passage.article_id for passage, _ in copy.matching("police", 5)] == ["a.txt"]
    with pytest.raises(IndexUnusableError, match="There is an index in"):
        back_up(tmp_path / "copy", tmp_path / "copy")


def test_a_copy_has_the_search_files_that_a_run_wrote_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, TEXTS)
    write_corpus(tmp_path / "corpus", {"c.txt": "Havana opened a school."})
    monkeypatch.setattr(search, "_CHANGES", 0)
    copy, begun = shutil.copytree, False

    def replaced_meanwhile(*args: Any, **others: Any) -> object:
        nonlocal begun
        if not begun:
            begun = True
            run(tmp_path)
        return copy(*args, **others)

    monkeypatch.setattr(shutil, "copytree", replaced_meanwhile)
    assert back_up(tmp_path / "index", tmp_path / "copy") == Manifest.read(tmp_path / "index")
    assert begun
    index = Index.open(tmp_path / "copy")
    assert list(index.articles) == ["a.txt", "b.txt", "c.txt"]
    assert list(index.folder.glob("search-*")) == [search_files(index)]


def test_a_server_sees_a_database_that_was_replaced_beside_a_log(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    indexing.withdraw(index.folder, ["b.txt"])
    log = index.folder / f"{DATABASE}-wal"
    before = opening._written(index.folder)
    assert before[1] == log.stat().st_size > 0
    os.utime(index.folder / DATABASE, ns=(1, 1))
    assert opening._written(index.folder) != before


def test_a_run_is_told_what_it_would_no_longer_read(tmp_path: Path) -> None:
    folder, corpus = make_index(tmp_path, TEXTS).folder, tmp_path / "corpus"
    news, town = write_corpus(tmp_path / "news", {"c.txt": "Havana opened a school."}), corpus / "t"
    town.mkdir()
    url = "http://127.0.0.1:1/feed"
    indexing.update(
        [corpus, news, town], folder, "hashing", lambda _: HashingEmbedder(), urls=[url]
    )
    assert forgotten(folder, [corpus], ()) == ((str(news),), (url,))
    assert forgotten(folder, [news, corpus], (url,)) == ((), ())
    assert forgotten(tmp_path / "none", [corpus], ()) == ((), ())
