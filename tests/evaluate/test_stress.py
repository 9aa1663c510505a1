"""Stress tests: each change of a question or an article, and a whole run on few articles."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.asked import MAX_QUESTION
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import EvaluationError
from pullquote.evaluate.gold import Gold, Place, locate
from pullquote.evaluate.question import Question, Range
from pullquote.evaluate.run import Result, run
from pullquote.evaluate.stress import (
    MAX_STRESSED,
    Cited,
    Stress,
    StressCase,
    generate,
    question_set,
    rates_of,
    stress,
    stress_jsonl,
)
from pullquote.evaluate.stress.capitals import names_in
from pullquote.evaluate.stress.cut import Cut
from pullquote.evaluate.stress.names import Names
from pullquote.evaluate.stress.quantities import Form, quantities
from pullquote.evaluate.stress.remembering import Remembering
from pullquote.evaluate.stress.removal import Removals, rebuilt
from pullquote.evaluate.stress.sorts import Sort
from pullquote.evaluate.stress.swap import Swapper
from pullquote.evaluate.stress.texts import occurrence, stands_in
from pullquote.evaluate.stress.variants import lower_case, no_punctuation, typos
from pullquote.index.store import passage_text
from pullquote.index.update import withdraw
from pullquote.text.findable import findable
from pullquote.types import Citation, Status
from tests.support.answers import Shelf, answered
from tests.support.indexes import HashingEmbedder, make_index

NASTY = [
    "",
    "?",
    "¿?!…",
    "12 345,6?",
    "WHY DID THE COUNCIL SAY NO?",
    "why did the council say no",
    "“Why?” asked O’Brien’s mother-in-law — twice.",
    "Was kostet die Straßenbahn in İzmir?",
    "東京の人口は何人ですか？",
    "e\u0301te\u0301 cafe\u0301s naive\u0308te\u0301",
    "\U0001f600\U0001f600 emoji\u200d question",
    "aaaaaa bbbbbbbb?",
    "x" * MAX_QUESTION,
]


# Variants


@pytest.mark.parametrize("question", NASTY)
@pytest.mark.parametrize("change", [typos, lower_case, no_punctuation])
def test_a_variant_differs_is_always_the_same_and_asks_something(
    change: object, question: str
) -> None:
    assert callable(change)
    changed = change(question)
    assert changed == change(question)
    if changed is not None:
        assert changed != question
        assert any(map(str.isalnum, changed))


def test_one_word_in_four_is_mistyped_and_letters_are_all_that_changes() -> None:
    question = "Which council members rejected the second tramway budget in 2019?"
    mistyped = typos(question)
    assert mistyped is not None
    pairs = list(zip(question.split(), mistyped.split(), strict=True))
    changed = [(old, new) for old, new in pairs if old != new]
    assert len(changed) == 2  # of ten words
    assert sorted(len(old) - len(new) for old, new in changed) == [0, 1]  # one lost a letter
    for old, new in changed:
        assert old[0] == new[0]
        assert set(new) <= set(old)


def test_a_single_long_word_is_mistyped_and_short_ones_and_numbers_are_not() -> None:
    assert typos("who is it") is None
    assert typos("12345 3rd2020 a1b2c3d4") is None
    mistyped = typos("who is mayor")
    assert mistyped is not None
    assert mistyped.startswith("who is m")
    assert mistyped != "who is mayor"


def test_a_letter_is_not_parted_from_its_accent() -> None:
    assert typos("cafete\u0301") is None
    assert typos("zzzzz") is None  # equal letters can be swapped, but nobody would see it


@given(st.text(max_size=80))
def test_a_typo_changes_no_word_boundary(question: str) -> None:
    mistyped = typos(question)
    if mistyped is not None:
        assert len(question) - 1 <= len(mistyped) <= len(question)
        assert [item for item in mistyped if not item.isalpha()] == [
            item for item in question if not item.isalpha()
        ]


def test_lower_case() -> None:
    assert lower_case("Why did IBM leave?") == "why did ibm leave?"
    assert lower_case("why?") is None
    assert lower_case("東京の人口は？") is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why did it stop?", "Why did it stop"),
        ("Didn’t the users' lawyers say so?", "Didnt the users lawyers say so"),
        ("“Who,” she asked, “is it?”", "Who she asked is it"),
        ("A face-recognition ban — since when?", "A face recognition ban since when"),
        ("Is 2.5% of $1,200 at 6:30 p.m. (8-5) fair?", "Is 2.5% of $1,200 at 6:30 pm 8-5 fair"),
        ("Was AT&T at -5 or .5?", "Was AT&T at -5 or .5"),
        ("¿Qué pasó…?", "Qué pasó"),
        ("In the U.S., why?", "In the US why"),
        ("東京の人口は？", "東京の人口は"),
        ("why not", None),
        ("?!", None),
        ("", None),
    ],
)
def test_no_punctuation(question: str, expected: str | None) -> None:
    assert no_punctuation(question) == expected


# What can be swapped


def test_words_stand_in_a_text_as_whole_words_only() -> None:
    assert stands_in("200", "about 200.")
    assert not stands_in("200", "about 1,200")
    assert not stands_in("1", "1.5 or 1,000")
    assert not stands_in("Ann", "Anna")
    assert stands_in("St. Mary's", "at St. Mary’s today")
    assert not stands_in("ann", "Ann")
    assert occurrence("ann", any_case=True).search("Ann")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2016 and the 1990s", [(Form.YEAR, "2016"), (Form.DECADE, "1990s")]),
        ("$60 million, £18.7m, 45 percent", [
            (Form.MONEY, "$60 million"), (Form.MONEY, "£18.7m"), (Form.PERCENT, "45 percent")]),
        ("on June 11, 2020, May 25 and 3 July", [
            (Form.DATE, "June 11, 2020"), (Form.DATE, "May 25"), (Form.DATE, "3 July")]),
        ("at 6 p.m. on Tuesday in March", [
            (Form.CLOCK, "6 p.m."), (Form.DAY, "Tuesday"), (Form.MONTH, "March")]),
        ("voted 8-5, two of 1,200", [
            (Form.SCORE, "8-5"), (Form.SPELLED, "two"), (Form.COUNT, "1,200")]),
        ("on monday it may march on", [(Form.DAY, "monday")]),
        ("a 3rd B2B 1.2.3 1 one twenty-one", []),
        ("", []),
    ],
)  # fmt: skip
def test_quantities(text: str, expected: list[tuple[Form, str]]) -> None:
    found = list(quantities(text))
    assert [(item.form, item.words) for item in found] == expected
    for match in found:
        assert text[match.start : match.end] == match.words


def test_a_quantity_stands_for_another_of_its_shape() -> None:
    def shape(text: str) -> tuple[str, ...]:
        (found,) = quantities(text)
        return found.shape

    assert shape("$60 million") == shape("$412 million") != shape("$60")
    assert shape("June 11") == shape("May 2") != shape("June 2011") == shape("May 1999")
    assert shape("17") == shape("50,000") != shape("0.2")
    assert shape("two") == shape("Twelve") != shape("two million")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor, Dr. Ann Bell of Oslo, left.", ["Dr. Ann Bell of Oslo"]),
        ("Yesterday rain fell.", []),
        ("“We agree,” I said on Monday in June.", []),
        ("IBM sued the U.S. and us.", ["IBM", "U.S."]),
        ("We met O’Neill in New York University’s Bell Hall.", [
            "O’Neill", "New York University’s Bell Hall"]),
        ("the Food and Drug Administration", []),
        ("a Seattle-based firm", ["Seattle"]),
        ("no capital letters", []),
        ("", []),
    ],
)  # fmt: skip
def test_names_are_told_by_their_capitals(text: str, expected: list[str]) -> None:
    found = list(names_in(text, frozenset()))
    assert [item.words for item in found] == expected
    for match in found:
        assert text[match.start : match.end] == match.words


def test_what_a_name_is_is_told_by_the_words_around_it() -> None:
    shelf = Shelf()
    shelf.add(
        "a.txt",
        ["A ferry sank near Bergen.", "The pilot, Ola Nordmann, lived.", "It was his, said Ola."],
        ["Help came from the Coast Guard and from Oslo Hospital.", "Norwegian crews came."],
        ["Bergen mourned."],
    )
    names = Names(shelf)
    assert names.sort_of("Bergen") is Sort.PLACE
    assert names.sort_of("Ola") is Sort.SPEAKER
    assert names.sort_of("Coast Guard") is Sort.BODY
    assert names.sort_of("Lake Como County") is Sort.PLACE
    assert names.articled == {"Coast Guard"}
    assert "Norwegian" not in names.sorts  # only ever at the start
    # Known from the middle of another sentence.
    assert [name.words for name in names.names("Bergen mourned.")] == ["Bergen"]


@pytest.fixture
def town() -> Shelf:
    shelf = Shelf()
    shelf.add(
        "tram.txt",
        [
            "The council of Elmford voted for the tram in 2021, said Ann Moss.",
            "It will cost $40 million, said Ben Hart.",
        ],
        ["A plan of 2011 failed.", "The people of Ashby said no to it, said Carl Ruhl."],
    )
    shelf.add("bus.txt", ["A bus in Alder cost $9 million in 1987, said Dora Pike."])
    return shelf


def first_sentence(shelf: Shelf, article_id: str = "tram.txt") -> Place:
    sentence = shelf.sentences(article_id)[0]
    return Place(article_id, sentence.start, sentence.end)


def test_a_year_is_swapped_for_a_year_that_is_not_beside_the_answer(town: Shelf) -> None:
    swap = Swapper(town).swap("What was voted for in 2021?", [first_sentence(town)])
    assert swap is not None
    assert swap.old == "2021"
    assert swap.new in ("2011", "1987")
    assert swap.question == f"What was voted for in {swap.new}?"


def test_a_name_is_swapped_for_one_of_its_sort_in_the_case_of_the_question(town: Shelf) -> None:
    swapper = Swapper(town)
    right = [first_sentence(town)]
    swap = swapper.swap("What did Ann Moss say?", right)
    assert swap is not None
    # Another speaker: not Ben Hart, who is in the paragraph, but Carl Ruhl, who is in the article.
    assert (swap.old, swap.question) == ("Ann Moss", "What did Carl Ruhl say?")
    low = swapper.swap("what did ann moss say", right)
    assert low is not None
    assert low.question == "what did carl ruhl say"
    loud = swapper.swap("WHAT DID ANN MOSS SAY?", right)
    assert loud is not None
    assert loud.question == "WHAT DID CARL RUHL SAY?"


def test_what_stands_in_the_answering_sentence_is_swapped_first(town: Shelf) -> None:
    swap = Swapper(town).swap("Was it 2011 or did Ann Moss say no?", [first_sentence(town)])
    assert swap is not None
    assert swap.old == "Ann Moss"


def test_what_is_not_in_the_article_is_not_swapped(town: Shelf) -> None:
    swapper, right = Swapper(town), [first_sentence(town)]
    for question in (
        "What did Zoe Quill say in 1666?",  # in no article
        "What did Dora Pike say in 1987?",  # in another
        "Who said what?",
        "What did I say?",
        "",
    ):
        assert swapper.swap(question, right) is None, question


def test_nothing_is_swapped_when_nothing_else_of_its_kind_is_in_the_corpus() -> None:
    shelf = Shelf()
    shelf.add("a.txt", ["It rained in 2021, said Ann Moss."])
    swapper = Swapper(shelf)
    assert swapper.swap("What did Ann Moss say of 2021?", [first_sentence(shelf, "a.txt")]) is None


def test_a_possessive_is_the_new_name_s(town: Shelf) -> None:
    town.add("ward.txt", ["He saw Jess Hobbs in 1999.", "He is in Hove, said Jess Hobbs."], ["No."])
    swap = Swapper(town).swap("Where was Jess Hobbs’ house?", [first_sentence(town, "ward.txt")])
    assert swap is not None
    assert swap.question == f"Where was {swap.new}’s house?"


# Removing sentences


def test_a_sentence_goes_with_the_space_that_joined_it() -> None:
    text = "title: T\n\nOne. Two. Three.\n\nFour.\n\nFive."
    shelf = Shelf()
    article = shelf.add("a.txt", ["One.", "Two.", "Three."], ["Four."], ["Five."], head=text[:10])
    assert article.text == text
    sentences = shelf.sentences("a.txt")

    def without(*indices: int) -> str:
        return Cut.of_sentences(article, sentences, indices).apply(text)[10:]

    assert without() == "One. Two. Three.\n\nFour.\n\nFive."
    assert without(0) == "Two. Three.\n\nFour.\n\nFive."
    assert without(1) == "One. Three.\n\nFour.\n\nFive."
    assert without(2) == "One. Two.\n\nFour.\n\nFive."
    assert without(0, 1) == "Three.\n\nFour.\n\nFive."
    assert without(0, 1, 2) == "Four.\n\nFive."
    assert without(3) == "One. Two. Three.\n\nFive."
    assert without(4) == "One. Two. Three.\n\nFour."
    assert without(0, 2, 3) == "Two.\n\nFive."


def test_places_move_with_what_was_cut_before_them() -> None:
    cut = Cut.of([(10, 20), (2, 4), (18, 25)])
    assert cut.ranges == ((2, 4), (10, 25))
    assert cut.new(Place("a", 0, 2)) == Place("a", 0, 2)
    assert cut.new(Place("a", 4, 10)) == Place("a", 2, 8)
    assert cut.new(Place("a", 25, 30)) == Place("a", 8, 13)
    assert cut.new(Place("a", 12, 20)) is None
    assert cut.new(Place("a", 20, 30)) == Place("a", 8, 13)  # what is left of it
    assert cut.new(Place("a", 0, 30)) == Place("a", 0, 13)
    assert cut.old(Place("a", 2, 8)) == Place("a", 4, 10)
    assert cut.old(Place("a", 8, 13)) == Place("a", 25, 30)
    assert cut.old(Place("a", 0, 13)) == Place("a", 0, 30)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[str, Cut, Place]:
    text = draw(st.text(min_size=1, max_size=60))
    offsets = st.integers(0, len(text))
    ranges = draw(st.lists(st.tuples(offsets, offsets), max_size=5))
    start, end = sorted(draw(st.tuples(offsets, offsets)))
    return text, Cut.of((min(item), max(item)) for item in ranges), Place("a", start, end)


@given(cuts())
def test_a_mapped_place_holds_what_was_left_of_its_text(case: tuple[str, Cut, Place]) -> None:
    text, cut, place = case
    gone = {i for start, end in cut.ranges for i in range(start, end)}
    left = "".join(text[i] for i in range(place.start, place.end) if i not in gone)
    new = cut.new(place)
    assert (new is None) is (left == "")
    short = cut.apply(text)
    assert short == "".join(char for i, char in enumerate(text) if i not in gone)
    if new is not None:
        assert short[new.start : new.end] == left
        back = cut.old(new)
        assert cut.new(back) == new
        if not gone & set(range(place.start, place.end)):
            assert back == place


def result(shelf: Shelf, question: Question, *, cited: Place | None = None) -> Result:
    """A result in which only the question, its gold and the first citation matter."""
    (gold,) = locate([question], shelf.articles)
    citations: tuple[Citation, ...] = ()
    if cited is not None:
        index = next(
            sentence.index
            for sentence in shelf.sentences(cited.article_id)
            if sentence.start == cited.start
        )
        citations = (shelf.citation(1, cited.article_id, index),)
    answer = replace(answered(), citations=citations)
    return Result(question, gold, answer, answer, (), None)  # type: ignore[arg-type]


def asks(id_: str, text: str = "Who?", **given_: object) -> Question:
    return Question(id=id_, text=text, where=f"line {id_}", **given_)  # type: ignore[arg-type]


@pytest.fixture
def letters() -> Shelf:
    """Articles with twelve sentences, a to l; with three, the first a copy of a; and with one."""
    shelf = Shelf()
    shelf.add("a.txt", *([f"Letter {item}."] for item in "abcdefghijkl"))
    shelf.add("b.txt", ["Letter a.", "Letter x.", "Letter y."])
    shelf.add("c.txt", ["Alone."])
    return shelf


def test_all_sentences_of_the_evidence_go_and_their_copies_too(letters: Shelf) -> None:
    removals = Removals(letters)
    # A place is in one article, but a copy of its sentence in another one answers as well.
    b = letters.sentences("a.txt")[1]
    question = asks("q", evidence=((Range("a.txt", 0, 9),), (Range("a.txt", b.start, b.end),)))
    removal = removals.of(result(letters, question))
    assert removal is not None
    assert removal.removed == {("a.txt", 0), ("a.txt", 1), ("b.txt", 0)}
    assert removal.quotes == ("Letter a.", "Letter b.")
    # When a question is asked about one article, the others are not read.
    within = removals.of(result(letters, replace(question, document_id="a.txt")))
    assert within is not None
    assert within.removed == {("a.txt", 0), ("a.txt", 1)}


def test_without_evidence_what_was_cited_first_goes(letters: Shelf) -> None:
    removals = Removals(letters)
    cited = Place("b.txt", 0, 9)
    removal = removals.of(result(letters, asks("q"), cited=cited))
    assert removal is not None
    assert removal.removed == {("a.txt", 0), ("b.txt", 0)}
    assert removals.of(result(letters, asks("q"))) is None  # nothing was cited
    no_answer = asks("q", status=Status.NOT_FOUND)
    assert removals.of(result(letters, no_answer, cited=cited)) is None
    # Removing its only sentence would leave no article, and be refused for that reason alone.
    assert removals.of(result(letters, asks("q"), cited=Place("c.txt", 0, 6))) is None


def test_a_round_spares_what_its_questions_may_cite(letters: Shelf) -> None:
    removals = Removals(letters)
    found = [
        removals.of(result(letters, asks("1", evidence=(("Letter c.",),), also_ok=("Letter d.",)))),
        removals.of(result(letters, asks("2", evidence=(("Letter d.",),)))),
        removals.of(result(letters, asks("3", evidence=(("Letter c.",),)))),
    ]
    rounds = removals.deal(match for match in found if match)
    ids = [[removal.result.question.id for removal in round_.removals] for round_ in rounds]
    assert ids == [["1", "3"], ["2"]]


def test_a_round_takes_a_quarter_of_an_article_at_most(letters: Shelf) -> None:
    removals = Removals(letters)
    found = [
        removals.of(result(letters, asks(item, evidence=((f"Letter {item}.",),))))
        for item in "bcdefghijkl"
    ]
    large = removals.of(
        result(letters, asks("large", evidence=tuple((f"Letter {item}.",) for item in "bcdefg")))
    )
    assert large is not None
    # The large one needs more than a quarter of the article, and gets a round of its own. Two of
    # the others find no room.
    rounds = removals.deal([large, *(match for match in found if match)])
    gone = [sorted(index for _, index in removal.removed) for removal in rounds]
    assert gone == [[1, 2, 3, 4, 5, 6], [1, 4, 7], [2, 5, 8], [3, 6, 9]]


def test_an_article_of_any_format_keeps_everything_but_the_sentence(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    said = ["A dog barked at the mill.", "A cat slept in the sun."]
    texts = {
        "a.html": "<html><head><title>Dogs</title><meta property='article:published_time' "
        f"content='2020-06-11'></head><body><article><p>{' '.join(said)}</p></article></body>",
        "news.json": json.dumps(
            [{"id": "https://a.example/b", "title": "T", "text": " ".join(said)}]
        ),
        "plain.txt": "Snow fell.",
    }
    index = make_index(tmp_path, texts, embedder)
    cut_ids = [id_ for id_ in index.articles if id_ != "plain.txt"]
    cuts = {id_: Cut.of_sentences(index.article(id_), index.sentences(id_), [0]) for id_ in cut_ids}
    for file in (tmp_path / "corpus").iterdir():
        file.unlink()  # nothing is read again
    settings = Settings(reader="similarity-1")
    without = rebuilt(index, cuts, tmp_path / "changed", embedder, settings).index
    assert dict(without.articles) == {
        id_: replace(article, text=article.text.replace(f"{said[0]} ", ""))
        for id_, article in index.articles.items()
    }
    assert len(cut_ids) == 2
    assert all(said[0] in index.article(id_).text for id_ in cut_ids)
    assert without.article("a.html").published == "2020-06-11"


def test_an_index_that_changed_meanwhile_is_told(tmp_path: Path, embedder: HashingEmbedder) -> None:
    index = make_index(tmp_path, {"a.txt": "One ran. Two ran.", "b.txt": "Snow fell."}, embedder)
    withdraw(index.folder, ["b.txt"])
    with pytest.raises(EvaluationError, match="was changed during the evaluation"):
        rebuilt(index, {}, tmp_path / "changed", embedder, Settings())


# A whole run

TEXTS = {
    "sea/ferry.txt": (
        "title: The ferry\n\nA ferry called Aurora sank near Bergen on Friday morning. "
        "A captain saved from the ferry near Bergen cried. Snow covered every mountain.\n\n"
        "Nineteen passengers reached land inside rubber boats."
    ),
    "bank.txt": (
        "\ufeffA bank called Fjordkreditt closed several branches around Oslo. "
        "Customers protested with cardboard signs outside. “We lost everything,” said Kari Lund."
        "\n\nInterest rates climbed to seven percent."
    ),
    "other.txt": "Cats slept all afternoon. Dogs barked at strangers. Birds left for Africa.",
}
QUESTIONS = (
    asks(
        "ferry",
        "Which ferry called Aurora sank near Bergen on Friday morning?",
        status=Status.ANSWERED,
        evidence=(("A ferry called Aurora sank near Bergen on Friday morning.",),),
    ),
    asks(
        "branches",
        "Which bank called Fjordkreditt closed several branches around Oslo?",
        status=Status.ANSWERED,
        evidence=(("A bank called Fjordkreditt closed several branches around Oslo.",),),
    ),
    asks("dogs", "Which dogs barked at strangers?"),
    asks("none", "Which violin concerto premiered in Vienna?", status=Status.NOT_FOUND),
    asks(
        "follow-up",
        "Which ferry passengers reached land inside boats?",
        status=Status.ANSWERED,
        history=("Where did the ferry sink?",),
        document_id="sea/ferry.txt",
        evidence=(("Nineteen passengers reached land inside rubber boats.",),),
    ),
)


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


def stressed(
    tmp_path: Path, embedder: HashingEmbedder, refuse_below: float
) -> tuple[Assistant, list[Result], tuple[StressCase, ...], list[tuple[int, int]]]:
    index = make_index(tmp_path, TEXTS, embedder)
    settings = Settings(index=index.folder, refuse_below=refuse_below, reader="similarity-1")
    assistant = Assistant.with_parts(index, embedder, settings)
    results = list(run(assistant, QUESTIONS, locate(QUESTIONS, index.articles)))
    embedder.encoded.clear()
    steps: list[tuple[int, int]] = []
    cases = stress(
        assistant, results, embedder, settings, lambda done, total: steps.append((done, total))
    )
    return assistant, results, cases, steps


def test_a_reader_that_always_answers_is_steady_and_never_refuses(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    assistant, results, cases, steps = stressed(tmp_path, embedder, refuse_below=0.0)
    assert all(item.answer.status is Status.ANSWERED for item in results)
    rates = rates_of(cases)
    over = {name: (rate.value, rate.over) for name, rate in rates.items()}
    assert over["stress.typos"] == (1.0, 5)
    assert over["stress.lower_case"] == (1.0, 5)
    assert over["stress.no_punctuation"] == (1.0, 5)
    # The question that the set calls unanswerable has no evidence to remove.
    assert over["stress.gold_removed"] == (0.0, 4)
    # Progress reports each step once, up to the total that it gave at first.
    total = steps[0][1]
    assert {step for _, step in steps} == {total}
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == total
    for case in cases:
        if case.kind is not Stress.GOLD_REMOVED:
            continue
        for cited in case.cited:
            # Offsets are those of the unchanged articles.
            text = assistant.index.article(cited.place.article_id).text
            assert text[cited.place.start : cited.place.end] == cited.quote
            assert cited.quote not in case.what
    # The original index has not changed.
    assert assistant.index.current() == assistant.index.manifest


def test_a_reader_that_always_refuses_is_not_called_steady(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    _, results, cases, _ = stressed(tmp_path, embedder, refuse_below=1.0)
    assert all(item.answer.status is Status.NOT_FOUND for item in results)
    rates = rates_of(cases)
    assert {name: rate.over for name, rate in rates.items()} == {
        "stress.typos": 0,
        "stress.lower_case": 0,
        "stress.no_punctuation": 0,
        "stress.swapped": 0,
        "stress.gold_removed": 3,
    }
    assert rates["stress.gold_removed"].value == 1.0
    assert rates["stress.typos"].value is None


def test_what_may_be_cited_besides_is_right_when_the_evidence_is_gone(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    index = make_index(tmp_path, TEXTS, embedder)
    settings = Settings(index=index.folder, refuse_below=0.0, reader="similarity-1")
    assistant = Assistant.with_parts(index, embedder, settings)
    question = replace(QUESTIONS[0], also_ok=("A captain saved from the ferry near Bergen cried.",))
    results = list(run(assistant, [question], locate([question], index.articles)))
    removed = [
        setting
        for setting in stress(assistant, results, embedder, settings)
        if setting.kind is Stress.GOLD_REMOVED
    ]
    assert [(item.passed, item.cited[0].quote) for item in removed] == [(True, question.also_ok[0])]


def test_a_removed_sentence_is_gone_from_the_index(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    index = make_index(tmp_path, {**TEXTS, "twin.txt": TEXTS["other.txt"]}, embedder)
    removals = Removals(index)
    dogs = asks("dogs", "Which dogs barked at strangers?", evidence=(("Dogs barked at",),))
    assistant = Assistant.with_parts(
        index, embedder, Settings(index=index.folder, reader="similarity-1")
    )
    (found,) = run(assistant, [dogs], locate([dogs], index.articles))
    removal = removals.of(found)
    assert removal is not None
    embedder.encoded.clear()
    without = rebuilt(
        index,
        removals.cuts(removal.removed),
        tmp_path / "changed",
        embedder,
        Settings(index=index.folder, reader="similarity-1"),
    )
    assert embedder.encoded  # the two changed articles
    assert not any("ferry" in text.lower() for text in embedder.encoded)
    assert sorted(without.index.articles) == sorted(index.articles)
    for article_id, article in without.index.articles.items():
        quotes = [article.text[s.start : s.end] for s in without.index.sentences(article_id)]
        assert "Dogs barked at strangers." not in quotes
        if article_id not in ("other.txt", "twin.txt"):
            # Character for character, including a byte order mark.
            assert article == index.articles[article_id]
    assert (
        without.index.articles["twin.txt"].text
        == "Cats slept all afternoon. Birds left for Africa."
    )
    answer = without.ask("Which dogs barked at strangers?")
    assert all("Dogs" not in citation.quote for citation in (*answer.citations, *answer.closest))


def test_what_the_index_holds_is_not_embedded_again(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    index = make_index(tmp_path, TEXTS, embedder)
    embedder.encoded.clear()
    remembering = Remembering(embedder, index, ["other.txt"])
    other = index.article("other.txt")
    (passage,) = index.passages("other.txt")
    known = findable(other.title, passage_text(other, index.sentences("other.txt"), passage))
    texts = [known, "New.", "Interest rates climbed to seven percent.", "New."]
    rows = remembering.encode(texts)
    assert embedder.encoded == ["New.", texts[2]]
    # The index keeps half precision.
    assert np.allclose(rows, HashingEmbedder().encode(texts), atol=1e-3)
    assert remembering.encode([]).shape == (0, embedder.dimension)
    assert remembering.count_tokens(["One two."]) == [3]
    assert (remembering.name, remembering.digest) == (embedder.name, embedder.digest)


def test_a_swap_that_still_cites_the_answer_fails(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    texts = {
        "a.txt": "Mayor Ann Moss opened the new harbour library.\n\nRain fell on Carl Ruhl.",
        "b.txt": "People like Ann Moss and people like Carl Ruhl read a book.",
    }
    index = make_index(tmp_path, texts, embedder)
    settings = Settings(index=index.folder, refuse_below=0.0, reader="similarity-1")
    assistant = Assistant.with_parts(index, embedder, settings)
    question = asks(
        "q",
        "What new harbour library did Ann Moss open?",
        status=Status.ANSWERED,
        evidence=(("Mayor Ann Moss opened the new harbour library.",),),
    )
    results = list(run(assistant, [question], locate([question], index.articles)))
    cases = stress(assistant, results, embedder, settings)
    (swapped,) = (item for item in cases if item.kind is Stress.SWAPPED)
    assert swapped.asked == "What new harbour library did Carl Ruhl open?"
    assert swapped.what == "Ann Moss → Carl Ruhl"
    assert not swapped.passed
    # If the original citation is wrong, a swap shows nothing.
    wrong = replace(results[0].judgement, first_right=False)
    cases = stress(assistant, [replace(results[0], judgement=wrong)], embedder, settings)
    assert not [item for item in cases if item.kind is Stress.SWAPPED]


@pytest.mark.slow
def test_two_hundred_questions_are_stressed_and_none_that_is_too_long(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    index = make_index(tmp_path, TEXTS, embedder)
    settings = Settings(index=index.folder, refuse_below=0.0, reader="similarity-1")
    assistant = Assistant.with_parts(index, embedder, settings)
    (dogs,) = run(assistant, [QUESTIONS[2]], [Gold((), ())])
    many = [replace(dogs, question=replace(dogs.question, id=str(number))) for number in range(600)]
    cases = stress(assistant, many, embedder, settings)
    ids = [item.question_id for item in cases if item.kind is Stress.TYPOS]
    assert ids == [str(number) for number in range(0, 600, 3)]
    assert len(ids) == MAX_STRESSED
    # "İ" is two characters in lower case.
    long = replace(dogs, question=replace(dogs.question, text="barked " + "İ" * (MAX_QUESTION - 7)))
    cases = stress(assistant, [long], embedder, settings)
    assert {item.kind for item in cases} == {Stress.TYPOS, Stress.GOLD_REMOVED}


def test_no_results_no_cases(tmp_path: Path, embedder: HashingEmbedder) -> None:
    index = make_index(tmp_path, TEXTS, embedder)
    settings = Settings(index=index.folder, reader="similarity-1")
    assistant = Assistant.with_parts(index, embedder, settings)
    assert stress(assistant, [], embedder, settings) == ()
    assert {rate.over for rate in rates_of(()).values()} == {0}


# Figures and files


def case(passed: bool, kind: Stress = Stress.TYPOS) -> StressCase:
    cited = (Cited(Place("a.txt", 3, 9), "“Sønn”"),) if passed else ()
    return StressCase(
        kind, "q1", "Who ran?", "Who rna?", "ran → rna", passed, Status.ANSWERED, cited
    )


def test_intervals_are_wilson_s() -> None:
    rates = rates_of([case(True)] * 8 + [case(False)] * 2 + [case(True, Stress.SWAPPED)] * 10)
    typo = rates["stress.typos"]
    assert (typo.value, typo.over) == (0.8, 10)
    # Worked by hand with z = 1.96: (0.8 + 0.19207 ± 0.30397) / 1.38415
    assert typo.interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    swapped = rates["stress.swapped"]
    assert swapped.interval == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert list(rates) == [item.figure for item in Stress]
    assert all(item.meaning.endswith(".") for item in Stress)


def test_a_line_a_case() -> None:
    lines = [json.loads(line) for line in stress_jsonl([case(True), case(False)]).splitlines()]
    assert lines[0] == {
        "kind": "typos",
        "id": "q1",
        "user_input": "Who ran?",
        "asked": "Who rna?",
        "passed": True,
        "what": "ran → rna",
        "status": "answered",
        "cited": [{"document_id": "a.txt", "start": 3, "end": 9, "cited_text": "“Sønn”"}],
    }
    assert lines[1]["cited"] == []


# Generated questions


@pytest.mark.parametrize(
    ("sentence", "question", "reference"),
    [
        (
            "Amazon banned police use of its technology for a year, making it the latest to do so.",
            "Amazon banned police use of its technology for how long?",
            "a year",
        ),
        (
            "Brightwave was founded as a radio company by Ida Holm in 2016.",
            "Brightwave was founded as a radio company by Ida Holm in which year?",
            "2016",
        ),
        (
            "Gov. Ruth Adler put the damage of the flood at $310 million.",
            "Gov. Ruth Adler put the damage of the flood at how much?",
            "$310 million",
        ),
        (
            "About 5,100 customers of Northern Power were still without light.",
            "How many customers of Northern Power were still without light?",
            "About 5,100",
        ),
        (
            "Mayor Ines Falk said the dairy pays 12 percent of all wages in town.",
            "Mayor Ines Falk said the dairy pays what percentage of all wages in town?",
            "12 percent",
        ),
        (
            "Boats to Heron Island were stopped by the harbour master on June 11.",
            "Boats to Heron Island were stopped by the harbour master on which date?",
            "June 11",
        ),
    ],
)
def test_what_is_taken_out_is_asked_for_in_its_place(
    sentence: str, question: str, reference: str
) -> None:
    shelf = Shelf()
    shelf.add("a/b.txt", ["Short one.", sentence], head="title: T\n\n")
    # With this article, the sentence's names are known as names, but none can be asked for.
    shelf.add(
        "z.txt", "Amazon", ["“Amazon and Brightwave saw Boats,” he said of Amazon, Brightwave."]
    )
    made = [item for item in generate(shelf) if item.references == (reference,)]
    if not made:  # another of the sentence's words was drawn
        pytest.fail(f"{[item.text for item in generate(shelf)]}")
    (only,) = made
    assert only.text == question
    start = shelf.articles["a/b.txt"].text.index(sentence)
    assert only.evidence == ((Range("a/b.txt", start, start + len(sentence)),),)
    assert only.status is Status.ANSWERED
    assert only.document_id is None
    assert only.tags[0] == "generated"
    assert only.where == "made from a/b.txt"
    assert only.id == f"a/b.txt:{start}"


@pytest.mark.parametrize(
    "sentence",
    [
        "He moved the whole Elm Rapids team to Boise in 2016.",
        "The company moved the whole Elm Rapids team to Boise in 2016.",
        "The losses of last year hit Elm Rapids and Boise, she said, in 2016.",
        "But Elm Rapids moved the whole of its team away in 2016.",
        "“Elm Rapids moved the whole of its team away in 2016.",
        "ELM RAPIDS MOVED THE WHOLE OF ITS TEAM AWAY IN 2016.",
        "Was the whole Elm Rapids team moved away in 2016?",
        "It moved in 2016.",
        "Elm Rapids " + "moved and " * 30 + "moved in 2016.",
        "",
    ],
)
def test_a_sentence_that_needs_another_makes_no_question(sentence: str) -> None:
    shelf = Shelf()
    shelf.add("a.txt", "Elm Rapids moved away to Boise in 2016.", [sentence])
    assert generate(shelf) == ()


def test_a_sentence_inside_of_a_quotation_makes_no_question() -> None:
    plain = "Elm Rapids moved the whole of its team away in 2016."
    shelf = Shelf()
    shelf.add("a.txt", ["“Listen.", plain, "It hurt.”"])
    assert generate(shelf) == ()
    shelf.add("a.txt", ["“Listen.”", plain])
    assert len(generate(shelf)) == 1


def test_a_repeated_sentence_makes_one_question_with_all_its_copies_as_evidence() -> None:
    plain = "Elm Rapids moved the whole of its team away in 2016."
    shelf = Shelf()
    shelf.add("a.txt", [plain])
    shelf.add("b.txt", ["Well.", plain])
    (only,) = generate(shelf)
    assert only.evidence == ((Range("a.txt", 0, len(plain)), Range("b.txt", 6, 6 + len(plain))),)


def test_questions_are_spread_over_the_articles_and_always_the_same() -> None:
    shelf = Shelf()
    for article, count in (("a.txt", 30), ("b.txt", 3), ("c.txt", 1)):
        shelf.add(
            article,
            [
                f"In {article[0].upper()}ville the team of Elm Rapids has {n} clever players."
                for n in range(20, 20 + count)
            ],
        )
    made = generate(shelf, limit=9)
    assert made == generate(shelf, limit=9)
    assert [item.where[-5] for item in made] == list("abcababaa")
    assert len({item.id for item in made}) == 9
    assert len(generate(shelf)) == 34
    assert generate(shelf, limit=0) == ()


def test_a_generated_set_is_a_set_like_any_other() -> None:
    shelf = Shelf()
    shelf.add("a.txt", ["Nothing here."])
    with pytest.raises(EvaluationError, match="No question can be made"):
        question_set(shelf)
    shelf.add("b.txt", ["Elm Rapids moved the whole of its team away in 2016."])
    made = question_set(shelf)
    assert made.questions == generate(shelf)
    (gold,) = locate(made.questions, shelf.articles)
    assert [source.article_id for source in gold.evidence] == ["b.txt"]
