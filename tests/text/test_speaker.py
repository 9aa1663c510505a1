"""What stands around a quote, so that it says who speaks and of whom."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pullquote.text import speaker
from tests.support.answers import Shelf


def shown(
    index: int, *paragraphs: Sequence[str] | str, cited: Sequence[int] = (), head: str = ""
) -> str | None:
    """The text that is shown with sentence ``index``, ``None`` when it stands alone."""
    shelf = Shelf()
    shelf.add("a.txt", *paragraphs, head=head)
    sentence = shelf.sentences("a.txt")[index]
    found = speaker.context(sentence, shelf, {("a.txt", n) for n in cited})
    return None if found is None else shelf.article("a.txt").text[found[0] : found[1]]


def test_a_quotation_that_goes_on_is_shown_with_the_sentence_that_names_its_speaker() -> None:
    paragraph = ["“We test daily,” said Dr. Bell.", "“Nobody will be sent home.”"]
    assert shown(1, paragraph) == "“We test daily,” said Dr. Bell. “Nobody will be sent home.”"


def test_a_sentence_inside_a_quotation_reaches_back_to_its_speaker() -> None:
    paragraph = ["“We test,” said Dr. Bell.", "“Nobody goes home.", "Not one.”"]
    assert shown(2, paragraph) == "“We test,” said Dr. Bell. “Nobody goes home. Not one.”"


def test_an_open_quotation_is_shown_up_to_the_speaker_behind_it() -> None:
    paragraph = ["The hospital has rules.", "“We test.", "Nobody goes home,” said Dr. Bell."]
    text = "The hospital has rules. “We test. Nobody goes home,” said Dr. Bell."
    assert shown(1, paragraph) == text


def test_an_open_quotation_at_the_start_of_an_article_needs_only_what_follows() -> None:
    assert shown(0, ["“We test.", "Nobody goes home,” said Dr. Bell.", "Rain fell."]) == (
        "“We test. Nobody goes home,” said Dr. Bell."
    )


def test_straight_quotation_marks_are_quotation_marks() -> None:
    assert shown(0, ['"We test.', 'Nobody goes home," said Dr. Bell.']) == (
        '"We test. Nobody goes home," said Dr. Bell.'
    )
    assert shown(1, ["Dr. Bell was wary.", '"We test."']) == 'Dr. Bell was wary. "We test."'


def test_a_quotation_with_its_speaker_stands_alone() -> None:
    assert shown(1, ["Rain fell.", "“We test daily,” said Dr. Bell."]) is None
    assert shown(1, ["Rain fell.", "Dr. Bell added: “We test.”"]) is None


def test_a_verb_of_saying_inside_the_quotation_names_no_speaker() -> None:
    assert shown(1, ["Dr. Bell spoke.", "“He said no.”"]) == "Dr. Bell spoke. “He said no.”"


@pytest.mark.parametrize(
    "words",
    [
        "He was treated for a broken wrist.",
        "She left.",
        "They won.",
        "It was sold.",
        "It took ten days.",
        "Its price fell.",
        "Her car was red.",
        "This was new.",
        "But he left.",
        "The Seattle-based company did not say why.",
        "The company’s head left.",
        "The two left.",
        "The former left.",
        "The 40-year-old man fell.",
        "“He fell,” said a neighbor.",
    ],
)
def test_words_that_point_back_are_shown_with_the_sentence_before_it(words: str) -> None:
    assert shown(1, ["Ann met Bo.", words]) == f"Ann met Bo. {words}"


def test_words_that_point_back_do_so_across_a_paragraph() -> None:
    assert shown(1, ["Bo fell."], ["He was treated."]) == "Bo fell.\n\nHe was treated."
    assert (
        shown(2, ["Rain fell.", "Bo fell."], ["He was treated."]) == "Bo fell.\n\nHe was treated."
    )


def test_a_quotation_does_not_reach_across_a_paragraph_that_is_closed() -> None:
    assert shown(1, ["Bo spoke."], ["“We test.”"]) is None


@pytest.mark.parametrize(
    "words",
    [
        "It is not clear if the ban is final.",
        "It’s not clear if the ban is final.",
        "It's not known why.",
        "It was too early to say.",
        "It remains unclear why.",
        "It is possible that rain fell.",
        "Italy won.",
        "Hewlett won.",
        "Thebes fell.",
        "The ferry sank.",
        "Rain fell on her house.",
        "This week’s vote was close.",
        "This summer was dry.",
    ],
)
def test_words_that_point_nowhere_stand_alone(words: str) -> None:
    assert shown(1, ["Ann met Bo.", words]) is None


def test_a_subhead_is_never_pulled_in() -> None:
    assert shown(2, ["Bo fell."], "In the hospital", ["He was treated."]) is None
    assert shown(3, ["Bo fell."], "At home", ["She rose.", "He was treated."]) == (
        "She rose. He was treated."
    )
    assert shown(0, ["“We test."], "At home", ["Nobody goes home,” said Bo."]) is None


def test_at_most_two_sentences_are_added_to_either_side() -> None:
    assert shown(3, ["Bo left.", "He rose.", "He fell.", "He won."]) == "He rose. He fell. He won."
    quotation = ["Bo spoke.", "“I saw.", "I ran.", "I won.", "I left,” he said."]
    assert shown(1, quotation) == "Bo spoke. “I saw. I ran. I won."


def test_the_header_before_the_first_sentence_is_never_shown() -> None:
    assert shown(0, ["He won."], head="Title: Bo\n\n") is None


def test_the_last_sentence_has_nothing_behind_it() -> None:
    assert shown(1, ["Bo spoke.", "“We test."]) == "Bo spoke. “We test."


def test_a_neighbour_that_is_cited_beside_it_is_not_shown_twice() -> None:
    assert shown(1, ["Bo left.", "He won."], cited=[0, 1]) is None
    assert shown(2, ["Bo left.", "He rose.", "He won."], cited=[1]) == "Bo left. He rose. He won."


def test_the_same_sentence_number_of_another_article_does_not_count_as_cited() -> None:
    shelf = Shelf()
    article = shelf.add("a.txt", ["Bo left.", "He won."])
    shelf.add("b.txt", ["Cy left.", "She won."])
    found = speaker.context(shelf.sentences("a.txt")[1], shelf, {("b.txt", 0)})
    assert found == (0, len(article.text))
