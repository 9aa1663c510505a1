"""Measures a writer (a language model): the prose it adds to answers, and the quotes lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pullquote.evaluate.gold import Place
from pullquote.evaluate.run import Result
from pullquote.types import Answer


@dataclass(frozen=True, slots=True)
class Prose:
    """The counts of a run with a writer.

    ``answers``: those given to the writer, of which ``with_prose`` got prose. ``sentences``: those
    it wrote, of which ``shown`` are shown. ``judged``: shown sentences of questions with evidence,
    of which ``right`` cite it. ``quotes``: those of the answers before writing, of which ``lost``
    are missing afterwards. ``stopped``: why sentences are not shown, with counts.
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
    """The counts of a run; ``None`` if no writer was used."""
    tried = [result for result in results if result.quoted]
    if not tried:
        return None
    drafted = [one for result in tried for one in result.drafted]
    judged = [met for result in tried for met in _judged(result)]
    before = [_cited(result.quoted) for result in tried]
    lost = [own - _cited(result.answer) for own, result in zip(before, tried, strict=True)]
    outcomes = Counter(one.outcome for one in drafted)
    shown = sum(block.written for result in tried for block in result.answer.blocks)
    return Prose(
        answers=len(tried),
        with_prose=sum(any(one.written for one in result.answer.blocks) for result in tried),
        # A sentence that was rewritten counts once.
        sentences=sum(not one.again for one in drafted),
        shown=shown,
        judged=len(judged),
        right=sum(judged),
        quotes=sum(map(len, before)),
        lost=sum(map(len, lost)),
        stopped={name: number for name, number in sorted(outcomes.items()) if name != "shown"},
    )


def _cited(answer: Answer | None) -> set[tuple[str, int]]:
    """The sentences that an answer cites, by article and index."""
    return {(one.article_id, one.sentence_index) for one in answer.citations} if answer else set()


def _judged(result: Result) -> Iterable[bool]:
    """For each shown sentence of a question with evidence: whether it cites right places."""
    cited = {one.number: one for one in result.answer.citations}
    good = (*result.gold.evidence, *result.gold.also_ok)
    for block in result.answer.blocks:
        if block.written and result.gold.groups:
            places = [Place.of(cited[number]) for number in block.citations]
            yield any(place.meets(other) for place in places for other in good)


def lines(found: Prose) -> list[str]:
    """The counts as lines for a terminal."""
    stopped = ", ".join(f"{number} {name}" for name, number in found.stopped.items()) or "none"
    return [
        f"prose shown               {found.shown} of {found.sentences} sentences written, "
        f"in {found.with_prose} of {found.answers} answers",
        f"prose that cites evidence {found.right} of {found.judged}",
        f"quotes lost for it        {found.lost} of {found.quotes}",
        f"not shown                 {stopped}",
    ]
