"""Runs on several machines that write to one index in Milvus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from pullquote.errors import IndexUnusableError
from pullquote.index import update as indexing
from pullquote.types import NO_FILTERS
from tests.support.indexes import HashingEmbedder
from tests.support.stores import Kept, kept

pytest.importorskip("pymilvus", reason="pip install 'pullquote[milvus]'")
pytest.importorskip("milvus_lite", reason="pip install 'pullquote[milvus]'")

from pullquote.index.milvus import catalog, claim, known, removing, schema
from pullquote.index.milvus.check import check
from pullquote.index.milvus.client import Connected
from pullquote.index.milvus.state import State, open_for_reading, record
from pullquote.index_place import MilvusPlace

A = "title: Wolves\n\nTwenty wolves live in Halden. Nobody counted the bears.\n"
B = "title: Trams\n\nThe tram opened in March. It was late, the mayor said.\n"
C = "title: Elks\n\nNine elks came to Brook. They left in May.\n"


class Machines:
    """Lets a run be on another machine: one with a cache folder of its own."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._now = folder, "one"
        patch.setattr(known, "user_cache_path", lambda *_, **__: folder / self._now)

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        before, self._now = self._now, name
        yield
        self._now = before


class Meanwhile(HashingEmbedder):
    """Something happens when it embeds for the first time."""

    def __init__(self, what: Callable[[], object]) -> None:
        super().__init__()
        self._what: Callable[[], object] | None = what

    def encode(self, texts: Sequence[str]):  # type: ignore[no-untyped-def]
        what, self._what = self._what, None
        if what:
            what()
        return super().encode(texts)


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    return Machines(tmp_path / "cache", monkeypatch)


@pytest.fixture
def small(tmp_path: Path, machines: Machines) -> Kept:
    """An index of one article, made on the machine ``one``."""
    made = kept("milvus-lite", tmp_path)
    made.index({"a.txt": A})
    return made


def place(made: Kept) -> MilvusPlace:
    assert isinstance(made.place, MilvusPlace)
    return made.place


def is_whole(made: Kept, ids: Sequence[str]) -> bool:
    """Whether the index has exactly these articles, all of them as they were indexed."""
    opened = made.open()
    client, _ = open_for_reading(place(made))
    claims = client.rows(schema.RECORD, 'kind == "claim"', ["key"])
    manifest, found = check(place(made))
    assert (found, claims) == ([], [])
    assert manifest.articles == len(ids)
    return list(opened.articles) == list(ids)


def test_of_two_runs_at_once_the_later_to_publish_fails_and_keeps_what_it_embedded(
    small: Kept, machines: Machines
) -> None:
    def publish_elsewhere() -> None:
        (small.corpus / "c.txt").write_text(C)
        with machines.on("two"):
            indexing.update(
                [small.corpus], small.place, "hashing", lambda _: HashingEmbedder("hashing")
            )

    small.corpus.joinpath("b.txt").write_text(B)
    embedder = Meanwhile(publish_elsewhere)
    with pytest.raises(IndexUnusableError, match=r"Another run has written to .* meanwhile: run"):
        indexing.update([small.corpus], small.place, "hashing", lambda _: embedder)
    assert is_whole(small, ["a.txt", "b.txt", "c.txt"])

    # One embeds b.txt and is overtaken by the removal of a.txt: the embedded text is used later.
    (small.corpus / "d.txt").write_text(C.replace("elks", "otters"))
    with machines.on("one"):
        embedder = Meanwhile(lambda: _withdraw(small, machines))
        with pytest.raises(IndexUnusableError, match="meanwhile"):
            indexing.update([small.corpus], small.place, "hashing", lambda _: embedder)
        again = HashingEmbedder()
        indexing.update([small.corpus], small.place, "hashing", lambda _: again)
    assert again.encoded == []
    assert is_whole(small, ["b.txt", "c.txt", "d.txt"])
    assert "otters" in small.open().article("d.txt").text


def _withdraw(small: Kept, machines: Machines) -> None:
    with machines.on("two"):
        indexing.withdraw(small.place, ["a.txt"])
        (small.corpus / "e.txt").write_text(B.replace("tram", "ferry"))
        indexing.update([small.corpus], small.place, "hashing", lambda _: HashingEmbedder())
        (small.corpus / "e.txt").unlink()


def in_the_middle(patch: pytest.MonkeyPatch, what: Callable[[], object]) -> None:
    """Let something happen once when a run has written articles and not yet made them visible."""
    real, waiting = removing.set_until, [what]

    def slowly(client: Connected, numbers: Sequence[int], until: int) -> None:
        if waiting:
            waiting.pop()()
        real(client, numbers, until)

    patch.setattr(removing, "set_until", slowly)


def test_nobody_writes_while_another_run_publishes(
    small: Kept, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def remove_elsewhere() -> None:
        with (
            machines.on("two"),
            pytest.raises(IndexUnusableError, match="Another run is writing to") as caught,
        ):
            indexing.withdraw(small.place, ["a.txt"])
        refused.append(str(caught.value))

    in_the_middle(monkeypatch, remove_elsewhere)
    assert small.index({"b.txt": B}).articles == 2
    assert ["\n" in one for one in refused] == [False]
    assert is_whole(small, ["a.txt", "b.txt"])


def test_a_run_that_was_stopped_for_long_and_is_overtaken_writes_no_more(
    small: Kept, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtake() -> None:
        with machines.on("two"), monkeypatch.context() as patch:
            patch.setattr(claim, "OLD", 0.0)
            (small.corpus / "b.txt").unlink()
            small.index({"c.txt": C})

    in_the_middle(monkeypatch, overtake)
    with pytest.raises(IndexUnusableError, match=r"has taken .* over from this one"):
        small.index({"b.txt": B, "a.txt": A.replace("Twenty", "Thirty")})
    assert is_whole(small, ["a.txt", "c.txt"])
    assert small.index({"b.txt": B}).articles == 3
    assert is_whole(small, ["a.txt", "b.txt", "c.txt"])


def test_what_a_killed_run_has_claimed_is_free_at_once_here_and_later_elsewhere(
    small: Kept, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(claim.Claim, "release", lambda _: None)
        patch.setattr(State, "write", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(IndexUnusableError):
            small.index({"b.txt": B})
    with machines.on("two"):
        with pytest.raises(IndexUnusableError, match="wait 5 minutes"):
            indexing.withdraw(small.place, ["a.txt"])
        with monkeypatch.context() as patch:
            patch.setattr(claim, "time", lambda: 4e9)
            indexing.withdraw(small.place, ["a.txt"])
    with monkeypatch.context() as patch:
        patch.setattr(claim.Claim, "release", lambda _: None)
        assert small.index().articles == 1
    assert small.index({"c.txt": C}).articles == 2
    assert is_whole(small, ["b.txt", "c.txt"])


def test_two_that_claim_at_the_same_moment_both_give_up(small: Kept, tmp_path: Path) -> None:
    first, _ = open_for_reading(place(small))
    one = claim.Claim(first, tmp_path)
    row = '{"token": "other", "at": 4e9, "held": false}'
    first.put(schema.RECORD, [record("claim other", "claim", row)])
    with pytest.raises(IndexUnusableError, match="Another run is writing"):
        one.take()
    assert [found["key"] for found in first.rows(schema.RECORD, 'kind == "claim"', ["key"])] == [
        "claim other"
    ]


def test_check_deletes_rows_that_are_of_no_article(small: Kept) -> None:
    client, _ = open_for_reading(place(small))
    (piece, *_) = client.rows(schema.PIECE, 'kind == "text"', ["key", "kind", "place", "text"])
    client.put(schema.PIECE, [{**piece, "key": "77", "article": 77, "vector": schema.NOTHING}])
    manifest, found = check(place(small))
    assert manifest.articles == 1
    assert found == [
        "Rows in Milvus were left from 1 article that the index no longer has: they were deleted."
    ]
    assert is_whole(small, ["a.txt"])


def test_the_old_text_of_a_changed_article_is_deleted_by_the_next_run(small: Kept) -> None:
    client, _ = open_for_reading(place(small))

    def texts() -> list[str]:
        return [row["text"] for row in client.rows(schema.PIECE, 'kind == "text"', ["text"])]

    small.index({"a.txt": A.replace("Twenty", "Thirty")})
    assert len(texts()) == 2
    assert not small.index().written
    assert ["Thirty" in text for text in texts()] == [True]


def test_a_list_of_the_newest_goes_on_where_a_search_ends(
    small: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.index(
        {f"n{day}.txt": f"title: N\ndate: 2020-01-0{day}\n\nA note." for day in range(1, 8)}
    )
    listed = small.open().catalog
    before = [listed.newest(NO_FILTERS, "", 3, offset) for offset in (0, 3, 6, 9)]
    monkeypatch.setattr(catalog, "_DEEPEST", 4)
    after = [listed.newest(NO_FILTERS, "", 3, offset) for offset in (0, 3, 6, 9)]
    assert before == after
    assert [len(articles) for articles, _ in after] == [3, 3, 2, 0]
