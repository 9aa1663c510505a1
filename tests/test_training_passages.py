"""Passages as the product makes them, and those that share most with a question."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from helpers_training import LIGHTHOUSE, MOSS, REAL, documents, record
from tokenizers import Tokenizer
from training.data import Document
from training.encode import open_tokenizer
from training.passages import Ranked, Span, group

from pullquote.segment.grouping import PASSAGE_TOKENS
from pullquote.spans import Piece, Text


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer(REAL)


@pytest.fixture
def known(tmp_path: Path) -> dict[str, Document]:
    return documents(tmp_path)


def numbers(spans: list[Span]) -> list[tuple[str, int, int]]:
    return [(it.document.id, it.first, it.last) for it in spans]


def test_a_passage_is_the_texts_own_range(known: dict[str, Document]) -> None:
    span = Span(known["brindle"], 1, 2)
    text = known["brindle"].text
    assert (span.start, span.end) == (text.index("It tells"), len(text))
    assert span.text == text[span.start :]
    assert [span.holds(it) for it in range(3)] == [False, True, True]


def test_a_passage_is_read_with_its_sentences_by_place(tmp_path: Path) -> None:
    rain = documents(tmp_path, [record("r", ["No sun.", "It rains.", "All day."])])["r"]
    assert Span(rain, 1, 2).to_read == Text(
        "It rains. All day.", (Piece(("r", 1), 0, 9, 8), Piece(("r", 2), 10, 18, 18))
    )


def test_passages_have_at_most_as_many_tokens_as_the_product_gives_them(
    known: dict[str, Document], tokenizer: Tokenizer
) -> None:
    spans = group(known["velm"], tokenizer)
    assert len(spans) == 3
    assert spans[0].first == 0
    assert spans[-1].last == len(LIGHTHOUSE) - 1
    for it in spans:
        assert len(tokenizer.encode(it.text, add_special_tokens=False).ids) <= PASSAGE_TOKENS
    # Each begins within the one before it.
    for one, other in pairwise(spans):
        assert one.first < other.first <= one.last < other.last


def test_the_passage_with_most_of_the_question_comes_first(
    known: dict[str, Document], tokenizer: Tokenizer
) -> None:
    ranked = Ranked(list(known.values()), tokenizer)
    own, others = ranked.rank("Was the steel tower of Skarra built of slate?", known["velm"], 8)
    assert own[0] == ranked.of["velm"][0]
    assert all(it.document.id == "velm" for it in own)
    # "tower" is in the moss too.
    assert numbers(others) == [("tarrow", 0, len(MOSS) - 1)]


def test_no_more_passages_are_ranked_than_are_asked_for(
    known: dict[str, Document], tokenizer: Tokenizer
) -> None:
    ranked = Ranked(list(known.values()), tokenizer)
    own, _ = ranked.rank("the lamp and the tower", known["velm"], 8)
    assert len(own) > 1
    assert ranked.rank("the lamp and the tower", known["velm"], 1)[0] == own[:1]
    assert len(ranked.rank("the lamp and the tower", known["tarrow"], 1)[1]) == 1


def test_another_set_is_not_searched(known: dict[str, Document], tokenizer: Tokenizer) -> None:
    ranked = Ranked(list(known.values()), tokenizer)
    # "clock" is in the lighthouse, which is of another set.
    own, others = ranked.rank("Where is the clock?", known["brindle"], 8)
    assert numbers(own) == [("brindle", 0, 2)]
    assert others == []


@pytest.mark.parametrize("question", ["Who is it?", "zebra crossings", "", "Was it a zebra?"])
def test_what_shares_no_word_with_the_question_is_left_out(
    known: dict[str, Document], tokenizer: Tokenizer, question: str
) -> None:
    ranked = Ranked(list(known.values()), tokenizer)
    assert ranked.rank(question, known["velm"], 8) == ([], [])
