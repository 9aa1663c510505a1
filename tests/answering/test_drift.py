"""A written sentence that says something else than its sources is stopped; most true ones pass."""

from __future__ import annotations

import json

import pytest

from pullquote.answering.drift import Drift, find
from pullquote.answering.drift.words import words
from pullquote.writing.support import answers_alike, supported
from tests.support.places import ROOT

BAN = (
    "Amazon banned police use of its technology for a year, but did not say why it acted on May 25."
)
COST = "The tram will cost at least $412 million, or 5 percent more than planned, Ann Kerr said."


@pytest.mark.parametrize(
    ("written", "source"),
    [
        (BAN, BAN),
        ("Amazon banned police use of its technology for one year.", BAN),
        ("Amazon did not say why it acted.", BAN),
        ("Police use of the technology was banned by Amazon for a year.", BAN),
        ("Ann Kerr said the tram will cost at least $412 million.", COST),
        ("According to Kerr, the tram will cost 5% more than planned.", COST),
        ("The pool closed on June 3, 2019.", "The pool was closed on Jun. 3, 2019, and emptied."),
        ("Twelve people were hurt.", "In the storm 12 people were hurt."),
        ("He called it “a textbook case.”", "Bo Lind called it “a textbook case” of theft."),
        ("The mill may reopen.", "The mill may reopen if the bank agrees."),
        ("Lind welcomed the U.S. ruling.", "Bo Lind welcomed the US ruling on Monday."),
    ],
)
def test_a_true_sentence_passes(written: str, source: str) -> None:
    assert find(written, [source]) is None


@pytest.mark.parametrize(
    ("written", "drift"),
    [
        ("Amazon banned police use of its technology for two years.", Drift.FIGURE),
        ("Amazon banned police use of its technology for a month.", Drift.DATE),
        ("Amazon did not say why it acted on May 26.", Drift.FIGURE),
        ("Amazon did not say why it acted on June 25.", Drift.DATE),
        ("Amazon did not say why it acted last week.", Drift.DATE),
        ("Microsoft banned police use of its technology for a year.", Drift.NAME),
        ("Amazon banned police use of Rekognition for a year.", Drift.NAME),
        ("Amazon did not ban police use of its technology for a year.", Drift.NEGATION),
        ("Amazon did say why it acted on May 25.", Drift.NEGATION),
        ("Amazon may ban police use of its technology for a year.", Drift.MOOD),
        ("Amazon “banned all police use” of its technology.", Drift.QUOTATION),
        ("Amazon allowed police use of its technology for a year.", Drift.CONTRARY),
        ("Amazon banned all police use of its technology for a year.", Drift.SCOPE),
        ("Amazon banned army use of its technology for a year.", Drift.CHANGED),
    ],
)
def test_a_sentence_with_one_thing_changed_is_stopped(written: str, drift: Drift) -> None:
    assert find(written, [BAN]) is drift


@pytest.mark.parametrize(
    ("written", "drift"),
    [
        ("Ann Kerr said the tram will cost at least $412 billion.", Drift.FIGURE),
        ("Ann Kerr said the tram will cost at most $412 million.", Drift.FIGURE),
        ("Ann Kerr said the tram will cost 6 percent more than planned.", Drift.FIGURE),
        ("Ann Kerr said the tram will cost €412 million at least.", Drift.FIGURE),
        ("Ann Kerr said the tram cost at least $412 million.", Drift.MOOD),
        ("The tram will cost at least $412 million.", Drift.SPEAKER),
        ("Kerr said the tram will cost 5 percent less than planned.", Drift.FIGURE),
    ],
)
def test_figures_bounds_moods_and_speakers_stay(written: str, drift: Drift) -> None:
    assert find(written, [COST]) is drift


def test_who_did_what_to_whom_stays() -> None:
    source = "Amazon sued Microsoft over the contract."
    assert find("Microsoft sued Amazon over the contract.", [source]) is Drift.SWAPPED
    assert find("Microsoft was sued by Amazon over the contract.", [source]) is None


def test_a_speaker_is_not_another() -> None:
    sources = ["The ban is a step, said Clare Garvie.", "Bo Lind owns the mill."]
    assert find("Garvie said the ban is a step.", sources) is None
    assert find("Lind said the ban is a step.", sources) is Drift.SPEAKER


def test_a_condition_and_a_doubt_are_not_lost() -> None:
    source = "The strike ends on Friday if the members agree."
    assert find("The strike ends on Friday because the members agree.", [source]) is not None
    many = "The failure cost the city money and, many believe, cost the mayor his job."
    assert find("The failure cost the city money and cost the mayor his job.", [many]) is not None


def test_a_name_is_not_put_together_from_two() -> None:
    source = "Ann Kerr and Bo Lind own the mill."
    assert find("Ann Lind owns the mill.", [source]) is Drift.NAME
    assert find("Ann Kerr owns the mill.", [source]) is None


@pytest.mark.parametrize("written", ["", "…", "[1]", "?!"])
def test_a_sentence_without_words_says_nothing(written: str) -> None:
    assert find(written, [BAN]) is not None


def test_hostile_text_is_no_error() -> None:
    for text in ("“" * 500, "1" * 400, "𝟙𝟚 ½ ٣", "a\x00b", "İ" * 50, "- " * 300, "$" * 300):
        find(text, [text, BAN])
        find(text, [BAN])
        find(BAN, [text])


def test_words_know_their_negation_and_their_possessor() -> None:
    assert [it.plain for it in words("Amazon’s staff can’t, won't, didn’t")] == [
        *("amazon", "staff", "can", "not", "will", "not", "did", "not"),
    ]  # fmt: skip


class Same:
    """An embedder for which all texts mean the same."""

    name, digest, dimension = "same", "0", 1

    def encode(self, texts: list[str]) -> object:
        import numpy as np

        return np.ones((len(texts), 1), dtype=np.float32)


def test_what_shares_no_words_with_its_sources_is_not_supported() -> None:
    embedder: object = Same()
    assert supported("Amazon banned police use.", [BAN], embedder)  # type: ignore[arg-type]
    assert not supported("Cats are lovely animals.", [BAN], embedder)  # type: ignore[arg-type]
    added = "Amazon banned police use, while cats purred on velvet sofas."
    assert not supported(added, [BAN], embedder)  # type: ignore[arg-type]


def test_a_reader_that_finds_two_answers_does_not_support() -> None:
    def find_number(text: str, _: str) -> tuple[str, float]:
        return text.split()[-1], 3.0 if text[-1].isdigit() else -9.0

    ask = ("How much did it cost?", find_number)
    assert answers_alike("It cost 22", ["It was meant to cost 22"], *ask)
    assert not answers_alike("It cost 22", ["It cost 29"], *ask)
    assert answers_alike("It cost nothing", ["It cost 29"], *ask)


@pytest.mark.parametrize(
    ("name", "half", "false", "true"),
    [("sentences", 0, (221, 263), (60, 139)), ("others", None, (116, 132), (23, 60))],
)
def test_the_labelled_sentences_are_judged_no_worse_than_they_were(
    name: str, half: int | None, false: tuple[int, int], true: tuple[int, int]
) -> None:
    """The rules alone, on sentences that had no part in writing them: ``benchmarks.drifting``.

    ``false`` and ``true`` are how many of how many are stopped.
    """
    file = ROOT / "tests" / "drift" / f"{name}.jsonl"
    rows = [json.loads(it) for it in file.read_text(encoding="utf-8").splitlines()]
    gazette = ROOT / "tests" / "questions" / "gazette" / "corpus"
    files = [*(ROOT / "corpus").glob("*.txt"), *gazette.glob("*.txt")]
    texts = [it.read_text(encoding="utf-8") for it in files]
    assert all(any(all(c in text for c in it["cited"]) for text in texts) for it in rows)
    own = [it for it in rows if half is None or int(it["id"].split("-")[1]) % 2 == half]
    stopped = {
        faithful: [
            find(it["written"], it["cited"]) is not None for it in own if it["faithful"] is faithful
        ]
        for faithful in (False, True)
    }
    assert (len(stopped[False]), len(stopped[True])) == (false[1], true[1])
    assert sum(stopped[False]) >= false[0]
    assert sum(stopped[True]) <= true[0]
