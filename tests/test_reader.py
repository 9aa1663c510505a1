"""Scores, their order and the answerability, by logits and cosines that are given by hand."""

from __future__ import annotations

import math

import pytest
from helpers_answer import Shelf
from helpers_network import Axis, Cosines, by_hand

from pullquote.calibration import PLAIN, Calibration, Logistic, probability
from pullquote.network import Network
from pullquote.reader import Examined, NetworkReader, to_read
from pullquote.similarity import SimilarityReader
from pullquote.spans import Piece
from pullquote.types import Hit, Passage, Reading

WHEN = "When did the ferry sink?"

#: Sums of the best answers: "in 1931" 5, "on Monday" 4, "fell" 1; without any of them 0.
NETWORK = by_hand({"in": 2, "on": 3}, {"1931": 3, "Monday": 1, "fell": 1})


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a",
        "Ferry news",
        ["The ferry sank in 1931.", "A tower stood.", "Rain fell."],
        ["It was raised on Monday."],
        head="Title: Ferry\n\n",
    )
    made.add("b", ["Ann met Bo."])
    return made


def reader(
    calibration: Calibration = PLAIN, network: Network = NETWORK, **cosines: tuple[float, ...]
) -> NetworkReader:
    given = {"a": (0.0, 0.5, 0.25, -0.5, 0.75), "b": (1.0,), **cosines}
    return NetworkReader(network, calibration, SimilarityReader(Axis(), Cosines(**given)))


def hit(first: int, last: int, article_id: str = "a") -> Hit:
    return Hit(Passage(0, article_id, first, last), 1.0)


def places(reading: Reading) -> list[tuple[str, int]]:
    return [(it.sentence.article_id, it.sentence.index) for it in reading.sentences]


def by_place(examined: list[Examined]) -> dict[int, Examined]:
    return {it.sentence.index: it for it in examined}


def test_the_name_carries_twelve_digits_of_the_digest() -> None:
    assert reader().name == "by-hand@0123456789ab"


def test_the_best_sentence_comes_first_with_its_answer(shelf: Shelf) -> None:
    read = reader().read(WHEN, [hit(0, 4), hit(0, 0, "b")], shelf)
    assert places(read) == [("a", 1), ("a", 4), ("a", 3), ("a", 2), ("b", 0)]
    # A quarter of the margin is the log-odds.
    odds = [5 / 4, 4 / 4, 1 / 4, 0, 0]
    assert [it.score for it in read.sentences] == pytest.approx([probability(it) for it in odds])
    assert read.answerability == read.sentences[0].score
    words = [
        shelf.article(it.sentence.article_id).text[slice(*it.span)]
        for it in read.sentences
        if it.span
    ]
    assert words[:2] == ["in 1931", "on Monday"]
    assert len(words) == 5


def test_the_relevance_is_the_cosine_and_never_below_0(shelf: Shelf) -> None:
    read = reader().read(WHEN, [hit(0, 4)], shelf)
    assert [(it.sentence.index, it.relevance) for it in read.sentences] == [
        (1, 0.5),
        (4, 0.75),
        (3, 0.0),
        (2, 0.25),
    ]


def test_the_calibration_decides_the_order(shelf: Shelf) -> None:
    by_cosine = Calibration(Logistic({"cosine": 2.0}, -1.0), Logistic({"margin": 1.0}, 0.0))
    read = reader(by_cosine).read(WHEN, [hit(0, 4)], shelf)
    assert places(read) == [("a", 4), ("a", 1), ("a", 2), ("a", 3)]
    odds = [0.5, 0.0, -0.5, -2.0]
    assert [it.score for it in read.sentences] == pytest.approx([probability(it) for it in odds])
    # The margin of the first is 4.
    assert read.answerability == pytest.approx(probability(4.0))


def test_the_answerability_is_that_of_the_first_sentence(shelf: Shelf) -> None:
    calibration = Calibration(
        Logistic({"margin": 1.0}, 2.0),
        Logistic({"margin": 0.5, "cosine": 4.0}, 0.25),
    )
    read = reader(calibration).read(WHEN, [hit(0, 4)], shelf)
    # The first one's margin is 5, and its cosine 0.5.
    assert read.answerability == pytest.approx(probability(0.5 * 5 + 4 * 0.5 + 0.25))


def test_the_features_by_hand(shelf: Shelf) -> None:
    network = by_hand({"in": 2, "on": 3}, {"1931": 3, "Monday": 1, "fell": 1}, {"tower": 2})
    question = "When did Ann’s ferry sink in 1931?"
    found = by_place(reader(network=network).examine(question, [hit(0, 4)], shelf))
    assert list(found) == [1, 2, 3, 4]
    whole = math.log(math.exp(5) + math.exp(4) + math.exp(1) + math.exp(0))
    for number, span in ((1, 5), (2, 0), (3, 1), (4, 4)):
        assert found[number].features.margin == span - 2
        assert found[number].features.shared == pytest.approx(span - whole)
    features = found[1].features
    assert (features.cosine, features.cue) == (0.5, 0.0)  # "in 1931" only repeats the question
    assert 0 < features.overlap < 1
    assert found[4].features.cue == 1.0


def test_shares_are_of_all_sentences_that_were_read(shelf: Shelf) -> None:
    examined = reader().examine(WHEN, [hit(0, 4), hit(0, 0, "b")], shelf)
    assert sum(math.exp(it.features.shared) for it in examined) == pytest.approx(1)


def test_each_sentence_is_read_once_in_the_order_of_the_hits(shelf: Shelf) -> None:
    hits = [hit(3, 4), hit(0, 0, "b"), hit(1, 3), hit(3, 4)]
    examined = reader().examine(WHEN, hits, shelf)
    assert [(it.sentence.article_id, it.sentence.index) for it in examined] == [
        ("a", 3), ("a", 4), ("b", 0), ("a", 1), ("a", 2),
    ]  # fmt: skip


def test_equal_sentences_keep_the_order_of_their_passages(shelf: Shelf) -> None:
    assert places(reader().read(WHEN, [hit(2, 2), hit(0, 0, "b")], shelf)) == [("a", 2), ("b", 0)]
    assert places(reader().read(WHEN, [hit(0, 0, "b"), hit(2, 2)], shelf)) == [("b", 0), ("a", 2)]


def test_without_hits_nothing_is_answerable(shelf: Shelf) -> None:
    assert reader().read(WHEN, [], shelf) == Reading((), 0.0)
    assert reader().examine(WHEN, [], shelf) == []


def test_a_subhead_alone_answers_nothing(shelf: Shelf) -> None:
    assert reader().read(WHEN, [hit(0, 0)], shelf) == Reading((), 0.0)


def test_what_is_read_is_the_passage_with_its_subheads(shelf: Shelf) -> None:
    article = shelf.article("a").text
    start = article.index("Ferry news")
    whole = to_read(hit(0, 2), shelf)
    assert whole.text == "Ferry news\n\nThe ferry sank in 1931. A tower stood."
    assert whole.pieces == (
        Piece(("a", 1), 12, 35, start + 12),
        Piece(("a", 2), 36, 50, start + 36),
    )
    for it in to_read(hit(3, 4), shelf).pieces:
        sentence = shelf.sentences("a")[it.key[1]]
        assert (it.at, it.at + it.end - it.start) == (sentence.start, sentence.end)


def test_a_question_that_is_cut_is_noted(shelf: Shelf) -> None:
    # 64 tokens: 21 for the question.
    long = " ".join(["really"] * 30) + " " + WHEN
    assert reader().read(WHEN, [hit(0, 4)], shelf).notes == ()
    assert reader().read(long, [hit(0, 4)], shelf).notes == ("question_cut",)


def test_another_language_is_noted_where_the_network_has_one(shelf: Shelf) -> None:
    german = "Wann ist die Fähre im Sturm gesunken?"
    english = by_hand({}, {}, language="en")
    assert reader(network=english).read(german, [hit(0, 4)], shelf).notes == ("not_english",)
    assert reader(network=english).read(WHEN, [hit(0, 4)], shelf).notes == ()
    assert reader().read(german, [hit(0, 4)], shelf).notes == ()


def test_the_same_question_is_read_the_same_way_twice(shelf: Shelf) -> None:
    hits = [hit(2, 4), hit(0, 0, "b"), hit(0, 3)]
    assert reader().read(WHEN, hits, shelf) == reader().read(WHEN, hits, shelf)
