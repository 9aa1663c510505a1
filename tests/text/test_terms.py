"""Words as the lexical matcher sees them."""

from __future__ import annotations

import pytest

from pullquote.text.terms import STOP_WORDS, stem, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("?! … 🎉", []),
        ("Why did it do that?", []),
        ("The companies banned POLICE use.", ["compani", "ban", "polic", "use"]),
        ("ban bans banned banning", ["ban", "ban", "ban", "ban"]),
        ("It did not say; no comment.", ["not", "say", "no", "comment"]),
        ("Tell me about Amazon’s face-recognition tech", ["amazon", "face", "recognit", "tech"]),
        ("$1,000.50 on May 25, 2020.", ["1,000.50", "may", "25", "2020"]),
        ("They don't and we'll see", ["don", "see"]),
        ("Élan\u00a0vital in Zürich", ["élan", "vital", "zürich"]),
        ("日本語 text", ["日本語", "text"]),
    ],
)
def test_content_words_are_lower_case_stemmed_and_in_order(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_both_apostrophes_give_the_same_words() -> None:
    assert terms("Amazon’s") == terms("Amazon's") == ["amazon"]


def test_words_of_negation_are_never_dropped() -> None:
    assert {"not", "no", "nor", "never", "without", "nobody"} & STOP_WORDS == set()


def test_a_stem_is_its_own_stem_of_common_news_words() -> None:
    for word in ("compani", "ban", "polic", "recognit"):
        assert stem(word) == word
