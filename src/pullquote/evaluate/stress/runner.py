"""Asks the questions of a finished run again, each changed in every way that applies to it.

Which questions each test uses:

- Typos, lower case, no punctuation: questions that were answered, rightly or not, because the test
  is whether the answer stays the same. Refused questions are left out, since a reader that refuses
  everything would always stay the same.
- Swapped: questions that were answered, and not wrongly as far as the set says.
- Removed: all questions with evidence, and answered questions without evidence unless the set says
  that they have no answer. A reader that refuses everything passes this test, but the other
  figures reveal it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pullquote.asked import MAX_QUESTION
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.evaluate.gold import Gold, Place
from pullquote.evaluate.judge import first_meets
from pullquote.evaluate.run import Progress, Result, run
from pullquote.evaluate.stress.case import Cited, Stress, StressCase
from pullquote.evaluate.stress.cut import Cut
from pullquote.evaluate.stress.remembering import Remembering
from pullquote.evaluate.stress.removal import Removal, Removals, Round, rebuilt
from pullquote.evaluate.stress.swap import Swapper
from pullquote.evaluate.stress.variants import lower_case, no_punctuation, typos
from pullquote.protocols import Embedder
from pullquote.types import Answer, Status

#: The most questions that are tested: each is asked up to five times.
MAX_STRESSED = 200

_VARIANTS = {
    Stress.TYPOS: typos,
    Stress.LOWER_CASE: lower_case,
    Stress.NO_PUNCTUATION: no_punctuation,
}
_NO_GOLD = Gold((), ())


@dataclass(frozen=True, slots=True)
class _Changed:
    """A question to be asked in a changed form."""

    kind: Stress
    result: Result
    asked: str
    what: str


def stress(
    assistant: Assistant,
    results: Sequence[Result],
    embedder: Embedder,
    settings: Settings,
    progress: Progress = lambda done, total: None,
) -> tuple[StressCase, ...]:
    """Test at most :data:`MAX_STRESSED` questions, spread evenly over ``results``.

    ``results`` come from ``assistant``, which was made with ``embedder`` and ``settings``. The same
    two are used to make assistants for articles without the answering sentences. ``progress``
    counts questions asked and articles embedded. Raises :class:`~pullquote.errors.PullquoteError`.
    """
    index = assistant.index
    removals = Removals(index)
    removal_of = {result.question.id: removals.of(result) for result in results}
    chosen = _spread(
        [result for result in results if _answered(result) or removal_of[result.question.id]]
    )
    swapper = Swapper(index)
    changed = [item for result in chosen for item in _changed(result, swapper)]
    rounds = removals.deal(
        removal for result in chosen if (removal := removal_of[result.question.id])
    )
    cuts = [removals.cuts(removal.removed) for removal in rounds]
    remembering = Remembering(embedder, index, {article_id for cut in cuts for article_id in cut})
    total = len(changed) + sum(len(item.removals) for item in rounds) + sum(map(len, cuts))
    done = 0
    progress(done, total)
    cases = []
    for each in changed:
        cases.append(_reworded(each, _ask(assistant, each.result, each.asked)))
        done += 1
        progress(done, total)
    for round_, cut in zip(rounds, cuts, strict=True):
        # The assistant still has the index open, and some systems cannot delete open files.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            without = rebuilt(index, cut, Path(folder), remembering, settings)
            done += len(cut)
            progress(done, total)
            for case in _without(round_, cut, without):
                cases.append(case)
                done += 1
                progress(done, total)
    return tuple(cases)


def _spread(results: Sequence[Result]) -> list[Result]:
    count = min(len(results), MAX_STRESSED)
    return [results[i * len(results) // count] for i in range(count)]


def _changed(result: Result, swapper: Swapper) -> Iterator[_Changed]:
    if not _answered(result):
        return
    question = result.question.text
    for kind, change in _VARIANTS.items():
        asked = change(question)
        if asked is not None and len(asked) <= MAX_QUESTION:
            yield _Changed(kind, result, asked, _told(kind, question, asked))
    # If the citation is wrong even without a swap, a swap shows nothing.
    if result.judgement.first_right is False or result.judgement.expected is Status.NOT_FOUND:
        return
    first = Place.of(result.answer.citations[0])
    swap = swapper.swap(question, (first, *result.gold.evidence, *result.gold.also_ok))
    if swap is not None and len(swap.question) <= MAX_QUESTION:
        yield _Changed(Stress.SWAPPED, result, swap.question, f"{swap.old} → {swap.new}")


def _told(kind: Stress, before: str, after: str) -> str:
    if kind is not Stress.TYPOS:
        return kind.value.replace("_", " ")
    words = zip(before.split(), after.split(), strict=True)
    return ", ".join(f"{one} → {other}" for one, other in words if one != other)


def _reworded(changed: _Changed, answer: Answer) -> StressCase:
    result = changed.result
    if changed.kind is Stress.SWAPPED:
        right = (Place.of(result.answer.citations[0]), *result.gold.evidence)
        passed = not first_meets(answer, right)
    else:
        passed = answer.status is result.answer.status and _first(answer) == _first(result.answer)
    cited = tuple(Cited(Place.of(citation), citation.quote) for citation in answer.citations)
    return _case(changed.kind, result, changed.asked, changed.what, passed, answer.status, cited)


def _without(round_: Round, cuts: dict[str, Cut], assistant: Assistant) -> Iterator[StressCase]:
    for removal in round_.removals:
        result = removal.result
        answer = _ask(assistant, result, result.question.text)
        cited = [
            Cited(_cut(citation.article_id, cuts).old(Place.of(citation)), citation.quote)
            for citation in answer.citations
        ]
        yield _case(
            Stress.GOLD_REMOVED,
            result,
            result.question.text,
            "removed: " + " ".join(removal.quotes),
            _is_right_without(answer, removal, cuts),
            answer.status,
            tuple(cited),
        )


def _is_right_without(answer: Answer, removal: Removal, cuts: dict[str, Cut]) -> bool:
    also_ok = [_cut(place.article_id, cuts).new(place) for place in removal.result.gold.also_ok]
    return answer.status is Status.NOT_FOUND or first_meets(answer, [*filter(None, also_ok)])


def _cut(article_id: str, cuts: dict[str, Cut]) -> Cut:
    return cuts.get(article_id, Cut(()))


def _case(
    kind: Stress,
    result: Result,
    asked: str,
    what: str,
    passed: bool,
    status: Status,
    cited: tuple[Cited, ...],
) -> StressCase:
    question = result.question
    return StressCase(kind, question.id, question.text, asked, what, passed, status, cited)


def _ask(assistant: Assistant, result: Result, text: str) -> Answer:
    """Ask ``text`` instead of the question, with the same history and article."""
    # The question's own gold does not fit the change, so the callers judge the answer.
    question = replace(result.question, text=text, status=None)
    (again,) = run(assistant, [question], [_NO_GOLD])
    return again.answer


def _answered(result: Result) -> bool:
    return result.answer.status is not Status.NOT_FOUND and bool(result.answer.citations)


def _first(answer: Answer) -> tuple[str, int] | None:
    if not answer.citations:
        return None
    return answer.citations[0].article_id, answer.citations[0].start
