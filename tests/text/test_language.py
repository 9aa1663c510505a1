"""Only what is plainly another language is called one: a wrong note is worse than none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from pullquote.text.language import is_english, language_of


@pytest.mark.parametrize(
    "text",
    [
        "Wie lange dauert das Verbot?",
        "¿Cuánto dura la prohibición?",
        "Pourquoi Amazon a-t-il suspendu Rekognition ?",
        "Почему Amazon приостановил Rekognition?",
        "为什么亚马逊暂停了Rekognition？",
        "アマゾンはなぜ停止したのか",
    ],
)
def test_another_language_is_told(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "How long is the ban?",
        "why now?",
        "rekognition ban length",
        "why did amzon paus rekogniton",
        "Amazon",
        "2016?",
        "?",
        "Who is Joy Buolamwini?",
        "When did Jürgen Klopp leave Borussia Dortmund?",
    ],
)
def test_english_keywords_names_and_typing_errors_are_not_taken_for_another(text: str) -> None:
    assert is_english(text)


def test_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(is_english, ["Wer ist das denn?", "Who is that?"] * 20))
    assert found == [False, True] * 20


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Hafenrat hat beschlossen, den alten Fischmarkt zu schließen.", "de"),
        ("Rada portu zagłosowała za zamknięciem starego targu rybnego.", "pl"),
        ("The harbour board voted to close the old fish market.", "en"),
    ],
)
def test_the_language_of_a_text_is_named(text: str, language: str) -> None:
    assert language_of(text) == language
