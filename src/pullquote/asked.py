"""Validates a question and holds it with its conversation and filters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pullquote.errors import QuestionError
from pullquote.types import NO_FILTERS, Filters, Turn

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

#: The longest question that is accepted, in characters: a long paragraph.
MAX_QUESTION = 500

#: The longest history that a question may come with, in turns: more than follow-ups look back.
MAX_TURNS = 12


def clean_question(question: str) -> str:
    """The question on one line, with single spaces.

    Raises :class:`QuestionError` when it is empty, has no words, or is too long.
    """
    question = _clean(question)
    if not question:
        raise QuestionError("The question is empty: type what you want to know.")
    if not re.search(r"\w", question):
        raise QuestionError("The question has no words: type what you want to know.")
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION} are read. "
            "Ask for one thing at a time."
        )
    return question


def _clean(text: str) -> str:
    # Control characters could act on a terminal; a lone surrogate cannot be encoded at all.
    text = _UNPRINTABLE.sub(" ", text).encode("utf-8", "replace").decode()
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the conversation before it, and which articles to search.

    With ``document_id`` only that article is read; with ``filters`` only the articles that match.
    """

    question: str
    history: tuple[Turn, ...] = ()
    document_id: str | None = None
    filters: Filters = NO_FILTERS

    @classmethod
    def of(
        cls,
        question: str,
        history: Sequence[Turn] = (),
        document_id: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> Asked:
        """Build from user input: cleans question and history. Raises :class:`QuestionError`."""
        turns = tuple(replace(turn, text=_clean(turn.text)) for turn in history)
        return cls(clean_question(question), turns, document_id, filters)
