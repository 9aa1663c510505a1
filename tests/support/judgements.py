"""Makes judgements from only the values that a test is about."""

from __future__ import annotations

from dataclasses import replace

from pullquote.evaluate.judge import Judgement
from pullquote.types import Status

ANSWERED, UNKNOWN, NOT_FOUND = Status.ANSWERED, Status.STATED_UNKNOWN, Status.NOT_FOUND

_NEUTRAL = Judgement(
    expected=ANSWERED,
    status=ANSWERED,
    answerability=0.5,
    unrefused=ANSWERED,
    rank=None,
    precision=None,
    recall=None,
    first_right=None,
    unrefused_right=None,
    token_f1=None,
    contains=None,
    citations=0,
    verbatim=0,
    handled=None,
    failure=None,
)


def judged(**changes: object) -> Judgement:
    """A neutral judgement with ``changes``."""
    return replace(_NEUTRAL, **changes)  # type: ignore[arg-type]


def right(answerability: float = 0.5) -> Judgement:
    """An answerable question whose first citation is right."""
    return judged(
        answerability=answerability,
        rank=1,
        precision=1.0,
        recall=1.0,
        first_right=True,
        unrefused_right=True,
        handled=True,
    )


def wrong(answerability: float = 0.5) -> Judgement:
    """An answerable question for which another sentence is cited."""
    return judged(
        answerability=answerability,
        rank=2,
        precision=0.0,
        recall=0.0,
        first_right=False,
        unrefused_right=False,
        handled=False,
    )


def none(answerability: float = 0.5, *, refused: bool = False) -> Judgement:
    """A question that has no answer."""
    return judged(
        expected=NOT_FOUND,
        status=NOT_FOUND if refused else ANSWERED,
        answerability=answerability,
        handled=refused,
    )


def refused(answerability: float = 0.5, *, would_be_right: bool = True) -> Judgement:
    """An answerable question that was refused."""
    return judged(
        status=NOT_FOUND,
        answerability=answerability,
        rank=1,
        recall=0.0,
        first_right=False,
        unrefused_right=would_be_right,
        handled=False,
    )
