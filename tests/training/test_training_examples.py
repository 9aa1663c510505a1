"""Examples: what is read for a question, what is right in it, and what must not be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pullquote.reading.judge_input import PassageText
from tests.support.indexes import HashingEmbedder
from tests.support.training import CLOCK, LIGHTHOUSE, RECORDS, ask, documents, record
from training.data import Ask, Document
from training.examples import (
    ACCEPTABLE,
    LONGEST,
    OTHER,
    REMOVED,
    RIGHT,
    SHORTEST,
    SWAPPED,
    Example,
    Maker,
    Reading,
)
from training.model import ANSWERS, NEITHER, NOT_SAID
from training.noise import things
from training.passages import Ranked, Span

ROUNDS = 60


class Workshop:
    """Makes examples of some documents."""

    def __init__(self, folder: Path, records: Iterable[Mapping[str, Any]] = RECORDS) -> None:
        self.documents = documents(folder, records)
        self.ranked = Ranked(list(self.documents.values()), HashingEmbedder())
        self.questions: dict[str, tuple[Document, Ask]] = {
            ask.id: (document, ask)
            for document in self.documents.values()
            for ask in document.questions
        }

    def maker(self, seed: int = 1) -> Maker:
        return Maker(list(self.documents.values()), self.ranked, seed)

    def made(self, id: str, rounds: int = ROUNDS) -> Iterator[Example]:
        """The examples of a question in many rounds, but for those about another thing."""
        yield from (one for one in self.all(id, rounds) if one.id == id)

    def others(self, id: str, rounds: int = ROUNDS) -> Iterator[Example]:
        """Those about another thing."""
        yield from (one for one in self.all(id, rounds) if one.id != id)

    def all(self, id: str, rounds: int = ROUNDS) -> Iterator[Example]:
        maker = self.maker()
        for number in range(rounds):
            yield from maker.make(*self.questions[id], number)

    def ranked_for(self, id: str) -> list[Span]:
        document, ask = self.questions[id]
        return self.ranked.rank(ask.text, document, 8)

    def within(self, reading: Reading, document: str, span: int) -> bool:
        """Whether a reading is a piece of that passage."""
        return reading.passage.text in self.ranked.of[document][span].text


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("examples"))


def squad(tmp_path: Path, sentences: list[str], *questions: Mapping[str, Any]) -> Workshop:
    """A document of a set whose questions are only asked of their own one."""
    line = record("r", sentences, questions, source="squad2_new", title="Rain", date="2024-05-01")
    return Workshop(tmp_path, [line])


def sentences(reading: Reading) -> list[str]:
    passage = reading.passage
    return [passage.text[start:end] for start, end in passage.sentences]


def words(reading: Reading) -> str | None:
    return reading.passage.text[slice(*reading.words)] if reading.words else None


def labelled(reading: Reading) -> dict[str, int]:
    """The sentences that are right, and in what way."""
    assert len(reading.labels) == len(reading.weights) == len(reading.passage.sentences)
    pairs = zip(sentences(reading), reading.labels, strict=True)
    return {sentence: label for sentence, label in pairs if label != NEITHER}


def wrong(reading: Reading) -> bool:
    """Whether nothing in it is right."""
    return (
        set(reading.labels) == {NEITHER}
        and set(reading.weights) == {OTHER}
        and reading.words is None
    )


# The passage that answers.


def test_a_reading_that_answers_by_hand(tmp_path: Path) -> None:
    texts = ["No sun.", "Rain fell in Odda.", "In Odda rain is common."]
    shop = squad(tmp_path, texts, ask("q", "Where did rain fall?", "in Odda", 1, also=[2]))
    passage = PassageText("Rain", "2024-05-01", " ".join(texts), ((0, 7), (8, 26), (27, 50)))
    expected = Reading("", passage, (NEITHER, ANSWERS, ANSWERS), (1.0, 2.0, 0.7), (18, 25))
    assert (OTHER, RIGHT, ACCEPTABLE) == (1.0, 2.0, 0.7)
    made = list(shop.made("q"))
    assert len(made) == ROUNDS
    for example in made:
        assert (example.id, example.source) == ("q", "squad2_new")
        assert replace(example.readings[0], question="") == expected
    asked = {example.readings[0].question for example in made}
    assert {"Where did rain fall?", "where did rain fall"} < asked


def test_the_first_reading_is_the_one_that_answers(shop: Workshop) -> None:
    answers = {"v1": (1, "1843"), "v3": (4, "Jonas Brekke"), "v4": (11, "the waves")}
    for id, (number, answer) in answers.items():
        for example in shop.made(id):
            gold = example.readings[0]
            assert labelled(gold) == {LIGHTHOUSE[number]: ANSWERS}
            assert words(gold) == answer
            place = sentences(gold).index(LIGHTHOUSE[number])
            assert gold.weights == tuple(
                RIGHT if i == place else OTHER for i in range(len(gold.weights))
            )


def test_that_something_is_not_known_is_labelled_so(shop: Workshop) -> None:
    for example in shop.made("v7"):
        gold = example.readings[0]
        assert labelled(gold) == {LIGHTHOUSE[7]: NOT_SAID}
        assert max(gold.weights) == RIGHT
        assert words(gold) == "Nobody has found out"
        assert all(wrong(reading) for reading in example.readings[1:])


def test_every_passage_that_holds_the_answering_sentence_may_be_read(shop: Workshop) -> None:
    holding = [number for number, span in enumerate(shop.ranked.of["velm"]) if span.holds(11)]
    assert holding == [0, 1, 2]
    found = {
        number
        for example in shop.made("v4")
        for number in holding
        if shop.within(example.readings[0], "velm", number)
    }
    assert found == {0, 1, 2}


def test_the_words_are_the_shortest_answer_within_a_right_sentence(tmp_path: Path) -> None:
    line = record("r", CLOCK, [ask("q", "What has no hands?", "The Brindle Clock", 0)])
    own = line["questions"][0]["answers"]
    own.append({"text": "Brindle Clock", "start": 4})
    # These are shorter, but run into the next sentence, or stand in one that is not right.
    own.append({"text": ". It", "start": line["text"].index(". It")})
    own.append({"text": "plums", "start": line["text"].index("plums")})
    for example in Workshop(tmp_path, [line]).made("q"):
        assert words(example.readings[0]) == "Brindle Clock"


def test_without_an_answer_within_a_sentence_there_are_no_words(tmp_path: Path) -> None:
    line = record("r", CLOCK, [ask("q", "What is it?", "The Brindle Clock", 0)])
    line["questions"][0]["answers"][0]["text"] = " ".join(CLOCK[:2])
    for example in Workshop(tmp_path, [line]).made("q"):
        assert words(example.readings[0]) is None
        assert labelled(example.readings[0]) == {CLOCK[0]: ANSWERS}


def test_a_question_whose_answer_is_in_no_sentence_gives_no_example(tmp_path: Path) -> None:
    line = record("r", CLOCK, [ask("q", "What is it?", "The Brindle Clock", 0)])
    line["questions"][0]["evidence"] = []
    assert list(Workshop(tmp_path, [line]).all("q")) == []


# Cuts.


def test_a_cut_is_a_run_of_whole_sentences_of_one_passage(shop: Workshop) -> None:
    sizes: Counter[int] = Counter()
    for id in shop.questions:
        for example in shop.all(id):
            # Of the other readings one may be without the sentences that answer.
            reading = example.readings[0]
            document = next(
                one for one in shop.documents.values() if reading.passage.text in one.text
            )
            texts = [document.text[start:end] for start, end in document.sentences]
            first = texts.index(sentences(reading)[0])
            last = first + len(reading.labels) - 1
            assert sentences(reading) == texts[first : last + 1]
            assert reading.passage.text == Span(document, first, last).text
            holding = [
                (span.first, span.last)
                for span in shop.ranked.of[document.id]
                if span.first <= first and last <= span.last
            ]
            assert holding
            assert SHORTEST <= last - first + 1 <= LONGEST or (first, last) in holding
            sizes[last - first + 1] += 1
    # All sizes, and the whole passages: of the lighthouse 12 and 11 sentences.
    assert set(sizes) == {3, 4, 5, 6, 11, 12}


def test_a_cut_holds_the_answer_anywhere(shop: Workshop) -> None:
    places = set()
    for example in shop.made("v3", 200):
        texts = sentences(example.readings[0])
        places.add((texts.index(LIGHTHOUSE[4]), len(texts)))
    # In a piece of three it is the first, the middle or the last one.
    assert {place for place, size in places if size == 3} == {0, 1, 2}


def test_a_reading_has_the_title_and_the_date_of_its_own_document(shop: Workshop) -> None:
    for example in shop.made("v1"):
        for reading in example.readings:
            own = reading.passage.text in shop.documents["tarrow"].text
            expected = ("tarrow", None) if own else ("velm", "1968-06-01")
            assert (reading.passage.title, reading.passage.date) == expected


@pytest.mark.parametrize("source", ["squadshifts_reddit", "squadshifts_amazon"])
def test_a_document_without_a_title_of_its_own_is_read_without_one(
    tmp_path: Path, source: str
) -> None:
    questions = [ask("q", "How many steps?", "212", 2), ask("n", "Which stone is the wall of?")]
    shop = Workshop(tmp_path, [record("r", LIGHTHOUSE, questions, source=source, title="Comments")])
    for id in ("q", "n"):
        made = list(shop.made(id))
        # Also where the answer was taken out: a title would tell that it was.
        assert id == "n" or {len(example.readings) for example in made} == {1, 2}
        assert {reading.passage.title for one in made for reading in one.readings} == {""}


# Passages that do not answer.


def test_no_other_reading_holds_what_answers(shop: Workshop) -> None:
    seen = 0
    for id, (document, asked) in shop.questions.items():
        right = [document.text[slice(*document.sentences[i])] for i in asked.evidence + asked.also]
        for example in shop.made(id):
            for reading in example.readings[1:] if asked.answerable else example.readings:
                seen += 1
                assert wrong(reading)
                assert not set(right) & set(sentences(reading))
    assert seen > 100


def test_of_a_whole_set_the_highest_wrong_passage_is_read_and_one_of_the_rest(
    shop: Workshop,
) -> None:
    # Ranked: 0, 2 and 1 of the lighthouse, and the moss. The first one answers.
    ranked = [(span.document.id, span.first) for span in shop.ranked_for("v2")]
    assert ranked == [("velm", 0), ("velm", 10), ("velm", 9), ("tarrow", 0)]
    rest: Counter[str] = Counter()
    for example in shop.made("v2"):
        _, highest, second = example.readings[:3]
        assert shop.within(highest, "velm", 2)
        own = shop.within(second, "velm", 1)
        assert own or shop.within(second, "tarrow", 0)
        rest["velm" if own else "tarrow"] += 1
    assert min(rest["velm"], rest["tarrow"]) > ROUNDS / 4


def test_of_other_sets_one_wrong_passage_of_the_document_is_read(tmp_path: Path) -> None:
    question = ask("q", "How many steps does the tower on the rock have?", "212", 2)
    shop = squad(tmp_path, LIGHTHOUSE, question)
    ranked = shop.ranked_for("q")
    assert ranked[0] == shop.ranked.of["r"][0]
    sizes: Counter[int] = Counter()
    for example in shop.made("q"):
        assert example.readings[1].passage.text in ranked[1].text
        sizes[len(example.readings)] += 1
    # Now and then the right passage is read once more, without the answer.
    assert set(sizes) == {2, 3}
    assert sizes[2] > 2 * sizes[3]


def test_a_passage_with_a_sentence_that_is_acceptable_is_no_wrong_one(shop: Workshop) -> None:
    # The last one tells of the first year too, in other words.
    for example in shop.made("v1"):
        assert LIGHTHOUSE[20] not in [
            sentence for reading in example.readings[1:] for sentence in sentences(reading)
        ]
        assert shop.within(example.readings[1], "velm", 1)


MILL = "The mill burned in 1843."
TELLING = "Fire took the mill in 1843."
SILENT = "The mill was rebuilt."
ELSEWHERE = "A mill fell in 1843."


def news(id: str, sentence: str, cluster: str | None, *questions: Mapping[str, Any]) -> Any:
    return record(id, [sentence], questions, source="made_news", cluster=cluster)


def test_an_article_that_tells_of_the_same_event_in_the_same_words_is_no_wrong_one(
    tmp_path: Path,
) -> None:
    lines = [
        news("a", MILL, "fire", ask("q", "When did the mill burn?", "1843", 0)),
        news("b", TELLING, "fire"),
        news("c", SILENT, "fire"),
        news("d", ELSEWHERE, "storm"),
    ]
    shop = Workshop(tmp_path, lines)
    for example in shop.made("q"):
        texts = [reading.passage.text for reading in example.readings]
        assert texts[0] == MILL
        assert sorted(texts[1:]) == sorted([SILENT, ELSEWHERE])


def test_articles_of_no_named_event_are_of_different_ones(tmp_path: Path) -> None:
    lines = [
        news("a", MILL, None, ask("q", "When did the mill burn?", "1843", 0)),
        news("b", TELLING, None),
    ]
    for example in Workshop(tmp_path, lines).made("q"):
        assert [reading.passage.text for reading in example.readings] == [MILL, TELLING]


# The passage without what answers.


def test_the_answer_may_be_taken_out_of_its_passage(shop: Workshop) -> None:
    # There is no other passage of the clock.
    text = " ".join(CLOCK[:2])
    ranges = ((0, len(CLOCK[0])), (len(CLOCK[0]) + 1, len(text)))
    passage = PassageText("brindle", None, text, ranges)
    removed = Reading("", passage, (NEITHER, NEITHER), (OTHER, OTHER))
    found = 0
    for example in shop.made("b1", 400):
        for reading in example.readings[1:]:
            found += 1
            assert replace(reading, question="") == removed
    assert found / 400 == pytest.approx(REMOVED, abs=0.05)


def test_what_holds_the_words_of_the_answer_is_taken_out_too(tmp_path: Path) -> None:
    texts = [
        "The mill fell in 1843.",
        "By 1843 rain fell.",
        "A1843 is a road.",
        "It fell in the year of the comet.",
        "It is old.",
    ]
    shop = squad(tmp_path, texts, ask("q", "When did the mill fall?", "1843", 0, also=[3]))
    found = {reading.passage.text for one in shop.made("q") for reading in one.readings[1:]}
    assert found == {"A1843 is a road. It is old."}


def test_one_sentence_that_is_left_is_no_passage(tmp_path: Path) -> None:
    question = ask("q", "When did it fall?", "1843", 0)
    shop = squad(tmp_path, ["The mill fell in 1843.", "It is old."], question)
    assert {len(example.readings) for example in shop.made("q")} == {1}


# The question about another thing.


def test_a_question_about_another_thing_is_read_where_the_first_one_is_answered(
    shop: Workshop,
) -> None:
    for id in ("v3", "t1"):
        document, ask = shop.questions[id]
        right = document.text[slice(*document.sentences[ask.evidence[0]])]
        before = ask.text.lower()
        new = [name.lower() for kind in things(right) for name in kind]
        found = list(shop.others(id, 400))
        assert len(found) / 400 == pytest.approx(SWAPPED, abs=0.05)
        for example in found:
            assert (example.id, example.source) == (f"{id}/other", "made_news")
            (reading,) = example.readings
            assert wrong(reading)
            assert right in sentences(reading)
            question = reading.question.lower()
            assert question.rstrip("?") != before.rstrip("?")
            # What the answering sentence names might be answered by it.
            assert not any(name in question for name in new if name not in before)


def test_a_question_that_names_nothing_is_not_asked_of_another_thing(shop: Workshop) -> None:
    assert list(shop.others("b1", 200)) == []


def test_the_readings_of_an_example_are_of_one_question(shop: Workshop) -> None:
    for id in shop.questions:
        for example in shop.all(id):
            assert len({reading.question for reading in example.readings}) == 1


# Questions without an answer.


def test_an_unanswerable_question_is_read_where_an_answer_looks_plausible(shop: Workshop) -> None:
    for example in shop.made("v5"):
        tempting, highest = example.readings
        assert LIGHTHOUSE[6] in sentences(tempting)
        assert shop.within(highest, "velm", 2)
        assert LIGHTHOUSE[6] not in sentences(highest)


def test_of_other_sets_it_is_only_read_there(tmp_path: Path) -> None:
    shop = squad(tmp_path, LIGHTHOUSE, ask("q", "Who melted it?", plausible=("goats", 13)))
    for example in shop.made("q"):
        (reading,) = example.readings
        assert LIGHTHOUSE[13] in sentences(reading)


def test_without_a_plausible_answer_it_is_read_in_the_best_passages(shop: Workshop) -> None:
    for example in shop.made("v6"):
        assert len(example.readings) == 2
        assert shop.within(example.readings[0], "velm", 1)


def test_an_unanswerable_question_that_brings_up_nothing_gives_no_example(tmp_path: Path) -> None:
    shop = squad(tmp_path, CLOCK, ask("q", "Who is Ada?"))
    assert list(shop.all("q")) == []


# Repetition.


def test_an_example_is_the_same_whatever_came_before_it(shop: Workshop) -> None:
    def made(maker: Maker, ids: Iterable[str], number: int = 0) -> dict[str, list[Example]]:
        return {id: maker.make(*shop.questions[id], number) for id in ids}

    forwards = made(shop.maker(), shop.questions)
    maker = shop.maker()
    made(maker, shop.questions, 1)
    assert made(maker, reversed(list(shop.questions))) == forwards
    for id in shop.questions:
        assert made(shop.maker(), [id])[id] == forwards[id]


def test_each_round_and_each_seed_draws_anew(shop: Workshop) -> None:
    document, ask = shop.questions["v2"]
    rounds = [shop.maker().make(document, ask, number) for number in range(5)]
    seeds = [shop.maker(seed).make(document, ask, 0) for seed in range(1, 6)]
    assert rounds[0] == seeds[0]
    for made in (rounds, seeds):
        assert len({str(examples) for examples in made}) == 5


def test_two_questions_of_a_document_draw_apart(tmp_path: Path) -> None:
    text = "How many steps does the tower on the rock have?"
    questions = [ask(id, text, "212", 2) for id in ("q1", "q2")]
    shop = squad(tmp_path, LIGHTHOUSE, *questions)
    one, other = ([one.readings for one in shop.made(id, 5)] for id in ("q1", "q2"))
    assert one != other


def test_what_a_judge_believes_most_is_the_first_negative(shop: Workshop) -> None:
    document, ask = shop.questions["v2"]
    ranked = [span for span in shop.ranked_for("v2") if not span.holds(ask.evidence[0])]
    last = ranked[-1]
    believed = {(document.id, ask.id): [(last.document.id, last.first)]}
    maker = Maker(list(shop.documents.values()), shop.ranked, 1, believed)
    for number in range(10):
        (example, *_) = maker.make(document, ask, number)
        assert example.readings[1].passage.text in last.text
