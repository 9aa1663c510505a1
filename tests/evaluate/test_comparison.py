"""Whether an evaluation passes: floors, and the comparison with a baseline beyond noise."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pullquote.errors import EvaluationError
from pullquote.evaluate.comparison import Baseline, Comparison, Floor, compare
from pullquote.evaluate.files import RESULTS, SUMMARY, results_jsonl
from pullquote.evaluate.gold import Gold
from pullquote.evaluate.judge import Failure, Judgement
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.rates import FIGURES, Rate, rates
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import summarise, summary_json
from tests.support.answers import Shelf, answered
from tests.support.judgements import right, wrong

NAMES = tuple(FIGURES)


def results(judgements: list[Judgement]) -> list[Result]:
    shelf = Shelf()
    shelf.add("a.txt", ["Words."])
    answer = answered(shelf.citation(1, "a.txt", 0))
    return [
        Result(Question(f"q{n}", "Who?", f"line {n}"), Gold((), ()), answer, answer, (), judgement)
        for n, judgement in enumerate(judgements)
    ]


def save(folder: Path, judgements: list[Judgement], *, with_results: bool = True) -> Baseline:
    made = results(judgements)
    shelf = Shelf()
    shelf.add("a.txt", ["Words."])
    questions = QuestionSet("set.jsonl", tuple(item.question for item in made), "d1")
    summary = summary_json(summarise(questions, made, {"refuse_below": 0.1}))
    (folder / SUMMARY).write_text(json.dumps(summary))
    if with_results:
        (folder / RESULTS).write_text(results_jsonl(made, shelf))
    return Baseline.read(folder / SUMMARY, "d1")


def after(baseline: Baseline, judgements: list[Judgement]) -> Comparison:
    return compare(baseline, results(judgements), rates(judgements))


def failing(number: int) -> list[Judgement]:
    return [replace(wrong(), failure=Failure.NOT_SELECTED)] * number


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("citations.f2=0.6", "there is no figure 'citations.f2' here. Did you mean 'citations.f1'"),
        ("f1=0.6", "Figures: retrieval.hit@1, "),
        ("citations.f1", "give a number from 0 to 1, like --min citations.f1=0.6"),
        ("citations.f1=", "give a number"),
        ("citations.f1=high", "give a number"),
        ("citations.f1=60", "give a number"),
        ("citations.f1=nan", "give a number"),
    ],
)
def test_a_floor_that_cannot_be_meant(text: str, told: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        Floor.parse(text, NAMES)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("value", "passed"),
    # Adding up may lose a little: (0 + 1/3 + 4 · 2/3) / 6 is less than 0.5 in floating point.
    [(0.6, True), (0.61, True), (0.6 - 1e-16, True), (0.599, False), (0.0, False)],
)
def test_a_floor_is_kept_from_its_value_on(value: float, passed: bool) -> None:
    floor = Floor.parse("citations.f1 = 0.6", NAMES)
    assert floor == Floor("citations.f1", 0.6)
    assert floor.check(Rate(value, (0.0, 1.0), 9)).passed is passed


def test_a_figure_without_a_value_keeps_no_floor() -> None:
    verdict = Floor("abstention.precision", 0.5).check(Rate(None, None, 0))
    assert not verdict.passed
    assert "no question counts" in verdict.text


def test_the_same_results_are_no_worse(tmp_path: Path) -> None:
    judgements = [*[right()] * 20, *failing(10)]
    comparison = after(save(tmp_path, judgements), judgements)
    assert comparison.passed
    assert (comparison.broken, comparison.mended) == ((), ())


def test_a_drop_that_is_too_small_for_the_interval_is_seen_question_by_question(
    tmp_path: Path,
) -> None:
    old = [*[right()] * 80, *failing(20)]
    new = [*[right()] * 74, *failing(26)]
    comparison = after(save(tmp_path, old), new)
    assert not comparison.passed
    assert comparison.broken == tuple(f"q{n}" for n in range(74, 80))
    assert any(
        "end_to_end fell from 0.800 to 0.740" in verdict.text for verdict in comparison.verdicts
    )
    # .74 is inside the baseline's own interval, so without its results no drop is reported.
    alone = tmp_path / "alone"
    alone.mkdir()
    comparison = after(save(alone, old, with_results=False), new)
    assert comparison.passed
    assert comparison.broken is None


def test_a_drop_below_the_interval_fails_without_the_old_results(tmp_path: Path) -> None:
    baseline = save(tmp_path, [*[right()] * 80, *failing(20)], with_results=False)
    comparison = after(baseline, [*[right()] * 60, *failing(40)])
    assert not comparison.passed
    assert any(
        "end_to_end fell from 0.800 to 0.600, below" in verdict.text
        for verdict in comparison.verdicts
    )


def test_one_broken_question_of_a_hundred_is_noise(tmp_path: Path) -> None:
    comparison = after(
        save(tmp_path, [*[right()] * 80, *failing(20)]), [*[right()] * 79, *failing(21)]
    )
    assert comparison.passed
    assert comparison.broken == ("q79",)


def test_what_was_mended_is_told(tmp_path: Path) -> None:
    comparison = after(save(tmp_path, [right(), *failing(2)]), [right(), right(), *failing(1)])
    assert comparison.passed
    assert comparison.mended == ("q1",)


def test_a_baseline_of_another_question_set_is_refused(tmp_path: Path) -> None:
    save(tmp_path, [right()])
    with pytest.raises(EvaluationError, match="made with another question set"):
        Baseline.read(tmp_path / SUMMARY, "d2")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"digest": 7}', "7"])
def test_a_baseline_that_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / SUMMARY).write_text(content)
    with pytest.raises(EvaluationError):
        Baseline.read(tmp_path / SUMMARY, "d1")


@pytest.mark.parametrize("interval", [[], [None, 1], ["low", 1]])
def test_a_damaged_interval_of_a_baseline_is_told(tmp_path: Path, interval: list[object]) -> None:
    save(tmp_path, [right()])
    summary = json.loads((tmp_path / SUMMARY).read_text())
    summary["end_to_end_ci"] = interval
    (tmp_path / SUMMARY).write_text(json.dumps(summary))
    with pytest.raises(EvaluationError, match="has a damaged interval: make a new baseline"):
        Baseline.read(tmp_path / SUMMARY, "d1")


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be read"):
        Baseline.read(tmp_path / SUMMARY, "d1")


@pytest.mark.parametrize("line", ["{", "{}", '{"id": "q0", "judged": 7}', "7"])
def test_damaged_results_beside_a_baseline_are_named(tmp_path: Path, line: str) -> None:
    save(tmp_path, [right()])
    (tmp_path / RESULTS).write_text(line + "\n")
    with pytest.raises(EvaluationError, match=r"results\.jsonl"):
        Baseline.read(tmp_path / SUMMARY, "d1")


def test_an_old_figure_that_is_no_longer_known_is_passed_over(tmp_path: Path) -> None:
    save(tmp_path, [right()], with_results=False)
    summary = json.loads((tmp_path / SUMMARY).read_text())
    summary["old"] = {"figure": 1.0, "figure_ci": [1.0, 1.0]}
    (tmp_path / SUMMARY).write_text(json.dumps(summary))
    assert after(Baseline.read(tmp_path / SUMMARY, "d1"), [right()]).passed
