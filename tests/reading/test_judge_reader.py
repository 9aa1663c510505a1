"""The judge as a reader: it turns verdicts on passages into scored sentences of articles."""

from __future__ import annotations

import pytest

from pullquote.reading.judge import Judge, to_read
from pullquote.reading.judge_input import PassageText
from pullquote.types import Hit, Passage
from tests.support.answers import Shelf
from tests.support.judge import by_hand

LOGITS = {
    "1931": (4.0, 0.0, 0.0, 5.0, 5.0),
    "unknown": (0.0, 3.0, 0.0, 2.0, 2.0),
    "rain": (0.0, 0.0, 2.0, 0.0, 0.0),
}


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a",
        ["Rain fell.", "The ferry sank in 1931."],
        "A subhead of 1931",
        ["Its captain is unknown.", "Rain fell again."],
        head="title: About a\n\n",
    )
    return made


def hit(first: int, last: int) -> Hit:
    return Hit(Passage(0, "a", first, last), 1.0)


def test_the_sentences_come_likeliest_first_each_once(shelf: Shelf) -> None:
    reading = Judge(by_hand(LOGITS)).read("When did it sink?", [hit(0, 2), hit(1, 4)], shelf)
    assert [one.sentence.index for one in reading.sentences] == [1, 3, 0, 4]
    assert reading.answerability == reading.sentences[0].score
    best = reading.sentences[0]
    assert best.not_said < best.score / 2
    assert best.span is not None
    assert shelf.article("a").text[slice(*best.span)] == "1931"
    unknown = reading.sentences[1]
    assert unknown.not_said > unknown.score / 2
    assert reading.notes == ()


def test_a_subhead_is_read_and_never_cited(shelf: Shelf) -> None:
    text, _ = to_read(hit(1, 3), shelf)
    assert "A subhead of 1931" in text.text
    assert [text.text[start:end] for start, end in text.sentences] == [
        "The ferry sank in 1931.",
        "Its captain is unknown.",
    ]
    assert text.head == "About a (2020-06-11):"


def test_nothing_found_is_an_empty_reading(shelf: Shelf) -> None:
    reading = Judge(by_hand(LOGITS)).read("When?", [], shelf)
    assert (reading.sentences, reading.answerability) == ((), 0.0)


def test_what_a_person_should_know_is_noted(shelf: Shelf) -> None:
    judge = Judge(by_hand(LOGITS))
    long = "word " * 99 + "when did it sink?"
    assert judge.read(long, [hit(0, 1)], shelf).notes == ("question_cut",)
    foreign = "Wann ist die Fähre gesunken und wer war der Kapitän?"
    assert judge.read(foreign, [hit(0, 1)], shelf).notes == ("not_english",)


def test_its_name_tells_the_network_and_its_thresholds_are_the_networks() -> None:
    judge = Judge(by_hand(LOGITS))
    assert judge.name == "by-hand@0123456789ab"
    assert (judge.refuse_below, judge.cite_above) == (0.5, 0.7)


def test_support_is_that_of_all_cited_sentences() -> None:
    network = by_hand(LOGITS)
    all_, one = (PassageText.of(texts) for texts in (["Rain.", "In 1931."], ["Rain."]))
    assert network.supports("It sank.", all_) > network.supports("It sank.", one)
