"""Indexing a corpus: what is embedded again, what a failure or kill leaves, what counts as new."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from filelock import FileLock

from pullquote import source_states
from pullquote.digest import article_digest
from pullquote.errors import CorpusError, IndexUnusableError
from pullquote.index import database, run
from pullquote.index import update as indexing
from pullquote.index.database import DATABASE, open_for_reading
from pullquote.index.manifest import Manifest
from pullquote.index.outdated import is_outdated
from pullquote.index.run import Step
from pullquote.index.store import Index, passage_text
from pullquote.index.update import Report
from pullquote.ingest.corpus import LeftOut
from pullquote.ingest.formats import files, plain
from pullquote.source_states import SourceRecord
from pullquote.text import segment
from pullquote.text.findable import findable
from pullquote.types import Article, Passage
from tests.support.indexes import HashingEmbedder, make_index, write_corpus
from tests.support.places import ROOT

if TYPE_CHECKING:
    from pullquote.protocols import Vectors

AMAZON = "Amazon banned police use. The company did not say why."
FLOYD = "Floyd died May 25. Protests followed."
CUBA = "Havana opened a school."

NASTY = (
    "Title: Na\u00efve\r\n\r\n"
    "Cafe\u0301 👩‍👩‍👧 said\u00a0yes. It rained. It rained.\r\nIt rained again.\r\n\r\n"
    "“Quote left open. He left.\n\n\u2028🎉 The 1\u202f000\u00a0km walk ended.\n"
)


def update(
    tmp_path: Path,
    embedder: HashingEmbedder,
    name: str = "hashing",
    *,
    rebuild: bool = False,
) -> Report:
    return indexing.update(
        [tmp_path / "corpus"], tmp_path / "index", name, lambda _: embedder, rebuild=rebuild
    )


def unusable(tmp_path: Path, embedder: HashingEmbedder, *, rebuild: bool = False) -> str:
    with pytest.raises(IndexUnusableError) as caught:
        update(tmp_path, embedder, rebuild=rebuild)
    return str(caught.value)


def unfinished(tmp_path: Path, embedder: HashingEmbedder, name: str = "hashing") -> None:
    """A run that reads and embeds everything, and then publishes nothing."""
    corpus = write_corpus(tmp_path / "corpus", {"logo.png": "x"})
    with pytest.raises(CorpusError, match="so nothing was changed"):
        indexing.update([corpus], tmp_path / "index", name, lambda _: embedder, strict=True)
    (corpus / "logo.png").unlink()


def execute(folder: Path, statement: str) -> None:
    """Change the database as Pullquote never does."""
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        connection.execute(statement)


def same_vectors(one: Index, other: Index, article_id: str) -> bool:
    return np.array_equal(one.passage_vectors(article_id), other.passage_vectors(article_id))


def halved(vectors: Vectors) -> Vectors:
    """Vectors rounded to the half precision in which an index stores them."""
    return vectors.astype(np.float16).astype(np.float32)


def of_passage(article: Article) -> Vectors:
    """The vector of an article that is one passage, embedded below its title."""
    return halved(HashingEmbedder().encode([findable(article.title, article.text)]))


def embedded(embedder: HashingEmbedder) -> list[str]:
    """The passages that the embedder has encoded, each without the title above it."""
    return [text.partition("\n")[2] for text in embedder.encoded]


def entries(folder: Path) -> list[str]:
    """The files in an index folder, without the lock file and SQLite's auxiliary files."""
    passing = (".lock", f"{DATABASE}-wal", f"{DATABASE}-shm")
    return sorted(path.name for path in folder.iterdir() if path.name not in passing)


def whole(index: Index) -> list[str]:
    """The files in the folder of an intact index."""
    return [DATABASE, index.manifest.search]


def ledger_of(folder: Path) -> list[SourceRecord]:
    with closing(open_for_reading(folder)) as connection:
        return list(source_states.read(connection, "source").values())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock" and not path.name.startswith(DATABASE)
    }


# --- the round trip --------------------------------------------------------------------------


def test_an_index_gives_back_exactly_what_was_indexed(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    texts = {"a.txt": AMAZON, "b/nasty.md": NASTY, "c.txt": " date 2020-06-11 " + AMAZON}
    index = make_index(tmp_path, texts, embedder)
    articles = {name: plain.parse(name, text.encode()) for name, text in texts.items()}
    assert index.articles == articles
    number = 1
    for name, article in articles.items():
        sentences = segment.split(article)
        assert index.article(name).text == texts[name]
        assert tuple(index.sentences(name)) == sentences
        slices = [article.text[s.start : s.end] for s in sentences]
        passages = segment.passages(name, sentences, embedder.count_tokens(slices))
        assert index.passages(name) == [replace(one, id=number + one.id) for one in passages]
        number += len(passages)
        whole = [
            findable(article.title, passage_text(article, sentences, passage))
            for passage in passages
        ]
        assert np.array_equal(index.passage_vectors(name), halved(embedder.encode(whole)))
        assert index.manifest_digest(name) == article_digest(article)


def test_repeated_sentences_keep_their_own_places(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"a.txt": NASTY})
    starts = [s.start for s in index.sentences("a.txt") if NASTY[s.start : s.end] == "It rained."]
    first = NASTY.index("It rained.")
    assert starts == [first, first + len("It rained. ")]


def test_a_name_with_a_line_break_goes_through_the_index(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"two\nlines.txt": AMAZON})
    assert index.article("two\nlines.txt").text == AMAZON
    assert [source.article_id for source, _ in index.matching("police", 5)] == ["two\nlines.txt"]
    assert not is_outdated(tmp_path / "index")


def test_a_name_that_is_not_utf8_is_reported_and_does_no_harm(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})
    strange = tmp_path / "corpus" / os.fsdecode(b"caf\xe9.txt")
    strange.write_text(FLOYD)
    report = update(tmp_path, HashingEmbedder())
    assert report.left_out == (LeftOut(strange, "its name is not UTF-8: rename it"),)
    index = Index.open(tmp_path / "index")
    assert list(index.articles) == ["a.txt"]
    assert not is_outdated(tmp_path / "index")


def test_a_corpus_folder_whose_name_is_not_utf8_is_indexed(tmp_path: Path) -> None:
    root = write_corpus(tmp_path / os.fsdecode(b"caf\xe9"), {"a.txt": AMAZON, "b.txt": ""})
    index_folder = tmp_path / "index"
    indexing.update([root], index_folder, "hashing", lambda _: HashingEmbedder())
    manifest = Manifest.read(index_folder)
    assert manifest.corpus == (str(root),)
    assert not is_outdated(tmp_path / "index")


def test_an_index_folder_of_any_name_can_be_opened(tmp_path: Path) -> None:
    root = write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})
    folder = tmp_path / "deep" / "ín dex 🎉"
    indexing.update([root], folder, "hashing", lambda _: HashingEmbedder())
    assert list(Index.open(folder).articles) == ["a.txt"]


# --- what is done again ----------------------------------------------------------------------


def test_the_counts_of_a_run_are_reported(tmp_path: Path, embedder: HashingEmbedder) -> None:
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON, "b.txt": FLOYD, "c.txt": CUBA})
    assert update(tmp_path, embedder) == Report(
        articles=3, sentences=5, passages=3, embedded=3, removed=0, left_out=(), written=True
    )
    assert embedded(embedder) == [AMAZON, FLOYD, CUBA]


def test_progress_counts_files_read_and_bytes_only_when_they_are_embedded(tmp_path: Path) -> None:
    root = write_corpus(tmp_path / "corpus", {"a.txt": AMAZON, "b.txt": FLOYD})
    seen: list[Step] = []
    indexing.update(
        [root],
        tmp_path / "index",
        "hashing",
        lambda _: HashingEmbedder(),
        progress=seen.append,
    )
    # Both texts are read before anything is embedded: they are short and go in one batch.
    counts = list(dict.fromkeys((step.done, step.read) for step in seen))
    assert counts == [(0, 0), (0, 1), (0, 2), (91, 2)]
    assert {(step.total, step.sources) for step in seen} == {(91, 2)}


def test_many_articles_in_several_batches_keep_their_own_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_TEXTS_AT_ONCE", 4)
    texts = {f"{i:02}.txt": f"Number {i} has words. More of {i * i} here." for i in range(11)}
    index = make_index(tmp_path, texts)
    for name in texts:
        assert np.array_equal(index.passage_vectors(name), of_passage(index.article(name)))


def test_the_same_corpus_again_embeds_nothing_and_writes_nothing(tmp_path: Path) -> None:
    first = make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    before = contents(tmp_path / "index")

    def never(name: str) -> HashingEmbedder:
        raise AssertionError("the model was opened")

    report = indexing.update([tmp_path / "corpus"], tmp_path / "index", "hashing", never)
    assert report == Report(
        articles=2, sentences=4, passages=2, embedded=0, removed=0, left_out=(), written=False
    )
    assert contents(tmp_path / "index") == before
    assert Index.open(tmp_path / "index").manifest == first.manifest


def test_the_same_articles_elsewhere_give_the_same_digest(tmp_path: Path) -> None:
    texts = {"a.txt": AMAZON, "b.txt": FLOYD}
    one = make_index(tmp_path / "one", texts)
    two = make_index(tmp_path / "two", texts)
    assert one.manifest.digest == two.manifest.digest


def test_a_changed_article_alone_is_embedded(tmp_path: Path, embedder: HashingEmbedder) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD, "c.txt": CUBA})
    write_corpus(tmp_path / "corpus", {"b.txt": "Floyd was buried."})
    assert update(tmp_path, embedder) == Report(
        articles=3, sentences=4, passages=3, embedded=1, removed=0, left_out=(), written=True
    )
    assert embedded(embedder) == ["Floyd was buried."]
    new = Index.open(tmp_path / "index")
    assert new.manifest.digest != old.manifest.digest
    assert new.article("b.txt").text == "Floyd was buried."
    assert same_vectors(old, new, "a.txt")
    assert same_vectors(old, new, "c.txt")
    assert np.array_equal(new.passage_vectors("b.txt"), of_passage(new.article("b.txt")))
    assert new.matching("protests", 5) == []


def test_a_changed_header_alone_is_a_changed_article(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    make_index(tmp_path, {"a.txt": "Title: One\n" + AMAZON})
    write_corpus(tmp_path / "corpus", {"a.txt": "Title: Two\n" + AMAZON})
    assert update(tmp_path, embedder).embedded == 1
    assert Index.open(tmp_path / "index").article("a.txt").title == "Two"


def test_a_removed_article_is_gone_everywhere(tmp_path: Path, embedder: HashingEmbedder) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD, "c.txt": CUBA})
    (tmp_path / "corpus" / "a.txt").unlink()
    assert update(tmp_path, embedder) == Report(
        articles=2, sentences=3, passages=2, embedded=0, removed=1, left_out=(), written=True
    )
    assert embedder.encoded == []
    new = Index.open(tmp_path / "index")
    assert list(new.articles) == ["b.txt", "c.txt"]
    assert new.matching("Amazon police company", 5) == []
    found = new.nearest(embedder.encode([AMAZON])[0], 5)
    assert sorted(match.article_id for match, _ in found) == ["b.txt", "c.txt"]
    assert same_vectors(old, new, "b.txt")
    assert same_vectors(old, new, "c.txt")
    with pytest.raises(KeyError):
        new.article("a.txt")


def test_an_added_article_takes_nothing_from_the_others(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    old = make_index(tmp_path, {"b.txt": AMAZON, "d.txt": FLOYD})
    write_corpus(tmp_path / "corpus", {"a.txt": CUBA, "c.txt": "Rain fell in Oslo."})
    assert update(tmp_path, embedder) == Report(
        articles=4, sentences=6, passages=4, embedded=2, removed=0, left_out=(), written=True
    )
    assert embedded(embedder) == [CUBA, "Rain fell in Oslo."]
    new = Index.open(tmp_path / "index")
    assert [new.passages(name) for name in new.articles] == [
        [Passage(3, "a.txt", 0, 0)],
        [Passage(1, "b.txt", 0, 1)],
        [Passage(4, "c.txt", 0, 0)],
        [Passage(2, "d.txt", 0, 1)],
    ]
    assert same_vectors(old, new, "b.txt")
    assert same_vectors(old, new, "d.txt")
    for name, text in (("a.txt", CUBA), ("b.txt", AMAZON), ("d.txt", FLOYD)):
        assert new.nearest(embedder.encode([text])[0], 1)[0][0].article_id == name
        assert new.matching(text, 1)[0][0].article_id == name


def test_a_model_whose_weights_changed_embeds_everything_again(tmp_path: Path) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD}, HashingEmbedder("hashing-1"))
    write_corpus(tmp_path / "corpus", {"c.txt": CUBA})
    changed = HashingEmbedder("hashing-2")
    assert update(tmp_path, changed).embedded == 3
    assert embedded(changed) == [AMAZON, FLOYD, CUBA]
    new = Index.open(tmp_path / "index")
    assert new.manifest.embedder_digest == "hashing-2"
    assert new.manifest.digest != old.manifest.digest


def test_another_model_embeds_everything_again(tmp_path: Path) -> None:
    make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    other = HashingEmbedder("other")
    assert update(tmp_path, other, "another/model").embedded == 2
    manifest = Manifest.read(tmp_path / "index")
    assert (manifest.embedder, manifest.embedder_digest) == ("another/model", "other")


def test_rebuild_embeds_everything_again(tmp_path: Path) -> None:
    make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    embedder = HashingEmbedder("hashing-2")
    assert update(tmp_path, embedder, rebuild=True) == Report(
        articles=2, sentences=4, passages=2, embedded=2, removed=0, left_out=(), written=True
    )
    assert embedded(embedder) == [AMAZON, FLOYD]
    new = Index.open(tmp_path / "index")
    assert new.manifest.embedder_digest == "hashing-2"
    assert entries(tmp_path / "index") == whole(new)


def test_other_segmentation_embeds_everything_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    monkeypatch.setattr(segment, "VERSION", segment.VERSION + 1)
    embedder = HashingEmbedder()
    assert update(tmp_path, embedder).embedded == 2
    assert embedded(embedder) == [AMAZON, FLOYD]


def test_damaged_search_files_are_made_anew_and_nothing_is_embedded(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    index = make_index(tmp_path, {"a.txt": AMAZON})
    (tmp_path / "index" / index.manifest.search / "passages.npy").write_bytes(b"")
    with pytest.raises(IndexUnusableError, match=r"passages\.npy has another length"):
        Index.open(tmp_path / "index")
    assert update(tmp_path, embedder).embedded == 0
    new = Index.open(tmp_path / "index")
    assert new.manifest.digest == index.manifest.digest
    assert entries(tmp_path / "index") == whole(new)


def test_a_damaged_database_is_replaced_on_request_alone_and_what_was_withdrawn_stays_out(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    make_index(tmp_path, {f"{n:03}.txt": f"Number {n} is here. {AMAZON}" for n in range(99)})
    indexing.withdraw(tmp_path / "index", ["007.txt"])
    database = tmp_path / "index" / DATABASE
    data = bytearray(database.read_bytes())
    # Overwrite pages with articles, but not the first pages, which describe the database.
    data[len(data) // 2 : len(data) // 2 + 40_000] = b"x" * 40_000
    database.write_bytes(data)
    message = unusable(tmp_path, embedder)
    assert message.startswith(f"The index in '{tmp_path}/index' is damaged (")
    assert "`pullquote index --rebuild`" in message
    assert update(tmp_path, embedder, rebuild=True).articles == 98
    assert "007.txt" not in Index.open(tmp_path / "index").articles


@pytest.mark.parametrize("failing", [1, 2])
def test_a_full_disk_while_a_database_is_replaced_loses_no_list_of_withdrawn_articles(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    indexing.withdraw(tmp_path / "index", ["a.txt"])
    execute(tmp_path / "index", "PRAGMA user_version = 4")
    make, calls = database._make, 0

    def full(connection: sqlite3.Connection) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise sqlite3.OperationalError("database or disk is full")
        make(connection)

    with monkeypatch.context() as patch:
        # Called for the new database, and when it has taken the place of the old one.
        patch.setattr(database, "_make", full)
        assert "disk is full" in unusable(tmp_path, embedder, rebuild=True)
    assert update(tmp_path, embedder, rebuild=True).articles == 1
    index = Index.open(tmp_path / "index")
    assert list(index.articles) == ["b.txt"]
    assert entries(tmp_path / "index") == whole(index)


def test_a_database_of_another_format_is_written_to_on_request_alone(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    write_corpus(tmp_path / "corpus", {"b.txt": FLOYD})
    execute(tmp_path / "index", "PRAGMA user_version = 99")
    before = (tmp_path / "index" / DATABASE).read_bytes()
    assert unusable(tmp_path, embedder) == (
        f"The index in '{tmp_path}/index' has format 99, and this version of Pullquote reads 5: "
        "build it again with `pullquote index --rebuild`."
    )
    assert (tmp_path / "index" / DATABASE).read_bytes() == before
    assert update(tmp_path, embedder, rebuild=True).articles == 2


def test_a_damaged_manifest_is_replaced_on_request_alone(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    digest = make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD}).manifest.digest
    execute(
        tmp_path / "index",
        "UPDATE state SET value = json_set(value, '$.newer', 1) WHERE key = 'manifest'",
    )
    assert "(its manifest cannot be read)" in unusable(tmp_path, embedder)
    assert update(tmp_path, embedder, rebuild=True).embedded == 2
    assert Index.open(tmp_path / "index").manifest.digest == digest


def test_left_out_files_are_reported_and_recorded(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    root = write_corpus(
        tmp_path / "corpus",
        {"a.txt": AMAZON, "b.jpg": b"%PDF", "c.txt": b"", "d.txt": b"Caf\xe9."},
    )
    (root / "e.txt").symlink_to(root / "gone")
    os.mkfifo(root / "f.txt")
    link = "it is not a regular file but a pipe, a device or a link to nothing"
    assert update(tmp_path, embedder).left_out == (
        LeftOut(root / "b.jpg", "it is not a text, Markdown, HTML, PDF, DOCX, EPUB or JSON file"),
        LeftOut(root / "c.txt", "it holds no text"),
        LeftOut(root / "d.txt", "it is not UTF-8 (byte 3 is 0xe9): save it as UTF-8"),
        LeftOut(root / "e.txt", link),
        LeftOut(root / "f.txt", link),
    )
    assert {Path(item.key).name: len(item.faults) for item in ledger_of(tmp_path / "index")} == {
        "a.txt": 0,
        "c.txt": 1,
        "d.txt": 1,
        "e.txt": 1,
        "f.txt": 1,
    }
    assert not is_outdated(tmp_path / "index")
    assert update(tmp_path, embedder).left_out[1].path == root / "c.txt"


def test_a_corpus_without_one_readable_article_names_every_file(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    root = write_corpus(tmp_path / "corpus", {"a.txt": "", "b.jpg": "x"})
    with pytest.raises(CorpusError) as caught:
        update(tmp_path, embedder)
    assert str(caught.value) == (
        "Nothing could be indexed. These files were left out:\n"
        f"  '{root}/b.jpg': it is not a text, Markdown, HTML, PDF, DOCX, EPUB or JSON file\n"
        f"  '{root}/a.txt': it holds no text"
    )


def test_an_empty_corpus_gives_an_index_that_the_first_article_goes_into(
    tmp_path: Path, embedder: HashingEmbedder, recwarn: pytest.WarningsRecorder
) -> None:
    (tmp_path / "corpus").mkdir()
    assert not update(tmp_path, embedder).left_out
    index = Index.open(tmp_path / "index")
    assert list(index.articles) == []
    assert index.nearest(embedder.encode(["why"])[0], 5) == []
    assert index.matching("why", 5) == []
    assert not is_outdated(tmp_path / "index")
    # The first article may even be embedded with another model.
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})
    assert is_outdated(tmp_path / "index")
    other = HashingEmbedder("hashing-2")
    other.dimension = 32
    assert update(tmp_path, other).embedded == 1
    index = Index.open(tmp_path / "index")
    assert list(index.articles) == ["a.txt"]
    assert index.nearest(other.encode(["Amazon"])[0], 5)
    assert not recwarn.list


def test_a_corpus_that_was_emptied_leaves_the_index(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    (tmp_path / "corpus" / "a.txt").unlink()
    with pytest.raises(CorpusError, match="There are no articles in"):
        update(tmp_path, embedder)
    assert list(Index.open(tmp_path / "index").articles) == ["a.txt"]


@pytest.mark.slow
def test_a_corpus_that_became_unreadable_leaves_the_index(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    before = contents(tmp_path / "index")
    write_corpus(tmp_path / "corpus", {"a.txt": b"\x00"})
    with pytest.raises(CorpusError):
        update(tmp_path, embedder)
    assert contents(tmp_path / "index") == before
    assert is_outdated(tmp_path / "index")


def test_an_edit_an_addition_and_a_removal_make_an_index_outdated(tmp_path: Path) -> None:
    texts = {"a.txt": AMAZON, "b.txt": FLOYD}
    make_index(tmp_path, texts)
    root = tmp_path / "corpus"
    assert not is_outdated(tmp_path / "index")
    (root / "a.txt").write_text(AMAZON.replace("banned", "halted"))  # of the same size
    os.utime(root / "a.txt", ns=(1, 1))
    assert is_outdated(tmp_path / "index")
    (root / "a.txt").write_text(AMAZON)
    assert not is_outdated(tmp_path / "index")
    (root / "c.txt").write_text(CUBA)
    assert is_outdated(tmp_path / "index")
    (root / "c.txt").unlink()
    assert not is_outdated(tmp_path / "index")
    (root / "b.txt").unlink()
    assert is_outdated(tmp_path / "index")
    (root / "a.txt").unlink()
    assert is_outdated(tmp_path / "index")


def test_a_left_out_file_that_was_mended_makes_an_index_outdated(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON, "b.txt": b"Caf\xe9."})
    update(tmp_path, HashingEmbedder())
    assert not is_outdated(tmp_path / "index")
    write_corpus(tmp_path / "corpus", {"b.txt": "Café."})
    assert is_outdated(tmp_path / "index")


def test_new_times_alone_do_not_make_an_index_outdated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "MAX_BYTES", 100)
    root = write_corpus(
        tmp_path / "corpus", {"a.txt": AMAZON, "b.txt": b"Caf\xe9.", "big.txt": b"a" * 101}
    )
    update(tmp_path, HashingEmbedder())
    for path in root.iterdir():
        os.utime(path, ns=(1, 1))
    assert not is_outdated(tmp_path / "index")


def test_a_new_file_of_another_kind_does_not_make_an_index_outdated(tmp_path: Path) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    write_corpus(tmp_path / "corpus", {"a.jpg": b"x", ".hidden.txt": b"x"})
    assert not is_outdated(tmp_path / "index")


def test_an_index_whose_corpus_is_gone_is_not_outdated(tmp_path: Path) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    shutil.rmtree(tmp_path / "corpus")
    assert not is_outdated(tmp_path / "index")


def test_an_index_whose_corpus_cannot_be_reached_is_not_outdated(tmp_path: Path) -> None:
    manifest = make_index(tmp_path, {"a.txt": AMAZON}).manifest
    with closing(database.open_for_writing(tmp_path / "index")) as connection:
        # Like a closed folder, a name that is too long is an error of the system.
        replace(manifest, corpus=("n" * 300,)).write(connection)
    assert not is_outdated(tmp_path / "index")


def test_a_file_written_while_it_is_read_does_not_pass_for_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})
    read_bytes = files.read_bytes

    def read_then_written(path: Path, limit: int) -> bytes:
        data = read_bytes(path, limit)
        path.write_text(FLOYD)
        return data

    with monkeypatch.context() as patch:
        patch.setattr(plain, "read_bytes", read_then_written)
        update(tmp_path, HashingEmbedder())
    assert (root / "a.txt").read_text() == FLOYD
    assert Index.open(tmp_path / "index").article("a.txt").text == AMAZON
    assert is_outdated(tmp_path / "index")


def test_times_that_changed_are_recorded_without_a_new_state(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON})
    os.utime(tmp_path / "corpus" / "a.txt", ns=(1, 1))
    assert not update(tmp_path, embedder).written
    new = Manifest.read(tmp_path / "index")
    assert [item.mtime_ns for item in ledger_of(tmp_path / "index")] == [1]
    assert new == old.manifest


# --- small and odd corpora --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Amazon banned it.",
        "a b c d",
        "The and of it was.",
        "1 2 3.",
        "12 2020 7.",
        "x",
        "日本語。",
        "# Only a heading",
        "- 1.",
        "Ä!",
    ],
)
def test_a_corpus_of_hardly_anything_can_be_indexed_and_searched(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    index = make_index(tmp_path, {"a.txt": text})
    embedder = HashingEmbedder()
    for question in (text, "?!", "", "🎉", "the", "x", "what is this about then"):
        vector = embedder.encode([question])[0] if question else np.zeros(64, np.float32)
        assert [item.id for item, _ in index.nearest(vector, 5)] == [1]
        assert [item.id for item, _ in index.matching(question, 5)] in ([], [1])
    assert index.passages("a.txt") == [Passage(1, "a.txt", 0, 0)]
    assert [record for record in caplog.records if record.levelname != "DEBUG"] == []


def test_a_wordless_article_beside_others_is_never_matched(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"a.txt": "a b c", "b.txt": AMAZON, "c.txt": "The and."})
    assert [source.article_id for source, _ in index.matching("a the police", 5)] == ["b.txt"]


# --- failures ---------------------------------------------------------------------------------


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Writing more than ``size`` bytes to one file fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_fails_in_any_file_leaves_the_old_index(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON})
    write_corpus(tmp_path / "corpus", {f"{n}.txt": f"{FLOYD} {n}" for n in range(2_100)})
    for size in (1, 10_000, 100_000, 300_000, 1_000_000):
        with file_size_limit(size):
            message = unusable(tmp_path, embedder)
        assert message.startswith(f"The index folder '{tmp_path}/index' cannot be written ("), (
            message
        )
        assert message.endswith(
            "): make it writable, or name another with --index. What was there is untouched."
        )
        assert Index.open(tmp_path / "index").manifest == old.manifest
        assert entries(tmp_path / "index") == whole(old)
    assert update(tmp_path, embedder).written
    new = Index.open(tmp_path / "index")
    assert entries(tmp_path / "index") == whole(new)
    assert new.manifest.articles == 2_101


def test_a_full_disk_says_so(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})

    def full(*args: object, **others: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "open_memmap", full)
    assert unusable(tmp_path, embedder) == (
        f"The index folder '{tmp_path}/index' cannot be written (No space left on device): make it "
        "writable, or name another with --index. What was there is untouched."
    )
    assert entries(tmp_path / "index") == [DATABASE]


def test_a_full_disk_under_faiss_says_so(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})

    def full(*args: object) -> None:
        raise RuntimeError("Error in virtual size_t faiss::FileIOWriter::operator()")

    monkeypatch.setattr("pullquote.index.vectors.FLAT_UP_TO", 0)
    monkeypatch.setattr("faiss.write_index", full)
    assert unusable(tmp_path, embedder) == (
        f"The index folder '{tmp_path}/index' cannot be written (passage_vectors.faiss could not "
        "be written): make it writable, or name another with --index. What was there is untouched."
    )
    assert entries(tmp_path / "index") == [DATABASE]


def test_a_run_with_nothing_to_do_still_removes_what_a_kill_left(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    index = make_index(tmp_path, {"a.txt": AMAZON})
    write_corpus(tmp_path / "index", {"search-0/passages.npy": "{"})
    assert not update(tmp_path, embedder).written
    assert entries(tmp_path / "index") == whole(index)


def test_a_read_only_index_folder_gives_a_clear_error(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    before = contents(tmp_path / "index")
    write_corpus(tmp_path / "corpus", {"a.txt": FLOYD})

    def read_only(*args: object, **others: object) -> None:
        raise OSError(30, "Read-only file system")

    expected = (
        f"The index folder '{tmp_path}/index' cannot be written (Read-only file system): make it "
        "writable, or name another with --index. What was there is untouched."
    )
    with monkeypatch.context() as patch:
        patch.setattr(FileLock, "acquire", read_only)
        assert unusable(tmp_path, embedder) == expected
    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", read_only)
        assert unusable(tmp_path, embedder) == expected
    assert contents(tmp_path / "index") == before


def test_an_index_folder_of_somebody_else_gives_a_clear_error(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    folder = tmp_path / "index"
    before = contents(folder)
    write_corpus(tmp_path / "corpus", {"a.txt": FLOYD})
    (folder / ".lock").unlink(missing_ok=True)
    folder.chmod(0o555)
    opened = [path for path in tmp_path.parents if not path.stat().st_mode & 0o001]
    modes = [path.stat().st_mode for path in opened]
    root = os.geteuid() == 0
    try:
        if root:  # root may write everywhere, so continue as another user
            for path in opened:
                path.chmod(path.stat().st_mode | 0o055)
            tmp_path.chmod(0o755)
            os.seteuid(65534)
        message = unusable(tmp_path, embedder)
    finally:
        if root:
            os.seteuid(0)
            for path, mode in zip(opened, modes, strict=True):
                path.chmod(mode)
        folder.chmod(0o755)
    assert message == (
        f"The index folder '{folder}' cannot be written (Permission denied): make it "
        "writable, or name another with --index. What was there is untouched."
    )
    assert contents(folder) == before


def test_an_index_path_that_is_a_file_gives_a_clear_error(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})
    (tmp_path / "index").write_text("mine")
    assert unusable(tmp_path, embedder) == (
        f"The index folder '{tmp_path}/index' cannot be written (File exists): make it "
        "writable, or name another with --index. What was there is untouched."
    )
    assert (tmp_path / "index").read_text() == "mine"


def test_ctrl_c_before_the_end_leaves_what_was_there(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    write_corpus(tmp_path / "corpus", {"a.txt": FLOYD})
    write = Manifest.write

    def write_then_ctrl_c(manifest: Manifest, connection: sqlite3.Connection) -> None:
        write(manifest, connection)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "write", write_then_ctrl_c)
        with pytest.raises(KeyboardInterrupt):
            update(tmp_path, embedder)
    assert Index.open(tmp_path / "index").article("a.txt").text == AMAZON
    # What was embedded is kept for the next run.
    embedder.encoded.clear()
    assert update(tmp_path, embedder).written
    assert embedder.encoded == []
    assert Index.open(tmp_path / "index").article("a.txt").text == FLOYD


def feed(count: int, name: str = "n") -> str:
    """The text of a file with ``count`` articles, one JSON line each."""
    lines = ({"id": f"{name}{n}", "text": f"Ferry {n} sank. It rained."} for n in range(count))
    return "".join(json.dumps(line) + "\n" for line in lines)


def interrupted(tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run an indexer that Ctrl-C stops when some articles of a file are stored and others not."""
    monkeypatch.setattr(run, "_TEXTS_AT_ONCE", 4)
    calls = 0

    def ctrl_c(step: Step) -> None:
        nonlocal calls
        calls += 1
        if calls > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexing.update(
            [tmp_path / "corpus"], tmp_path / "index", "hashing", lambda _: embedder,
            progress=ctrl_c,
        )  # fmt: skip


def test_a_file_of_many_articles_is_not_in_its_own_way_after_ctrl_c(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "corpus", {"a.ndjson": feed(30), "b.txt": AMAZON})
    interrupted(tmp_path, embedder, monkeypatch)
    kept = len(embedder.encoded)
    assert 0 < kept < 30
    report = update(tmp_path, embedder)
    assert (report.articles, report.left_out) == (31, ())
    # What was embedded before is not embedded again.
    assert len(embedder.encoded) == 31


def test_a_file_that_was_renamed_after_ctrl_c_accuses_nobody(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "corpus", {"a.ndjson": feed(30)})
    interrupted(tmp_path, embedder, monkeypatch)
    (tmp_path / "corpus" / "a.ndjson").rename(tmp_path / "corpus" / "z.ndjson")
    report = update(tmp_path, embedder)
    assert (report.articles, report.left_out) == (30, ())


def test_one_id_twice_in_a_file_is_told_after_ctrl_c_as_before(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "corpus", {"a.ndjson": feed(30) + feed(1)})
    interrupted(tmp_path, embedder, monkeypatch)
    report = update(tmp_path, embedder)
    assert report.articles == 30
    told = "line 31: its id 'n0' is that of an entry before: change one"
    assert [omission.reason for omission in report.left_out] == [told]


@pytest.mark.parametrize("then", ["hashing", "another"])
def test_what_another_model_embedded_before_a_run_ended_is_not_published(
    tmp_path: Path, then: str
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    write_corpus(tmp_path / "corpus", {"b.txt": FLOYD})
    unfinished(tmp_path, HashingEmbedder("tried"), "tried/model")
    digest = "hashing-1" if then == "hashing" else "hashing-3"
    embedder = HashingEmbedder(digest)
    update(tmp_path, embedder, then)
    assert embedded(embedder) == ([FLOYD] if then == "hashing" else [AMAZON, FLOYD])
    assert Manifest.read(tmp_path / "index").embedder_digest == digest


def test_what_a_model_with_new_weights_embedded_before_a_run_ended_is_used(tmp_path: Path) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    write_corpus(tmp_path / "corpus", {"b.txt": FLOYD})
    changed = HashingEmbedder("hashing-2")
    unfinished(tmp_path, changed)
    assert embedded(changed) == [AMAZON, FLOYD]
    assert update(tmp_path, changed).embedded == 2
    assert embedded(changed) == [AMAZON, FLOYD]
    assert Manifest.read(tmp_path / "index").embedder_digest == "hashing-2"


def test_an_article_that_is_restored_after_a_run_that_did_not_end_comes_back(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    indexing.withdraw(tmp_path / "index", ["a.txt"])
    write_corpus(tmp_path / "corpus", {"a.txt": CUBA})
    unfinished(tmp_path, embedder)
    indexing.restore(tmp_path / "index", ["a.txt"])
    assert update(tmp_path, embedder).articles == 2


@pytest.mark.slow
def test_the_warning_of_a_missing_text_is_that_of_the_page_as_it_is_now(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    shown = (
        "The council voted on Tuesday evening to open the old mill again, after years of debate."
    )
    hidden = (
        "The ferry across the river will close for the winter, because its landing stage is rotten "
        "and nobody wants to pay for it this year. The bridge beside it stays open for everybody."
    )
    declared = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "Mill opens",
            "articleBody": hidden,
        }
    )
    article = f"<article><h1>Mill opens</h1><p>{shown}</p><p>The mayor praised it.</p></article>"
    page = f"<html><head><title>Mill opens</title></head><body>{article}</body></html>"
    more = page.replace("</head>", f'<script type="application/ld+json">{declared}</script></head>')

    def missed(html: str, *, rebuild: bool = False) -> int:
        write_corpus(tmp_path / "corpus", {"a.html": html, "b.txt": FLOYD})
        return len(update(tmp_path, embedder, rebuild=rebuild).missed)

    assert [missed(page), missed(more), missed(page)] == [0, 1, 0]
    write_corpus(tmp_path / "corpus", {"a.html": more})
    unfinished(tmp_path, embedder)
    assert missed(more) == 1
    assert missed(more, rebuild=True) == 1
    assert missed(page, rebuild=True) == 0


@pytest.mark.slow
def test_of_two_indexers_at_once_the_second_is_told_to_wait(tmp_path: Path) -> None:
    root = write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})
    messages: list[str] = []

    class Busy(HashingEmbedder):
        def count_tokens(self, texts: object) -> list[int]:
            second = threading.Thread(
                target=lambda: messages.append(unusable(tmp_path, HashingEmbedder()))
            )
            second.start()
            second.join()
            return super().count_tokens(texts)  # type: ignore[arg-type]

    indexing.update([root], tmp_path / "index", "hashing", lambda _: Busy())
    assert messages == [
        f"Another `pullquote index` is writing to '{tmp_path}/index': wait until it is done."
    ]
    assert list(Index.open(tmp_path / "index").articles) == ["a.txt"]


#: Forks indexers, each on its own copy of the index, and kills each before its n-th change to the
#: file system or n-th database statement, n = 1, 2, ..., until one finishes.
KILLER = """
import os, shutil, signal, sqlite3, sys
from pathlib import Path
from tests.support.indexes import HashingEmbedder
from pullquote.index import update as indexing

work = Path(sys.argv[1])
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "fcntl.flock"}
WRITING = os.O_WRONLY | os.O_RDWR

def index(folder, step):
    seen = 0
    def count(*_):
        nonlocal seen
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
    def hook(event, args):
        if event in CHANGES or event == "open" and args[2] & WRITING:
            count()
    sys.addaudithook(hook)
    connect = sqlite3.connect
    def traced(*args, **others):
        connection = connect(*args, **others)
        connection.set_trace_callback(count)
        return connection
    sqlite3.connect = traced
    indexing.update([work / "corpus"], folder, "hashing", lambda _: HashingEmbedder())

for step in range(1, 1000):
    folder = work / f"killed-{step}"
    if (work / "index").exists():
        shutil.copytree(work / "index", folder)
    child = os.fork()
    if child == 0:
        try:
            index(folder, step)
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        print(step, os.waitstatus_to_exitcode(status))
        break
"""


def killed_folders(tmp_path: Path) -> list[Path]:
    """The index folder as each kill left it, in order; the last indexer was not killed."""
    paths = [ROOT, Path(indexing.__file__).parents[2]]
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        check=True,
    )
    steps, exit_code = map(int, done.stdout.split())
    assert exit_code == 0
    return [tmp_path / f"killed-{step}" for step in range(1, steps + 1)]


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_old_index_or_the_new(tmp_path: Path) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    new_texts = {"b.txt": "Floyd was buried.", "c.txt": CUBA}
    (tmp_path / "corpus" / "a.txt").unlink()
    write_corpus(tmp_path / "corpus", new_texts)
    new = make_index(tmp_path / "twin", new_texts)
    assert old.manifest.digest != new.manifest.digest
    found: list[str] = []
    for folder in killed_folders(tmp_path):
        index = Index.open(folder)
        found.append(index.manifest.digest)
        assert index.articles == (old if found[-1] == old.manifest.digest else new).articles
        indexing.update([tmp_path / "corpus"], folder, "hashing", lambda _: HashingEmbedder())
        again = Index.open(folder)
        assert again.manifest.digest == new.manifest.digest
        assert again.articles == new.articles
        assert all(same_vectors(again, new, name) for name in new.articles)
        assert entries(folder) == whole(again)
    switch = found.index(new.manifest.digest)
    assert set(found[:switch]) == {old.manifest.digest}
    assert set(found[switch:]) == {new.manifest.digest}
    assert switch > 20
    assert len(found) > switch


@pytest.mark.slow
def test_a_kill_while_building_the_first_index_leaves_none_or_the_whole(tmp_path: Path) -> None:
    texts = {"a.txt": AMAZON}
    write_corpus(tmp_path / "corpus", texts)
    twin = make_index(tmp_path / "twin", texts)
    folders = killed_folders(tmp_path)
    built: list[Path] = []
    for folder in folders:
        with suppress(IndexUnusableError):
            Manifest.read(folder)
            built.append(folder)
            assert Index.open(folder).articles == twin.articles
        indexing.update([tmp_path / "corpus"], folder, "hashing", lambda _: HashingEmbedder())
        again = Index.open(folder)
        assert again.manifest.digest == twin.manifest.digest
        assert entries(folder) == whole(again)
    assert 0 < len(built) < len(folders)
    assert built == folders[-len(built) :]


#: An indexer that is slow with each batch of texts, so that a kill may hit it anywhere.
SLOW = """
import sys, time
from pathlib import Path
from tests.support.indexes import HashingEmbedder
from pullquote.index import database, run
from pullquote.index import update as indexing

class Slow(HashingEmbedder):
    def encode(self, texts):
        time.sleep(0.01)
        return super().encode(texts)

run._TEXTS_AT_ONCE = 16
work = Path(sys.argv[1])
print("begun", flush=True)
report = indexing.update([work / "corpus"], work / "index", "hashing", lambda _: Slow())
print(report.embedded, flush=True)
"""


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_ends_as_one_that_never_was(tmp_path: Path) -> None:
    texts = {f"{n:03}.txt": f"Number {n} is here. It has {n * n} more." for n in range(300)}
    twin = make_index(tmp_path / "twin", texts)
    write_corpus(tmp_path / "corpus", texts)
    chance = random.Random(17)
    paths = [ROOT, Path(indexing.__file__).parents[2]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    kills, journaled = 0, 0
    while True:
        process = subprocess.Popen(
            [sys.executable, "-c", SLOW, str(tmp_path)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        try:
            # Longer each time, so that one run finishes at last.
            output, _ = process.communicate(timeout=chance.random() * 0.3 * (1 + kills))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
        database = tmp_path / "index" / DATABASE
        if database.exists():
            with closing(sqlite3.connect(database)) as connection, suppress(sqlite3.Error):
                query = "SELECT count(*) FROM article"
                now = connection.execute(query).fetchone()[0]
                # Finished work is never lost.
                assert now >= journaled
                journaled = now
    # The last kill may have come when only the clean-up was left.
    assert output in ("300\n", "0\n")
    assert kills >= 2
    assert journaled > 0
    index = Index.open(tmp_path / "index")
    assert index.manifest.digest == twin.manifest.digest
    assert index.articles == twin.articles
    assert all(same_vectors(index, twin, name) for name in texts)
    assert entries(tmp_path / "index") == whole(index)


def test_an_id_that_two_sources_have_goes_to_whoever_is_left(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    export = json.dumps({"id": "z.txt", "text": FLOYD})
    root = write_corpus(tmp_path / "corpus", {"a.ndjson": export})
    assert update(tmp_path, embedder).left_out == ()
    write_corpus(root, {"z.txt": AMAZON})
    for _ in range(2):
        (clash,) = update(tmp_path, embedder).left_out
        assert clash == LeftOut(
            root / "z.txt", f"{root}/a.ndjson has the same id, 'z.txt': rename one"
        )
        assert Index.open(tmp_path / "index").article("z.txt").text == FLOYD
    (root / "a.ndjson").unlink()
    assert update(tmp_path, embedder).left_out == ()
    assert Index.open(tmp_path / "index").article("z.txt").text == AMAZON
    # The other way round: the source that comes first gets the id, even if another had it before.
    write_corpus(root, {"a.ndjson": export})
    (clash,) = update(tmp_path, embedder).left_out
    assert clash.path == root / "z.txt"
    assert Index.open(tmp_path / "index").article("z.txt").text == FLOYD


def test_strict_leaves_everything_as_it_was_when_a_file_is_left_out(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON})
    root = write_corpus(tmp_path / "corpus", {"b.txt": FLOYD, "c.txt": b"\x00"})

    def strict() -> Report:
        return indexing.update(
            [root], tmp_path / "index", "hashing", lambda _: embedder, strict=True
        )

    with pytest.raises(CorpusError, match=r"so nothing was changed:\n.*c\.txt': it is binary"):
        strict()
    assert Index.open(tmp_path / "index").manifest == old.manifest
    (root / "c.txt").unlink()
    assert strict().written
