"""corpus -> index: what is embedded again, what a failure or a kill leaves, what counts as new."""

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
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from filelock import FileLock

from pullquote.digest import article_digest
from pullquote.errors import CorpusError, IndexUnusableError
from pullquote.index import store
from pullquote.index import update as indexing
from pullquote.index.manifest import Manifest
from pullquote.index.outdated import is_outdated
from pullquote.index.store import Index
from pullquote.index.update import Report
from pullquote.ingest.corpus import LeftOut
from pullquote.ingest.formats import files, plain
from pullquote.source_states import Ledger, SourceRecord
from pullquote.text import segment
from pullquote.types import Passage
from tests.support.indexes import HashingEmbedder, make_index, write_corpus
from tests.support.places import ROOT

if TYPE_CHECKING:
    from pullquote.types import Vectors

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


def unusable(tmp_path: Path, embedder: HashingEmbedder) -> str:
    with pytest.raises(IndexUnusableError) as caught:
        update(tmp_path, embedder)
    return str(caught.value)


def same_vectors(one: Index, other: Index, article_id: str) -> bool:
    return np.array_equal(one.passage_vectors(article_id), other.passage_vectors(article_id))


def halved(vectors: Vectors) -> Vectors:
    """In the precision in which they are kept."""
    return vectors.astype(np.float16).astype(np.float32)


def embedded_texts(*texts: str) -> list[str]:
    """What the embedder is given for short articles: the one passage of each."""
    return list(texts)


def entries(folder: Path) -> list[str]:
    """What lies in an index folder, but for the lock file, which may stay."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def ledger_of(folder: Path) -> list[SourceRecord]:
    return list(Ledger(folder / Manifest.read(folder).build).all())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock" and not path.name.startswith("journal.")
    }


# --- the round trip --------------------------------------------------------------------------


def test_an_index_gives_back_exactly_what_was_indexed(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    texts = {"a.txt": AMAZON, "b/nasty.md": NASTY, "c.txt": " date 2020-06-11 " + AMAZON}
    index = make_index(tmp_path, texts, embedder)
    articles = {name: plain.parse(name, text.encode()) for name, text in texts.items()}
    assert index.articles == articles
    number = 0
    for name, article in articles.items():
        sentences = segment.split(article)
        assert index.article(name).text == texts[name]
        assert tuple(index.sentences(name)) == sentences
        slices = [article.text[s.start : s.end] for s in sentences]
        passages = segment.passages(name, sentences, embedder.count_tokens(slices), number)
        assert tuple(index.passages(name)) == passages
        number += len(passages)
        whole = [store.passage_text(article, sentences, passage) for passage in passages]
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
    assert [it.article_id for it, _ in index.matching("police", 5)] == ["two\nlines.txt"]
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
    assert embedder.encoded == embedded_texts(AMAZON, FLOYD, CUBA)


def test_progress_counts_bytes_from_none_to_all(tmp_path: Path) -> None:
    root = write_corpus(tmp_path / "corpus", {"a.txt": AMAZON, "b.txt": FLOYD})
    seen: list[tuple[int, int]] = []
    indexing.update(
        [root],
        tmp_path / "index",
        "hashing",
        lambda _: HashingEmbedder(),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert (seen[0], seen[-1]) == ((0, 91), (91, 91))


def test_many_articles_in_several_batches_keep_their_own_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_TEXTS_AT_ONCE", 4)
    texts = {f"{i:02}.txt": f"Number {i} has words. More of {i * i} here." for i in range(11)}
    index = make_index(tmp_path, texts)
    for name, text in texts.items():
        assert np.array_equal(index.passage_vectors(name), halved(HashingEmbedder().encode([text])))


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
    assert one.manifest.build != two.manifest.build


def test_a_changed_article_alone_is_embedded(tmp_path: Path, embedder: HashingEmbedder) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD, "c.txt": CUBA})
    write_corpus(tmp_path / "corpus", {"b.txt": "Floyd was buried."})
    assert update(tmp_path, embedder) == Report(
        articles=3, sentences=4, passages=3, embedded=1, removed=0, left_out=(), written=True
    )
    assert embedder.encoded == embedded_texts("Floyd was buried.")
    new = Index.open(tmp_path / "index")
    assert new.manifest.digest != old.manifest.digest
    assert new.article("b.txt").text == "Floyd was buried."
    assert same_vectors(old, new, "a.txt")
    assert same_vectors(old, new, "c.txt")
    assert np.array_equal(
        new.passage_vectors("b.txt"), halved(embedder.encode(["Floyd was buried."]))
    )
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
    assert sorted((it.id, it.article_id) for it, _ in found) == [(0, "b.txt"), (1, "c.txt")]
    assert same_vectors(old, new, "b.txt")
    assert same_vectors(old, new, "c.txt")
    with pytest.raises(KeyError):
        new.article("a.txt")


def test_an_added_article_moves_the_others_and_takes_nothing_from_them(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    old = make_index(tmp_path, {"b.txt": AMAZON, "d.txt": FLOYD})
    write_corpus(tmp_path / "corpus", {"a.txt": CUBA, "c.txt": "Rain fell in Oslo."})
    assert update(tmp_path, embedder) == Report(
        articles=4, sentences=6, passages=4, embedded=2, removed=0, left_out=(), written=True
    )
    assert embedder.encoded == embedded_texts(CUBA, "Rain fell in Oslo.")
    new = Index.open(tmp_path / "index")
    assert [new.passages(name) for name in new.articles] == [
        [Passage(0, "a.txt", 0, 0)],
        [Passage(1, "b.txt", 0, 1)],
        [Passage(2, "c.txt", 0, 0)],
        [Passage(3, "d.txt", 0, 1)],
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
    assert changed.encoded == embedded_texts(AMAZON, FLOYD, CUBA)
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
    old = make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    embedder = HashingEmbedder("hashing-2")
    assert update(tmp_path, embedder, rebuild=True) == Report(
        articles=2, sentences=4, passages=2, embedded=2, removed=0, left_out=(), written=True
    )
    assert embedder.encoded == embedded_texts(AMAZON, FLOYD)
    new = Index.open(tmp_path / "index")
    assert new.manifest.embedder_digest == "hashing-2"
    assert entries(tmp_path / "index") == [new.manifest.build, "manifest.json"]
    assert new.manifest.build != old.manifest.build


def test_other_segmentation_embeds_everything_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON, "b.txt": FLOYD})
    monkeypatch.setattr(segment, "VERSION", segment.VERSION + 1)
    embedder = HashingEmbedder()
    assert update(tmp_path, embedder).embedded == 2
    assert embedder.encoded == embedded_texts(AMAZON, FLOYD)


def test_a_damaged_index_is_built_anew(tmp_path: Path, embedder: HashingEmbedder) -> None:
    index = make_index(tmp_path, {"a.txt": AMAZON})
    (tmp_path / "index" / index.manifest.build / store.SENTENCES).write_bytes(b"")
    assert update(tmp_path, embedder).embedded == 1
    assert Index.open(tmp_path / "index").manifest.digest == index.manifest.digest


# --- left-out files, and what counts as outdated -----------------------------------------------


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
    assert {Path(it.key).name: len(it.faults) for it in ledger_of(tmp_path / "index")} == {
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


def test_times_that_changed_are_recorded_without_a_new_build(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    old = make_index(tmp_path, {"a.txt": AMAZON})
    os.utime(tmp_path / "corpus" / "a.txt", ns=(1, 1))
    assert not update(tmp_path, embedder).written
    new = Manifest.read(tmp_path / "index")
    assert [it.mtime_ns for it in ledger_of(tmp_path / "index")] == [1]
    assert (new.build, new.digest) == (old.manifest.build, old.manifest.digest)


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
        assert [it.id for it, _ in index.nearest(vector, 5)] == [0]
        assert [it.id for it, _ in index.matching(question, 5)] in ([], [0])
    assert index.passages("a.txt") == [Passage(0, "a.txt", 0, 0)]
    assert [it for it in caplog.records if it.levelname != "DEBUG"] == []


def test_a_wordless_article_beside_others_is_never_matched(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"a.txt": "a b c", "b.txt": AMAZON, "c.txt": "The and."})
    assert [it.article_id for it, _ in index.matching("a the police", 5)] == ["b.txt"]


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
    twin = make_index(tmp_path / "twin", {"a.txt": AMAZON, "b.txt": FLOYD})
    before = contents(tmp_path / "index")
    write_corpus(tmp_path / "corpus", {"b.txt": FLOYD})
    manifest_size = (tmp_path / "twin" / "index" / "manifest.json").stat().st_size - 200
    sizes = {it.size for it in twin.manifest.files.values()} | {manifest_size}
    for size in sorted(sizes):
        with file_size_limit(size - 1):
            message = unusable(tmp_path, embedder)
        assert message.startswith(f"The index folder '{tmp_path}/index' cannot be written ("), (
            message
        )
        assert message.endswith(
            "): make it writable, or name another with --index. What was there is untouched."
        )
        after = contents(tmp_path / "index")
        after.pop(".manifest.json.tmp", None)
        assert after == before
        assert Index.open(tmp_path / "index").manifest == old.manifest
    assert update(tmp_path, embedder).written
    assert entries(tmp_path / "index") == [
        Manifest.read(tmp_path / "index").build,
        "manifest.json",
    ]


def test_a_full_disk_says_so(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    assert unusable(tmp_path, embedder) == (
        f"The index folder '{tmp_path}/index' cannot be written (No space left on device): make it "
        "writable, or name another with --index. What was there is untouched."
    )
    assert entries(tmp_path / "index") == ["journal.sqlite"]


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
    assert entries(tmp_path / "index") == ["journal.sqlite"]


def test_a_run_with_nothing_to_do_still_removes_what_a_kill_left(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    build = make_index(tmp_path, {"a.txt": AMAZON}).manifest.build
    write_corpus(tmp_path / "index", {"build-0/articles.jsonl": "{", ".manifest.json.tmp": "{"})
    assert not update(tmp_path, embedder).written
    assert entries(tmp_path / "index") == [build, "manifest.json"]


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
        if root:  # who may write everywhere; somebody else may not
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


def test_ctrl_c_after_the_new_manifest_does_not_delete_what_it_names(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    write_corpus(tmp_path / "corpus", {"a.txt": FLOYD})
    write = Manifest.write

    def write_then_ctrl_c(manifest: Manifest, folder: Path) -> None:
        write(manifest, folder)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "write", write_then_ctrl_c)
        with pytest.raises(KeyboardInterrupt):
            update(tmp_path, embedder)
    index = Index.open(tmp_path / "index")
    assert index.article("a.txt").text == FLOYD
    assert len(entries(tmp_path / "index")) == 4
    assert not update(tmp_path, embedder).written
    assert entries(tmp_path / "index") == [index.manifest.build, "manifest.json"]


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


#: Forks indexers and kills each before its n-th change to the file system, n = 1, 2, ..., until
#: one lives through. Each works on its own copy of the index folder.
KILLER = """
import os, shutil, signal, sys
from pathlib import Path
from tests.support.indexes import HashingEmbedder
from pullquote.index import update as indexing

work = Path(sys.argv[1])
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "fcntl.flock"}
WRITING = os.O_WRONLY | os.O_RDWR

def index(folder, step):
    seen = 0
    def hook(event, args):
        nonlocal seen
        if not (event in CHANGES or event == "open" and args[2] & WRITING):
            return
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
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
    """The index folder as each kill left it, in the order of the kills; the last was not killed."""
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
        assert entries(folder) == [again.manifest.build, "manifest.json"]
    switch = found.index(new.manifest.digest)
    assert set(found[:switch]) == {old.manifest.digest}
    assert set(found[switch:]) == {new.manifest.digest}
    assert switch > 20
    assert len(found) - switch > 5


@pytest.mark.slow
def test_a_kill_while_building_the_first_index_leaves_none_or_the_whole(tmp_path: Path) -> None:
    texts = {"a.txt": AMAZON}
    write_corpus(tmp_path / "corpus", texts)
    whole = make_index(tmp_path / "twin", texts)
    built: list[bool] = []
    for folder in killed_folders(tmp_path):
        built.append((folder / "manifest.json").exists())
        if built[-1]:
            assert Index.open(folder).articles == whole.articles
        else:
            with pytest.raises(IndexUnusableError, match=r"There is no index in .*: build it"):
                Index.open(folder)
        indexing.update([tmp_path / "corpus"], folder, "hashing", lambda _: HashingEmbedder())
        again = Index.open(folder)
        assert again.manifest.digest == whole.manifest.digest
        assert entries(folder) == [again.manifest.build, "manifest.json"]
    assert built == sorted(built)
    assert built[0] is False
    assert built[-1] is True


#: An indexer that takes its time over each group of texts, so that a kill meets it anywhere.
SLOW = """
import sys, time
from pathlib import Path
from tests.support.indexes import HashingEmbedder
from pullquote.index import update as indexing

class Slow(HashingEmbedder):
    def encode(self, texts):
        time.sleep(0.01)
        return super().encode(texts)

indexing._TEXTS_AT_ONCE = 16
work = Path(sys.argv[1])
print("begun", flush=True)
report = indexing.update([work / "corpus"], work / "index", "hashing", lambda _: Slow())
print(report.embedded, flush=True)
"""


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_ends_as_one_that_never_was(tmp_path: Path) -> None:
    texts = {f"{n:03}.txt": f"Number {n} is here. It has {n * n} more." for n in range(300)}
    whole = make_index(tmp_path / "whole", texts)
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
            # Always longer: at last it gets to its end.
            output, _ = process.communicate(timeout=chance.random() * 0.3 * (1 + kills))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
        journal = tmp_path / "index" / "journal.sqlite"
        # Once the index is there, the journal is on its way out.
        if journal.exists() and not (tmp_path / "index" / "manifest.json").exists():
            with closing(sqlite3.connect(journal)) as connection, suppress(sqlite3.Error):
                query = "SELECT count(*) FROM article"
                now = connection.execute(query).fetchone()[0]
                # What was done stays done.
                assert now >= journaled
                journaled = now
    # The last kill may have come when all was done, but for the tidying up.
    assert output in ("300\n", "0\n")
    assert kills >= 2
    assert journaled > 0
    index = Index.open(tmp_path / "index")
    assert index.manifest.digest == whole.manifest.digest
    assert index.articles == whole.articles
    assert all(same_vectors(index, whole, name) for name in texts)
    for name in ("sentences.npy", "passages.npy", "terms/tokens.npy"):
        assert index.manifest.files[name].size == whole.manifest.files[name].size
    assert entries(tmp_path / "index") == [index.manifest.build, "manifest.json"]


def test_a_damaged_journal_is_begun_anew(tmp_path: Path, embedder: HashingEmbedder) -> None:
    write_corpus(tmp_path / "corpus", {"a.txt": AMAZON})
    write_corpus(tmp_path / "index", {"journal.sqlite": b"not a database " * 100})
    assert update(tmp_path, embedder).embedded == 1
    index = Index.open(tmp_path / "index")
    assert entries(tmp_path / "index") == [index.manifest.build, "manifest.json"]


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
    # The other way round: what comes first in the order takes it from who had it.
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


def test_the_manifest_is_readable_json(tmp_path: Path) -> None:
    make_index(tmp_path, {"a.txt": AMAZON})
    manifest = json.loads((tmp_path / "index" / "manifest.json").read_text())
    assert manifest["schema"] == 3
    assert manifest["embedder"] == "hashing"
    assert manifest["dimension"] == 64
    assert (manifest["sentences"], manifest["passages"]) == (2, 1)
