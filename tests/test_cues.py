"""Words with the form of an answer."""

from __future__ import annotations

import pytest

from pullquote.cues import find_cue
from pullquote.question import Kind


def cue(kind: Kind, question: str, sentence: str) -> str | None:
    found = find_cue(kind, question, sentence)
    return None if found is None else sentence[found[0] : found[1]]


@pytest.mark.parametrize(
    ("kind", "sentence", "words"),
    [
        (Kind.WHEN, "It was built in 1931 by the city.", "in 1931"),
        (Kind.WHEN, "The trial starts on March 4, 2021.", "on March 4, 2021"),
        (Kind.WHEN, "He was born on 4 March 1931 in Oslo.", "on 4 March 1931"),
        (Kind.WHEN, "In May, the council met.", "In May"),
        (Kind.WHEN, "On Tuesday it snowed.", "On Tuesday"),
        (Kind.WHEN, "It closed two years ago.", "two years ago"),
        (Kind.WHEN, "They met last week in Rome.", "last week"),
        (Kind.WHEN, "The doors open at noon.", "at noon"),
        (Kind.WHEN, "It may march on.", None),
        (Kind.WHEN, "It cost 1931 crowns more than 300.", "1931"),
        (Kind.HOW_MANY, "About 300 people were hurt.", "About 300 people"),
        (Kind.HOW_MANY, "It cost $1.2 million to build.", "$1.2 million"),
        (Kind.HOW_MANY, "€3bn was spent.", "€3bn"),
        (Kind.HOW_MANY, "Twelve of the jurors agreed.", "Twelve of the jurors"),
        (Kind.HOW_MANY, "Only twelve jurors agreed.", "twelve jurors"),
        (Kind.HOW_MANY, "Taxes rose 4.5 percent.", "4.5 percent"),
        (Kind.HOW_MANY, "Taxes rose 4.5%.", "4.5%"),
        (Kind.HOW_MANY, "Someone often weighed it.", None),
        (Kind.WHY, "It closed because the roof leaked.", "because the roof leaked"),
        (Kind.WHY, "It closed to avoid a fine; nobody protested.", "to avoid a fine"),
        (Kind.WHY, "It closed.", None),
        (Kind.WHERE, "He was arrested in New York City.", "in New York City"),
        (Kind.WHERE, "They met at the Bay of Biscay on Monday.", "at the Bay of Biscay"),
        (Kind.WHERE, "In Lisbon, she sang.", "In Lisbon"),
        (Kind.WHERE, "She sang near Évora.", "near Évora"),
        (Kind.WHERE, "She sang in a hall.", None),
        (Kind.WHO, "It was told by Joy Buolamwini.", "Joy Buolamwini"),
        (Kind.WHO, "Ángel Díaz said no.", "Ángel Díaz"),
        (Kind.WHO, "The mayor said no.", None),
        (Kind.HOW, "They got in with a ladder in 1931.", None),
        (Kind.WHETHER, "Yes, in 1931.", None),
        (Kind.WHAT, "In 1931 Ángel Díaz paid $5.", None),
        (Kind.OTHER, "In 1931 Ángel Díaz paid $5.", None),
    ],
)
def test_the_words_that_have_the_form_asked_for_are_found(
    kind: Kind, sentence: str, words: str | None
) -> None:
    assert cue(kind, "?", sentence) == words


def test_words_that_only_repeat_the_question_are_passed_over() -> None:
    sentence = "It burned in 1931 and again in 1940."
    assert cue(Kind.WHEN, "When after 1931?", sentence) == "in 1940"
    assert cue(Kind.WHO, "Who is Clare Garvie?", "Clare Garvie is a researcher.") is None
    assert cue(Kind.WHO, "Who hired Clare Garvie?", "Jo hired Clare Garvie.") == "Jo"
    assert cue(Kind.WHERE, "Where in Lisbon?", "He was arrested in Lisbon.") is None


def test_an_empty_sentence_has_no_cue() -> None:
    assert [find_cue(kind, "", "") for kind in Kind] == [None] * len(Kind)


def test_a_very_long_sentence_is_read_in_no_time() -> None:
    assert cue(Kind.WHO, "?", "a" * 50_000 + " " * 50_000 + "in the " * 10_000) is None
