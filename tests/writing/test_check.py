"""A written sentence is shown only when its quotes support it."""

from __future__ import annotations

import json

import pytest

from pullquote.reading.readers import bundled_network
from pullquote.text.exact import Difference
from pullquote.writing.check import Check, added_words, check_with
from tests.support.places import ROOT

pytestmark = pytest.mark.slow

BAN = (
    "Amazon banned police use of its face-recognition technology for a year. The company did not "
    "say why it acted."
)


@pytest.fixture(scope="module")
def check() -> Check:
    return check_with(bundled_network())


@pytest.mark.parametrize(
    "written",
    [
        "Amazon banned police use of its face-recognition technology for a year.",
        "The company did not say why it acted.",
    ],
)
def test_what_the_quotes_say_is_supported(check: Check, written: str) -> None:
    verdict = check(written, [BAN])
    assert verdict.supported
    assert verdict.checked is not None
    assert 0 < verdict.checked.score <= 1
    assert len(verdict.checked.by) == 64


@pytest.mark.parametrize(
    "written",
    [
        "Amazon did not ban police use of its face-recognition technology.",
        "Police banned Amazon from using face-recognition technology for a year.",
        "Amazon banned police use of its technology because of protests.",
        "Amazon may ban police use of its technology for a year.",
        "Cats are lovely animals.",
    ],
)
def test_what_they_do_not_say_is_not(check: Check, written: str) -> None:
    verdict = check(written, [BAN])
    assert not verdict.supported
    assert verdict.checked is None


def test_what_can_be_compared_is_not_left_to_the_network(check: Check) -> None:
    verdict = check("Amazon banned police use of its technology for two years.", [BAN])
    assert (verdict.supported, verdict.difference) == (False, Difference.FIGURE)
    assert verdict.score is None
    assert check(BAN, []).difference is Difference.NOTHING


def test_the_words_that_were_added() -> None:
    assert added_words("Amazon banned armies from its technology", [BAN]) == ["armies"]
    assert added_words("The ban lasts a year.", [BAN]) == ["lasts"]


def test_sentences_that_had_no_part_in_training_are_told_apart(
    check: Check,
) -> None:
    """Leaves room for other processors; ``python -m benchmarks.drifting`` prints the shares."""
    lines = (ROOT / "tests" / "drift" / "others.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines[::4]]
    stopped = {
        faithful: [
            not check(row["written"], row["cited"]).supported
            for row in rows
            if row["faithful"] is faithful
        ]
        for faithful in (False, True)
    }
    assert (len(stopped[False]), len(stopped[True])) == (33, 15)
    assert sum(stopped[False]) >= 0.85 * 33
    assert sum(stopped[True]) <= 0.6 * 15
