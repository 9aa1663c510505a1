"""Passages as the product makes them, and those that a question brings up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pullquote.text.segment.grouping import PASSAGE_TOKENS
from tests.support.indexes import HashingEmbedder
from tests.support.training import LIGHTHOUSE, MOSS, documents, record
from training.data import Document
from training.passages import TOGETHER, Ranked, Span, group

if TYPE_CHECKING:
    from pullquote.protocols import Vectors


class Placed(HashingEmbedder):
    """Texts with the words that are given have those cosines to every question; others 0."""

    dimension = 2

    def __init__(self, cosines: Mapping[str, float]) -> None:
        super().__init__()
        self._cosines = cosines

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded.extend(texts)
        found = [self._cosine(text) for text in texts]
        return np.array([[one, (1 - one**2) ** 0.5] for one in found], dtype=np.float32)

    def _cosine(self, text: str) -> float:
        if text.endswith("?"):
            return 1.0
        return next((one for word, one in self._cosines.items() if word in text), 0.0)


@pytest.fixture
def known(tmp_path: Path) -> dict[str, Document]:
    return documents(tmp_path)


@pytest.fixture
def ranked(known: dict[str, Document]) -> Ranked:
    return Ranked(list(known.values()), HashingEmbedder())


def numbers(spans: Sequence[Span]) -> list[tuple[str, int, int]]:
    return [(span.document.id, span.first, span.last) for span in spans]


# Passages.


def test_a_passage_is_the_texts_own_range(known: dict[str, Document]) -> None:
    span = Span(known["brindle"], 1, 2)
    text = known["brindle"].text
    assert span.text == text[text.index("It tells") :]
    assert [span.holds(number) for number in range(4)] == [False, True, True, False]


def test_passages_have_at_most_as_many_tokens_as_the_product_gives_them(
    known: dict[str, Document],
) -> None:
    embedder = HashingEmbedder()
    spans = group(known["velm"], embedder)
    assert len(spans) == 3
    assert spans[0].first == 0
    assert spans[-1].last == len(LIGHTHOUSE) - 1
    assert all(size <= PASSAGE_TOKENS for size in embedder.count_tokens([s.text for s in spans]))
    # Each begins within the one before it.
    for one, other in pairwise(spans):
        assert one.first < other.first <= one.last < other.last


def test_a_short_document_is_one_passage(known: dict[str, Document]) -> None:
    assert numbers(group(known["tarrow"], HashingEmbedder())) == [("tarrow", 0, len(MOSS) - 1)]


# Sets that are asked together.

#: A question that shares a word with the first only.
MILLS = [
    record("a", ["The mill ground rye."], source="made_news"),
    record("b", ["Flour was made there."], source="made_news"),
    record("c", ["A bakery."], source="made_news"),
]


def test_words_and_vectors_are_joined_by_rank(tmp_path: Path) -> None:
    line = record("d", ["Nothing."], source="made_news")
    line["questions"] = [{"id": "q", "question": "Where was the mill?", "answerable": False}]
    found = documents(tmp_path, [*MILLS, line])
    ranked = Ranked(list(found.values()), Placed({"Flour": 0.9, "bakery": 0.5, "mill": 0.3}))
    best = ranked.rank("Where was the mill?", found["d"], 8)
    # By words only "a". By vectors "b", "c", "a", "d": 1/61 + 1/63 is most, then 1/61, 1/62, 1/64.
    assert [span.document.id for span in best] == ["a", "b", "c", "d"]
    assert [span.document.id for span in ranked.rank("Where was the mill?", found["d"], 2)] == [
        "a",
        "b",
    ]


def test_a_question_of_such_a_set_brings_up_passages_of_the_whole_set(
    known: dict[str, Document], ranked: Ranked
) -> None:
    asked = "Who described Tarrow moss in 1796?"
    best = ranked.rank(asked, known["tarrow"], 8)
    assert numbers(best)[0] == ("tarrow", 0, len(MOSS) - 1)
    assert sorted(numbers(best)) == sorted(numbers(ranked.of["velm"] + ranked.of["tarrow"]))
    # Whichever of its documents it is asked of.
    assert ranked.rank(asked, known["velm"], 8) == best


@pytest.mark.parametrize("source", sorted(TOGETHER))
def test_another_set_is_not_searched(tmp_path: Path, source: str) -> None:
    others = sorted(TOGETHER - {source})
    lines = [
        record("own", ["The mill ground rye."], source=source),
        record("near", ["It had wings."], source=source),
        *(record(name, ["The mill ground rye."], source=name) for name in (*others, "qamr")),
    ]
    lines[0]["questions"] = [{"id": "q", "question": "Where was the mill?", "answerable": False}]
    found = documents(tmp_path, lines)
    best = Ranked(list(found.values()), HashingEmbedder()).rank(
        "Where was the mill?", found["own"], 8
    )
    assert [span.document.id for span in best] == ["own", "near"]


# Sets of which a question is only asked of its own document.


def test_elsewhere_only_the_own_document_is_searched(tmp_path: Path) -> None:
    lines = [
        record("own", ["Rain fell.", "The mill ground rye."], source="squad2_dev"),
        record("near", ["The mill stood where the mill was."], source="squad2_dev"),
        record("far", ["The mill."], source="made_news"),
    ]
    lines[0]["questions"] = [{"id": "q", "question": "Where was the mill?", "answerable": False}]
    found = documents(tmp_path, lines)
    embedder = HashingEmbedder()
    ranked = Ranked(list(found.values()), embedder)
    assert numbers(ranked.rank("Where was the mill?", found["own"], 8)) == [("own", 0, 1)]
    # It takes no vectors, which would take hours.
    assert embedder.encoded == ["far\nThe mill."]


def test_the_passage_with_most_of_the_question_comes_first(tmp_path: Path) -> None:
    line = record("velm", LIGHTHOUSE, source="squad2_dev")
    (document,) = documents(tmp_path, [line]).values()
    ranked = Ranked([document], HashingEmbedder())
    spans = ranked.of["velm"]
    assert ranked.rank("Was the tower of Skarra cut of slate?", document, 8)[0] == spans[0]
    assert ranked.rank("Is there a cake with a candle?", document, 8)[0] == spans[-1]


@pytest.mark.parametrize("question", ["Who is it?", "zebra crossings", "", "Was it a zebra?"])
def test_what_shares_no_word_with_the_question_is_left_out(
    known: dict[str, Document], ranked: Ranked, question: str
) -> None:
    assert ranked.rank(question, known["brindle"], 8) == []


def test_a_document_without_words_brings_up_nothing(tmp_path: Path) -> None:
    found = documents(tmp_path, [record("r", ["It is.", "…"], source="squad2_dev")])
    ranked = Ranked(list(found.values()), HashingEmbedder())
    assert ranked.rank("Is it rain?", found["r"], 8) == []


# How many.


@pytest.mark.parametrize("top", [0, 1, 2, 3, 4, 8])
def test_no_more_passages_are_ranked_than_are_asked_for(
    known: dict[str, Document], ranked: Ranked, top: int
) -> None:
    asked = "Who held the lamp in the storm of 1871?"
    best = ranked.rank(asked, known["velm"], 8)
    # Three of the lighthouse, one of the moss.
    assert len(best) == len(set(numbers(best))) == 4
    assert ranked.rank(asked, known["velm"], top) == best[:top]


def test_one_question_asked_of_two_documents_is_turned_into_a_vector_once(tmp_path: Path) -> None:
    lines = [dict(line) for line in MILLS[:2]]
    for line in lines:
        line["questions"] = [{"id": line["id"], "question": "Where?", "answerable": False}]
    embedder = HashingEmbedder()
    Ranked(list(documents(tmp_path, lines).values()), embedder)
    assert embedder.encoded.count("Where?") == 1
