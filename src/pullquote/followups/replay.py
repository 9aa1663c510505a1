"""Replays the questions of a conversation: what each one meant, and how to get its answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from pullquote.asked import Asked
from pullquote.followups.followup import Before, Understood, understand
from pullquote.protocols import Library
from pullquote.types import Answer


@dataclass(frozen=True, slots=True)
class Earlier:
    """The previous question, as the rules see it, and its whole answer, computed on demand."""

    told: Before
    answer: Callable[[], Answer]


#: Answers an earlier question: its text, how it was understood, and the question before it.
AnswerEarlier = Callable[[str, Understood, Earlier | None], Answer]


def replay(
    questions: Sequence[str],
    reworded: Callable[[Understood, Sequence[str]], Understood],
    answer: AnswerEarlier,
    library: Library,
) -> Earlier | None:
    """The last of the earlier ``questions``; ``None`` when there is none.

    ``reworded`` says how a question was understood when it was answered, given what the rules make
    of it and the questions before it.
    """
    before: Earlier | None = None
    for number, question in enumerate(questions):
        by_rules = understand(question, before.told if before else None)
        understood = reworded(by_rules, questions[:number])
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
