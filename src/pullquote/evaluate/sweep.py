"""``pullquote eval --sweep``: finds the refusal threshold that suits a question set best."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pullquote.config import ENV_PREFIX
from pullquote.errors import EvaluationError
from pullquote.evaluate import terminal
from pullquote.evaluate.comparison import FAILED, PASSED, Floor
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.run import Result
from pullquote.evaluate.settings_file import write_threshold
from pullquote.evaluate.threshold import choose, halves, points

#: The figures that may have a floor in a sweep, with their fields in ``threshold.Point``.
SWEPT = {
    "abstention.precision": "refusals_right",
    "abstention.recall": "refusals_found",
    "end_to_end": "handled",
}


def sweep(questions: QuestionSet, results: Sequence[Result], floors: Sequence[Floor]) -> int:
    """Fit the refusal threshold, and write it into the settings file.

    Returns the exit code: 0 if some threshold keeps every floor, otherwise 1. Raises
    :class:`EvaluationError`.
    """
    judgements = [result.judgement for result in results]
    candidates = points(judgements)
    if not candidates:
        raise EvaluationError(
            f"{questions.name} cannot fit a threshold: no question has evidence or is said to "
            "have no answer."
        )
    least = [(SWEPT[floor.figure], floor.least) for floor in floors]
    chosen = choose(candidates, least)
    print(terminal.sweep(candidates, chosen))
    if chosen is None:
        print("\nFAILED  no threshold keeps every --min; nothing was written.")
        return FAILED
    file = write_threshold(
        Path.cwd(), chosen.threshold, questions.digest, results[0].answer.provenance.reader
    )
    honest = halves(judgements, least)
    print(
        f"\nWrote refuse_below = {chosen.threshold} into {file.name}: of the questions that can be "
        f"judged, it handles {chosen.handled:.3f} right."
    )
    if honest is not None:
        print(f"Fitted on one half of them and measured on the other: {honest:.3f}.")
    variable = f"{ENV_PREFIX}REFUSE_BELOW"
    if variable in os.environ:
        print(f"pullquote: {variable} is set, and overrides {file.name}.", file=sys.stderr)
    return PASSED
