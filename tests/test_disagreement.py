"""Articles that differ are shown side by side, and those that do not are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import make_index

from pullquote import gate
from pullquote.answer import Limits, compose
from pullquote.disagreement import Amount, amounts, find
from pullquote.errors import GateError
from pullquote.messages import messages
from pullquote.store import Index
from pullquote.timeframe import Timeframe
from pullquote.types import Answer, Block, Provenance, Reading, ScoredSentence, Status, Timings

#: A sentence with its answering words in brackets, and the date of its article.
Told = tuple[str, str]

QUESTION = "How many wolves live in the park?"


def read(
    tmp_path: Path, *told: Told, scores: Sequence[float] = (0.9, 0.85)
) -> tuple[Index, tuple[ScoredSentence, ...]]:
    """An index with an article for each, and its sentences scored as if they were read."""
    texts = {
        f"{n}.txt": f"title: Report {n}\ndate: {date}\n\n{text.replace('[', '').replace(']', '')}"
        for n, (text, date) in enumerate(told)
    }
    index = make_index(tmp_path, texts)
    scored = []
    for n, (text, _) in enumerate(told):
        (sentence, *_rest) = index.sentences(f"{n}.txt")
        start = sentence.start + text.index("[")
        end = sentence.start + text.index("]") - 1
        scored.append(ScoredSentence(sentence, scores[n], 0.9, (start, end)))
    return index, tuple(scored)


DIFFER = [
    (QUESTION, "[Twelve wolves] live in the park.", "Some 20 live there: [20 wolves] in the park."),
    (QUESTION, "[12 wolves] live in the park.", "[About 30 wolves] live in the park now."),
    (
        "How much did the bridge cost?",
        "The bridge cost [$1.2 million] to build.",
        "The bridge cost [$3 million] to build, auditors found.",
    ),
    (
        "What share of voters backed the tram?",
        "The tram was backed by [52 percent] of voters.",
        "The tram was backed by [48%] of the voters.",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [a year].",
        "The ban on police use is for [six months].",
    ),
    (
        "When did the mill open?",
        "The mill did open its doors [in 1901].",
        "The mill did open its doors [in 1903].",
    ),
    (
        "Is the old bridge open?",
        "The old bridge is [open] to traffic.",
        "The old bridge is [closed] to traffic.",
    ),
]


@pytest.mark.parametrize(("question", "one", "other"), DIFFER)
def test_articles_that_differ_are_found(
    tmp_path: Path, question: str, one: str, other: str
) -> None:
    for n, pair in enumerate(((one, other), (other, one))):
        index, scored = read(tmp_path / str(n), (pair[0], "2020-01-01"), (pair[1], "2021-01-01"))
        found = find(question, scored, index)
        assert found is not None
        assert found.sentence.article_id == "1.txt"


SAME = [
    (QUESTION, "[Twelve wolves] live in the park.", "[12 wolves] live in the park today."),
    (QUESTION, "[About 100 wolves] live in the park.", "[97 wolves] live in the park."),
    (QUESTION, "[Twelve wolves] live in the park.", "[Thirty bears] live in the park."),
    (QUESTION, "[Twelve wolves] live in the park.", "[Thirty wolves] were seen in Norway."),
    (QUESTION, "In 2019 [12 wolves] lived in the park.", "In 2021 [20 wolves] lived in the park."),
    (QUESTION, "The rangers [count wolves] in the park.", "[Wolves] in the park are counted."),
    (
        "How much did the bridge cost?",
        "The bridge cost [$1.2 million].",
        "The bridge cost [$1,200,000] in all.",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [a year].",
        "The ban on police use is for [12 months].",
    ),
    (
        "How much did the bridge cost?",
        "The bridge cost [$2 million] in all.",
        "The bridge cost [€3 million] in all.",
    ),
    (
        "Is the old bridge open?",
        "The old bridge is [open].",
        "The old bridge is [not closed].",
    ),
    ("Who runs the mill?", "The mill is run by [Ana Ruiz].", "The mill is run by [her son]."),
]


@pytest.mark.parametrize(("question", "one", "other"), SAME)
def test_articles_that_agree_or_speak_of_other_things_are_left_alone(
    tmp_path: Path, question: str, one: str, other: str
) -> None:
    for n, pair in enumerate(((one, other), (other, one))):
        index, scored = read(tmp_path / str(n), (pair[0], "2020-01-01"), (pair[1], "2021-01-01"))
        assert find(question, scored, index) is None


def test_a_weak_answer_an_own_one_and_one_of_another_time_are_no_contradiction(
    tmp_path: Path,
) -> None:
    told = (
        ("[12 wolves] live in the park.", "2019-05-01"),
        ("[20 wolves] live in the park.", "2021-05-01"),
    )
    index, scored = read(tmp_path, *told)
    weak, _ = read(tmp_path / "weak", *told, scores=(0.9, 0.5))
    _, other = read(tmp_path / "weak", *told, scores=(0.9, 0.5))
    assert find(QUESTION, other, weak) is None
    assert find(QUESTION, (scored[0], scored[0]), index) is None
    assert find(QUESTION, scored, index, Timeframe("2019-01-01", "2019-12-31")) is None
    assert find(QUESTION, scored, index, Timeframe("2019-01-01", "2021-12-31")) is scored[1]
    assert find(QUESTION, (), index) is None


def test_the_answer_shows_both_the_newest_first_and_passes_the_gate(tmp_path: Path) -> None:
    index, scored = read(
        tmp_path,
        ("[12 wolves] live in the park.", "2019-05-01"),
        ("[20 wolves] live in the park.", "2021-05-01"),
    )

    def answer(citations: int, frame: Timeframe | None = None) -> Answer:
        reading = Reading(scored, 0.9)
        return compose(
            QUESTION,
            QUESTION,
            reading,
            index,
            Limits(citations, 0.1),
            Provenance("d", "r", "e"),
            Timings(0, 0, 0),
            frame,
        )

    both = answer(3)
    assert both.status is Status.ANSWERED
    assert [it.text for it in both.blocks] == [
        messages().differ,
        "20 wolves live in the park.",
        "12 wolves live in the park.",
    ]
    assert gate.check(both, index) is both
    assert [it.article_id for it in answer(1).citations] == ["0.txt"]
    # Asked of one year, the article of that year answers.
    later = answer(3, Timeframe("2021-01-01", "2021-12-31"))
    assert [it.quote for it in later.citations] == ["20 wolves live in the park."]
    # The message alone, over quotes of one article, is no answer.
    alone = replace(
        both,
        citations=both.citations[:1],
        blocks=(Block(messages().differ), both.blocks[1]),
    )
    with pytest.raises(GateError, match="only one is cited"):
        gate.check(alone, index)


def test_figures_are_read_with_their_units() -> None:
    assert list(amounts("1.2 million people, $3bn, about 5 %, a year and twenty-one")) == [
        Amount(1_200_000, "peopl"),
        Amount(3e9, "$"),
        Amount(5, "%", rough=True),
        Amount(365, "days"),
    ]
    assert list(amounts("in 2019, on page 3.")) == []
