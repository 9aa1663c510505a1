"""Tokens in training are those that the product reads, and answers have their places in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from helpers_training import LIGHTHOUSE, REAL
from tokenizers import Tokenizer
from training.encode import MAX_TOKENS, STEP, Encoded, encode, open_tokenizer, pad

from pullquote.network import Network

if TYPE_CHECKING:
    from pullquote.network import Floats, Integers

PASSAGE = "It was built in 1843. Jonas Brekke’s goat saw it."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer(REAL)


def one(tokenizer: Tokenizer, question: str, passage: str) -> Encoded:
    (result,) = encode(tokenizer, [(question, passage)])
    return result


def test_the_passages_tokens_stand_behind_the_question_and_two_marks(tokenizer: Tokenizer) -> None:
    it = one(tokenizer, "When was it?", PASSAGE)
    # [CLS] when was it ? [SEP]
    assert it.first == 6
    words = ["It", "was", "built", "in", "1843", "."]
    assert [PASSAGE[start:end] for start, end in it.offsets[:6]] == words
    # And one mark behind it.
    assert len(it.ids) == 6 + len(it.offsets) + 1
    assert (it.start, it.end) == (0, 0)


@pytest.mark.parametrize("answer", ["It", "1843", "Jonas Brekke", "it.", PASSAGE])
def test_an_answer_is_placed_on_its_first_and_last_token(tokenizer: Tokenizer, answer: str) -> None:
    it = one(tokenizer, "When was it?", PASSAGE)
    begin = PASSAGE.index(answer)
    place = it.place((begin, begin + len(answer)))
    assert place is not None
    first, last = (it.offsets[number - it.first] for number in place)
    assert PASSAGE[first[0] : last[1]] == answer


def test_an_answer_within_a_token_is_placed_on_the_whole_of_it(tokenizer: Tokenizer) -> None:
    it = one(tokenizer, "When was it?", PASSAGE)
    begin = PASSAGE.index("oat")
    assert it.place((begin, begin + 3)) == it.place((begin - 1, begin + 3))


def test_an_answer_that_was_cut_off_has_no_place(tokenizer: Tokenizer) -> None:
    passage = " ".join(LIGHTHOUSE)
    it = one(tokenizer, "When was it?", passage)
    assert len(it.ids) == MAX_TOKENS
    kept = it.offsets[-1][1]
    assert it.place((kept - 4, kept)) is not None
    assert it.place((kept - 4, kept + 1)) is None
    assert it.place((len(passage) - 5, len(passage))) is None


def test_a_batch_is_padded_in_steps_and_marks_the_passages(tokenizer: Tokenizer) -> None:
    short, long = encode(tokenizer, [("When?", "In 1843."), ("Who was it?", "rain " * 30)])
    batch = pad([short, long])
    # Three words and a mark, 30 words, three marks.
    assert len(long.ids) == 37
    assert batch.ids.shape == (2, 64)
    size = len(short.ids)
    assert batch.ids[0, :size].tolist() == short.ids
    assert not batch.ids[0, size:].any()
    assert batch.attention.sum(dim=1).tolist() == [len(short.ids), len(long.ids)]
    # The mark behind the passage has its type, and is no part of it.
    assert batch.types[0].nonzero().flatten().tolist() == list(range(short.first, size))
    assert batch.passage[0].nonzero().flatten().tolist() == list(range(short.first, size - 1))


def test_a_batch_of_short_sequences_is_one_step_long(tokenizer: Tokenizer) -> None:
    assert pad(encode(tokenizer, [("When?", "In 1843.")])).ids.shape == (1, STEP)
    exact = replace(one(tokenizer, "When?", "In 1843."), ids=[1] * STEP)
    assert pad([exact]).ids.shape == (1, STEP)


def test_training_and_the_product_read_the_same_tokens(tokenizer: Tokenizer) -> None:
    fed: list[Integers] = []

    def run(ids: Integers, attention: Integers, types: Integers) -> tuple[Floats, Floats]:
        fed.append(np.stack([ids[0], attention[0], types[0]]))
        return ids.astype(np.float32), ids.astype(np.float32)

    texts = [PASSAGE, "It rained.", " ".join(LIGHTHOUSE[:8])]
    for text in texts:
        question = "When was Velm’s tower built?"
        (windows,) = Network("recorded", "", tokenizer, MAX_TOKENS, run).read(question, [text])
        it = one(tokenizer, question, text)
        batch = pad([it])
        both = min(batch.ids.shape[1], fed[-1].shape[1])
        ours = np.stack([batch.ids[0].numpy(), batch.attention[0].numpy(), batch.types[0].numpy()])
        assert np.array_equal(ours[:, :both], fed[-1][:, :both])
        assert not ours[1, both:].any()
        assert not fed[-1][1, both:].any()
        (window,) = windows
        assert window.offsets.tolist() == [list(pair) for pair in it.offsets]
        assert window.start.tolist() == it.ids[it.first : it.first + len(it.offsets)]
