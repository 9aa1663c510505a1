"""The files that an evaluation writes, in their documented form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pullquote.errors import EvaluationError
from pullquote.evaluate.files import (
    check_writable,
    judgement_of,
    junit_xml,
    results_jsonl,
    write,
)
from pullquote.evaluate.gold import Gold, Place
from pullquote.evaluate.judge import Failure, Judgement
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import summarise, summary_json
from pullquote.evaluate.terminal import figures
from tests.support.answers import Shelf, answered
from tests.support.judgements import judged, none, right, wrong


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("a.txt", ["It’s “a <b>” & c."])
    return shelf


def result(shelf: Shelf, judgement: Judgement, text: str = "Who?", id_: str = "q1") -> Result:
    answer = answered(shelf.citation(1, "a.txt", 0), question=text)
    place = Place("a.txt", 0, 9)
    question = Question(id_, text, f"set.jsonl, line 1, question {id_!r}")
    return Result(question, Gold((), ()), answer, answer, (place,), judgement)


def test_a_line_of_the_results_has_the_contracts_keys(shelf: Shelf) -> None:
    failed = replace(wrong(0.25), failure=Failure.NOT_SELECTED)
    line = json.loads(results_jsonl([result(shelf, failed, "Wer “war” <es>?")], shelf))
    assert line["id"] == "q1"
    assert line["user_input"] == "Wer “war” <es>?"
    assert line["answer"]["citations"][0]["cited_text"] == "It’s “a <b>” & c."
    assert line["retrieved"] == [["a.txt", 0, 9]]
    assert line["answerability"] == 0.25
    assert line["failure"] == "not_selected"


@pytest.mark.parametrize("judgement", [right(), none(refused=True), judged(expected=None)])
def test_a_judgement_is_read_back_as_it_was(shelf: Shelf, judgement: Judgement) -> None:
    line = json.loads(results_jsonl([result(shelf, judgement)], shelf))
    assert judgement_of(line) == judgement


def test_questions_that_lack_their_evidence_are_counted_apart_and_named(shelf: Shelf) -> None:
    results = [
        *(result(shelf, judged(), id_=f"bare-{number}") for number in range(12)),
        *(result(shelf, one, id_=name) for one, name in ((right(), "full"), (none(), "no"))),
        result(shelf, judged(expected=None), id_="silent"),
    ]
    questions = QuestionSet("set.jsonl", tuple(item.question for item in results), "d1")
    summed = summarise(questions, results, {})
    summary = summary_json(summed)
    assert (summary["n"], summary["n_without_evidence"]) == (15, 12)
    assert summary["without_evidence"] == [f"bare-{number}" for number in range(12)]
    assert summary["end_to_end_over"] == 2
    (told,) = (line for line in figures(summed).splitlines() if "evidence" in line)
    assert told.startswith("12 questions marked as answerable, but without evidence, so ")
    assert told.endswith(
        "not in end_to_end: "
        + ", ".join(f"bare-{number}" for number in range(10))
        + " and 2 more (summary.json)."
    )
    one = summarise(questions, results[:1], {})
    assert "1 question marked as answerable" in figures(one)
    assert figures(one).endswith("not in end_to_end: bare-0.")


def test_the_summary_has_the_contracts_keys(shelf: Shelf) -> None:
    results = [result(shelf, right()), result(shelf, none())]
    questions = QuestionSet("set.jsonl", tuple(item.question for item in results), "d1")
    summary = summary_json(summarise(questions, results, {"reader": "by-hand"}))
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert (summary["n"], summary["n_answerable"], summary["n_unanswerable"]) == (2, 1, 1)
    assert summary["n_stated_unknown"] == 0
    assert (summary["n_without_evidence"], summary["without_evidence"]) == (0, [])
    assert summary.keys() >= {"status_accuracy", "end_to_end", "settings", "digest"}
    assert summary["retrieval"].keys() >= {"hit@1", "hit@5", "mrr"}
    assert summary["citations"].keys() >= {"precision", "recall", "f1", "hit@1", "verbatim_rate"}
    assert summary["answers"].keys() >= {"token_f1", "contains"}
    assert summary["abstention"].keys() >= {"precision", "recall", "f1", "auroc"}
    assert summary["citations"]["f1"] == 1.0
    assert summary["citations"]["f1_ci"] == [0.2065, 1.0]
    assert summary["abstention"]["precision"] is None
    assert summary["abstention"]["precision_ci"] is None
    assert summary["latency_ms"] == {"p50": 4.8, "p95": 4.8}
    assert summary["settings"]["reader"] == "by-hand"
    assert summary["digest"] == "d1"


def test_junit_has_a_case_a_question(shelf: Shelf) -> None:
    failed = replace(wrong(), failure=Failure.NOT_SELECTED)
    text = junit_xml(
        "set <&>",
        [
            result(shelf, right()),
            result(shelf, failed, "Bell \x07 & “<x>” 😀 \ufffe?", "q2"),
            result(shelf, judged(expected=None), id_="q3"),
        ],
    )
    suite = ElementTree.fromstring(text)
    assert suite.attrib["tests"] == "3"
    assert suite.attrib["failures"] == "1"
    assert suite.attrib["skipped"] == "1"
    passed, broken, skipped = suite.findall("testcase")
    assert passed.attrib["name"] == "q1: Who?"
    assert list(passed) == []
    failure = broken.find("failure")
    assert failure is not None
    assert failure.attrib["type"] == "not_selected"
    assert "cited: It’s “a <b>” & c." in (failure.text or "")
    assert "set.jsonl, line 1, question 'q2'" in (failure.text or "")
    assert skipped.find("skipped") is not None


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match="cannot be written"):
        write(tmp_path / "file", "summary.json", "{}")
    with pytest.raises(EvaluationError, match="cannot be written"):
        check_writable(tmp_path / "file")
    check_writable(tmp_path / "new" / "folder")
    assert list((tmp_path / "new" / "folder").iterdir()) == []


def test_half_a_surrogate_pair_of_a_language_model_can_be_written(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "It\ud83d rained.")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "It? rained."


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "old")
    (tmp_path / ".a.txt.part").mkdir()  # the new one cannot be finished
    with pytest.raises(EvaluationError):
        write(tmp_path, "a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "old"
