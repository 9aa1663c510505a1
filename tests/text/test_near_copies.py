"""Articles that say nearly the same are found, and others are not."""

from __future__ import annotations

import random

import pytest

from pullquote.retrieval.retrieve import Retriever
from pullquote.text import near_copies
from pullquote.text.near_copies import alike, group, signature
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.places import CORPUS

STORY = (CORPUS / "amazon-rekognition.txt").read_text(encoding="utf-8")
WORDS = STORY.split()


def grouped(*texts: str) -> list[int]:
    return group([signature(text) for text in texts])


def changed(share: float, seed: int = 1) -> str:
    """The story with a share of its words replaced."""
    chance = random.Random(seed)
    words = [f"other{n}" if chance.random() < share else item for n, item in enumerate(WORDS)]
    return " ".join(words)


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY.upper(),
        "Police tool is put on hold\n\n" + STORY,
        " ".join(WORDS[: len(WORDS) * 8 // 10]),
        " ".join(WORDS[len(WORDS) // 5 :]),
        "(Reuters) - " + STORY.replace(". ", ".\n\n") + " Additional reporting by A. Writer.",
        changed(0.05),
        changed(0.1),
    ],
)
def test_wire_copy_is_found(copy: str) -> None:
    assert grouped("Something else entirely is said in this one.", STORY, copy) == [0, 1, 1]


@pytest.mark.parametrize(
    "other",
    [
        " ".join(WORDS[: len(WORDS) // 4]),
        changed(0.5),
        " ".join(random.Random(3).sample(WORDS, len(WORDS))),
        "",
        "?!",
    ],
)
def test_what_shares_less_than_half_is_another_article(other: str) -> None:
    assert grouped(STORY, other) == [0, 1]


def test_short_texts_are_alike_only_when_they_are_equal() -> None:
    assert grouped("Rain.", "Sun.", "", "Rain", "...", "???", "日本") == [0, 1, 2, 0, 4, 5, 6]


def test_the_first_of_a_group_stands_for_it_whatever_the_order() -> None:
    variants = [changed(0.04, seed) for seed in range(6)]
    others = [" ".join(f"word{n}x{k}" for k in range(40)) for n in range(50)]
    texts = [*others[:20], variants[0], *others[20:], *variants[1:]]
    groups = grouped(*texts)
    assert [n for n, item in enumerate(groups) if item == 20] == [20, *range(51, 56)]
    assert [item for n, item in enumerate(groups) if n != item] == [20] * 5


def test_nothing_is_grouped_of_nothing() -> None:
    assert group([]) == []


def test_a_signature_is_the_same_everywhere() -> None:
    assert len(signature("")) == len(signature(STORY)) == 252
    assert signature("The mill burned down.").hex()[:16] == "58805f0a0a905f48"


def test_a_long_article_is_hashed_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = signature(STORY)
    monkeypatch.setattr(near_copies, "_AT_ONCE", 7)
    assert signature(STORY) == whole


def test_passages_that_say_the_same_are_alike() -> None:
    one = "The company did not say why it took action now, after years of protests."
    assert alike(one, one.replace("now, ", ""))
    assert not alike(one + " It fined 20 people.", one + " It fined 30 people.")
    assert not alike(one, "The company said why it took action: protests.")


def test_of_wire_copy_one_is_read_and_the_others_are_named(tmp_path: object) -> None:
    story = "The mill burned down in May. Nobody was hurt. The owner will build it again."
    texts = {
        "a.txt": "date: 2020-05-02\n\n" + story,
        "b.txt": "date: 2020-05-01\n\n" + story,
        "c.txt": "date: 2020-05-03\n\nThe mill was built in 1901 by two brothers from the town.",
    }
    index = make_index(tmp_path, texts)  # type: ignore[arg-type]
    assert list(index.twins("a.txt")) == ["b.txt"]
    assert list(index.twins("b.txt")) == ["a.txt"]
    assert list(index.twins("c.txt")) == []
    retriever = Retriever(index, HashingEmbedder(), 10)
    found = [hit.passage.article_id for hit in retriever.retrieve("When did the mill burn?")]
    assert sorted(found) == ["b.txt", "c.txt"]  # b came first
    # Asked of one of them alone, that one is read.
    alone = retriever.retrieve("When did the mill burn?", "a.txt")
    assert [hit.passage.article_id for hit in alone] == ["a.txt"]
