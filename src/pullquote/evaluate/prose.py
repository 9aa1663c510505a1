"""What a writer adds to the answers of an evaluation, and what it takes from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pullquote.evaluate.gold import Place
from pullquote.evaluate.run import Result


@dataclass(frozen=True, slots=True)
class Prose:
    """Counts. Of the answers that could be written, those that have prose; of the sentences that
    the writer wrote, those that are shown; of these, where the question has evidence, those that
    cite it; of the quotes that the answers had without it, those that they no longer have.
    """

    answers: int
    with_prose: int
    sentences: int
    shown: int
    judged: int
    right: int
    quotes: int
    lost: int
    stopped: dict[str, int]


def prose(results: Iterable[Result]) -> Prose | None:
    """The counts of a run; ``None`` where no writer was asked."""
    tried = [result for result in results if result.quoted]
    if not tried:
        return None
    drafted = [one for result in tried for one in result.drafted]
    judged = [met for result in tried for met in _judged(result)]
    before = [(result, one) for result in tried if result.quoted for one in result.quoted.citations]
    lost = [
        one
        for result, one in before
        if not any(
            (other.article_id, other.sentence_index) == (one.article_id, one.sentence_index)
            for other in result.answer.citations
        )
    ]
    outcomes = Counter(one.outcome for one in drafted)
    shown = sum(block.written for result in tried for block in result.answer.blocks)
    return Prose(
        answers=len(tried),
        with_prose=sum(any(one.written for one in result.answer.blocks) for result in tried),
        # What was written once more is the same sentence.
        sentences=sum(not one.again for one in drafted),
        shown=shown,
        judged=len(judged),
        right=sum(judged),
        quotes=len(before),
        lost=len(lost),
        stopped={name: number for name, number in sorted(outcomes.items()) if name != "shown"},
    )


def _judged(result: Result) -> Iterable[bool]:
    """Of each sentence that is shown, whether it cites evidence, where the set names any."""
    cited = {one.number: one for one in result.answer.citations}
    good = (*result.gold.evidence, *result.gold.also_ok)
    for block in result.answer.blocks:
        if block.written and result.gold.groups:
            places = [
                Place(one.article_id, one.start, one.end)
                for one in map(cited.__getitem__, block.citations)
            ]
            yield any(place.meets(other) for place in places for other in good)


def lines(found: Prose) -> list[str]:
    """The same for a terminal."""
    stopped = ", ".join(f"{number} {name}" for name, number in found.stopped.items()) or "none"
    return [
        f"prose shown               {found.shown} of {found.sentences} sentences written, "
        f"in {found.with_prose} of {found.answers} answers",
        f"prose that cites evidence {found.right} of {found.judged}",
        f"quotes lost for it        {found.lost} of {found.quotes}",
        f"not shown                 {stopped}",
    ]
