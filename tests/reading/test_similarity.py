"""The baseline reader ``similarity-1``: similarity in meaning and in words."""

from __future__ import annotations

import pytest

from pullquote.reading.similarity import SimilarityReader
from pullquote.types import Hit, Passage
from tests.support.answers import Shelf
from tests.support.indexes import HashingEmbedder


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a", ["The ferry sank.", "Rain fell."], "A subhead", ["The ferry was new.", "Odda slept."]
    )
    return made


def test_the_sentence_that_resembles_the_question_comes_first(shelf: Shelf) -> None:
    reading = SimilarityReader(HashingEmbedder()).read(
        "The ferry sank?", [Hit(Passage(0, "a", 0, 4), 1.0)], shelf
    )
    assert [one.sentence.index for one in reading.sentences][:2] == [0, 3]
    assert reading.answerability == reading.sentences[0].score
    assert all(one.not_said == 0 for one in reading.sentences)


def test_a_subhead_is_no_answer_and_overlapping_hits_give_a_sentence_once(shelf: Shelf) -> None:
    hits = [Hit(Passage(0, "a", 0, 2), 1.0), Hit(Passage(1, "a", 1, 4), 0.5)]
    reading = SimilarityReader(HashingEmbedder()).read("A subhead", hits, shelf)
    assert sorted(one.sentence.index for one in reading.sentences) == [0, 1, 3, 4]


def test_nothing_found_is_an_empty_reading(shelf: Shelf) -> None:
    reading = SimilarityReader(HashingEmbedder()).read("Ferry?", [], shelf)
    assert (reading.sentences, reading.answerability) == ((), 0.0)


def test_a_question_without_words_of_the_articles_scores_low(shelf: Shelf) -> None:
    reader = SimilarityReader(HashingEmbedder())
    hits = [Hit(Passage(0, "a", 0, 4), 1.0)]
    nothing = reader.read("zzz qqq", hits, shelf).answerability
    assert nothing < reader.read("The ferry sank", hits, shelf).answerability
