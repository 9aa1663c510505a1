"""What kind of answer a question asks for."""

from __future__ import annotations

import pytest

from pullquote.text.question_kind import Kind, kind_of

QUESTIONS = {
    Kind.WHY: """
        Why did Amazon stop selling Rekognition to the police?
        why was the bridge closed
        WHY DID THE MAYOR RESIGN
        How come the vote was delayed?
        What was the reason for the delay?
        What is the main reason the plant closed?
        What’s the reason for the ban?
        What were the causes of the fire?
        What caused the blackout in Lisbon?
        What led the company to change its mind?
        For what reason did the court refuse the appeal?
        amazon rekognition ban why
        And why now?
        “Why did he leave?”
        Do you know why the bridge closed?
        Is it known why he left?
        Did the compny say why it happend?
        """,
    Kind.WHEN: """
        When does the ban end?
        when did ibm leave the business
        What year was the bridge built?
        In which year did the museum open?
        On what date was the treaty signed?
        And when will the trial start?
        What time does the market open?
        The trial starts when?
        Since when has the tower been closed?
        What was the date of the hearing?
        What is the deadline?
        Can you tell me when the ban ends?
          When \t is it?
        """,
    Kind.HOW_MANY: """
        How long is the ban?
        How many people were hurt?
        how much did the bridge cost
        What did the new stadium cost?
        What is the price of the ticket?
        What percentage of voters took part?
        How old was the driver?
        What was the death toll?
        What is the minister's salary?
        At what speed was the train travelling?
        How far is the island from the coast?
        How often are the pipes tested?
        What was the fine?
        Do they say how many people died?
        """,
    Kind.WHERE: """
        Where was the suspect arrested?
        where is the brennan center
        In which city was the treaty signed?
        What country is the company based in?
        In what town did the fire start?
        Where’s the summit being held?
        Do we know where the ferry is now?
        """,
    Kind.WHO: """
        Who found bias in facial recognition?
        who is clare garvie
        By whom was the letter written?
        The letter was written by whom?
        Whose decision was it?
        Which company left the business?
        What is the name of the ship?
        Who or what caused the fire?
        Did the police say who was driving?
        """,
    Kind.HOW: """
        How did the thieves get in?
        how does the system work?
        And how will it be paid for?
        In what way did the system fail?
        How was the high tower built?
        """,
    Kind.WHETHER: """
        Did the council approve the budget?
        Is the ban permanent?
        is amazon still selling it
        Does the ban include federal agencies?
        And will it return?
        Didn’t the mayor resign?
        Was anyone hurt when the roof fell in?
        Has he said that the man who drove was drunk?
        May the police use it?
        """,
    Kind.WHAT: """
        What did the blog post say?
        Which of the laws was changed?
        what happend to the ferry
        What is Rekognition?
        What does the place look like?
        """,
    Kind.OTHER: """
        Rekognition ban
        start of the trial?
        Tell me about the ferry.
        The show must go on
        Whole milk recall
        May 25 death
        Mayor's resignation
        ???
        """,
}
CASES = [
    (question, kind) for kind, lines in QUESTIONS.items() for question in lines.strip().split("\n")
]


@pytest.mark.parametrize(("question", "kind"), CASES)
def test_a_question_asks_for_the_kind_its_words_name(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


def test_a_question_without_words_asks_for_no_kind() -> None:
    assert kind_of("") is Kind.OTHER
    assert kind_of(" \n") is Kind.OTHER


def test_a_question_word_inside_another_word_does_not_count() -> None:
    assert kind_of("nowhere showhow whyever") is Kind.OTHER


def test_of_two_question_words_the_first_one_counts() -> None:
    assert kind_of("When and why did it close?") is Kind.WHEN
    assert kind_of("Why, and when, did it close?") is Kind.WHY
