"""Questions with slips, and questions about another thing."""

from __future__ import annotations

from random import Random

import pytest

from tests.support.training import LIGHTHOUSE
from training.noise import KEYWORDS, LOWER, TYPO, swapped, things, typed

QUESTION = "How many steps does the tower of Velm have?"


class Drawn(Random):
    """The first number drawn is given."""

    def __init__(self, first: float) -> None:
        super().__init__(1)
        self._first: float | None = first

    def random(self) -> float:
        first, self._first = self._first, None
        return super().random() if first is None else first


def test_most_questions_stay_as_they_are() -> None:
    assert typed(QUESTION, Drawn(LOWER + TYPO + KEYWORDS)) == QUESTION
    assert typed(QUESTION, Drawn(0.999)) == QUESTION


def test_a_question_may_lose_its_capitals_and_its_mark() -> None:
    assert typed(QUESTION, Drawn(0.0)) == "how many steps does the tower of velm have"


def test_a_question_may_be_keywords() -> None:
    assert typed(QUESTION, Drawn(LOWER + TYPO)) == "many steps tower Velm"


def test_one_keyword_is_no_question() -> None:
    assert typed("Where is Odda?", Drawn(LOWER + TYPO)) == "Where is Odda?"


@pytest.mark.parametrize("seed", range(20))
def test_a_slip_is_two_letters_of_a_longer_word_that_change_places(seed: int) -> None:
    question = "How many stairs has the tower?"
    drawn = Drawn(LOWER)
    drawn.seed(seed)
    slipped = typed(question, drawn)
    places = [i for i, (old, new) in enumerate(zip(question, slipped, strict=True)) if old != new]
    first, second = places
    assert second == first + 1
    assert slipped[first : second + 1] == question[second] + question[first]
    # The first letter stays: "stairs" stands at 9 to 15, "tower" at 24 to 29.
    assert 10 <= first < 14 or 25 <= first < 28


def test_without_a_longer_word_there_is_no_slip() -> None:
    assert typed("Who was he?", Drawn(LOWER)) == "Who was he?"


def test_slips_come_as_often_as_is_said() -> None:
    random = Random(1)
    changed = [typed(QUESTION, random) for _ in range(2000)]
    lower = sum(item == "how many steps does the tower of velm have" for item in changed)
    keywords = sum(item == "many steps tower Velm" for item in changed)
    same = changed.count(QUESTION)
    assert lower / 2000 == pytest.approx(LOWER, abs=0.03)
    assert keywords / 2000 == pytest.approx(KEYWORDS, abs=0.02)
    assert (2000 - lower - keywords - same) / 2000 == pytest.approx(TYPO, abs=0.02)


def test_the_years_numbers_and_names_of_a_text() -> None:
    assert things("In 1902 the painter Ilse Varga’s cat ate 1,200 fish, and Ilse Varga 3.") == (
        ("1902",),
        ("1902", "1,200", "3"),
        ("Ilse Varga",),
    )


def test_the_first_word_of_a_sentence_is_no_name() -> None:
    assert things("Visitors came. Each of them saw Odda.")[2] == ("Odda",)


ELSEWHERE = (("1999",), ("1999", "40"), ("Bo Ek",))
NOTHING: tuple[tuple[str, ...], ...] = ((), (), ())


def test_a_year_is_swapped_for_a_year_or_a_number() -> None:
    found = {
        swapped("Who came in 1871?", things("In 1902 rain fell."), ELSEWHERE, [], Random(seed))
        for seed in range(40)
    }
    assert found == {f"Who came in {item}?" for item in ("1902", "1999", "40")}


def test_a_name_is_swapped_for_a_name() -> None:
    question = "Where did Ilse Varga paint?"
    found = {
        swapped(question, things("There was Tove Lind."), ELSEWHERE, [], Random(seed))
        for seed in range(40)
    }
    assert found == {"Where did Tove Lind paint?", "Where did Bo Ek paint?"}


def test_what_the_question_or_the_answering_sentence_names_is_never_put_in() -> None:
    question = "Did Tove Lind leave in 1968?"
    passage = things(" ".join(LIGHTHOUSE))
    sentence = "the last one, Jonas Brekke, left in 1871."
    found = {
        swapped(question, passage, NOTHING, [sentence, "in 1934"], Random(seed))
        for seed in range(200)
    }
    assert None not in found
    for match in found:
        assert match is not None
        # One thing is another now, the other one stayed.
        assert ("Tove Lind" in match) != ("1968" in match)
        assert not any(word in match for word in ("Jonas Brekke", "1871", "1934"))


def test_nothing_is_swapped_where_nothing_is_named_or_nothing_else_is_known() -> None:
    assert swapped("Who was it?", ELSEWHERE, ELSEWHERE, [], Random(1)) is None
    assert swapped("Who came in 1871?", NOTHING, NOTHING, [], Random(1)) is None
    known = (("1902",), ("1902",), ())
    assert swapped("Who came in 1871?", known, NOTHING, ["It was 1902."], Random(1)) is None
