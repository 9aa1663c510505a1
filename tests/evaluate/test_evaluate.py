"""A whole evaluation: each kind of fault changes the figures that it should, and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pullquote.answering.compose import Cutoffs
from pullquote.assistant import Assistant
from pullquote.evaluate.gold import Gold, locate
from pullquote.evaluate.judge import Failure
from pullquote.evaluate.question import Question
from pullquote.evaluate.rates import rates
from pullquote.evaluate.run import Result, run
from pullquote.evaluate.threshold import points
from pullquote.protocols import Library
from pullquote.retrieval.retrieve import Retriever
from pullquote.text.terms import terms
from pullquote.types import Hit, Provenance, Reading, ScoredSentence, Status
from tests.support.indexes import HashingEmbedder, make_index

TEXTS = {
    "ferry.txt": "Winter was long.\n\nThe ferry sank near Bergen.",
    "bank.txt": "Rents rose.\n\nThe bank closed its branch on Friday.",
    "dog.txt": "Cats slept.\n\nThe dog chased a red ball.",
    "mayor.txt": "Snow fell.\n\nThe mayor opened a new library.",
}


def asked(id_: str, text: str, evidence: str | None, reference: str = "") -> Question:
    return Question(
        id=id_,
        text=text,
        where=f"line {id_}",
        status=Status.ANSWERED if evidence else Status.NOT_FOUND,
        evidence=((evidence,),) if evidence else (),
        references=(reference,) if reference else (),
    )


FERRY, BANK = "The ferry sank near Bergen.", "The bank closed its branch on Friday."
DOG, MAYOR = "The dog chased a red ball.", "The mayor opened a new library."

QUESTIONS = (
    asked("ferry", "Where did the ferry sink near?", FERRY, "near Bergen"),
    asked("bank", "When did the bank branch close?", BANK, "on Friday"),
    asked("dog", "What red ball was chased?", DOG, "dog"),
    asked("mayor", "What library did the mayor open?", MAYOR, "new library"),
    asked("n1", "Which violin concerto premiered?", None),
    asked("n2", "How tall are volcanoes?", None),
)


@dataclass
class WordReader:
    """Scores a sentence by the share of the question's words in it.

    ``answerability``, if given, replaces the computed one.
    """

    answerability: float | None = None
    name: str = "words"
    refuse_below: float = 0.5
    cite_above: float = 1.0

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        wanted = set(terms(question))
        scored: dict[tuple[str, int], ScoredSentence] = {}
        for hit in hits:
            own = hit.passage
            for sentence in library.sentences(own.article_id)[own.first : own.last + 1]:
                text = library.article(own.article_id).text[sentence.start : sentence.end]
                score = len(wanted & set(terms(text))) / len(wanted)
                scored[own.article_id, sentence.index] = ScoredSentence(sentence, score)
        ordered = sorted(scored.values(), key=lambda scored: -scored.score)
        best = ordered[0].score if ordered else 0.0
        sure = best if self.answerability is None else self.answerability
        return Reading(tuple(ordered), sure)


@pytest.fixture
def golds(tmp_path: Path) -> tuple[Gold, ...]:
    """The gold evidence in the unchanged articles."""
    index = make_index(tmp_path / "before", TEXTS)
    return locate(QUESTIONS, index.articles)


def evaluated(
    folder: Path,
    golds: Sequence[Gold],
    reader: WordReader | None = None,
    texts: Mapping[str, str] = TEXTS,
    refuse_below: float = 0.5,
) -> list[Result]:
    embedder = HashingEmbedder()
    index = make_index(folder, texts, embedder)
    assistant = Assistant(
        index,
        Retriever(index, embedder, 4),
        reader or WordReader(),
        Provenance(index.manifest.digest, "words", embedder.name),
        Cutoffs(citations=1, refuse_below=refuse_below),
    )
    return list(run(assistant, QUESTIONS, golds))


def figures(results: Sequence[Result]) -> dict[str, float | None]:
    return {name: rate.value for name, rate in rates([r.judgement for r in results]).items()}


def moved(before: Sequence[Result], after: Sequence[Result]) -> dict[str, float | None]:
    old, new = figures(before), figures(after)
    return {name: new[name] for name in old if new[name] != pytest.approx(old[name])}


@pytest.fixture
def right(tmp_path: Path, golds: Sequence[Gold]) -> list[Result]:
    return evaluated(tmp_path / "right", golds)


def test_when_all_is_right_every_figure_is_1(right: list[Result]) -> None:
    assert [result.judgement.failure for result in right] == [None] * 6
    whole = figures(right)
    tokens = whole.pop("answers.token_f1")  # the whole sentence is more than its reference
    assert tokens is not None
    assert 0 < tokens < 1
    for name in ("retrieval.hit@1", "retrieval.mrr"):
        assert (whole.pop(name) or 0) > 0.5  # the stand-in embedder is not very good
    assert set(whole.values()) == {1.0}


def test_a_reader_that_always_answers_moves_abstention_and_what_rests_on_it(
    tmp_path: Path, golds: Sequence[Gold], right: list[Result]
) -> None:
    after = evaluated(tmp_path / "after", golds, WordReader(answerability=1.0))
    assert moved(right, after) == {
        "abstention.precision": None,  # there is no refusal to be right
        "abstention.recall": 0.0,
        "abstention.f1": 0.0,
        "abstention.auroc": pytest.approx(0.5),
        "status_accuracy": pytest.approx(4 / 6),
        "end_to_end": pytest.approx(4 / 6),
    }
    failures = [result.judgement.failure for result in after]
    assert failures == [None] * 4 + [Failure.WRONGLY_ANSWERED] * 2


def test_a_reader_that_always_refuses_moves_citations_and_answers_too(
    tmp_path: Path, golds: Sequence[Gold], right: list[Result]
) -> None:
    after = evaluated(tmp_path / "after", golds, WordReader(answerability=0.0))
    assert moved(right, after) == {
        "citations.precision": None,  # nothing is cited
        "citations.recall": 0.0,
        "citations.f1": 0.0,
        "citations.hit@1": 0.0,
        "answers.token_f1": 0.0,
        "answers.contains": 0.0,
        "abstention.precision": pytest.approx(2 / 6),  # recall stays 1
        "abstention.f1": pytest.approx(2 * 2 / (6 + 2)),
        "abstention.auroc": pytest.approx(0.5),
        "status_accuracy": pytest.approx(2 / 6),
        "end_to_end": pytest.approx(2 / 6),
    }
    failures = [result.judgement.failure for result in after]
    assert failures == [Failure.WRONGLY_REFUSED] * 4 + [None] * 2
    # What would have been cited is still known, so the curve over thresholds has not changed.
    assert points([result.judgement for result in after])[0].handled == pytest.approx(4 / 6)


def test_deleting_a_gold_sentence_moves_its_own_question_alone(
    tmp_path: Path, golds: Sequence[Gold], right: list[Result]
) -> None:
    # The removed sentence is the last of its article, so that no other place moves.
    texts = {**TEXTS, "mayor.txt": "Snow fell."}
    after = evaluated(tmp_path / "after", golds, texts=texts)
    changed = [
        old.question.id for old, new in zip(right, after, strict=True)
        if old.judgement.failure != new.judgement.failure
    ]  # fmt: skip
    assert changed == ["mayor"]
    mayor = after[3].judgement
    assert mayor.failure is Failure.NOT_RETRIEVED
    assert mayor.status is Status.NOT_FOUND
    kept = [result.judgement for result in right[:3]]
    change = moved(right, after)
    assert change == {
        "retrieval.hit@1": pytest.approx(sum(item.rank == 1 for item in kept) / 4),
        "retrieval.mrr": pytest.approx(sum(1 / (item.rank or 0) for item in kept) / 4),
        "answers.token_f1": pytest.approx(sum(item.token_f1 or 0 for item in kept) / 4),
        "retrieval.hit@5": pytest.approx(3 / 4),
        "citations.recall": pytest.approx(3 / 4),  # precision stays 1: a refusal is left out
        "citations.f1": pytest.approx(2 * 0.75 / 1.75),
        "citations.hit@1": pytest.approx(3 / 4),
        "answers.contains": pytest.approx(3 / 4),
        "abstention.precision": pytest.approx(2 / 3),
        "abstention.f1": pytest.approx(2 * 2 / (3 + 2)),
        # The reader now finds it as unanswerable as the two without an answer: two ties of 8 pairs.
        "abstention.auroc": pytest.approx((3 * 2 + 2 * 0.5) / 8),
        "status_accuracy": pytest.approx(5 / 6),
        "end_to_end": pytest.approx(5 / 6),
    }


def test_the_curve_is_what_a_run_with_each_threshold_gives(
    tmp_path: Path, golds: Sequence[Gold], right: list[Result]
) -> None:
    for number, point in enumerate(points([result.judgement for result in right])):
        again = evaluated(tmp_path / str(number), golds, refuse_below=point.threshold)
        assert figures(again)["end_to_end"] == pytest.approx(point.handled)
        assert figures(again)["abstention.precision"] == pytest.approx(point.refusals_right)
        answered = sum(item.answer.status is not Status.NOT_FOUND for item in again)
        assert answered / len(again) == pytest.approx(point.coverage)
