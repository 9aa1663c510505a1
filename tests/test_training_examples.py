"""Examples: the passage that answers, and passages that only look so, each as it is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from helpers_training import (
    CLOCK,
    HELD_OUT,
    LIGHTHOUSE,
    MOSS,
    REAL,
    RECORDS,
    ask,
    documents,
    record,
)
from training.data import Ask, Document, split
from training.encode import open_tokenizer
from training.examples import Example, Kind, Maker, Reading
from training.noise import things
from training.passages import Ranked

SEEDS = range(40)

#: Kinds that hold no answer to the question that the document's reader asked.
NEGATIVE = (Kind.HARD, Kind.OTHER, Kind.REMOVED)


class Workshop:
    """Makes examples of some documents with any seed."""

    def __init__(self, folder: Path, records: Iterable[Mapping[str, Any]] = RECORDS) -> None:
        self.documents, _ = split(list(documents(folder, records).values()))
        self.ranked = Ranked(self.documents, open_tokenizer(REAL))
        self.questions: dict[str, tuple[Document, Ask]] = {
            ask.id: (document, ask) for document in self.documents for ask in document.questions
        }

    def maker(self, seed: int) -> Maker:
        return Maker(self.documents, self.ranked, seed)

    def readings(self, id: str, *kinds: Kind) -> Iterator[Reading]:
        """Those of some kinds that a question is given, with one seed or another."""
        for seed in SEEDS:
            made = self.maker(seed).make(*self.questions[id])
            assert made is not None
            yield from (it for it in made.readings if it.kind in (kinds or Kind))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("examples"))


def test_the_first_reading_is_the_passage_that_answers(shop: Workshop) -> None:
    answers = {"v1": "1843", "v3": "Jonas Brekke", "t2": "4 millimetres a year", "b1": "plums"}
    for id, answer in answers.items():
        for seed in SEEDS:
            made = shop.maker(seed).make(*shop.questions[id])
            assert made is not None
            first = made.readings[0]
            assert first.kind is Kind.GOLD
            assert first.answer is not None
            assert first.passage[slice(*first.answer)] == answer
            # No other one has an answer.
            assert all(it.answer is None for it in made.readings[1:])


def test_every_passage_that_holds_the_answering_sentence_may_be_the_gold_one(
    shop: Workshop,
) -> None:
    holding = {it.text for it in shop.ranked.of["velm"] if it.holds(11)}
    assert {it.passage for it in shop.readings("v4", Kind.GOLD)} == holding


def test_an_example_has_one_or_two_negatives_of_different_kinds(shop: Workshop) -> None:
    sizes = set()
    for seed in SEEDS:
        made = shop.maker(seed).make(*shop.questions["v3"])
        assert made is not None
        kinds = [it.kind for it in made.readings]
        assert len(set(kinds)) == len(kinds)
        sizes.add(len(kinds))
    assert sizes == {2, 3}


def test_no_gold_sentence_stands_in_a_negative_passage(shop: Workshop) -> None:
    seen = set()
    for id, (document, asked) in shop.questions.items():
        gold = [document.text[slice(*document.sentences[it])] for it in asked.evidence + asked.also]
        for it in shop.readings(id, *NEGATIVE):
            seen.add(it.kind)
            assert not any(sentence in it.passage for sentence in gold)
            for start, end in asked.spans:
                assert document.text[start:end].lower() not in it.passage.lower()
    assert seen == set(NEGATIVE)


def test_a_hard_negative_is_another_passage_of_the_article(shop: Workshop) -> None:
    # Of three passages the first answers. The last one tells of it too, in other words, or has
    # the words of the answer.
    for id in ("v1", "v3"):
        found = {it.passage for it in shop.readings(id, Kind.HARD)}
        assert found == {shop.ranked.of["velm"][1].text}


def test_a_passage_of_another_article_is_of_the_same_set(shop: Workshop) -> None:
    assert {it.passage for it in shop.readings("v2", Kind.OTHER)} == {" ".join(MOSS)}
    # The only article of its set, and the only passage of it.
    assert list(shop.readings("b1", Kind.OTHER, Kind.HARD)) == []


def test_removed_is_the_gold_passage_without_the_sentences_that_answer(shop: Workshop) -> None:
    assert {it.passage for it in shop.readings("t1", Kind.REMOVED)} == {
        " ".join(it for it in MOSS if it != MOSS[1])
    }
    first = shop.ranked.of["velm"][0]
    assert {it.passage for it in shop.readings("v1", Kind.REMOVED)} == {
        " ".join([LIGHTHOUSE[0], *LIGHTHOUSE[2 : first.last + 1]])
    }


def test_what_holds_the_words_of_the_answer_is_removed_too(tmp_path: Path) -> None:
    sentences = [
        "The mill fell in 1843.",
        "By 1843 rain fell.",
        "A1843 is a road.",
        "It fell in the year of the comet.",
        "It is old.",
    ]
    questions = [ask("q", "When did the mill fall?", "1843", 0, also=[3])]
    shop = Workshop(tmp_path, [record("r", sentences, questions)])
    found = {it.passage for it in shop.readings("q", Kind.REMOVED)}
    assert found == {"A1843 is a road. It is old."}


def test_one_sentence_that_is_left_is_no_passage(tmp_path: Path) -> None:
    questions = [ask("q", "When did it fall?", "1843", 0)]
    shop = Workshop(tmp_path, [record("r", ["The mill fell in 1843.", "It is old."], questions)])
    assert list(shop.readings("q", Kind.REMOVED)) == []


def test_swapped_is_the_gold_passage_and_a_question_about_another_thing(shop: Workshop) -> None:
    for id, named in (("v3", "1871"), ("t1", "Tarrow")):
        document, asked = shop.questions[id]
        (number,) = asked.evidence
        holding = {it.text for it in shop.ranked.of[document.id] if it.holds(number)}
        answering = document.text[slice(*document.sentences[number])]
        before = asked.text.lower()
        new = [it.lower() for kind in things(answering) for it in kind if it.lower() not in before]
        swapped = list(shop.readings(id, Kind.SWAPPED))
        assert any(named.lower() not in it.question.lower() for it in swapped)
        for it in swapped:
            assert it.passage in holding
            assert it.question.lower().rstrip("?") != before.rstrip("?")
            # What the answering sentence names might be answered by it.
            assert not any(name in it.question.lower() for name in new)


def test_a_question_that_names_nothing_is_not_swapped(shop: Workshop) -> None:
    assert list(shop.readings("b1", Kind.SWAPPED)) == []


def test_gold_and_negatives_are_asked_the_same_question_but_for_swapped(shop: Workshop) -> None:
    for id, seed in product(("v1", "v3", "t1"), SEEDS):
        made = shop.maker(seed).make(*shop.questions[id])
        assert made is not None
        asked = {it.question for it in made.readings if it.kind is not Kind.SWAPPED}
        assert len(asked) == 1
        for it in made.readings:
            assert it.kind is not Kind.SWAPPED or it.question not in asked


def test_an_unanswerable_question_is_read_where_an_answer_looks_plausible(shop: Workshop) -> None:
    document, _ = shop.questions["v5"]
    near = {it.text for it in shop.ranked.of["velm"] if it.holds(6)}
    assert {it.passage for it in shop.readings("v5", Kind.UNANSWERABLE)} == near
    others = [it.passage for it in shop.readings("v5", Kind.HARD)]
    assert others
    assert not near & set(others)
    assert all(it in document.text for it in others)


def test_without_a_plausible_answer_it_is_read_in_the_best_passage(shop: Workshop) -> None:
    own, _ = shop.ranked.rank(shop.questions["v6"][1].text, shop.questions["v6"][0], 1)
    assert {it.passage for it in shop.readings("v6", Kind.UNANSWERABLE)} == {own[0].text}
    assert all(it.answer is None for it in shop.readings("v6"))


def test_a_question_whose_answer_is_in_no_sentence_gives_no_example(tmp_path: Path) -> None:
    line = record("r", CLOCK, [ask("q", "What is it?", "The Brindle Clock", 0)])
    # The annotated answer now runs into the second sentence.
    line["questions"][0]["answers"][0]["text"] = " ".join(CLOCK[:2])
    (document,) = documents(tmp_path, [line]).values()
    maker = Maker([document], Ranked([document], open_tokenizer(REAL)), 1)
    assert maker.make(document, document.questions[0]) is None


def test_an_example_is_the_same_whatever_came_before_it(shop: Workshop) -> None:
    def made(maker: Maker, ids: Iterable[str]) -> dict[str, Example | None]:
        return {id: maker.make(*shop.questions[id]) for id in ids}

    forwards = made(shop.maker(1), shop.questions)
    maker = shop.maker(1)
    assert made(maker, reversed(list(shop.questions))) == forwards
    assert made(maker, shop.questions) == forwards
    for id in shop.questions:
        assert made(shop.maker(1), [id])[id] == forwards[id]
    assert made(shop.maker(2), shop.questions) != forwards


def test_nothing_of_a_held_out_document_is_in_an_example(shop: Workshop) -> None:
    lines = [it for it in RECORDS if it["id"] in HELD_OUT]
    sentences = [it["text"][start:end] for it in lines for start, end in it["sentences"]]
    names = {name for it in lines for kind in things(it["text"]) for name in kind}
    names -= {name for it in shop.documents for kind in things(it.text) for name in kind}
    assert {"1720", "Greta Sumpf"} <= names
    assert not {it["id"] for it in lines} & {it.id for it in shop.documents}
    for id in shop.questions:
        for it in shop.readings(id):
            assert not any(sentence in it.passage for sentence in sentences)
            assert not any(name in it.question for name in names)
