"""The sets of questions as they are read, and what of them is never trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.indexes import write_corpus
from tests.support.training import ask, documents, record, write_sets
from training.data import (
    HELD_OUT_SHARE,
    HELD_OUT_TITLES,
    Ask,
    Document,
    order,
    read,
    split,
    without_copies,
)


def test_a_line_is_a_document_with_the_ranges_of_its_answers(tmp_path: Path) -> None:
    questions = [
        ask("q1", " Where does it rain? ", "in Odda", 1, also=[0]),
        ask("q2", "Where does it snow?", plausible=("Odda", 1)),
    ]
    line = record("r", ["No sun.", "It rains in Odda."], questions, title="Rain")
    assert read(write_sets(tmp_path, [line])) == [
        Document(
            id="r",
            source="squad2_dev",
            title="Rain",
            text="No sun. It rains in Odda.",
            sentences=((0, 7), (8, 25)),
            questions=(
                Ask("q1", "Where does it rain?", True, ((17, 24),), (1,), (0,)),
                Ask("q2", "Where does it snow?", False, plausible=((20, 24),)),
            ),
        )
    ]


def test_the_sets_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    lines = [record(item, ["Rain."], source=item) for item in ("c", "a", "b")]
    assert [line.id for line in read(write_sets(tmp_path, lines))] == ["a", "b", "c"]


def test_a_folder_without_sets_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        read(tmp_path)
    assert str(caught.value) == f"{tmp_path} holds no .jsonl.gz files to train on."


def test_an_order_is_the_same_in_every_run() -> None:
    # SHA-256 of "a" begins with ca978112ca1bbd.
    assert order("a") == 0xCA978112CA1BBD / 2**56
    assert all(0 <= order(str(number)) < 1 for number in range(100))


def test_a_held_out_title_is_held_out_of_every_set(tmp_path: Path) -> None:
    titles = sorted(frozenset().union(*HELD_OUT_TITLES.values()))
    lines = [
        record(f"{source} {title}", ["Rain."], source=source, title=title)
        for source in (*HELD_OUT_TITLES, "selqa_dev", "another")
        for title in (*titles, "Rain")
    ]
    trained, held = split(read(write_sets(tmp_path, lines)))
    assert {article.title for article in held} >= set(titles)
    assert {article.title for article in trained} == {"Rain"}
    assert len(trained) + len(held) == len(lines)


def test_of_a_set_of_short_documents_a_share_is_held_out(tmp_path: Path) -> None:
    lines = [
        record(f"{source} {number}", ["Rain."], source=source)
        for source in (*HELD_OUT_SHARE, "squad2_dev")
        for number in range(400)
    ]
    trained, held = split(read(write_sets(tmp_path, lines)))
    for source, share in HELD_OUT_SHARE.items():
        own = [item for item in held if item.source == source]
        assert all(order(item.id) < share for item in own)
        assert len(own) == pytest.approx(400 * share, abs=30)
    assert sum(item.source == "squad2_dev" for item in trained) == 400


LONG = "The bell of the harbour rang for seven days, and nobody went to stop it."
OTHER = "On the eighth day the rope broke, which the council had always expected."
THIRD = "The rope had been paid for by a widow who lived three villages away."
SHORT = "The council met again."


def test_a_document_that_shares_two_sentences_with_a_test_set_is_left_out(tmp_path: Path) -> None:
    found = documents(
        tmp_path,
        [
            record("both", [THIRD, LONG, OTHER]),
            record("one", [LONG, THIRD]),
            record("short", [LONG, SHORT]),
            record("none", [THIRD]),
        ],
    )
    files = {
        "a/one.txt": LONG.upper().replace(",", " –") + "\nRain fell.",
        "b/deep/two.txt": f"{SHORT} {OTHER} {SHORT}",
        "b/three.md": THIRD,
    }
    folder = write_corpus(tmp_path / "tests", files)
    kept, left = without_copies(list(found.values()), [folder / "a", folder / "b"])
    assert [item.id for item in left] == ["both"]
    assert [item.id for item in kept] == ["one", "short", "none"]


def test_apart_from_nothing_everything_is_kept(tmp_path: Path) -> None:
    found = list(documents(tmp_path, [record("both", [LONG, OTHER])]).values())
    assert without_copies(found, []) == (found, [])
