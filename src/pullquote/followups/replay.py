"""Replays the questions of a conversation: what each one meant, and how to get its answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from pullquote.asked import Asked
from pullquote.followups.followup import Before, Understood, earlier_questions, understand
from pullquote.protocols import Library
from pullquote.types import Answer, Turn


@dataclass(frozen=True, slots=True)
class Earlier:
    """The previous question, as the rules see it, and its whole answer, computed on demand."""

    told: Before
    answer: Callable[[], Answer]


#: Answers an earlier question: its text, how it was understood, and the question before it.
AnswerEarlier = Callable[[str, Understood, Earlier | None], Answer]


def replay(history: Sequence[Turn], answer: AnswerEarlier, library: Library) -> Earlier | None:
    """The last question of ``history``; ``None`` when there is none."""
    before: Earlier | None = None
    for question in earlier_questions(history):
        understood = understand(question, before.told if before else None)
        before = _earlier(question, understood, before, answer, library)
    return before


def _earlier(
    question: str,
    understood: Understood,
    before: Earlier | None,
    answer: AnswerEarlier,
    library: Library,
) -> Earlier:
    def answered() -> Answer:
        return answer(question, understood, before)

    def words() -> str:
        best = next((citation for citation in answered().citations if citation.span), None)
        if best is None or best.span is None:
            return ""
        return library.article(best.article_id).text[slice(*best.span)]

    return Earlier(Before(understood, words), answered)


def depends_on(understood: Understood, last: Answer | None, asked: Asked, today: date) -> Hashable:
    """A cache key: everything that the answer to a question depends on, besides the index.

    ``last`` is the answer before it, if the question refers to that. A question may name a day such
    as yesterday.
    """
    cited: tuple[Hashable, ...] = ()
    if last:
        quoted = (*last.citations, *last.closest)
        cited = (
            *((citation.article_id, citation.sentence_index) for citation in quoted),
            *(block.document_id for block in last.blocks if block.document_id),
        )
    return understood.question, understood.act, cited, asked.document_id, asked.filters, today
