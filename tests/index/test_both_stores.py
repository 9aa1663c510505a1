"""What every index promises, wherever it is stored: the same tests for a folder and for Milvus."""

from __future__ import annotations

import importlib
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pullquote.errors import AddingError, IndexUnusableError, PullquoteError
from pullquote.index import update as indexing
from pullquote.index.additions import Additions
from pullquote.index.check import check as check_folder
from pullquote.index.database import DATABASE
from pullquote.index.interface import Store
from pullquote.index.manifest import Manifest
from pullquote.index.opened import open_catalog, open_store, read_manifest
from pullquote.index.preview import preview
from pullquote.index_place import MilvusPlace, Place, index_place
from pullquote.retrieval.retrieve import Retriever
from pullquote.types import NO_FILTERS, Filters, Passage
from tests.support.indexes import HashingEmbedder
from tests.support.stores import QUESTIONS, Kept, kept, town_articles

pytest.importorskip("pymilvus", reason="pip install 'pullquote[milvus]'")
pytest.importorskip("milvus_lite", reason="pip install 'pullquote[milvus]'")

from milvus_lite.server_manager import server_manager_instance

from pullquote.index.milvus import catalog as catalog_of_milvus
from pullquote.index.milvus import check as check_milvus
from pullquote.index.milvus import known, schema
from pullquote.index.milvus.client import Connected
from pullquote.index.milvus.state import State, open_for_reading

KINDS = ("folder", "milvus-lite")

A = "title: Wolves\ndate: 2020-05-04\n\nTwenty wolves live in Halden. Nobody counted the bears.\n"
B = "title: Trams\ndate: 2021-05-04\n\nThe tram opened in March. It was late, the mayor said.\n"


@pytest.fixture(autouse=True, scope="module")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        own = tmp_path_factory.mktemp("cache")
        patch.setattr(known, "user_cache_path", lambda *_, **__: own)
        yield


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Kept]:
    """The articles of the towns in both kinds of index. Not to be changed."""
    made = {kind: kept(kind, tmp_path_factory.mktemp(kind)) for kind in KINDS}
    for one in made.values():
        one.index(town_articles())
    return made


@pytest.fixture(params=KINDS)
def town(request: pytest.FixtureRequest, towns: dict[str, Kept]) -> Store:
    return towns[request.param].open()


@pytest.fixture(params=KINDS)
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """An index of two articles, to be changed."""
    made = kept(request.param, tmp_path)
    made.index({"a.txt": A, "b.txt": B})
    return made


def place(passage: Passage) -> tuple[str, int, int]:
    return passage.article_id, passage.first, passage.last


def found(store: Store, question: str) -> list[str]:
    hits = Retriever(store, HashingEmbedder(), 6).retrieve(question)
    return [hit.passage.article_id for hit in hits]


# --- both find the same ------------------------------------------------------------------------


def test_both_find_the_same_passages_for_fifty_questions(towns: dict[str, Kept]) -> None:
    both = [Retriever(towns[kind].open(), HashingEmbedder(), 8).retrieve for kind in KINDS]
    first, shared = 0, 0
    for question in QUESTIONS:
        here, there = ([place(hit.passage) for hit in find(question)] for find in both)
        assert len(here) == len(there) == 8
        first += here[0] == there[0]
        shared += len({*here} & {*there})
    assert first >= 0.98 * len(QUESTIONS)
    assert shared >= 7 * len(QUESTIONS)


def test_both_give_the_same_scores(towns: dict[str, Kept]) -> None:
    folder, milvus = (towns[kind].open() for kind in KINDS)
    for question in QUESTIONS[:8]:
        here, there = (store.matching(question, 5) for store in (folder, milvus))
        assert [score for _, score in there] == pytest.approx([s for _, s in here], rel=1e-4)
        vector = HashingEmbedder().encode([question])[0]
        here, there = (store.nearest(vector, 5) for store in (folder, milvus))
        assert [score for _, score in there] == pytest.approx([s for _, s in here], abs=1e-3)


def test_both_hold_the_same_articles(towns: dict[str, Kept]) -> None:
    folder, milvus = (towns[kind].open() for kind in KINDS)
    assert folder.manifest.digest == milvus.manifest.digest
    assert list(folder.articles) == list(milvus.articles) == sorted(town_articles())
    for id_ in ("a00.txt", "a09.txt", "twin.txt", "a63.txt"):
        assert folder.article(id_) == milvus.article(id_)
        assert folder.sentences(id_) == milvus.sentences(id_)
        assert folder.manifest_digest(id_) == milvus.manifest_digest(id_)
        assert folder.twins(id_) == milvus.twins(id_)
        assert [*map(place, folder.passages(id_))] == [*map(place, milvus.passages(id_))]
        assert (folder.passage_vectors(id_) == milvus.passage_vectors(id_)).all()
    assert milvus.twins("twin.txt") == ["a09.txt"]
    assert folder.facets() == milvus.facets()


FILTERS = (
    Filters(since="2014-01-01"),
    Filters(until="2013-12-31"),
    Filters(section="ÁGUA"),
    Filters(source="halden post", since="2011-01-01"),
    Filters(section="none"),
)


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_let_the_same_articles_pass(towns: dict[str, Kept], filters: Filters) -> None:
    folder, milvus = (towns[kind].open() for kind in KINDS)
    for stores in (
        [store.catalog.listing(filters, 20, offset=3) for store in (folder, milvus)],
        [store.catalog.newest(filters, "", 100) for store in (folder, milvus)],
        [store.catalog.newest(filters, "the of BRIDGE", 100) for store in (folder, milvus)],
        [store.catalog.count(filters) for store in (folder, milvus)],
        [
            {place(p) for p, _ in store.matching("bridge", 99, store.among(None, filters))}
            for store in (folder, milvus)
        ],
    ):
        assert stores[0] == stores[1]


def test_a_search_in_one_article_finds_nothing_else(town: Store) -> None:
    among = town.among("a10.txt", NO_FILTERS)
    assert {p.article_id for p, _ in town.matching("council bridge", 9, among)} == {"a10.txt"}
    vector = HashingEmbedder().encode(["council"])[0]
    assert {p.article_id for p, _ in town.nearest(vector, 9, among)} == {"a10.txt"}


def test_an_unknown_article_is_a_key_error_everywhere(town: Store) -> None:
    for look_up in (town.article, town.sentences, town.passages, town.manifest_digest, town.twins):
        with pytest.raises(KeyError):
            look_up("gone.txt")
    with pytest.raises(KeyError):
        town.among("gone.txt", NO_FILTERS)
    assert "gone.txt" not in town.articles


def test_articles_are_found_by_page_title_and_word(town: Store) -> None:
    assert town.catalog.at_page("https://example.org/12") == "a12.txt"
    assert town.catalog.at_page("https://example.org/none") is None
    assert town.catalog.titled("THE BRIDGE OF CALDER", NO_FILTERS) == "a00.txt"
    assert town.knows("bridges")
    assert not town.knows("helicopter")
    assert town.matching("helicopter", 5) == []


# --- changes -----------------------------------------------------------------------------------


def test_a_run_is_seen_at_once_and_by_an_index_opened_before_not_at_all(small: Kept) -> None:
    before = small.open()
    report = small.index(
        {"b.txt": B.replace("March", "April"), "c.txt": A.replace("wolves", "elks")}
    )
    assert (report.articles, report.embedded, report.removed) == (3, 2, 0)
    assert "March" in before.article("b.txt").text
    assert "April" in small.open().article("b.txt").text
    assert sorted(small.open().articles) == ["a.txt", "b.txt", "c.txt"]
    assert before.current() == small.open().manifest
    assert {p.article_id for p, _ in before.matching("elks", 5)} == set()
    assert not small.index().written
    assert small.index({"c.txt": None}).removed == 1
    assert found(small.open(), "elks wolves")[0] == "a.txt"
    assert not small.open().knows("elks")


def test_what_is_withdrawn_is_in_no_answer_from_then_on(small: Kept) -> None:
    opened = small.open()
    assert found(opened, "How many wolves live in Halden?")[0] == "a.txt"
    indexing.withdraw(small.place, ["a.txt"])
    if isinstance(small.place, MilvusPlace):  # a folder's index is opened again by the server
        assert "a.txt" not in found(opened, "How many wolves live in Halden?")
        with pytest.raises(KeyError):
            opened.manifest_digest("a.txt")
        client, _ = open_for_reading(small.place)
        texts = client.rows(schema.PIECE, 'kind == "text"', ["text"])
        assert not any("wolves" in row["text"] for row in texts)
    assert list(small.open().articles) == ["b.txt"]
    assert small.index().articles == 1
    indexing.restore(small.place, ["a.txt"])
    assert small.index().articles == 2
    assert found(small.open(), "wolves")[0] == "a.txt"


def alter(small: Kept) -> None:
    """Change the text of an article as Pullquote never does."""
    if isinstance(small.place, MilvusPlace):
        client, _ = open_for_reading(small.place)
        (row,) = client.rows(
            schema.PIECE, 'kind == "text" and text like "%wolves%"', ["key", "text"]
        )
        row["text"] = row["text"].replace("Twenty", "Thirty")
        client.put(schema.PIECE, [row], partial=True)
        return
    with closing(sqlite3.connect(small.place / DATABASE, isolation_level=None)) as connection:
        altered = "CAST(replace(CAST(text AS TEXT), 'Twenty', 'Thirty') AS BLOB)"
        connection.execute(f"UPDATE content SET text = {altered}")


def checked(place: Place) -> tuple[Manifest, list[str]]:
    return check_milvus.check(place) if isinstance(place, MilvusPlace) else check_folder(place)


def test_an_altered_article_is_refused_and_check_takes_it_out(small: Kept) -> None:
    alter(small)
    with pytest.raises(IndexUnusableError, match=r"'a.txt' was altered.*pullquote check"):
        small.open().article("a.txt")
    manifest, told = checked(small.place)
    assert manifest.articles == 1
    assert ["a.txt" in line for line in told] == [True]
    assert small.index().articles == 2
    assert "Twenty" in small.open().article("a.txt").text
    assert checked(small.place)[1] == []


@pytest.mark.parametrize("small", ["milvus-lite"], indirect=True)  # a folder: test_run.py
def test_a_run_that_fails_at_the_end_changes_nothing_and_can_be_repeated(
    small: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.embedder.encoded.clear()
    changes = {"a.txt": A.replace("bears", "bears and elks"), "b.txt": None}
    with monkeypatch.context() as patch:
        patch.setattr(State, "write", lambda *_: (_ for _ in ()).throw(OSError("down")))
        with pytest.raises(IndexUnusableError):
            small.index(changes)
    assert sorted(small.open().articles) == ["a.txt", "b.txt"]
    assert not small.open().knows("elks")
    assert found(small.open(), "tram")[0] == "b.txt"
    small.embedder.encoded.clear()
    assert small.index().articles == 1
    assert small.embedder.encoded == []  # what was embedded is kept
    now = small.open()
    assert found(now, "elks") == ["a.txt"]
    assert now.knows("elks")
    assert not now.knows("tram")


def test_a_preview_says_what_a_run_would_do_and_writes_nothing(small: Kept) -> None:
    before = read_manifest(small.place)
    (small.corpus / "c.txt").write_text(A)
    (small.corpus / "b.txt").unlink()
    seen = preview([small.corpus], small.place, "hashing")
    assert (seen.added, seen.removed, seen.unchanged) == (("c.txt",), ("b.txt",), 1)
    assert read_manifest(small.place) == before


def test_two_articles_of_one_id_are_told_apart_by_name(small: Kept, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text(B)
    report = indexing.update(
        [small.corpus, other], small.place, "hashing", lambda _: small.embedder
    )
    assert report.articles == 2
    assert ["has the same id, 'a.txt'" in one.reason for one in report.left_out] == [True]


def test_an_article_of_five_megabytes_comes_back_as_it_was(milvus: Kept) -> None:
    long = "title: Long\n\n" + "".join(f"{n} {'京' * 400} \U0001f43a.\n\n" for n in range(4_200))
    assert len(long.encode()) > 5_000_000
    assert milvus.index({"long.txt": long}).articles == 2
    assert milvus.open().article("long.txt").text == long


# --- one sentence for whatever is wrong ---------------------------------------------------------


def refusal(place: MilvusPlace) -> str:
    with pytest.raises(PullquoteError) as caught:
        open_store(place)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.fixture
def milvus(tmp_path: Path) -> Kept:
    made = kept("milvus-lite", tmp_path)
    made.index({"a.txt": A})
    return made


def test_no_index_says_how_to_build_one(tmp_path: Path) -> None:
    place = MilvusPlace(str(tmp_path / "new.db"), "pullquote")
    assert refusal(place) == (
        f"There is no index in {str(place)!r}: build it with `pullquote index`."
    )
    with pytest.raises(IndexUnusableError, match="There is no index"):
        open_catalog(place)


def test_a_server_that_is_not_there_is_named_and_its_password_is_not() -> None:
    place = MilvusPlace("http://127.0.0.1:9", "news", token="root:open-sesame")
    told = refusal(place)
    assert told.startswith("Milvus at 'http://127.0.0.1:9/news' does not answer as it should (")
    assert "open-sesame" not in told + repr(place) + str(place)


def test_milvus_that_goes_down_in_the_middle_is_one_sentence(milvus: Kept) -> None:
    assert isinstance(milvus.place, MilvusPlace)
    store = milvus.open()
    server_manager_instance.release_server(milvus.place.address)
    with pytest.raises(IndexUnusableError) as caught:
        store.matching("wolves", 5)
    assert "\n" not in str(caught.value)


def test_collections_of_another_version_are_refused(
    milvus: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "FORMAT", schema.FORMAT + 1)
    assert "has format 1, and this version of Pullquote reads 2" in refusal(milvus.place)  # type: ignore[arg-type]


def test_vectors_of_another_length_need_another_database(milvus: Kept) -> None:
    class Longer(HashingEmbedder):
        dimension = 128

    milvus.embedder = Longer("other")
    with pytest.raises(IndexUnusableError, match="have 64 numbers each, and those of the model"):
        indexing.update([milvus.corpus], milvus.place, "other", lambda _: milvus.embedder)
    assert found(milvus.open(), "wolves") == ["a.txt"]


def test_another_indexer_that_wrote_meanwhile_is_not_overwritten(
    milvus: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pullquote.index.milvus import state, target

    find = state.find

    def later(client: Connected) -> State | None:
        now = find(client)
        return replace(now, revision=now.revision + 7) if now else None

    with monkeypatch.context() as patch:
        seen: list[int] = []

        def second(client: Connected) -> State | None:
            seen.append(1)
            return find(client) if len(seen) == 1 else later(client)

        patch.setattr(target, "find", second)
        with pytest.raises(IndexUnusableError, match="Another run has written"):
            milvus.index({"b.txt": B})
    assert list(milvus.open().articles) == ["a.txt"]


def test_without_the_extra_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    monkeypatch.delitem(sys.modules, "pullquote.index.milvus.client")
    with pytest.raises(IndexUnusableError, match=r"pip install 'pullquote\[milvus\]'"):
        importlib.import_module("pullquote.index.milvus.client")


def test_more_articles_than_are_kept_in_memory_are_all_found(
    towns: dict[str, Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = towns["milvus-lite"].open().matching(QUESTIONS[0], 8)
    assert len({passage.article_id for passage, _ in expected}) > 1
    monkeypatch.setattr(catalog_of_milvus, "_KEPT", 1)
    assert towns["milvus-lite"].open().matching(QUESTIONS[0], 8) == expected


def test_any_word_can_be_searched_for(milvus: Kept) -> None:
    words = ('a"b', "50%", "under_score", "back\\slash", "it's", "é北🐺")
    odd = {
        f"odd{n}.txt": f"title: The {word} of it\n\nAn odd title." for n, word in enumerate(words)
    }
    milvus.index(odd)
    catalog = milvus.open().catalog
    for number, word in enumerate(words):
        assert [one.id for one in catalog.newest(NO_FILTERS, word, 5)[0]] == [f"odd{number}.txt"]
        assert catalog.titled(f"The {word} of it", NO_FILTERS) == f"odd{number}.txt"


# --- where it is ---------------------------------------------------------------------------------


def test_a_place_is_a_folder_a_file_or_a_database() -> None:
    assert index_place("built", Path("/srv")) == Path("/srv/built")
    assert index_place("milvus-lite:a/b.db", Path("/srv")) == MilvusPlace(
        "/srv/a/b.db", "pullquote"
    )
    server = index_place("http://milvus.example.org:19530/news")
    assert server == MilvusPlace("http://milvus.example.org:19530", "news")
    assert str(server) == "http://milvus.example.org:19530/news"


@pytest.mark.parametrize(
    "text",
    ["milvus-lite:news", "milvus-lite:.db", "http://host:1", "http://u:secret@host/x", "https:/"],
)
def test_what_is_no_place_is_one_sentence_without_a_password(text: str) -> None:
    with pytest.raises(PullquoteError) as caught:
        index_place(text)
    assert "secret" not in str(caught.value)


def test_nothing_is_added_where_the_folder_of_the_articles_is_missing(
    small: Kept, tmp_path: Path
) -> None:
    (corpus,) = map(Path, read_manifest(small.place).corpus)
    corpus.rename(tmp_path / "elsewhere")
    additions = Additions(small.place, lambda _: HashingEmbedder())
    with pytest.raises(AddingError, match="which is not there"):
        additions.add_text("Bears", "Nobody counted the bears in all of Halden.", lambda _: None)
    assert not corpus.exists()
    assert list(small.open().articles) == ["a.txt", "b.txt"]
