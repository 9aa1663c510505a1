"""The results of the stress tests: single cases, and figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pullquote.evaluate.gold import Place
from pullquote.evaluate.intervals import wilson
from pullquote.evaluate.rates import Rate
from pullquote.types import Status


class Stress(StrEnum):
    """How a question, or the corpus, was changed."""

    TYPOS = "typos"
    LOWER_CASE = "lower_case"
    NO_PUNCTUATION = "no_punctuation"
    SWAPPED = "swapped"
    GOLD_REMOVED = "gold_removed"

    @property
    def figure(self) -> str:
        """The name of the figure for this test."""
        return f"stress.{self.value}"

    @property
    def meaning(self) -> str:
        """What the figure measures, as a sentence."""
        return _MEANINGS[self]


_MEANINGS: Mapping[Stress, str] = {
    Stress.TYPOS: (
        "Of the questions that were answered, those that get the same first citation when a few "
        "words are mistyped."
    ),
    Stress.LOWER_CASE: (
        "Of the questions that were answered, those that get the same first citation when they "
        "are typed without capitals."
    ),
    Stress.NO_PUNCTUATION: (
        "Of the questions that were answered, those that get the same first citation when they "
        "are typed without punctuation."
    ),
    Stress.SWAPPED: (
        "Of the questions that were answered, those whose sentence is no longer cited first when "
        "a number or a name in the question is another."
    ),
    Stress.GOLD_REMOVED: (
        "Of the questions with an answer, those that are refused, or cite what the set accepts "
        "besides, once the sentences that answer them are taken out of the articles."
    ),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, with its place in the original article, before any sentences were removed."""

    place: Place
    quote: str


@dataclass(frozen=True, slots=True)
class StressCase:
    """One question changed in one way.

    ``asked`` was asked instead of ``user_input``; ``what`` describes the change. ``status`` and
    ``cited`` belong to the answer to ``asked``.
    """

    kind: Stress
    question_id: str
    user_input: str
    asked: str
    what: str
    passed: bool
    status: Status
    cited: tuple[Cited, ...]


def rates_of(cases: Sequence[StressCase]) -> dict[str, Rate]:
    """The share of passed cases, by the name of the figure, such as ``stress.typos``.

    All intervals are Wilson's, because many of these shares are 1.
    """
    rates = {}
    for kind in Stress:
        own = [case.passed for case in cases if case.kind is kind]
        share = sum(own) / len(own) if own else None
        interval = None if share is None else wilson(share, len(own))
        rates[kind.figure] = Rate(share, interval, len(own))
    return rates


def stress_jsonl(cases: Iterable[StressCase]) -> str:
    """``stress.jsonl``: one case per line. Places refer to the unchanged articles."""
    return "".join(json.dumps(_line(case), ensure_ascii=False) + "\n" for case in cases)


def _line(case: StressCase) -> dict[str, object]:
    return {
        "kind": case.kind.value,
        "id": case.question_id,
        "user_input": case.user_input,
        "asked": case.asked,
        "passed": case.passed,
        "what": case.what,
        "status": case.status.value,
        "cited": [
            {
                "document_id": item.place.article_id,
                "start": item.place.start,
                "end": item.place.end,
                "cited_text": item.quote,
            }
            for item in case.cited
        ],
    }
