"""Judges an answer against its gold: what was right, and what went wrong first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pullquote.evaluate.gold import Gold, Place
from pullquote.evaluate.measures import (
    citation_precision,
    citation_recall,
    contains,
    has_words,
    rank_of_evidence,
    token_f1,
)
from pullquote.evaluate.question import Question
from pullquote.protocols import Library
from pullquote.types import Answer, Citation, Hit, Status


class Failure(StrEnum):
    """The first thing that went wrong on the way from the question to its answer."""

    NOT_RETRIEVED = "not_retrieved"
    NOT_SELECTED = "not_selected"
    WRONGLY_REFUSED = "wrongly_refused"
    WRONGLY_ANSWERED = "wrongly_answered"
    WRONG_STATUS = "wrong_status"

    @property
    def meaning(self) -> str:
        """What went wrong, as a sentence."""
        return _MEANINGS[self]


_MEANINGS: Mapping[Failure, str] = {
    Failure.NOT_RETRIEVED: "The evidence is in none of the passages that were read.",
    Failure.NOT_SELECTED: "The evidence was read, but another sentence is cited first.",
    Failure.WRONGLY_REFUSED: "The evidence was read, but the answer is not_found.",
    Failure.WRONGLY_ANSWERED: "The articles do not say, but an answer was given.",
    Failure.WRONG_STATUS: "The right sentence is cited, with the wrong status.",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The scores of one question. ``None``: the question does not count for that measure.

    ``rank`` is the rank, from 1, of the first read passage that holds evidence. ``unrefused`` is
    the status with a refusal threshold of 0, and ``unrefused_right`` whether the first citation
    would then be right. ``handled`` counts for the figure ``end_to_end``.
    """

    expected: Status | None
    status: Status
    answerability: float
    unrefused: Status
    rank: int | None
    precision: float | None
    recall: float | None
    first_right: bool | None
    unrefused_right: bool | None
    token_f1: float | None
    contains: bool | None
    citations: int
    verbatim: int
    handled: bool | None
    failure: Failure | None

    @property
    def lacks_evidence(self) -> bool:
        """Whether the set says that there is an answer, but names no evidence for it.

        Then only the status can be judged.
        """
        return self.expected not in (None, Status.NOT_FOUND) and self.recall is None

    @property
    def refusable(self) -> bool:
        """Whether the threshold matters: false if even a threshold of 0 refuses."""
        return self.unrefused is not Status.NOT_FOUND


def judge(
    question: Question,
    gold: Gold,
    answer: Answer,
    unrefused: Answer,
    hits: Sequence[Hit],
    library: Library,
) -> Judgement:
    """Judge ``answer``. ``unrefused`` is the answer that a threshold of 0 would have given."""
    cited = [Place.of(citation) for citation in answer.citations]
    has_evidence = bool(gold.groups)
    refused = answer.status is Status.NOT_FOUND
    right = gold.evidence + gold.also_ok
    first_right = first_meets(answer, right) if has_evidence else None
    rank = rank_of_evidence([passage_place(hit, library) for hit in hits], gold.evidence)
    # A reference for ``stated_unknown`` describes the article instead of using its words.
    told = question.references if question.status is Status.ANSWERED else ()
    told = tuple(filter(has_words, told))
    shown = _answering_words(answer, library)
    handled = first_right
    if question.status is Status.NOT_FOUND:
        handled = refused
    return Judgement(
        expected=question.status,
        status=answer.status,
        answerability=answer.answerability,
        unrefused=unrefused.status,
        rank=rank,
        precision=citation_precision(cited, right) if has_evidence and cited else None,
        recall=citation_recall(cited, gold.groups) if has_evidence else None,
        first_right=first_right,
        unrefused_right=first_meets(unrefused, right) if has_evidence else None,
        token_f1=max((token_f1(shown, item) for item in told), default=None),
        contains=any(contains(_cited_words(answer), item) for item in told) if told else None,
        citations=len(answer.citations) + len(answer.closest),
        verbatim=sum(
            _is_verbatim(citation, library) for citation in (*answer.citations, *answer.closest)
        ),
        handled=handled,
        failure=_failure(question.status, answer.status, has_evidence, first_right, rank),
    )


def _failure(
    expected: Status | None,
    status: Status,
    has_evidence: bool,
    first_right: bool | None,
    rank: int | None,
) -> Failure | None:
    if expected is None:
        return None
    if expected is Status.NOT_FOUND:
        return None if status is Status.NOT_FOUND else Failure.WRONGLY_ANSWERED
    if has_evidence and not first_right and rank is None:
        return Failure.NOT_RETRIEVED
    if status is Status.NOT_FOUND:
        return Failure.WRONGLY_REFUSED
    if has_evidence and not first_right:
        return Failure.NOT_SELECTED
    return None if status is expected else Failure.WRONG_STATUS


def passage_place(hit: Hit, library: Library) -> Place:
    """The place of a hit's passage in its article."""
    sentences = library.sentences(hit.passage.article_id)
    first, last = sentences[hit.passage.first], sentences[hit.passage.last]
    return Place(hit.passage.article_id, first.start, last.end)


def first_meets(answer: Answer, places: Sequence[Place]) -> bool:
    """Whether the first citation is one of ``places``."""
    return bool(answer.citations) and any(map(Place.of(answer.citations[0]).meets, places))


def _answering_words(answer: Answer, library: Library) -> str:
    """The marked words of the first citation, or the whole quote if none are marked."""
    if not answer.citations:
        return ""
    first = answer.citations[0]
    if first.span is None:
        return first.quote
    return library.article(first.article_id).text[slice(*first.span)]


def _cited_words(answer: Answer) -> str:
    return " ".join(citation.quote for citation in answer.citations)


def _is_verbatim(citation: Citation, library: Library) -> bool:
    """Whether a quote is in its article. This does not rely on the gate."""
    text = library.article(citation.article_id).text
    return bool(citation.quote) and text[citation.start : citation.end] == citation.quote
