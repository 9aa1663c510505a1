"""The best answer in each sentence, by logits that are given by hand."""

from __future__ import annotations

import re
from typing import NoReturn

import numpy as np
import pytest
from helpers_network import by_hand, bytes_tokenizer, words_tokenizer
from hypothesis import given, settings
from hypothesis import strategies as st

from pullquote.network import Network
from pullquote.spans import LONGEST, Piece, Score, Text, score_sentences

ARTICLE = "Ferry news. The ferry sank in 1931. Rain fell."
FORTY = [f"w{number:02d}" for number in range(40)]


def text(first: int = 0, last: int = 2, article: str = ARTICLE) -> Text:
    """A passage: some sentences of an article, each of which ends in a full stop."""
    own = [(it.start(), it.end()) for it in re.finditer(r"[^. ][^.]*\.", article)]
    begin = own[first][0]
    pieces = tuple(
        Piece(("a", n), own[n][0] - begin, own[n][1] - begin, own[n][0])
        for n in range(first, last + 1)
    )
    return Text(article[begin : own[last][1]], pieces)


def one(network: Network, article: str) -> tuple[Score, str]:
    """The score of an article of one sentence, and its answer."""
    [score] = score_sentences(network, "when?", [text(0, 0, article)]).values()
    return score, article[slice(*score.answer)]


def test_the_answer_is_the_range_with_the_highest_sum() -> None:
    network = by_hand({"in": 2, "ferry": 1}, {"1931": 3, "sank": 1}, {"when": 0.5})
    found = score_sentences(network, "when?", [text()])
    start = ARTICLE.index("in 1931")
    assert found["a", 1] == Score(span=5.0, null=0.5, answer=(start, start + 7))
    assert found["a", 1].margin == 4.5
    assert list(found) == [("a", 0), ("a", 1), ("a", 2)]


def test_an_answer_never_ends_before_it_begins() -> None:
    # "1931 … in" would have 9.
    network = by_hand({"1931": 5, "in": 3}, {"in": 4})
    score = score_sentences(network, "when?", [text()])["a", 1]
    assert (ARTICLE[slice(*score.answer)], score.span) == ("in", 7.0)
    score, answer = one(by_hand({"b": 5}, {"a": 4}), "a c b.")
    assert (answer, score.span) == ("b", 5.0)


def test_an_answer_never_crosses_into_the_next_sentence() -> None:
    # "sank … fell" would have 20.
    network = by_hand({"sank": 10}, {"fell": 10, "1931": 1})
    found = score_sentences(network, "when?", [text()])
    assert {key[1]: ARTICLE[slice(*it.answer)] for key, it in found.items()} == {
        0: "Ferry",
        1: "sank in 1931",
        2: "Rain fell",
    }
    assert [it.span for it in found.values()] == [0.0, 11.0, 10.0]


@pytest.mark.parametrize(
    ("end", "answer", "span"),
    [
        ({"w29": 1, "w30": 4}, FORTY[:30], 6.0),  # 0 to 30 are 31 tokens
        ({"w38": 9}, FORTY[9:39], 9.0),  # 0 to 38 are 39, and 9 to 38 are 30
        ({".": 2}, [*FORTY[:39], "w39."], 7.0),  # the whole sentence
    ],
)
def test_an_answer_has_at_most_thirty_tokens_or_is_the_whole_sentence(
    end: dict[str, float], answer: list[str], span: float
) -> None:
    assert LONGEST == 30
    start = {"w00": 5, "w09": 0.001}
    score, words = one(by_hand(start, end), " ".join(FORTY) + ".")
    assert words == " ".join(answer)
    assert score.span == pytest.approx(span, abs=0.01)


def test_of_the_passages_that_hold_a_sentence_the_best_margin_counts() -> None:
    # The first passage holds "Ferry", and with it "no answer" is likelier.
    network = by_hand({"in": 2}, {"1931": 3}, {"Ferry": 1, "Rain": -2})
    start = ARTICLE.index("in 1931")
    passages = [text(0, 1), text(1, 1), text(1, 2), text(0, 2)]
    for order in (passages, passages[::-1]):
        found = score_sentences(network, "when?", order)
        assert found["a", 1] == Score(span=5.0, null=-2.0, answer=(start, start + 7))


def test_of_the_windows_that_hold_a_sentence_the_best_margin_counts() -> None:
    # 24 tokens less five leave 19: windows begin at 0, 13 and 26, so two hold "in 1931".
    article = " ".join([*FORTY[:15], "in", "1931", *FORTY[17:]]) + "."
    for of_the_first, of_the_second, best in ((5, 1, 1), (1, 5, 1), (-1, 2, -1)):
        nulls = {"w03": of_the_first, "w25": of_the_second}
        score, answer = one(by_hand({"in": 2}, {"1931": 3}, nulls, tokens=24), article)
        assert (answer, score.span, score.null) == ("in 1931", 5.0, best)


def test_of_a_sentence_that_a_window_cuts_the_part_counts() -> None:
    # The window that ends in the middle holds the start but not the end, and the next the end.
    article = " ".join(FORTY) + "."
    score, answer = one(by_hand({"w10": 2}, {"w30": 3}, tokens=24), article)
    assert score.span == 3.0
    assert answer.endswith("w30")
    assert not answer.startswith("w10")


def test_the_answer_stands_in_the_article_wherever_the_passage_begins() -> None:
    network = by_hand({"in": 2}, {"1931": 3})
    start = ARTICLE.index("in 1931")
    for first, last in ((0, 2), (0, 1), (1, 1), (1, 2)):
        found = score_sentences(network, "when?", [text(first, last)])
        assert found["a", 1].answer == (start, start + 7)


def test_a_heading_is_read_and_is_no_answer() -> None:
    network = by_hand({"Ferry": 9}, {"news": 9, "fell": 1}, {"Ferry": 2})
    whole = text()
    found = score_sentences(network, "when?", [Text(whole.text, whole.pieces[1:])])
    assert {key[1]: (it.span, it.null) for key, it in found.items()} == {1: (0, 2), 2: (1, 2)}


def test_a_passage_of_headings_alone_is_not_read() -> None:
    def never(*_: object) -> NoReturn:
        raise AssertionError

    network = Network("never", "0", words_tokenizer([]), 64, never)
    assert score_sentences(network, "when?", [Text(ARTICLE, ())]) == {}
    assert score_sentences(network, "when?", []) == {}
    found = score_sentences(by_hand({}, {}), "when?", [Text(ARTICLE, ()), text(2, 2)])
    assert list(found) == [("a", 2)]


def test_an_answer_is_never_empty() -> None:
    tokenizer = bytes_tokenizer()
    space = tokenizer.token_to_id("Ġ")
    network = Network(
        "space", "0", tokenizer, 64, lambda ids, *_: ((ids == space) * np.float32(1),) * 2
    )
    _, answer = one(network, "rain  fell.")
    assert answer != ""


WORD = st.sampled_from(["a", "b", "c", "dd", "é", "🎉"])
LOGIT = st.integers(-9, 9).map(float)
LOGITS = st.dictionaries(WORD, LOGIT)
SENTENCES = st.lists(st.lists(WORD, min_size=1, max_size=45), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(SENTENCES, LOGITS, LOGITS, st.integers(0, 9), st.sampled_from([40, 400]))
def test_every_sentence_has_an_answer_that_lies_within_it(
    sentences: list[list[str]],
    starts: dict[str, float],
    ends: dict[str, float],
    moved: int,
    tokens: int,
) -> None:
    texts = [" ".join(it) for it in sentences]
    begins = [sum(len(it) + 1 for it in texts[:n]) for n in range(len(texts))]
    pieces = tuple(
        Piece(("a", n), begin, begin + len(texts[n]), begin + moved)
        for n, begin in enumerate(begins)
    )
    network = by_hand(starts, ends, tokens=tokens)
    found = score_sentences(network, "a b?", [Text(" ".join(texts), pieces)])
    assert list(found) == [it.key for it in pieces]
    for piece, sentence in zip(pieces, texts, strict=True):
        start, end = (place - piece.at for place in found[piece.key].answer)
        assert 0 <= start < end <= len(sentence)
        # Whole words, and no more of them than are allowed.
        assert f" {sentence} "[start] == f" {sentence} "[end + 1] == " "
        words = len(sentence[start:end].split())
        # With 40 tokens a window holds 34 words, which may be a part of a sentence.
        most = LONGEST if tokens == 400 else 34
        assert words <= most or sentence[start:end] == sentence
