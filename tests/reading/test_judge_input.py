"""The input of the judge's network: tokens and the sentences that own them, windows, arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from pullquote.reading.judge_input import (
    HEAD_TOKENS,
    MAX_TOKENS,
    NOBODY,
    QUESTION_TOKENS,
    Encoder,
    PassageText,
    Window,
    batch,
)
from tests.support.training import LIGHTHOUSE, encoder

ENCODER = encoder()

#: The special tokens of a window: "[CLS]", "[SEP]" and "[SEP]".
MARKS = 3


def passage(*sentences: str, title: str = "", date: str | None = None) -> PassageText:
    """A passage of these sentences, joined by spaces."""
    ranges: list[tuple[int, int]] = []
    for sentence in sentences:
        start = ranges[-1][1] + 1 if ranges else 0
        ranges.append((start, start + len(sentence)))
    return PassageText(title, date, " ".join(sentences), tuple(ranges))


def tokens(window: Window) -> list[str]:
    return [ENCODER.tokenizer.id_to_token(number) or "" for number in window.ids]


def opening(window: Window) -> int:
    """How many tokens come before those of the passage."""
    return next(i for i, (_, end) in enumerate(window.offsets) if end > 0)


def of_passage(windows: Sequence[Window]) -> list[tuple[int, int, tuple[int, int]]]:
    """The passage's tokens, each with its owner and range, in the order of the windows."""
    return [
        place
        for window in windows
        for place in list(zip(window.ids, window.owners, window.offsets, strict=True))[
            opening(window) : -1
        ]
    ]


RAIN = passage("No sun.", "It rains in Odda.", title="Rain", date="2024-05-01")


# One window, by hand.


def test_the_tokens_of_a_passage_and_their_owners_by_hand() -> None:
    (window,) = ENCODER.windows("Does it rain?", RAIN)
    head = ["rain", "(", "202", "##4", "-", "05", "-", "01", ")", ":"]
    assert tokens(window) == [
        *("[CLS]", "does", "it", "rain", "?", "[SEP]"),
        *head,
        *("no", "sun", "."),
        *("it", "rains", "in", "odd", "##a", "."),
        "[SEP]",
    ]
    before = 6 + len(head)
    assert window.owners == [*[NOBODY] * before, *[0] * 3, *[1] * 6, NOBODY]
    assert window.offsets == [
        *[(0, 0)] * before,
        *((0, 2), (3, 6), (6, 7)),
        *((8, 10), (11, 16), (17, 19), (20, 23), (23, 24), (24, 25)),
        (0, 0),
    ]


def test_the_question_is_read_before_the_title_and_with_any_case() -> None:
    assert ENCODER.windows("DOES IT RAIN?", RAIN) == ENCODER.windows("does it rain?", RAIN)


def test_text_between_the_sentences_is_read_and_belongs_to_nobody() -> None:
    text = PassageText("", None, "Rain. Photo: Bo. Sun.", ((0, 5), (17, 21)))
    (window,) = ENCODER.windows("", text)
    assert tokens(window)[2:-1] == ["rain", ".", "photo", ":", "bo", ".", "sun", "."]
    assert window.owners[2:-1] == [0, 0, *[NOBODY] * 4, 1, 1]


def test_sentences_without_a_space_between_them_own_their_tokens() -> None:
    text = PassageText("", None, "雨。雪が。", ((0, 2), (2, 5)))
    (window,) = ENCODER.windows("", text)
    assert window.owners[2:-1] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("title", "date", "head"),
    [
        ("Rain", "2024-05-01", "Rain (2024-05-01):"),
        ("Rain", None, "Rain:"),
        ("Rain", "", "Rain:"),
        ("", "2024-05-01", ""),
        ("", None, ""),
    ],
)
def test_the_head_says_title_and_date_where_there_are_any(
    title: str, date: str | None, head: str
) -> None:
    made = passage("It rains.", title=title, date=date)
    assert made.head == head
    (window,) = ENCODER.windows("", made)
    read = ENCODER.tokenizer.encode(head, add_special_tokens=False).tokens
    assert tokens(window) == ["[CLS]", "[SEP]", *read, "it", "rains", ".", "[SEP]"]


def test_of_a_long_title_the_beginning_is_read() -> None:
    (window,) = ENCODER.windows("", passage("Sun.", title="rain " * 100))
    assert tokens(window) == ["[CLS]", "[SEP]", *["rain"] * HEAD_TOKENS, "sun", ".", "[SEP]"]


def test_the_marks_are_those_of_the_tokenizer() -> None:
    vocabulary = {name: i for i, name in enumerate(["<s>", "</s>", "<unk>", "does", "it", "rain"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    # The special tokens of RoBERTa and MPNet.
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 1)],
    )
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=30)
    (window,) = Encoder(tokenizer).windows("does it rain", passage("it rain", "rain"))
    assert window.ids == [0, 3, 4, 5, 1, 1, 4, 5, 5, 1]
    assert window.owners == [*[NOBODY] * 6, 0, 0, 1, NOBODY]


# Long questions.


def test_a_question_that_fits_is_not_cut() -> None:
    question = "rain " * QUESTION_TOKENS
    assert ENCODER.cut(question) == question
    assert ENCODER.cut("") == ""


def test_of_a_longer_question_the_end_is_read() -> None:
    question = " ".join(["sun", "Odda", *["rain"] * (QUESTION_TOKENS - 1)])
    # "Odda" is "odd" and "##a", and only the second of them fits.
    assert ENCODER.cut(question) == "a " + " ".join(["rain"] * (QUESTION_TOKENS - 1))
    (whole,) = ENCODER.windows(question, RAIN)
    assert tokens(whole)[1 : QUESTION_TOKENS + 2] == [
        "##a",
        *["rain"] * (QUESTION_TOKENS - 1),
        "[SEP]",
    ]


def test_the_longest_question_and_head_leave_room_for_a_passage() -> None:
    text = passage(*["rain " * 20] * 20, title="snow " * 200)
    windows = ENCODER.windows("sun " * 500, text)
    room = MAX_TOKENS - MARKS - QUESTION_TOKENS - HEAD_TOKENS
    # Whole sentences of 20 tokens: 8 fit in 173.
    assert [len(window.ids) - MAX_TOKENS + room for window in windows] == [160, 160, 80]


# Long passages.


def test_a_passage_that_just_fits_is_one_window() -> None:
    room = MAX_TOKENS - MARKS - 1
    whole = passage("sun " * 100, "rain " * (room - 100))
    assert [len(window.ids) for window in ENCODER.windows("wind", whole)] == [MAX_TOKENS]
    longer = passage("sun " * 100, "rain " * (room - 99))
    assert [window.owners.count(1) for window in ENCODER.windows("wind", longer)] == [0, room - 99]


def test_a_passage_longer_than_the_window_is_cut_between_sentences() -> None:
    text = passage(*LIGHTHOUSE, title="Velm")
    windows = ENCODER.windows("When was it built?", text)
    assert len(windows) == 2
    first, second = ({*window.owners} - {NOBODY} for window in windows)
    assert first
    assert second
    assert not first & second
    assert sorted(first | second) == list(range(len(LIGHTHOUSE)))
    # One sentence more would not have fitted.
    following = windows[1].owners.count(min(second))
    assert len(windows[0].ids) <= MAX_TOKENS < len(windows[0].ids) + following
    # Each window begins with the same question and title.
    size = opening(windows[0])
    assert windows[0].ids[:size] == windows[1].ids[:size]


def test_every_token_of_a_long_passage_is_read_once() -> None:
    text = passage(*LIGHTHOUSE * 3)
    whole = ENCODER.tokenizer.encode(text.text, add_special_tokens=False)
    read = of_passage(ENCODER.windows("When?", text))
    assert [number for number, _, _ in read] == whole.ids
    assert [place for _, _, place in read] == whole.offsets


def test_a_sentence_of_five_thousand_characters_is_read_in_pieces() -> None:
    text = passage("Sun.", "rain " * 999 + "rain.", "Snow.")
    windows = ENCODER.windows("wind", text)
    room = MAX_TOKENS - MARKS - 1
    # 1,001 tokens: three full windows and 53 more, after which the next sentence still fits.
    owned = [Counter(window.owners) for window in windows]
    assert [counted[0] for counted in owned] == [2, 0, 0, 0, 0]
    assert [counted[1] for counted in owned] == [0, room, room, room, 1001 - 3 * room]
    assert [counted[2] for counted in owned] == [0, 0, 0, 0, 2]


# Nothing, and nasty things.


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\x00\x07", "\ufeff"])
def test_a_passage_without_words_has_no_window(text: str) -> None:
    assert ENCODER.windows("Does it rain?", PassageText("Rain", None, text, ())) == []
    assert ENCODER.windows("Does it rain?", passage(text)) == []


def test_without_a_question_the_passage_is_read_alone() -> None:
    (window,) = ENCODER.windows("", passage("It rains."))
    assert tokens(window) == ["[CLS]", "[SEP]", "it", "rains", ".", "[SEP]"]


def test_a_sentence_without_words_owns_nothing_and_moves_no_other() -> None:
    (window,) = ENCODER.windows("", passage("Sun.", "\u200b\x00", "Rain."))
    assert window.owners[2:-1] == [0, 0, 2, 2]
    assert batch([window]).slots == ((0, 2),)


def test_other_scripts_are_owned_by_their_sentences() -> None:
    sentences = ["雨が降る。", "Шёл дождь.", "أمطرت السماء.", "ΒΡΈΧΕΙ!", "🌧️🌧️ e\u0301té."]
    text = passage(*sentences)
    (window,) = ENCODER.windows("天気は？", text)
    assert {*window.owners} == {NOBODY, 0, 1, 2, 3, 4}
    for owner, (start, end) in zip(window.owners, window.offsets, strict=True):
        if owner != NOBODY:
            assert text.text[start:end] in sentences[owner]
    # A Chinese character is a word of its own.
    assert window.owners.count(0) == 5


def test_control_characters_are_not_read() -> None:
    (window,) = ENCODER.windows("ra\x00in", passage("su\u200bn\x07"))
    assert tokens(window) == ["[CLS]", "rain", "[SEP]", "sun", "[SEP]"]
    assert window.offsets[3] == (0, 4)


NASTY = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            [
                *("rain", "Odda", "İ", "ß", "e\u0301", "\u0301", "雨", "🌧️", "\x00", "\u200b"),
                *("[SEP]", "[CLS]", "##a", "x" * 200, "1,5", "...", "\t", "\u2028", "\ufffd", "ﬁ"),
            ]
        ),
        max_size=40,
    ).map("".join),
    st.integers(1, 400).map(lambda count: "so it rains, " * count),
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(NASTY, st.lists(NASTY, max_size=6), NASTY, st.one_of(st.none(), st.text(max_size=12)))
def test_any_text_is_read_whole_in_windows_that_fit(
    question: str, sentences: list[str], title: str, date: str | None
) -> None:
    text = passage(*sentences, title=title, date=date)
    whole = ENCODER.tokenizer.encode(text.text, add_special_tokens=False)
    windows = ENCODER.windows(question, text)
    for window in windows:
        assert len(window.ids) == len(window.owners) == len(window.offsets) <= MAX_TOKENS
    read = of_passage(windows)
    assert [number for number, _, _ in read] == whole.ids
    for _, owner, (start, end) in read:
        if owner == NOBODY:
            assert not any(start < stop and end > first for first, stop in text.sentences)
        else:
            first, stop = text.sentences[owner]
            assert first <= start < end <= stop
    assert question.startswith(ENCODER.cut(question))
    assert ENCODER.windows(ENCODER.cut(question), text) == windows


# Arrays.


def test_windows_are_padded_at_the_right_and_the_mask_says_where() -> None:
    windows = [*ENCODER.windows("", passage("Sun.")), *ENCODER.windows("", passage("It rains."))]
    made = batch(windows)
    assert made.ids.shape == made.mask.shape == (2, 6)
    assert made.ids[0, :5].tolist() == windows[0].ids
    assert made.ids[1].tolist() == windows[1].ids
    assert made.mask.tolist() == [[1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 1]]


@pytest.mark.parametrize(("step", "length"), [(1, 5), (5, 5), (4, 8), (16, 16)])
def test_the_length_is_a_multiple_of_the_step(step: int, length: int) -> None:
    windows = ENCODER.windows("", passage("Sun."))
    assert batch(windows, step).ids.shape == (1, length)


def test_the_pool_averages_exactly_the_tokens_of_a_sentence() -> None:
    windows = [
        *ENCODER.windows("Does it rain?", RAIN),
        *ENCODER.windows("", passage("Sun.")),
    ]
    made = batch(windows, 8)
    assert made.slots == ((0, 1), (0,))
    expected = np.zeros((2, 2, 32), dtype=np.float32)
    # See the tokens by hand above: a question and title of 16 tokens, then sentences of 3 and 6.
    expected[0, 0, 16:19] = 1 / 3
    expected[0, 1, 19:25] = 1 / 6
    # "[CLS] [SEP] sun . [SEP]", and an empty row as padding.
    expected[1, 0, 2:4] = 1 / 2
    assert made.pool.dtype == np.float32
    assert np.array_equal(made.pool, expected)


def test_the_slots_of_a_later_window_are_the_passages_own_numbers() -> None:
    made = batch(ENCODER.windows("When was it built?", passage(*LIGHTHOUSE)))
    first, second = made.slots
    assert first + second == tuple(range(len(LIGHTHOUSE)))
    assert made.pool.shape[1] == max(len(first), len(second))
    filled = made.pool.sum(axis=2)
    assert filled[0] == pytest.approx([1] * len(first) + [0] * (len(filled[0]) - len(first)))
    assert filled[1] == pytest.approx([1] * len(second) + [0] * (len(filled[1]) - len(second)))


def test_windows_without_sentences_have_an_empty_pool() -> None:
    made = batch(ENCODER.windows("", PassageText("", None, "It rains.", ())))
    assert made.slots == ((),)
    assert made.pool.shape == (1, 1, 6)
    assert not made.pool.any()
