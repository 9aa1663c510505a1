"""The comparison with stock parts: each must be asked, scoped and judged as this product is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import baselines, quality, records, sets
from pullquote.asked import Asked
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.evaluate.gold import locate
from pullquote.evaluate.judge import Judgement
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet, digest
from pullquote.evaluate.run import Result, run
from pullquote.types import Status
from tests.support.indexes import HashingEmbedder, make_index

ARTICLES = {
    "tram.txt": "The council approved the tram. The tram costs 40 million. Nobody said why.",
    "storm.txt": "The storm closed the harbour. A tram was hit by a tree. "
    "The mayor did not say why she left early.",
}


def question(text: str, evidence: str | None, document_id: str | None = None) -> Question:
    return Question(
        id=text,
        text=text,
        where="here",
        status=Status.ANSWERED if evidence else Status.NOT_FOUND,
        document_id=document_id,
        evidence=((evidence,),) if evidence else (),
    )


QUESTIONS = (
    question("What closed the harbour?", "The storm closed the harbour."),
    question("How much is the tram?", "The tram costs 40 million.", "tram.txt"),
    question("Who sold the bakery?", None),
    question("What did the council say of the storm?", None, "tram.txt"),
    question("Zebra?", None),
)


@pytest.fixture
def opened(tmp_path: Path, embedder: HashingEmbedder) -> sets.OpenSet:
    index = make_index(tmp_path, ARTICLES, embedder)
    questions = QuestionSet("trams", QUESTIONS, digest(QUESTIONS))
    return sets.OpenSet("trams", questions, locate(QUESTIONS, index.articles), index)


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.3, 0.6, 1.0])
def test_another_threshold_is_worked_out_as_if_it_had_been_asked_with(
    opened: sets.OpenSet, embedder: HashingEmbedder, threshold: float
) -> None:
    def results(refuse_below: float) -> list[Result]:
        settings = Settings(refuse_below=refuse_below)
        assistant = Assistant.with_parts(opened.index, embedder, settings)
        return list(run(assistant, QUESTIONS, opened.golds))

    asked = [comparable(result.judgement) for result in results(threshold)]
    for other in (0.0, 0.2, 1.0):
        worked_out = [quality.at(result, threshold, opened.index) for result in results(other)]
        assert [comparable(item) for item in worked_out] == asked


def comparable(judgement: Judgement) -> Judgement:
    """Without the number of quotes shown: a refusal shows three, and one worked out has fewer."""
    return replace(judgement, citations=0, verbatim=0, failure=None)


def test_stock_parts_find_the_sentence_and_read_only_the_article_that_is_asked(
    opened: sets.OpenSet, embedder: HashingEmbedder
) -> None:
    for assistant in (
        baselines.llamaindex(opened.index, embedder, 12),
        baselines.bm25(opened.index, 12),
    ):
        found = assistant.ask("What closed the harbour?").citations
        assert [match.quote for match in found] == ["The storm closed the harbour."]
        (scoped,) = assistant.trace(Asked.of("A tram hit by a tree", (), "tram.txt")).hits
        assert scoped.passage.article_id == "tram.txt"


def test_stock_parts_never_say_that_it_is_not_known(
    opened: sets.OpenSet, embedder: HashingEmbedder
) -> None:
    asked = "Why did the mayor say she left early?"
    assert Assistant.with_parts(opened.index, embedder, Settings()).ask(asked).status is (
        Status.STATED_UNKNOWN
    )
    for assistant in (
        baselines.llamaindex(opened.index, embedder, 12),
        baselines.bm25(opened.index, 12),
    ):
        assert assistant.ask(asked).status is Status.ANSWERED


def test_a_bm25_hit_without_a_word_of_the_question_does_not_count(opened: sets.OpenSet) -> None:
    trace = baselines.bm25(opened.index, 12).trace(Asked.of("Zebra?"))
    assert (trace.hits, trace.answer.status) == ((), Status.NOT_FOUND)


def test_the_last_result_of_each_set_and_system_is_the_one_that_is_shown(
    opened: sets.OpenSet, embedder: HashingEmbedder, tmp_path: Path
) -> None:
    file = tmp_path / "quality.jsonl"
    old = list(quality.measure(opened, embedder, Settings(), "abc"))
    new = [replace(row, commit="def+") for row in old if row.system == quality.OURS]
    records.keep(old, file)
    records.keep(new, file)
    kept = records.newest(file)
    assert [(item.system, item.threshold_is, item.commit) for item in kept] == [
        ("ours", "setting", "def+"),
        ("ours", "oracle", "def+"),
        ("similarity-1", "oracle", "abc"),
        ("llamaindex", "oracle", "abc"),
        ("bm25", "oracle", "abc"),
    ]
    assert [item.to_line() for item in kept] == [item.to_line() for item in (*new, *old[2:])]
    assert records.table(kept).splitlines()[0].startswith("| set | system | refuse below |")
