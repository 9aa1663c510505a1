"""Asks the questions of a set, and judges the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pullquote.answering.trace import Drafted, Trace
from pullquote.asked import Asked
from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError, QuestionSetError
from pullquote.evaluate.gold import Gold, Place
from pullquote.evaluate.judge import Judgement, judge, passage_place
from pullquote.evaluate.question import Question
from pullquote.types import Answer, Turn

#: Called with the number of questions asked so far, and the total.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """A question, its answer, and the judgement. ``retrieved`` is ordered best first.

    If a writer was used, ``drafted`` is what it wrote, and ``quoted`` is the answer before that.
    """

    question: Question
    gold: Gold
    answer: Answer
    unrefused: Answer
    retrieved: tuple[Place, ...]
    judgement: Judgement
    drafted: tuple[Drafted, ...] = ()
    quoted: Answer | None = None


def run(
    assistant: Assistant,
    questions: Sequence[Question],
    golds: Sequence[Gold],
    progress: Progress = lambda done, total: None,
) -> Iterator[Result]:
    """The results in the order of the questions.

    Raises :class:`~pullquote.errors.PullquoteError`, which names the question.
    """
    progress(0, len(questions))
    for number, (question, gold) in enumerate(zip(questions, golds, strict=True), start=1):
        trace = _traced(assistant, question)
        index = assistant.index
        unrefused = trace.unrefused
        yield Result(
            question=question,
            gold=gold,
            answer=trace.answer,
            unrefused=unrefused,
            retrieved=tuple(passage_place(hit, index) for hit in trace.hits),
            judgement=judge(question, gold, trace.answer, unrefused, trace.hits, index),
            drafted=trace.drafted,
            quoted=trace.quoted,
        )
        progress(number, len(questions))


def _traced(assistant: Assistant, question: Question) -> Trace:
    # Only the user's earlier questions are in the conversation, without their answers.
    history = [Turn("user", text) for text in question.history]
    try:
        # With a writer, the final answer that readers see is judged.
        return assistant.trace(Asked.of(question.text, history, question.document_id))
    except PullquoteError as error:
        raise QuestionSetError(f"{question.where}: {error}") from error
