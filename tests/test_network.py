"""What goes into a network and what comes out of it, by hand and with the bundled one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from helpers_network import SPECIAL, by_hand, flat, recorded, words_tokenizer
from tokenizers import Tokenizer, models, pre_tokenizers

from pullquote.network import Network, Window
from pullquote.onnx_network import open_folder
from pullquote.readers import BUNDLED

if TYPE_CHECKING:
    from pullquote.network import Floats, Integers

#: 1,000 words of four digits.
COUNTED = [f"{number:04d}" for number in range(1000)]

SUNK = "The ferry sank in 1931 after a storm on the lake, and eleven people drowned."


def echo(ids: Integers, attention: Integers, types: Integers) -> tuple[Floats, Floats]:
    """The start logit of a token is its own number, and the end logit that of its row's sum."""
    start = ids.astype(np.float32)
    return start, np.broadcast_to(start.sum(axis=1, keepdims=True), start.shape)


@pytest.fixture(scope="module")
def bundled() -> Network:
    network, _ = open_folder(BUNDLED, "Mend it.")
    return network


@pytest.fixture(scope="module")
def counting() -> Network:
    return Network("echo", "0", words_tokenizer(COUNTED), 64, echo)


def same(one: list[list[Window]], other: list[list[Window]]) -> bool:
    """Whether all windows are equal to the last bit."""
    return [[it.null for it in text] for text in one] == [
        [it.null for it in text] for text in other
    ] and all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for left, right in zip(one, other, strict=True)
        for a, b in zip(left, right, strict=True)
        for name in ("offsets", "start", "end")
    )


def test_windows_cover_a_sentence_that_is_longer_than_a_window(counting: Network) -> None:
    text = " ".join(COUNTED) + "."
    assert len(text) == 5000
    [windows] = counting.read("when?", [text])
    # 64 tokens less [CLS], [SEP], [SEP], "when" and "?" are 59 of the text. The next window goes
    # on 59 - 16 = 43 tokens later, and 1,001 tokens need (1001 - 59) / 43 = 21.9 more windows.
    assert len(windows) == 23
    assert [int(it.offsets[0, 0]) // 5 for it in windows] == list(range(0, 23 * 43, 43))
    assert [len(it.offsets) for it in windows] == [59] * 22 + [1001 - 22 * 43]
    found = {(int(a), int(b)) for it in windows for a, b in it.offsets}
    assert sorted(found) == [(5 * n, 5 * n + 4) for n in range(1000)] + [(4999, 5000)]


def test_each_token_has_its_own_logits(counting: Network) -> None:
    text = " ".join(COUNTED[:300])
    for window in counting.read("when?", [text])[0]:
        words = [text[start:end] for start, end in window.offsets]
        numbers = [len(SPECIAL) + int(it) for it in words]
        assert window.start.tolist() == numbers
        # [CLS] is 2, [SEP] 3, and the two words of the question are not known: 1.
        whole = 2 + 1 + 1 + 3 + sum(numbers) + 3
        assert window.end.tolist() == [whole] * len(numbers)
        assert window.null == 2 + whole


def test_offsets_count_characters_whatever_the_script(bundled: Network) -> None:
    text = "Zoë 🎉 naïvely paid 5 € in Łódź."
    [[window]] = bundled.read("Who paid?", [text])
    words = [text[start:end] for start, end in window.offsets]
    assert words[0] == "Zoë"
    assert "".join(words) == text.replace(" ", "")


def test_a_question_may_have_a_third_of_the_tokens(counting: Network) -> None:
    twenty_one, thirty = " ".join(COUNTED[:21]), " ".join(COUNTED[:30])
    assert counting.cut(twenty_one) == twenty_one
    assert counting.cut(thirty) == " ".join(COUNTED[9:30])
    assert counting.cut("") == ""


def test_of_a_longer_question_the_end_is_read(counting: Network) -> None:
    asked = " ".join(COUNTED[:500])
    texts = [" ".join(COUNTED[500:600])]
    whole = counting.read(asked, texts)
    assert same(whole, counting.read(" ".join(COUNTED[479:500]), texts))
    # 64 - 3 - 21 = 40 tokens, and the next window 24 later.
    assert [len(it.offsets) for it in whole[0]] == [40, 40, 40, 28]


@pytest.mark.parametrize(
    "question", ["why " * 125, "ü" * 500, "為什麼" * 166, "🎉 " * 250, "9" * 500]
)
def test_the_longest_questions_are_read_by_the_bundled_network(
    bundled: Network, question: str
) -> None:
    [short, long] = bundled.read(question, [SUNK, SUNK * 40])
    assert len(short) == 1
    assert long[0].offsets[0, 0] == 0
    assert long[-1].offsets[-1, 1] == len(SUNK) * 40


def test_results_come_in_the_order_given_one_window_at_a_time() -> None:
    sizes = [30, 1, 200, 3, 12, 3, 55, 7, 0, 20]
    shapes: list[tuple[int, ...]] = []
    network = Network("echo", "0", words_tokenizer(COUNTED), 64, recorded(echo, shapes))
    texts = [" ".join(COUNTED[size : 2 * size]) for size in sizes]
    found = network.read("when?", texts)
    for size, windows in zip(sizes, found, strict=True):
        assert {int(it) for window in windows for it in window.start} == {
            len(SPECIAL) + number for number in range(size, 2 * size)
        }
    assert {it[0] for it in shapes} == {1}
    assert len(shapes) == sum(len(it) for it in found)


def test_a_text_is_read_the_same_way_alone_and_among_others(counting: Network) -> None:
    texts = [" ".join(COUNTED[size : 2 * size]) for size in (90, 4, 1, 30, 11, 60)]
    together = counting.read("when?", texts)
    assert same(together, [counting.read("when?", [it])[0] for it in texts])


def test_the_bundled_network_finds_the_same_words_alone_and_among_others(bundled: Network) -> None:
    texts = [SUNK, "Rain fell.", "Amazon paused it. " * 100, "The mayor spoke for an hour."]
    words = []
    for window in (
        bundled.read("When did the ferry sink?", texts)[0][0],
        bundled.read("When did the ferry sink?", [SUNK])[0][0],
    ):
        start, end = window.offsets[window.start.argmax()], window.offsets[window.end.argmax()]
        words.append(SUNK[start[0] : end[1]])
    assert words[0] == words[1]
    assert "1931" in words[0]


def test_no_texts_are_not_read() -> None:
    shapes: list[tuple[int, ...]] = []
    network = Network("flat", "0", words_tokenizer([]), 64, recorded(flat, shapes))
    assert network.read("when?", []) == []
    assert shapes == []


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_a_text_without_words_has_no_tokens(bundled: Network, text: str) -> None:
    [[window]] = bundled.read("When?", [text])
    assert window.offsets.shape == (0, 2)
    assert window.start.shape == window.end.shape == (0,)


def test_the_tokenizer_given_is_left_as_it_was() -> None:
    tokenizer = words_tokenizer(["a"])
    tokenizer.enable_padding(length=40)
    tokenizer.enable_truncation(5)
    before = tokenizer.to_str()
    network = Network("flat", "0", tokenizer, 64, flat)
    assert [len(it.offsets) for it in network.read("a", ["a " * 20])[0]] == [20]
    assert tokenizer.to_str() == before


def test_eight_threads_read_what_one_reads(bundled: Network) -> None:
    texts = [SUNK, SUNK * 8, "Rain fell."]
    questions = [
        f"{word} {rest}"
        for word in ("When", "Why", "Where", "How")
        for rest in ("did the ferry sink?", "did eleven people drown?")
    ]
    serial = [bundled.read(it, texts) for it in questions]
    with ThreadPoolExecutor(8) as pool:
        threaded = list(pool.map(lambda it: bundled.read(it, texts), questions))
    assert all(same(a, b) for a, b in zip(serial, threaded, strict=True))


def test_the_language_is_told_where_it_is_known(bundled: Network) -> None:
    assert bundled.language == "en"
    assert by_hand({}, {}).language is None


def test_a_range_holds_no_outer_space() -> None:
    # As the tokenizers of DeBERTa v3 and XLM-R: "▁ferry" is " ferry".
    tokenizer = Tokenizer(models.WordLevel({"?": 0, "▁the": 1, "▁ferry": 2}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    network = Network("flat", "0", tokenizer, 64, flat)
    assert network.read("the", ["the ferry"])[0][0].offsets.tolist() == [[0, 3], [4, 9]]
