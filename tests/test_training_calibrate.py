"""Weights from what a reader noticed, and what they come to."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from random import Random

import pytest
from helpers_evaluate import none, right, wrong
from helpers_training import KITE, RECORDS, SOUP, ask, documents, record
from training import heldout
from training.calibrate import (
    Row,
    as_json,
    at,
    crossed,
    figures,
    fit_answer,
    fit_sentence,
    judge,
    rank,
)
from training.curve import auroc
from training.data import split

from pullquote.calibration import Calibration, Features, Logistic, probability
from pullquote.evaluate.questionset import QuestionSet
from pullquote.types import Status

MARGIN = Logistic({"margin": 1.0}, 0.0)
ZERO = Features(**{it.name: 0.0 for it in fields(Features)})


def row(
    margins: Sequence[float], gold: int | None = None, *, number: int = 0, states: int | None = None
) -> Row:
    """A question whose sentences have only margins; ``gold`` is the right one."""
    places = range(len(margins))
    return Row(
        set="made",
        id=f"q{number}",
        document=f"d{number}",
        expected=Status.NOT_FOUND if gold is None else Status.ANSWERED,
        judged=gold is not None,
        stated=None,
        sentences=tuple(replace(ZERO, margin=it) for it in margins),
        right=tuple(it == gold for it in places),
        states=tuple(it == states for it in places),
    )


def made(count: int = 60) -> list[Row]:
    """The margin of a right sentence is higher by one on average; ``cosine`` is chance."""
    random = Random(1)
    result = []
    for number in range(count):
        gold = None if number % 3 == 0 else random.randrange(4)
        margins = [random.gauss(float(it == gold), 1.0) for it in range(4)]
        one = row(margins, gold, number=number)
        noisy = tuple(replace(it, cosine=random.random()) for it in one.sentences)
        result.append(replace(one, sentences=noisy))
    return result


def test_sentences_are_ranked_by_their_log_odds() -> None:
    ranked = rank(row([0.5, 2.0, -1.0], gold=2, states=0), Logistic({"margin": 2.0}, 1.0))
    assert [(odds, right, states) for odds, _, right, states in ranked] == [
        (5.0, False, False), (2.0, False, True), (-1.0, True, False),
    ]  # fmt: skip


def test_what_marks_right_sentences_gets_weight_and_chance_gets_little() -> None:
    sentence = fit_sentence(made())
    assert sentence.weights["margin"] > 0.3
    assert abs(sentence.weights["cosine"]) < sentence.weights["margin"]
    # What is always 0 says nothing.
    assert sentence.weights["overlap"] == pytest.approx(0.0, abs=1e-6)


def test_the_chances_are_right_on_average() -> None:
    rows = made()
    sentence = fit_sentence(rows)
    firsts = [rank(it, sentence)[0] for it in rows]
    share = sum(it[2] for it in firsts) / len(rows)
    assert sum(probability(it[0]) for it in firsts) / len(rows) == pytest.approx(share, abs=1e-3)
    answer = fit_answer(rows, sentence)
    ranked = [[pair[:2] for pair in rank(it, sentence)] for it in rows]
    sure = [probability(answer.log_odds(it[0][1])) for it in ranked]
    assert sum(sure) / len(rows) == pytest.approx(share, abs=1e-3)


def test_only_the_named_features_are_fitted() -> None:
    sentence = fit_sentence(made(), ["margin"])
    assert sentence.weights.keys() == {"margin"}
    assert fit_answer(made(), sentence, ["cue", "overlap"]).weights.keys() == {"cue", "overlap"}


def test_the_weights_are_what_a_reader_takes() -> None:
    rows = made()
    sentence = fit_sentence(rows)
    written = json.loads(json.dumps(as_json(sentence, fit_answer(rows, sentence))))
    calibration = Calibration.from_json(written)
    for feature, weight in sentence.weights.items():
        assert calibration.sentence.weights[feature] == pytest.approx(weight, abs=1e-5)
    assert calibration.sentence.offset == pytest.approx(sentence.offset, abs=1e-5)


def test_a_question_is_judged_by_its_first_sentence() -> None:
    first = judge(row([1.0, 3.0], gold=1), MARGIN, MARGIN)
    assert (first.status, first.first_right, first.handled) == (Status.ANSWERED, True, True)
    assert first.answerability == pytest.approx(1 / (1 + math.exp(-3)))
    second = judge(row([1.0, 3.0], gold=0), MARGIN, MARGIN)
    assert (second.first_right, second.handled, second.rank) == (False, False, 1)
    nothing = judge(row([1.0, 3.0]), MARGIN, MARGIN)
    assert (nothing.first_right, nothing.handled) == (None, False)


def test_a_sentence_that_says_that_it_is_not_known_is_shown_as_that() -> None:
    chosen = judge(row([1.0, 3.0], gold=1, states=1), MARGIN, MARGIN)
    assert (chosen.status, chosen.first_right) == (Status.STATED_UNKNOWN, True)
    # It would have said so in the first place only.
    assert judge(row([1.0, 3.0], gold=1, states=0), MARGIN, MARGIN).status is Status.ANSWERED
    found = judge(replace(row([1.0, 3.0], gold=1), stated=False), MARGIN, MARGIN)
    assert (found.status, found.first_right) == (Status.STATED_UNKNOWN, False)


def test_each_question_is_judged_by_weights_that_never_saw_its_article() -> None:
    rows = [replace(it, document=f"d{number // 3}") for number, it in enumerate(made(30))]
    fitted_on = []

    def fit(some: Sequence[Row]) -> tuple[Logistic, Logistic]:
        fitted_on.append({it.document for it in some})
        # The offset tells which fold a question was judged in.
        return MARGIN, Logistic({}, float(len(fitted_on)))

    judged = crossed(rows, fit)
    assert len(judged) == len(rows)
    everything = {it.document for it in rows}
    left_out = [everything - it for it in fitted_on]
    assert sum(map(len, left_out)) == len(everything)
    for number, own in enumerate(left_out):
        sure = probability(number + 1.0)
        assert sum(it.document in own for it in rows) == sum(
            it.answerability == sure for it in judged
        )


def test_figures_at_one_threshold_by_hand() -> None:
    judgements = [none(0.1), right(0.3), none(0.4), wrong(0.6), right(0.9)]
    # Below .35: one without an answer and a right one. One right answer is left.
    assert at(judgements, 0.35) == pytest.approx(
        {"fixed": 2 / 5, "refusals_right": 1 / 2, "refusals_found": 1 / 2, "coverage": 3 / 5}
    )
    assert at(judgements, 0.0)["refusals_right"] is None


def test_the_figures_of_a_set_by_hand() -> None:
    rows = [row([2.0, 0.0], gold=0), row([1.0, 3.0], gold=0), row([2.5]), row([-1.0])]
    found = figures([judge(it, MARGIN, MARGIN) for it in rows], threshold=0.5)
    assert (found["n"], found["found"], found["hit@1"]) == (4, 1.0, 0.5)
    # 2 and 3 against 2.5 and -1.
    assert found["auroc"] == 0.75
    assert found["fixed"] == 0.5
    # All are answered but one that has no answer.
    assert found["coverage"] == 0.75
    assert "auroc" not in figures([judge(it, MARGIN, MARGIN) for it in rows[:2]])


def test_the_area_under_the_curve_by_hand() -> None:
    assert auroc([2.0, 1.0], [1.0, 0.0]) == 3.5 / 4
    assert auroc([0.0], [1.0]) == 0.0
    assert math.isnan(auroc([], [1.0]))


def test_held_out_documents_become_a_folder_for_the_evaluator(tmp_path: Path) -> None:
    _, held = split(list(documents(tmp_path).values()))
    assert heldout.write(held, "squad2_dev", 3, tmp_path / "out") == 3
    files = {it.name: it.read_text("utf-8") for it in (tmp_path / "out" / "corpus").iterdir()}
    assert files == {"kite.txt": " ".join(KITE), "soup.txt": " ".join(SOUP)}
    asked = QuestionSet.read(tmp_path / "out" / "questions.jsonl").questions
    by_id = {it["id"]: it for line in RECORDS for it in line["questions"]}
    # Up to half of them are unanswerable.
    assert sorted(by_id[it.id]["answerable"] for it in asked) == [False, True, True]
    for it in asked:
        assert it.status is (Status.ANSWERED if by_id[it.id]["answerable"] else Status.NOT_FOUND)
        assert it.document_id in files


def test_held_out_evidence_is_given_by_place(tmp_path: Path) -> None:
    (rain,) = documents(
        tmp_path, [record("A/Rain: 1", ["No sun.", "It rains."], [ask("q", "Why?", "rains", 1)])]
    ).values()
    heldout.write([rain], "squad2_dev", 5, tmp_path / "out")
    (line,) = (tmp_path / "out" / "questions.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "id": "q",
        "user_input": "Why?",
        "document_id": "a-rain-1.txt",
        "answerable": True,
        "evidence": [{"any": [{"document_id": "a-rain-1.txt", "start": 8, "end": 17}]}],
        "reference": "rains",
    }
