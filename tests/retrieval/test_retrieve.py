"""Retrieval for a question: the two rankings, and how they are fused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index, passage_text
from pullquote.retrieval.retrieve import Retriever, fuse
from pullquote.types import NO_FILTERS, Hit, Passage
from tests.support.indexes import HashingEmbedder, make_index

A, B, C, D = (Passage(number, "x.txt", number, number) for number in range(4))


def found(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.article_id for hit in hits]


# --- reciprocal rank fusion, by hand ----------------------------------------------------------


def test_a_passage_scores_the_sum_of_one_by_ten_plus_its_rank() -> None:
    # A: 1/11; B: 1/12 + 1/11; C: 1/12; D: 1/13
    assert fuse([[A, B], [B, C, D]]) == (
        Hit(B, 1 / 12 + 1 / 11),
        Hit(A, 1 / 11),
        Hit(C, 1 / 12),
        Hit(D, 1 / 13),
    )
    assert fuse([[A, B], [B, C, D]])[0].score == pytest.approx(0.1742424242, abs=1e-10)


def test_a_passage_in_both_rankings_beats_the_first_of_either() -> None:
    # C: 2/13 = 0.154; A and B: 1/11 = 0.091
    assert fuse([[A, D, C], [B, D, C]])[:2] == (Hit(D, 2 / 12), Hit(C, 2 / 13))


def test_equal_scores_keep_the_order_of_the_index() -> None:
    assert fuse([[D, A], [A, D]]) == (Hit(A, 1 / 12 + 1 / 11), Hit(D, 1 / 11 + 1 / 12))
    assert fuse([[C], [B]]) == (Hit(B, 1 / 11), Hit(C, 1 / 11))


def test_nothing_fused_is_nothing() -> None:
    assert fuse([]) == ()
    assert fuse([[], []]) == ()


# --- the two rankings -------------------------------------------------------------------------


def test_passages_that_share_no_word_are_not_matched(tmp_path: Path) -> None:
    index = make_index(
        tmp_path, {"a.txt": "Police used it.", "b.txt": "Rain fell.", "c.txt": "Police left."}
    )
    assert [source.article_id for source, _ in index.matching("police", 50)] == ["a.txt", "c.txt"]
    assert index.matching("snow", 50) == []
    assert index.matching("police", 1) == index.matching("police", 50)[:1]


def test_matching_sees_the_stem_of_a_word(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"a.txt": "The company banned it.", "b.txt": "Rain fell."})
    assert [source.article_id for source, _ in index.matching("Which companies BAN?", 50)] == [
        "a.txt"
    ]


def test_the_rarer_word_and_the_shorter_passage_count_for_more(tmp_path: Path) -> None:
    index = make_index(
        tmp_path,
        {
            "a.txt": "Police spoke.",
            "b.txt": "Police spoke of rain.",
            "c.txt": "Rain and police and sun.",
            "d.txt": "Sun shone over police.",
        },
    )
    assert [source.article_id for source, _ in index.matching("police", 1)] == ["a.txt"]
    best = [source.article_id for source, _ in index.matching("spoke police", 50)]
    assert best[:2] == ["a.txt", "b.txt"]


def test_the_nearest_passages_come_with_their_cosines(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    texts = {"a.txt": "one two three four", "b.txt": "one two", "c.txt": "x"}
    index = make_index(tmp_path, {name: f"title: five\n\n{text}" for name, text in texts.items()})
    near = index.nearest(embedder.encode(["one two"])[0], 50)
    assert [source.article_id for source, _ in near] == ["b.txt", "a.txt", "c.txt"]
    # With its title, b has both words among its three, so 2 / (√2 · √3); a, among five; c has none.
    wanted = [2 / 6**0.5, 2 / 10**0.5, 0]
    assert [score for _, score in near] == pytest.approx(wanted, abs=1e-3)


def test_a_passage_without_a_positive_cosine_or_a_shared_word_is_no_hit(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"a.txt": "police came", "b.txt": "rain fell"})
    embedder = HashingEmbedder()
    hits = Retriever(index, embedder, 10).retrieve("police")
    assert hits == (Hit(Passage(1, "a.txt", 0, 0), 2 / 11),)
    assert Retriever(index, embedder, 10).retrieve("snow") == ()

    class Opposed(HashingEmbedder):
        def encode(self, texts: object) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
            return -super().encode(texts)  # type: ignore[arg-type]

    # So only words count; b, at a cosine of exactly 0, is no hit.
    assert Retriever(index, Opposed(), 10).retrieve("police") == (
        Hit(Passage(1, "a.txt", 0, 0), 1 / 11),
    )


def test_a_question_without_words_finds_nothing_by_words(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"a.txt": "police came", "b.txt": "rain fell"})
    for question in ("?!", "🎉", "the of and", "a b c", ""):
        assert index.matching(question, 50) == [], question
        assert index.matching(question, 50, index.among("b.txt", NO_FILTERS)) == [], question
    assert Retriever(index, HashingEmbedder(), 10).retrieve("?!") == ()


def test_at_most_the_wanted_number_of_hits_is_given(tmp_path: Path) -> None:
    index = make_index(tmp_path, {f"{i}.txt": f"police {i}" for i in range(5)})
    embedder = HashingEmbedder()
    every = Retriever(index, embedder, 100).retrieve("police")
    assert len(every) == 5
    assert Retriever(index, embedder, 2).retrieve("police") == every[:2]


# --- one article ------------------------------------------------------------------------------


def test_a_question_to_one_article_finds_only_that(tmp_path: Path) -> None:
    texts = {"a.txt": "police came", "b.txt": "Rain fell. Police ran.", "c.txt": "police left"}
    index = make_index(tmp_path, texts)
    retriever = Retriever(index, HashingEmbedder(), 10)
    assert retriever.retrieve("police", "b.txt") == (Hit(Passage(2, "b.txt", 0, 1), 2 / 11),)
    assert retriever.retrieve("rain", "c.txt") == ()
    assert index.matching("police rain", 5, index.among("c.txt", NO_FILTERS))[0][0] == Passage(
        3, "c.txt", 0, 0
    )


def test_scoped_scores_are_those_of_the_whole_search(tmp_path: Path) -> None:
    texts = {f"{i}.txt": f"Police of {2000 + i}. " * 90 for i in range(3)}
    index = make_index(tmp_path, texts)
    assert len(index.passages("1.txt")) > 1
    vector = HashingEmbedder().encode(["police 2001"])[0]
    among = index.among("1.txt", NO_FILTERS)
    for whole, scoped in (
        (index.nearest(vector, 100), index.nearest(vector, 100, among)),
        (index.matching("police 2001", 100), index.matching("police 2001", 100, among)),
    ):
        own = [(source, score) for source, score in whole if source.article_id == "1.txt"]
        assert [item for item, _ in scoped] == [item for item, _ in own] == index.passages("1.txt")
        assert [s for _, s in scoped] == pytest.approx([s for _, s in own], abs=1e-6)


def test_an_unknown_article_is_a_key_error(tmp_path: Path) -> None:
    index = make_index(tmp_path, {"a.txt": "police came"})
    with pytest.raises(KeyError):
        Retriever(index, HashingEmbedder(), 10).retrieve("police", "b.txt")


# --- order and identity -----------------------------------------------------------------------


def test_equal_text_in_two_articles_is_read_once_and_in_the_one_that_is_asked(
    tmp_path: Path,
) -> None:
    index = make_index(tmp_path, {"a.txt": "police came", "b.txt": "police came"})
    retriever = Retriever(index, HashingEmbedder(), 10)
    assert retriever.retrieve("police") == (Hit(Passage(1, "a.txt", 0, 0), 2 / 11),)
    assert found(retriever.retrieve("police", "b.txt")) == ["b.txt"]


def test_equal_passages_are_ordered_as_in_the_index(tmp_path: Path) -> None:
    names = [f"{i:02}.txt" for i in range(40)]
    index = make_index(tmp_path, dict.fromkeys(names, "title: Same\n\npolice came"))
    vector = HashingEmbedder().encode(["police"])[0]
    assert [source.article_id for source, _ in index.nearest(vector, 50)] == names
    assert [source.article_id for source, _ in index.matching("police", 50)] == names


def test_the_same_question_finds_the_same_in_every_copy_of_an_index(tmp_path: Path) -> None:
    texts = {f"{i}.txt": f"police {i % 3} came in the rain {i % 2}" for i in range(12)}
    hits = [
        Retriever(make_index(tmp_path / name, texts), HashingEmbedder(), 12).retrieve("police 1")
        for name in ("one", "two")
    ]
    assert hits[0] == hits[1]
    assert hits[0] == Retriever(
        Index.open(tmp_path / "one" / "index"), HashingEmbedder(), 12
    ).retrieve("police 1")


# --- the real model ---------------------------------------------------------------------------


def test_the_customers_article_yields_the_passage_with_the_agency(
    customer_index: Index, real_embedder: SentenceTransformersEmbedder
) -> None:
    question = "Which agency tested facial recognition systems?"
    hits = Retriever(customer_index, real_embedder, 5).retrieve(question)
    article = customer_index.article("amazon-rekognition.txt")
    sentences = customer_index.sentences(article.id)
    holding = [
        "National Institute of Standards" in passage_text(article, sentences, hit.passage)
        for hit in hits
    ]
    assert holding.count(True) >= 1
