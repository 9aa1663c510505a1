"""Articles that contradict each other are shown side by side; others are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pullquote.answering import gate
from pullquote.answering.compose import Cutoffs, compose, further
from pullquote.answering.disagreement import find, newest_first
from pullquote.answering.trace import Material
from pullquote.errors import GateError
from pullquote.index.store import Index
from pullquote.messages import messages
from pullquote.text.timeframe import Timeframe
from pullquote.types import Answer, Provenance, Reading, ScoredSentence, Status, Timings
from tests.support.answers import Shelf
from tests.support.indexes import make_index

#: A sentence with its answering words in brackets, and the date of its article.
Told = tuple[str, str]

QUESTION = "How many wolves live in the park?"


def read(
    tmp_path: Path, *told: Told, scores: Sequence[float] = (0.9, 0.85)
) -> tuple[Index, tuple[ScoredSentence, ...]]:
    """An index with an article for each of ``told``, and its sentences as a reader scores them."""
    texts = {
        f"{n}.txt": f"title: Report {n}\ndate: {date}\n\n{text.replace('[', '').replace(']', '')}"
        for n, (text, date) in enumerate(told)
    }
    index = make_index(tmp_path, texts)
    scored = []
    for n, (text, _) in enumerate(told):
        (sentence, *_rest) = index.sentences(f"{n}.txt")
        start = sentence.start + text.index("[")
        end = sentence.start + text.index("]") - 1
        scored.append(ScoredSentence(sentence, scores[n], span=(start, end)))
    return index, tuple(scored)


DIFFER = [
    (QUESTION, "[Twelve wolves] live in the park.", "Some 20 live there: [20 wolves] in the park."),
    (QUESTION, "[12 wolves] live in the park.", "[About 30 wolves] live in the park now."),
    (
        "How much did the bridge cost?",
        "The bridge cost [$1.2 million] to build.",
        "The bridge cost [$3 million] to build, auditors found.",
    ),
    (
        "What share of voters backed the tram?",
        "The tram was backed by [52 percent] of voters.",
        "The tram was backed by [48%] of the voters.",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [a year].",
        "The ban on police use is for [six months].",
    ),
    (
        "When did the mill open?",
        "The mill did open its doors [in 1901].",
        "The mill did open its doors [in 1903].",
    ),
    (
        "Is the old bridge open?",
        "The old bridge is [open] to traffic.",
        "The old bridge is [closed] to traffic.",
    ),
]


@pytest.mark.parametrize(("question", "one", "other"), DIFFER)
def test_articles_that_differ_are_found(
    tmp_path: Path, question: str, one: str, other: str
) -> None:
    for n, pair in enumerate(((one, other), (other, one))):
        index, scored = read(tmp_path / str(n), (pair[0], "2020-01-01"), (pair[1], "2021-01-01"))
        found = find(question, scored, index)
        assert found is not None
        assert found.sentence.article_id == "1.txt"


SAME = [
    (QUESTION, "[Twelve wolves] live in the park.", "[12 wolves] live in the park today."),
    (QUESTION, "[About 100 wolves] live in the park.", "[97 wolves] live in the park."),
    (QUESTION, "[Twelve wolves] live in the park.", "[Thirty bears] live in the park."),
    (QUESTION, "[Twelve wolves] live in the park.", "[Thirty wolves] were seen in Norway."),
    (QUESTION, "In 2019 [12 wolves] lived in the park.", "In 2021 [20 wolves] lived in the park."),
    (QUESTION, "The rangers [count wolves] in the park.", "[Wolves] in the park are counted."),
    (
        "How much did the bridge cost?",
        "The bridge cost [$1.2 million].",
        "The bridge cost [$1,200,000] in all.",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [a year].",
        "The ban on police use is for [12 months].",
    ),
    (
        "How much did the bridge cost?",
        "The bridge cost [$2 million] in all.",
        "The bridge cost [€3 million] in all.",
    ),
    (
        "Is the old bridge open?",
        "The old bridge is [open].",
        "The old bridge is [not closed].",
    ),
    ("Who runs the mill?", "The mill is run by [Ana Ruiz].", "The mill is run by [her son]."),
]


@pytest.mark.parametrize(("question", "one", "other"), SAME)
def test_articles_that_agree_or_speak_of_other_things_are_left_alone(
    tmp_path: Path, question: str, one: str, other: str
) -> None:
    for n, pair in enumerate(((one, other), (other, one))):
        index, scored = read(tmp_path / str(n), (pair[0], "2020-01-01"), (pair[1], "2021-01-01"))
        assert find(question, scored, index) is None


def test_a_weak_answer_an_own_one_and_one_of_another_time_are_no_contradiction(
    tmp_path: Path,
) -> None:
    told = (
        ("[12 wolves] live in the park.", "2019-05-01"),
        ("[20 wolves] live in the park.", "2021-05-01"),
    )
    index, scored = read(tmp_path, *told)
    weak, _ = read(tmp_path / "weak", *told, scores=(0.9, 0.5))
    _, other = read(tmp_path / "weak", *told, scores=(0.9, 0.5))
    assert find(QUESTION, other, weak) is None
    assert find(QUESTION, (scored[0], scored[0]), index) is None
    assert find(QUESTION, scored, index, Timeframe("2019-01-01", "2019-12-31")) is None
    assert find(QUESTION, scored, index, Timeframe("2019-01-01", "2021-12-31")) is scored[1]
    assert find(QUESTION, (), index) is None


def read_by_hand(
    *told: str | tuple[str, str], published: Sequence[str] = ("2020-01-01", "2020-02-01")
) -> tuple[Shelf, tuple[ScoredSentence, ...]]:
    """A shelf with an article for each item: its sentence, and a second one if two are given."""
    shelf = Shelf()
    scored = []
    for n, item in enumerate(told):
        text, *more = (item,) if isinstance(item, str) else item
        article = shelf.add(f"{n}.txt", [text.replace("[", "").replace("]", ""), *more])
        shelf.articles[article.id] = replace(article, published=published[n])
        span = (text.index("["), text.index("]") - 1)
        scored.append(shelf.scored(article.id, 0, 0.9 - n / 100, span=span))
    return shelf, tuple(scored)


#: Ranges, parts, bounds, units, other times, places and people: both sentences may be true.
BOTH_TRUE: list[tuple[str, str | tuple[str, str], str | tuple[str, str]]] = [
    (QUESTION, "[10 to 12 wolves] live in the park.", "[11 wolves] live in the park."),
    (QUESTION, "[10-14 wolves] live in the park.", "[12 wolves] live in the park."),
    (QUESTION, "Between 10 and [20 wolves] live in the park.", "[15 wolves] live in the park."),
    (QUESTION, "[12 of the 30 wolves] live in the park.", "[12 wolves] live in the park."),
    (QUESTION, "12 of the [30 wolves] live in the park.", "[12 wolves] live in the park."),
    (
        QUESTION,
        "[One hundred and twenty wolves] live in the park.",
        "[120 wolves] live in the park.",
    ),
    (QUESTION, "[Two hundred fifty wolves] live in the park.", "[250 wolves] live in the park."),
    (
        QUESTION,
        "[Two thousand five hundred wolves] live in the park.",
        "[2,500 wolves] live in the park.",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [half a year].",
        "The ban on police use is for [six months].",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [a year and a half].",
        "The ban on police use is for [18 months].",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [2 1/2 years].",
        "The ban on police use is for [two and a half years].",
    ),
    (QUESTION, "[Half a million wolves] live in the park.", "[500,000 wolves] live in the park."),
    (
        "How many people died in the fire?",
        "[At least five people] died in the fire.",
        "[Seven people] died in the fire.",
    ),
    (
        "How many people died in the fire?",
        "[More than 100 people] died in the fire.",
        "[150 people] died in the fire.",
    ),
    (
        "How many people died in the fire?",
        "More than [100 people] died in the fire.",
        "[150 people] died in the fire.",
    ),
    (QUESTION, "[Up to 50 wolves] live in the park.", "[20 wolves] live in the park."),
    (
        "How many people died in the fire?",
        "[Another five people] died in the fire.",
        "[Seven people] died in the fire.",
    ),
    (
        "How many people died in the fire?",
        "A further [five people] died in the fire.",
        "[Seven people] died in the fire.",
    ),
    (
        "How much did the bridge cost?",
        "The bridge cost [A$3 million].",
        "The bridge cost [$2 million] to build.",
    ),
    (
        "Who runs the old mill?",
        "The old mill, which won a prize, is run by [Ana Ruiz].",
        "The old mill, which lost its roof, is run by [Ana Ruiz].",
    ),
    (
        "Why did shares fall?",
        "Shares fell because [profits rose less than hoped].",
        "Shares dropped because [of the strike].",
    ),
    (
        "Why was the park closed?",
        "The park was closed [because trees fell].",
        "The park opened late [because trees fell], and closed at noon in the park.",
    ),
    (
        "Who opened the bridge?",
        "[Mayor Ruiz] opened the bridge to traffic.",
        "[Police] closed the bridge to traffic.",
    ),
    (
        "Is the old bridge open?",
        "In 2019 the old bridge was [open].",
        "In 2021 the old bridge was [closed].",
    ),
    (QUESTION, "[12 wolves] live in Banff park.", "[30 wolves] live in Jasper park."),
    (
        QUESTION,
        ("Banff park has [12 wolves] live in it.", "It is in Banff."),
        ("Jasper park has [30 wolves] live in it.", "It is in Jasper."),
    ),
    (
        "How many wolves live in Banff park?",
        ("[12 wolves] live in the park.", "It is Banff's."),
        ("[30 wolves] live in the park.", "It is Jasper's."),
    ),
    (
        "How many crimes were there in the city?",
        "There were [30 crimes] in the city in May.",
        "There were [45 crimes] in the city in June.",
    ),
    (
        "How many crimes were there in the city?",
        "There were [30 crimes] in the city in Sept.",
        "There were [45 crimes] in the city in Oct.",
    ),
    (
        "How many people died in the city?",
        "[30 people] died in the city on Monday.",
        "[45 people] died in the city on Tuesday.",
    ),
    (
        "How many people died in the crash?",
        "[12 people] died in the crash, three of them children.",
        "[Three children] died in the crash, and nine adults.",
    ),
    (
        "How many people died in the crash?",
        "[12 people] died in the crash.",
        "[3 children] died in the crash.",
    ),
    ("How much does a ticket cost?", "A ticket costs [$5 a day].", "A ticket costs [$30 a week]."),
    (
        "When does the shop close?",
        "The shop opens at 9 and closes [at 5].",
        "The shop closes [at 5].",
    ),
    (
        "When did the trial start?",
        "The trial did start [on 12 June 2020].",
        "The trial did start [on June 12].",
    ),
    ("Who won the final?", "[Spain] won the final.", "[Italy] lost the final."),
    ("Did Spain win the final?", "[Spain won the final].", "[Italy lost the final]."),
    (
        "Was the banker found guilty?",
        "The banker was found [guilty] of fraud.",
        "The banker was found [not guilty] of murder.",
    ),
    (
        "By how much did turnout rise?",
        "Turnout did rise by [5 percent].",
        "Turnout did rise by [3 percentage points].",
    ),
    (
        "When is the fair held?",
        "The fair is held [12 to 14 June].",
        "The fair is held [from 13 June].",
    ),
    ("Is the bridge closed?", "The bridge is [closed].", "The bridge is [no longer open]."),
    (
        "Is the bridge open?",
        "The bridge will be [closed] in the winter.",
        "The bridge is [open] in summer.",
    ),
    ("What was the score?", "The score was [3-1].", "The score was [3:1]."),
    (
        "How much did the bridge cost?",
        "The bridge cost [$1.99 million].",
        "The bridge cost [$2 million].",
    ),
    (QUESTION, "[Two dozen wolves] live in the park.", "[24 wolves] live in the park."),
    (QUESTION, "[A dozen wolves] live in the park.", "[12 wolves] live in the park."),
    (QUESTION, "[A few hundred wolves] live in the park.", "[300 wolves] live in the park."),
    (QUESTION, "[A hundred wolves] live in the park.", "[100 wolves] live in the park."),
    (QUESTION, "[Hundreds of wolves] live in the park.", "[300 wolves] live in the park."),
    (QUESTION, "[One of the wolves] lives in the park.", "[Six wolves] live in the park."),
    (
        "How much did the bridge cost?",
        "The bridge cost [$1.2m].",
        "The bridge cost [$1.2 million].",
    ),
    ("How long was the trial?", "The trial was [48 hours] long.", "The trial was [two days] long."),
    (
        "How long was the trial?",
        "The trial was [90 minutes] long.",
        "The trial was [an hour and a half] long.",
    ),
    (
        "How many seats does the stadium have?",
        "The stadium has [45,000 seats].",
        "The stadium has [about 44,000 seats].",
    ),
    (
        "How many seats does the stadium have?",
        "The stadium has [forty-five thousand seats].",
        "The stadium has [45,000 seats].",
    ),
    (
        "How many soldiers were killed?",
        "[At least 30 soldiers] were killed.",
        "[As many as 50 soldiers] were killed.",
    ),
    (
        "How many soldiers were killed?",
        "[Nearly 200 soldiers] were killed in the attack.",
        "[190 soldiers] were killed in the attack.",
    ),
    (
        "How many homes lost power?",
        "[Some 3,000 homes] lost power in Kent.",
        "[12,000 homes] lost power in Essex.",
    ),
    (
        "How many homes lost power?",
        "On Monday [3,000 homes] lost power.",
        "By Friday [120 homes] had lost power.",
    ),
    (
        "How much was the company fined?",
        "The company was fined [£500,000].",
        "The company was fined [$640,000].",
    ),
    (
        "How much was the company fined?",
        "The company was fined [$5m] for spills.",
        "The company was fined [$5 million] for the spills.",
    ),
    (
        "How much was the company fined?",
        "The company was fined [$5m] in its first trial.",
        "The company was fined [$9m] in its second trial.",
    ),
    (
        "How old is the mayor?",
        "The mayor is [52 years] old.",
        "The mayor is a [53-year-old] teacher.",
    ),
    (
        "How long will the road be shut?",
        "The road will be shut for [a fortnight].",
        "The road will be shut for [two weeks].",
    ),
    (
        "How long will the road be shut?",
        "The road will be shut for [another week].",
        "The road will be shut for [three weeks].",
    ),
    (
        "How many students passed?",
        "[Two-thirds of students] passed.",
        "[66 percent] of students passed.",
    ),
    ("How many students passed?", "[Three in five students] passed.", "[60 students] passed."),
    (
        "How many votes did the plan get?",
        "The plan got [8-5] votes.",
        "The plan got [eight votes].",
    ),
    (
        "How many votes did the plan get?",
        "The plan got [8 of 13 votes].",
        "The plan got [13 votes].",
    ),
    (
        "What was the unemployment rate?",
        "The unemployment rate was [5.2 percent] in May.",
        "The unemployment rate was [4.9 percent] in April.",
    ),
    (
        "What was the unemployment rate?",
        "The unemployment rate rose to [5.2 percent].",
        "The unemployment rate rose by [0.3 percent].",
    ),
    (
        "What was the unemployment rate?",
        "The unemployment rate among men was [5.2 percent].",
        "The unemployment rate among women was [4.1 percent].",
    ),
    (
        "What was the unemployment rate in Spain?",
        ("The unemployment rate was [5.2 percent].", "So it is in Spain."),
        ("The unemployment rate was [9 percent].", "So it is in Italy."),
    ),
    (
        "When was the dam built?",
        "The dam was built [in the 1930s].",
        "The dam was built [in 1935].",
    ),
    (
        "When was the dam built?",
        "The dam was built [between 1931 and 1936].",
        "The dam was built [in 1935].",
    ),
    ("When was the dam built?", "The dam was built [by 1936].", "The dam was built [in 1935]."),
    ("When did the strike begin?", "The strike began [on Monday].", "The strike began [on 4 May]."),
    (
        "When did the strike begin?",
        "The strike began [three weeks ago].",
        "The strike began [two weeks ago].",
    ),
    (
        "When did the strike begin?",
        "The strike began [in May].",
        "The strike began [on 4 May 2020].",
    ),
    (
        "When does the museum open?",
        "The museum opens [at 9 a.m.].",
        "The museum opens [at 10 a.m.] on Sundays.",
    ),
    (
        "Is the school closed?",
        "The school is [closed] on Mondays.",
        "The school is [open] on Fridays.",
    ),
    (
        "Is the school closed?",
        "The school, [closed] since May, will be sold.",
        "The school may be [open] in autumn.",
    ),
    ("Did profits rise?", "Profits [rose] in France.", "Profits [fell] in Spain."),
    (
        "Did profits rise?",
        "Profits [rose], though sales fell.",
        "Profits [fell] short of hopes but grew.",
    ),
    (
        "Was the bill approved?",
        "The bill was [approved] by the Senate.",
        "The bill was [rejected] by the House.",
    ),
    (
        "Who won the election?",
        "[Maria Lopez] won the election.",
        "[Jan Novak], who lost the election, conceded.",
    ),
    (
        "Why did the bank close?",
        "The bank closed because [12 loans failed].",
        "The bank closed because [30 loans failed].",
    ),
    (
        "What did the council decide?",
        "The council decided [to build 12 homes].",
        "The council decided [to fell 30 trees].",
    ),
    (
        "What did the council decide?",
        "The council decided to spend [$3 million on roads].",
        "The council decided to spend [$1 million on parks].",
    ),
    (
        "How many goals did Kane score?",
        "Kane scored [two goals] against Leeds.",
        "Kane scored [three goals] against Derby.",
    ),
    (
        "How many people work there?",
        "[1,500 people] work there in 2,000 offices.",
        "[1500 people] work there.",
    ),
    ("How much rain fell?", "[30 mm] of rain fell on Tuesday.", "[30 mm] of rain fell."),
    ("How far is it?", "It is [5 miles] away.", "It is [8 km] away."),
    ("How many cases were there?", "There were [Covid-19 cases].", "There were [20 cases]."),
]


@pytest.mark.parametrize(("question", "one", "other"), BOTH_TRUE)
def test_what_may_both_be_true_is_no_disagreement(
    question: str, one: str | tuple[str, str], other: str | tuple[str, str]
) -> None:
    for pair in ((one, other), (other, one)):
        shelf, scored = read_by_hand(*pair)
        assert find(question, scored, shelf) is None


NOT_BOTH_TRUE = [
    (
        "How many people died in the fire?",
        "[At least 12 people] died in the fire.",
        "[Seven people] died in the fire.",
    ),
    (
        "How much did the bridge cost?",
        "The bridge cost [$1.2 million] to build.",
        "The bridge cost [$3 million] to build, auditors found.",
    ),
    (
        "How much did the bridge cost?",
        "The bridge cost [$1.2 million] to build in 2019.",
        "The bridge cost [$3 million] to build, auditors found.",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [a year].",
        "The ban on police use is for [six months].",
    ),
    (
        "How many people died in the Luton fire?",
        "[Five people] died in the Luton fire, police said.",
        "The fire in Luton killed many: [nine people] died, police said.",
    ),
    (
        "Is the old bridge open?",
        "The old bridge is [open] to traffic.",
        "The old bridge is [closed] to traffic.",
    ),
    (
        "Is the missing hiker alive?",
        "The missing hiker was found [alive] in the hills.",
        "The missing hiker was found [dead] in the hills.",
    ),
    (
        "Was the banker found guilty?",
        "The banker was found [guilty] of fraud.",
        "The banker was [acquitted] of fraud, and not found guilty.",
    ),
    (
        "Was the banker found guilty of fraud?",
        "The banker was found [guilty] of fraud.",
        "The banker was found [not guilty] of fraud.",
    ),
    (
        QUESTION,
        "[One hundred and twenty wolves] live in the park.",
        "[150 wolves] live in the park.",
    ),
    (
        "How many jobs were cut at the plant?",
        "The plant cut [two hundred jobs], it said.",
        "The plant cut [350 jobs], its union said.",
    ),
    (
        "When does the trial start?",
        "The trial does start [on 12 June].",
        "The trial does start [on 19 June].",
    ),
    (
        "When does the trial start?",
        "The trial does start [on June 12].",
        "The trial does start [on June 19].",
    ),
    (
        "How long is the ban on police use?",
        "The ban on police use is for [half a year].",
        "The ban on police use is for [two years].",
    ),
    (
        "How many seats does the stadium have?",
        "The stadium has [45,000 seats].",
        "The stadium has [38,000 seats].",
    ),
    (
        "How many soldiers were killed?",
        "[Thirty soldiers] were killed in the attack, the army said.",
        "[Forty-one soldiers] were killed in the attack, according to Reuters.",
    ),
    (
        "How much was the company fined?",
        "The company was fined [$5m] for the spills.",
        "The company was fined [$9 million] for the spills.",
    ),
    (
        "How many homes lost power?",
        "[3,000 homes] lost power in the storm.",
        "[About 12,000 homes] lost power in the storm.",
    ),
    ("How old is the mayor?", "The mayor is [52 years] old.", "The mayor is [71 years] old."),
    (
        "How long will the road be shut?",
        "The road will be shut for [two weeks].",
        "The road will be shut for [three months].",
    ),
    (
        "What was the unemployment rate?",
        "The unemployment rate was [5.2 percent] in May.",
        "The unemployment rate was [6.9 percent] in May.",
    ),
    (
        "What was the unemployment rate?",
        "The unemployment rate was [5.2 percent] in Sept. of that year.",
        "The unemployment rate was [6.9 percent] in September of that year.",
    ),
    (
        "When did the trial start?",
        "The trial did start [on 12 June, as Mayor Ruiz said].",
        "The trial did start [on 19 June, as Mayor Ruiz said].",
    ),
    ("When was the dam built?", "The dam was built [in 1936].", "The dam was built [in 1953]."),
    (
        "Is the school closed?",
        "The school is [closed], parents said.",
        "The school is [open], parents said.",
    ),
    (
        "Was the bill approved?",
        "The bill was [approved] by the Senate.",
        "The bill was [rejected] by the Senate.",
    ),
    (
        "How many jobs will go?",
        "[Two hundred and fifty jobs] will go at the plant.",
        "[400 jobs] will go at the plant, the union said.",
    ),
    (
        "What was the death toll in the Luton fire?",
        "The death toll in the Luton fire was [nine people].",
        "The death toll in the Luton fire was [14 people].",
    ),
    (
        QUESTION,
        "Rangers counted the wolves: [12 wolves] live in the park.",
        "Biologists disagree, and say [30 wolves] live in the park.",
    ),
]


@pytest.mark.parametrize(("question", "one", "other"), NOT_BOTH_TRUE)
def test_what_cannot_both_be_true_is_a_disagreement(question: str, one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        shelf, scored = read_by_hand(*pair)
        assert find(question, scored, shelf) is scored[1]


def test_a_year_may_be_long_ago() -> None:
    told = ("The mill did open [in 1892].", "The mill did open [in 1902].")
    shelf, scored = read_by_hand(*told)
    assert find("When did the mill open?", scored, shelf) is scored[1]


def test_a_day_without_its_year_is_compared_only_within_one_season() -> None:
    told = ("The trial does start [on 12 June].", "The trial does start [on June 19].")
    question = "When does the trial start?"
    shelf, scored = read_by_hand(*told, published=("2020-01-01", "2020-06-01"))
    assert find(question, scored, shelf) is scored[1]
    shelf, scored = read_by_hand(*told, published=("2020-01-01", "2021-01-01"))
    assert find(question, scored, shelf) is None
    shelf, scored = read_by_hand(*told, published=("2020-01-01", "in June"))
    assert find(question, scored, shelf) is None


@pytest.mark.parametrize(
    "text", ["[\x00]", "[½ wolves]", "[" + "9" * 400 + " wolves]", "[١٢ wolves]", "[, , ,]", "[🐺]"]
)
def test_what_is_no_figure_is_no_disagreement(text: str) -> None:
    told = text + " live in the park."
    shelf, scored = read_by_hand(told, "[" + "8" * 400 + " wolves] live in the park.")
    assert find(QUESTION, scored, shelf) is None


def test_what_may_be_written_of_says_which_two_contradict_each_other(tmp_path: Path) -> None:
    index, scored = read(
        tmp_path,
        ("[Many wolves] live in the park.", "2020-05-01"),
        ("[12 wolves] live in the park.", "2019-05-01"),
        ("[20 wolves] live in the park.", "2021-05-01"),
        ("[30 wolves] live in the park.", "2021-06-01"),
        scores=(0.9, 0.8, 0.7, 0.46),
    )
    reading = Reading(scored, 0.9)

    def material(frame: Timeframe | None = None) -> Material:
        parts = (index, Cutoffs(3, 0.1), Provenance("d", "r", "e"), Timings(0, 0, 0))
        answer = compose(QUESTION, QUESTION, reading, *parts)
        return further(answer, QUESTION, reading, index, frame)

    found = material()
    assert [citation.number for citation in found.citations] == [1, 2, 3, 4]
    # The last one's score is too low, compared with the second's, for an answer of its own.
    assert found.differing == ((2, 3), (3, 4))
    assert material(Timeframe("2021-01-01", "2021-12-31")).differing == ((3, 4),)


def test_the_answer_shows_both_the_newest_first_and_passes_the_gate(tmp_path: Path) -> None:
    index, scored = read(
        tmp_path,
        ("[12 wolves] live in the park.", "2019-05-01"),
        ("[20 wolves] live in the park.", "2021-05-01"),
    )

    def answer(citations: int, frame: Timeframe | None = None) -> Answer:
        reading = Reading(scored, 0.9)
        return compose(
            QUESTION,
            QUESTION,
            reading,
            index,
            Cutoffs(citations, 0.1),
            Provenance("d", "r", "e"),
            Timings(0, 0, 0),
            frame,
        )

    both = answer(3)
    assert both.status is Status.ANSWERED
    assert [block.text for block in both.blocks] == [
        messages().differ,
        "20 wolves live in the park.",
        "12 wolves live in the park.",
    ]
    assert gate.check(both, index) is both
    assert [citation.article_id for citation in answer(1).citations] == ["0.txt"]
    # Asked about one year, the article from that year answers.
    later = answer(3, Timeframe("2021-01-01", "2021-12-31"))
    assert [citation.quote for citation in later.citations] == ["20 wolves live in the park."]
    # The message is refused above quotes from only one article.
    alone = replace(
        both,
        citations=both.citations[:1],
        blocks=(messages().block("differ"), both.blocks[1]),
    )
    with pytest.raises(GateError, match="does not cite two"):
        gate.check(alone, index)


def test_of_articles_of_one_day_the_better_answer_comes_first(tmp_path: Path) -> None:
    for date in ("2019-05-01", ""):
        told = [("[12 wolves] live there.", date), ("[20 wolves] live there.", date)]
        index, scored = read(tmp_path / f"of {date}", *told)
        assert newest_first(scored, index) == list(scored)
