"""Sentences that say that something is not known or was not said, and sentences that do not."""

from __future__ import annotations

import pytest

from pullquote.notsaid import find
from pullquote.question import Kind

#: Sentences by the kind of thing that they leave open; ``None``: they do not tell which.
OPEN: dict[Kind | None, tuple[str, ...]] = {
    Kind.WHY: (
        "The company declined to say why it had closed the plant.",
        "No reason was given for the delay.",
        "Officials gave no reason for the decision.",
        "The cause of the fire remains unknown.",
        "The motive for the attack remains unclear.",
        "She didn’t explain why she had resigned.",
        "She didn't explain why she had resigned.",
        "The Seattle-based company did not say why it took action now.",
        "Without explaining why, the agency withdrew the report.",
        "The school closed without giving a reason.",
        "What caused the crash is still unknown.",
        "Why he turned back is not known.",
        "It is a mystery why the whales came ashore.",
        "Prosecutors offered no explanation for the change.",
        "There was no immediate explanation for the outage.",
        "There was no word on the cause of the outage.",
        "The reason for the change was not given.",
        "He never said why he left the band.",
        "The police gave no indication of why he had been followed.",
        "The reason for the delay, the second this year, was not given.",
        "When the cause is unknown, doctors wait.",
        "NO REASON WAS GIVEN FOR THE DELAY.",
    ),
    None: (
        "A spokeswoman for the ministry declined to comment.",
        "Mr. Okafor could not be reached for comment.",
        "The airline did not respond to requests for comment.",
        "The airline did not immediately respond to a request for comment.",
        "Amazon didn’t answer questions about its announcement.",
        "The company did not respond to a request for comment Wednesday.",
        "The ministry did not return calls seeking comment.",
        "Lawyers for the firm did not reply to e-mails.",
        "The governor’s office had no comment.",
        "“I don’t know yet,” she said.",
        "The army refused to comment on the report.",
        "He declined comment.",
        "The family declined to be interviewed.",
        "Repeated calls to the shop went unanswered.",
        "A message left at his office was not returned.",
        "Messages left for his lawyer were not immediately returned.",
        "Boeing would not comment.",
        "The company would not comment on the talks.",
        "The mayor would neither confirm nor deny the report.",
        "She declined to comment when asked about the loan.",
        "The coach would not elaborate when pressed.",
        "Officials did not provide details.",
        "They declined to discuss the case.",
    ),
    Kind.HOW_MANY: (
        "The club would not disclose how much it paid for the striker.",
        "Terms of the deal were not disclosed.",
        "Financial terms weren’t disclosed.",
        "It was unclear how many people were on board.",
        "The bank did not say how much money was missing.",
        "The cost of the repairs has not yet been determined.",
        "The price was not made public.",
        "The museum will not reveal the price of the painting.",
        "It was not disclosed how much the city had paid.",
        "The number of casualties was not immediately known.",
        "The death toll remains unclear.",
        "The hospital would not say how long he would stay.",
        "Fares have not been set.",
        "The team did not disclose the cost of the site.",
    ),
    Kind.WHETHER: (
        "It was not immediately clear whether anyone was inside the building.",
        "It is too early to say whether the vaccine will work against the new strain.",
        "The council has not decided whether to appeal.",
        "The council has not yet decided whether to appeal.",
        "The council hasn't decided whether to appeal.",
        "It’s not clear if the ban on police use includes federal police agencies.",
        "Nobody could say whether the dam would hold.",
        "Doctors cannot predict whether he will walk again.",
        "There was no word on whether the talks would resume.",
        "The jury has not said whether it believes him.",
        "It is uncertain whether the bill will pass.",
        "The agency is not yet able to say whether the water is safe.",
        "It remains to be seen whether voters will agree.",
        "The bishop declined to comment on whether he would resign.",
        "Nobody has said whether the road is safe.",
    ),
    Kind.WHEN: (
        "A date for the hearing has not been set.",
        "No date has been set for the vote.",
        "The company did not say when the service would resume.",
        "It is not known when the bridge will reopen.",
        "It remains unclear when the bridge will reopen.",
        "The company has not announced a date for the launch.",
        "He would not give a timetable for the withdrawal.",
        "The trial is yet to be scheduled.",
        "It is too soon to know when flights will resume.",
        "When it sank is unknown.",
    ),
    Kind.WHO: (
        "Police have not identified the driver.",
        "The victims’ names have not been released.",
        "The victim has not been named.",
        "The identity of the buyer was not disclosed.",
        "Investigators do not know who sent the letter.",
        "No one knows who planted the first tree.",
        "The board has yet to name a successor.",
        "The party has yet to choose who will lead it.",
        "Ms. Adeyemi declined to name the donor.",
        "The police did not identify the suspect.",
        "It is not known by whom the painting was stolen.",
        "The killer was never identified.",
        "For a reason he gave in court, the name of the buyer was not disclosed.",
    ),
    Kind.WHERE: (
        "Authorities would not say where the children had been taken.",
        "His whereabouts remain unknown.",
        "The location of the summit has not been announced.",
    ),
    Kind.HOW: (
        "Investigators have not said how the fire started.",
        "It’s unclear how the virus reached the island.",
        "She would not give details about how the money was spent.",
        "How the fire started was not immediately clear.",
    ),
    Kind.WHAT: ("The minister refused to say what had been discussed.",),
}

#: Negated facts, things that were said, and things that were told.
NOT_OPEN = (
    "Amazon did not submit its algorithms.",
    "The law does not apply to federal agencies.",
    "He didn’t say he would go.",
    "He didn't say that he would go.",
    "No one was hurt.",
    "She has not eaten since Tuesday.",
    "It is clear that the dam will hold.",
    "The suspect was identified as a local man.",
    "He didn’t answer the door.",
    "They could not win without their captain.",
    "The date was set in March.",
    "The company explained why it had closed the plant.",
    "She said why she had resigned.",
    "Nobody won the lottery this week.",
    "The team did not score in the second half.",
    "He has not been to Paris.",
    "The bridge was not built to carry trucks.",
    "The reason was given in a letter.",
    "The two did not know each other.",
    "She does not know him.",
    "The goods were not released from customs.",
    "The prisoners were not released.",
    "He was not given a second chance.",
    "The fund does not provide loans to students.",
    "The app does not share data with advertisers.",
    "They did not offer him the job.",
    "He could not tell the twins apart.",
    "The price was disclosed on Friday.",
    "The shop did not give refunds.",
    "The film was not released in Europe.",
    "She was not told the truth about her father.",
    "The plan was not agreed with the unions.",
    "The rule is not fixed.",
    "The library did not share its catalogue with other towns.",
    "The results were published in May.",
    "Officials said they knew why the pump failed.",
    "It is hard to tell the twins apart.",
    "The company would not provide tents.",
    "Peace talks were not held.",
    "Without saying a word, he left the room.",
    "The roof has not been repaired.",
    "The contract is not settled in cash.",
    "He gave no interviews after 1970.",
    "The government provided no help.",
    "The names of the winners were announced on Monday.",
    "There is no doubt why he left.",
    "He did not rule out a run for president.",
    "She was not sure of her footing.",
    "They were told where to go.",
    "The company responded to requests for comment.",
    "He replied to every question.",
    "The mayor did comment on the plan.",
    "The confidential memo named three men.",
    "He does not know how to swim.",
    "The suspect was not released on bail.",
    "The roof is yet to be repaired.",
    "There was no indication that the fire was set on purpose.",
    "There was no sign of the boy.",
    "She never set foot in the house again.",
    "The leaders did not discuss trade.",
    "The company did not confirm the report.",
    "",
    "Why?",
)


@pytest.mark.parametrize(
    ("sentence", "kind"), [(sentence, kind) for kind in OPEN for sentence in OPEN[kind]]
)
def test_a_not_said_sentence_is_found_with_the_kind_that_it_leaves_open(
    sentence: str, kind: Kind | None
) -> None:
    found = find(sentence)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize("sentence", NOT_OPEN)
def test_a_negated_fact_is_not_a_not_said_sentence(sentence: str) -> None:
    assert find(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        (
            "The Seattle-based company did not say why it took action now.",
            "did not say why it took action now",
        ),
        (
            "It’s not clear if the ban on police use includes federal police agencies.",
            "It’s not clear if the ban on police use includes federal police agencies",
        ),
        ("“We do not know who did it,” the mayor said.", "do not know who did it,” the mayor said"),
        ("The bank, police said, would not disclose the price.", "would not disclose the price"),
        ("A trial date has not been set for the two men.", "A trial date has not been set"),
        ("Police said why he ran is not known.", "is not known"),
        ("Asked twice, Boeing would not comment.", "would not comment"),
        ("In May the police said that how he died was unclear.", "how he died was unclear"),
        ("Police have not identified the driver.", "have not identified the driver"),
    ],
)
def test_the_clause_is_marked_without_its_full_stop(sentence: str, clause: str) -> None:
    found = find(sentence)
    assert found is not None
    assert sentence[found.start : found.end] == clause


def test_the_first_of_two_clauses_is_the_one_that_counts() -> None:
    found = find("It is not known when it sank; nor is it clear why.")
    assert found is not None
    assert found.kind is Kind.WHEN


def test_straight_and_curly_apostrophes_are_the_same() -> None:
    curly = find("She didn’t say why.")
    straight = find("She didn't say why.")
    assert curly is not None
    assert curly == straight
    assert curly.kind is Kind.WHY
