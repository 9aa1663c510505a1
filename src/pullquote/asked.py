"""What may be asked, and a question that was found fit to be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.errors import QuestionError
from pullquote.types import NO_FILTERS, Filters, Turn

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

#: The longest question that is read, in characters: a long paragraph.
MAX_QUESTION = 500

#: The longest history that comes with a question, in turns: more than is looked back through.
MAX_TURNS = 12


def clean_question(question: str) -> str:
    """The question without outer space. Raises :class:`QuestionError` when it cannot be asked."""
    # Control characters could write on a terminal; half a surrogate pair cannot be written at all.
    question = _UNPRINTABLE.sub(" ", question).encode("utf-8", "replace").decode().strip()
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the conversation before it, and which articles are asked.

    With ``document_id`` only that article is read, with ``filters`` only those that pass.
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
        """Cleaned once, here. Raises :class:`QuestionError` when it cannot be asked."""
        return cls(clean_question(question), tuple(history), document_id, filters)
