"""The features of each sentence, by hand, and the order that they give."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest
from helpers_answer import Shelf

from pullquote.similarity import OFFSET, WEIGHTS, Features, SimilarityReader, score_of
from pullquote.types import Hit, Passage, Reading

if TYPE_CHECKING:
    from pullquote.types import Vectors

COSINES = {"a.txt": (0.0, 0.5, 0.25, -0.5, 0.5), "b.txt": (1.0,)}


class FirstAxis:
    """Every question is the first axis, so a sentence's first coordinate is its cosine."""

    name, digest, dimension = "axis", "axis-1", 2

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (len(texts), 1))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


class Given:
    """Rows with the cosines above."""

    def sentence_vectors(self, article_id: str) -> Vectors:
        return np.array(
            [[it, math.sqrt(1 - it * it)] for it in COSINES[article_id]], dtype=np.float32
        )


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a.txt",
        "Ferry news",
        ["The ferry sank in 1931.", "A tower fell.", "Rain fell.", "The ferry sank in 1931."],
    )
    made.add("b.txt", ["Ann met Bo."])
    return made


@pytest.fixture
def reader() -> SimilarityReader:
    return SimilarityReader(FirstAxis(), Given())


def hit(first: int, last: int, article_id: str = "a.txt") -> Hit:
    return Hit(Passage(0, article_id, first, last), 1.0)


def places(reading: Reading) -> list[tuple[str, int]]:
    return [(it.sentence.article_id, it.sentence.index) for it in reading.sentences]


def test_the_features_are_cosine_overlap_weighted_by_rarity_and_cue(
    shelf: Shelf, reader: SimilarityReader
) -> None:
    examined = reader.examine("When did the ferry sink near the tower?", [hit(0, 3)], shelf)
    # Asked: ferri, sink, near, tower. Of the four sentences retrieved (the subhead counts),
    # "ferri" stands in 2, "tower" in 1, the others in none: ln(5 / (n + 0.5)).
    ferry, tower, none = math.log(5 / 2.5), math.log(5 / 1.5), math.log(5 / 0.5)
    whole = ferry + tower + 2 * none
    assert [sentence.index for sentence, _, _ in examined] == [1, 2, 3]
    first, second, third = (features for _, features, _ in examined)
    assert (first.cosine, first.cue) == (0.5, 1.0)
    assert first.overlap == pytest.approx(ferry / whole)
    assert (second.cosine, second.cue) == (0.25, 0.0)
    assert second.overlap == pytest.approx(tower / whole)
    assert third == Features(cosine=-0.5, overlap=0.0, cue=0.0)
    start = shelf.article("a.txt").text.index("in 1931")
    assert [span for _, _, span in examined] == [(start, start + 7), None, None]


def test_a_score_is_the_logistic_of_the_weighted_features() -> None:
    assert score_of(Features(0.0, 0.0, 0.0)) == pytest.approx(1 / (1 + math.exp(-OFFSET)))
    cosine, overlap, cue = WEIGHTS
    z = OFFSET + 0.5 * cosine + 0.25 * overlap + cue
    assert score_of(Features(0.5, 0.25, 1.0)) == pytest.approx(1 / (1 + math.exp(-z)))


def test_more_of_any_feature_is_a_higher_score() -> None:
    steps = [n / 10 for n in range(11)]
    for features in (
        [Features(it, 0.5, 0.5) for it in steps],
        [Features(0.5, it, 0.5) for it in steps],
        [Features(0.5, 0.5, it) for it in steps],
    ):
        scores = [score_of(it) for it in features]
        assert scores == sorted(set(scores))


def test_the_best_sentence_comes_first_and_its_score_is_the_answerability(
    shelf: Shelf, reader: SimilarityReader
) -> None:
    read = reader.read("When did the ferry sink?", [hit(1, 3), hit(0, 0, "b.txt")], shelf)
    assert places(read) == [("b.txt", 0), ("a.txt", 1), ("a.txt", 2), ("a.txt", 3)]
    assert read.answerability == read.sentences[0].score
    # A sentence that points away from the question is no less than not relevant.
    assert [it.relevance for it in read.sentences] == [1.0, 0.5, 0.25, 0.0]


def test_each_sentence_is_read_once_though_passages_overlap(
    shelf: Shelf, reader: SimilarityReader
) -> None:
    once = reader.read("Who?", [hit(1, 3)], shelf)
    assert reader.read("Who?", [hit(1, 3), hit(2, 3), hit(1, 3)], shelf) == once
    assert sorted(places(once)) == [("a.txt", 1), ("a.txt", 2), ("a.txt", 3)]


def test_equal_sentences_keep_the_order_of_their_passages(
    shelf: Shelf, reader: SimilarityReader
) -> None:
    question = "When did the ferry sink?"
    assert places(reader.read(question, [hit(1, 1), hit(4, 4)], shelf)) == [
        ("a.txt", 1), ("a.txt", 4),
    ]  # fmt: skip
    assert places(reader.read(question, [hit(4, 4), hit(1, 1)], shelf)) == [
        ("a.txt", 4), ("a.txt", 1),
    ]  # fmt: skip


def test_subheads_are_left_out(shelf: Shelf, reader: SimilarityReader) -> None:
    assert reader.read("ferry news", [hit(0, 0)], shelf) == Reading((), 0.0)


def test_without_hits_nothing_is_answerable(shelf: Shelf, reader: SimilarityReader) -> None:
    assert reader.read("When?", [], shelf) == Reading((), 0.0)


def test_a_question_of_function_words_has_no_overlap(
    shelf: Shelf, reader: SimilarityReader
) -> None:
    examined = reader.examine("Who is it?", [hit(1, 2)], shelf)
    assert [features.overlap for _, features, _ in examined] == [0.0, 0.0]


def test_the_same_question_is_read_the_same_way_twice(
    shelf: Shelf, reader: SimilarityReader
) -> None:
    hits = [hit(2, 4), hit(0, 0, "b.txt"), hit(0, 3)]
    assert reader.read("When and where?", hits, shelf) == reader.read(
        "When and where?", hits, shelf
    )
