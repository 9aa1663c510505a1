"""The articles of an index for its owner: listed, shown, taken out at once, let back in."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest

from pullquote.cli import articles_command
from pullquote.errors import FilterError, UnknownArticleError
from pullquote.filters import checked
from pullquote.index import update as indexing
from pullquote.index.manifest import Manifest
from pullquote.index.store import Index
from pullquote.retrieval.retrieve import Retriever
from pullquote.types import NO_FILTERS, Filters
from tests.support.indexes import HashingEmbedder, make_index

TEXTS = {
    "a.txt": "title: Mill\ndate: 2019-05-01\nsection: Town\n\nThe mill burned down in May.",
    "b.txt": "title: Ferry\ndate: 2020-05-01\nsection: TOWN\nsource: it.org\n\nThe ferry sank.",
    "c.txt": "title: Bank\nsection: Économie\n\nThe bank closed its branch in the mill street.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_index(tmp_path, TEXTS).folder


def again(tmp_path: Path) -> indexing.Report:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    return indexing.update([corpus], index, "hashing", lambda _: HashingEmbedder())


def test_articles_are_listed_by_id_a_line_each(folder: Path) -> None:
    assert list(articles_command.listing(folder, NO_FILTERS)) == [
        "a.txt\t2019-05-01\tTown\t-\tMill",
        "b.txt\t2020-05-01\tTOWN\tit.org\tFerry",
        "c.txt\t-\tÉconomie\t-\tBank",
    ]
    first = json.loads(next(articles_command.listing(folder, NO_FILTERS, "json")))
    assert (first["id"], first["published"], first["section"]) == ("a.txt", "2019-05-01", "Town")
    assert "text" not in first


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(since="2019-05-01"), ["a.txt", "b.txt"]),
        (Filters(since="2019-05-02"), ["b.txt"]),
        (Filters(until="2019-05-01"), ["a.txt"]),
        (Filters(section="town"), ["a.txt", "b.txt"]),
        (Filters(section="éCONOMIE"), ["c.txt"]),
        (Filters(source="IT.org", section="Town"), ["b.txt"]),
        (Filters(source="nobody"), []),
        (Filters(section="' OR 1=1 --"), []),
        (Filters(section="\ud800"), []),
    ],
)
def test_filters_choose_what_is_listed_and_what_is_found(
    folder: Path, filters: Filters, ids: list[str]
) -> None:
    listed = [line.split("\t")[0] for line in articles_command.listing(folder, filters)]
    assert listed == ids
    index = Index.open(folder)
    found = Retriever(index, HashingEmbedder(), 10).retrieve("The mill, the ferry", None, filters)
    assert {hit.passage.article_id for hit in found} <= set(ids)
    assert {
        source.article_id
        for source, _ in index.matching("mill ferry", 10, index.among(None, filters))
    } == set(ids)


def test_an_article_is_shown_with_its_text_and_codes_do_not_reach_the_terminal(
    tmp_path: Path,
) -> None:
    folder = make_index(
        tmp_path, {"a.txt": "title: Mi\x9bll\n\nThe mill\x9b\tburned\r\ndown."}
    ).folder
    assert list(articles_command.shown(folder, ["a.txt"])) == [
        "id: a.txt",
        "title: Mi ll",
        "",
        "The mill\N{REPLACEMENT CHARACTER}\tburned\r\ndown.",
    ]
    with pytest.raises(UnknownArticleError, match=r"There is no article 'z\.txt' in the index\."):
        list(articles_command.shown(folder, ["z.txt"]))


def test_what_is_removed_is_found_nowhere_and_stays_out_until_it_is_restored(
    folder: Path, tmp_path: Path
) -> None:
    before = Manifest.read(folder)
    told = articles_command.remove(folder, ["a.txt"])
    assert told == "Removed 1 article; no answer cites it from now on."
    index = Index.open(folder)
    assert index.manifest.digest != before.digest
    assert list(index.articles) == ["b.txt", "c.txt"]
    assert len(index.articles) == index.manifest.articles == 2
    for lookup in (index.article, index.sentences, index.passages, index.manifest_digest):
        with pytest.raises(KeyError):
            lookup("a.txt")
    retriever = Retriever(index, HashingEmbedder(), 10)
    hits = retriever.retrieve("The mill burned down in May")
    assert "a.txt" not in {hit.passage.article_id for hit in hits}
    assert hits
    assert index.facets().first == "2020-05-01"
    # The file lies there still, and is not taken up again; its text is gone from the index.
    del index, retriever, lookup
    gc.collect()  # SQLite tidies up when the last reader has gone
    assert not again(tmp_path).written
    assert not any(b"burned" in file.read_bytes() for file in folder.glob("index.sqlite*"))
    assert articles_command.restore(folder, ["a.txt"]).endswith(
        "run `pullquote index` to have it back."
    )
    assert again(tmp_path).embedded == 1
    assert list(Index.open(folder).articles) == ["a.txt", "b.txt", "c.txt"]
    assert Manifest.read(folder).digest == before.digest


def test_several_articles_are_them(folder: Path) -> None:
    told = articles_command.remove(folder, ["a.txt", "b.txt", "a.txt"])
    assert told == "Removed 2 articles; no answer cites them from now on."
    told = articles_command.restore(folder, ["a.txt", "b.txt"])
    assert told == "Restored 2 articles: run `pullquote index` to have them back."


def test_a_rebuild_does_not_bring_back_what_was_removed(folder: Path, tmp_path: Path) -> None:
    articles_command.remove(folder, ["a.txt"])
    corpus = tmp_path / "corpus"
    indexing.update([corpus], folder, "hashing", lambda _: HashingEmbedder(), rebuild=True)
    assert list(Index.open(folder).articles) == ["b.txt", "c.txt"]


def test_what_cannot_be_removed_says_why_and_removes_nothing(folder: Path) -> None:
    with pytest.raises(UnknownArticleError, match=r"'z\.txt'"):
        articles_command.remove(folder, ["a.txt", "z.txt"])
    with pytest.raises(UnknownArticleError, match="was not removed"):
        articles_command.restore(folder, ["a.txt"])
    assert list(Index.open(folder).articles) == list(TEXTS)


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("2020-13-01", None, "must be a date such as 2020-06-11, not '2020-13-01'"),
        ("20200611", None, "must be a date such as"),
        (None, "yesterday", "The last day must be a date such as 2020-06-11, not 'yesterday'"),
        ("2020-02-02", "2020-02-01", "turn the dates round"),
    ],
)
def test_a_date_that_is_none_is_told(since: str | None, until: str | None, told: str) -> None:
    with pytest.raises(FilterError, match=told):
        checked(since, until)


def test_empty_filters_leave_things_open() -> None:
    assert checked(" ", "", "", None) == NO_FILTERS
    assert not checked()
    assert checked("2020-01-01") == Filters(since="2020-01-01")
