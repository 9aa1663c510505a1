"""Written sentences in an evaluation: they are counted, and listed question by question."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pullquote.answering.trace import Drafted
from pullquote.cli.commands import main
from pullquote.evaluate import terminal
from pullquote.evaluate.files import results_jsonl
from pullquote.evaluate.gold import Gold, Place
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.report import report_html
from pullquote.evaluate.report.words import outcome_words
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import Summary, summarise, summary_json
from pullquote.text.exact import Difference
from pullquote.types import Answer, Block, Checked, Citation
from tests.support.answers import Shelf, answered
from tests.support.judgements import right

SOURCE = "The ban is new."
CHECKED = Checked("0" * 64, 0.9)

DRAFTED = (
    Drafted("Sure!", (), "uncited"),
    Drafted("The ban is <b>new</b>.", (SOURCE,), "shown", 0.9),
    Drafted("It lasts two years.", (SOURCE,), "figure"),
    Drafted("It lasts.", (SOURCE,), "unsupported", 0.125, again=True),
)


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("a.txt", [SOURCE, "It lasts a year."])
    return shelf


def result(shelf: Shelf, answer: Answer, quoted: Answer | None, *good: Citation) -> Result:
    places = tuple(Place(one.article_id, one.start, one.end) for one in good)
    return Result(
        question=Question(
            "q1",
            "Is it new?",
            "set.jsonl, line 1",
            evidence=(tuple(one.quote for one in good),) if good else (),
        ),
        gold=Gold((places,) if places else (), ()),
        answer=answer,
        unrefused=answer,
        retrieved=(),
        judgement=right(),
        drafted=DRAFTED if quoted else (),
        quoted=quoted,
    )


def summed(results: list[Result]) -> Summary:
    questions = QuestionSet("set.jsonl", tuple(one.question for one in results), "d1" * 32)
    return summarise(questions, results, {})


def written(shelf: Shelf) -> tuple[Answer, Answer]:
    """An answer in a writer's words, and the answer of two quotes that it was made from."""
    first, second = shelf.citation(1, "a.txt", 0), shelf.citation(2, "a.txt", 1)
    quoted = answered(first, second)
    block = Block("The ban is new.", (1,), written=True, checked=CHECKED)
    provenance = replace(quoted.provenance, writer="any")
    prose = replace(quoted, blocks=(block,), citations=(first,), provenance=provenance)
    return prose, quoted


def test_what_is_shown_right_and_lost_is_counted_by_hand(shelf: Shelf) -> None:
    prose, quoted = written(shelf)
    first, second = quoted.citations
    results = [
        result(shelf, prose, quoted, first),
        result(shelf, prose, quoted, second),
        result(shelf, prose, quoted),  # the set has no gold evidence for this question
        result(shelf, quoted, quoted, first),
        result(shelf, quoted, None, first),  # no writer was asked
    ]
    summary = summed(results)
    assert summary_json(summary)["prose"] == {
        "answers": 4,
        "with_prose": 3,
        "sentences": 12,
        "shown": 3,
        "judged": 2,
        "right": 1,
        "quotes": 8,
        "lost": 3,
        "stopped": {"figure": 4, "uncited": 4, "unsupported": 4},
    }
    told = terminal.figures(summary)
    assert "3 of 12 sentences written, in 3 of 4 answers" in told
    assert "prose that cites evidence 1 of 2" in told
    assert "quotes lost for it        3 of 8" in told


def test_without_a_writer_nothing_is_said_of_prose(shelf: Shelf) -> None:
    _, quoted = written(shelf)
    results = [result(shelf, quoted, None)]
    assert "prose" not in summary_json(summed(results))
    assert "prose" not in terminal.figures(summed(results))
    assert "language model" not in report_html(summed(results), results, shelf)
    assert "drafted" not in json.loads(results_jsonl(results, shelf))


def test_the_report_tells_of_each_sentence_what_was_checked_and_why_it_was_stopped(
    shelf: Shelf,
) -> None:
    prose, quoted = written(shelf)
    results = [result(shelf, prose, quoted, quoted.citations[0])]
    page = report_html(summed(results), results, shelf)
    assert "The ban is &lt;b&gt;new&lt;/b&gt;." in page
    assert "<b>new" not in page
    for told in (
        "✗ left out: it cites nothing",
        "✓ shown (.900)",
        "✗ stopped: it has a figure that is in none of its quotes",
        "✗ stopped: its quotes do not support it (.125) – written once more",
    ):
        assert told in " ".join(page.split())
    (line,) = map(json.loads, results_jsonl(results, shelf).splitlines())
    assert line["drafted"][1] == {
        "text": "The ban is <b>new</b>.",
        "sources": [SOURCE],
        "outcome": "shown",
        "score": 0.9,
        "again": False,
    }


def test_every_reason_has_its_words() -> None:
    others = ("shown", "copied", "uncited", "repeated", "no_such_quote", "incomplete")
    for why in (*Difference, *others):
        assert outcome_words(why)


def test_a_writer_that_is_insisted_on_must_be_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.jsonl").write_text('{"user_input": "Why?"}\n', encoding="utf-8")
    assert main(["eval", "q.jsonl", "--writer"]) == 2
    assert "name its server in the settings 'writer'" in capsys.readouterr().err
