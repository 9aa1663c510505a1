"""A question with the passages it is read in: one that answers, and some that only look so.

Everything random is drawn from the seed and the question's id, so that an example is the same
whatever came before it: a resumed run sees what an unbroken one would have seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from training.data import Ask, Document
from training.noise import swapped, things, typed
from training.passages import Ranked, Span

#: Hard negatives are drawn from this many of the best-ranked passages.
DEPTH = 8


class Kind(StrEnum):
    """Why a passage is in an example."""

    GOLD = "gold"
    #: Ranked high in the same article, without the answer.
    HARD = "hard"
    #: Ranked high, of another article of the set.
    OTHER = "other"
    #: The gold passage without the sentences that answer.
    REMOVED = "removed"
    #: The gold passage, and a question about another year, number or name.
    SWAPPED = "swapped"
    #: The passage that an unanswerable question was written for.
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage to read for a question. ``answer`` is a range of ``passage``, or ``None``."""

    kind: Kind
    question: str
    passage: str
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One question and the passages that are read for it."""

    id: str
    source: str
    readings: tuple[Reading, ...]


class Maker:
    """Makes the examples of some documents."""

    def __init__(self, documents: Sequence[Document], ranked: Ranked, seed: int) -> None:
        self._ranked = ranked
        self._seed = seed
        self._things = {it.id: things(it.text) for it in documents}
        self._documents = documents

    def make(self, document: Document, ask: Ask) -> Example | None:
        """The example of a question; ``None`` when its answer is in no passage."""
        random = Random(f"{self._seed}/{ask.id}")
        readings = (
            self._answerable(document, ask, random)
            if ask.answerable
            else self._unanswerable(document, ask, random)
        )
        return Example(ask.id, document.source, tuple(readings)) if readings else None

    def _answerable(self, document: Document, ask: Ask, random: Random) -> list[Reading]:
        gold = _gold(document, ask)
        holding = [it for it in self._ranked.of[document.id] if gold and it.holds(gold[0])]
        if gold is None or not holding:
            return []
        sentence, (start, end) = gold
        span = random.choice(holding)
        question = typed(ask.text, random)
        answer = (start - span.start, end - span.start)
        readings = [Reading(Kind.GOLD, question, span.text, answer)]
        answers = _Answers(document, ask)
        kinds = random.choices([Kind.HARD, Kind.REMOVED, Kind.SWAPPED], [50, 25, 25], k=6)
        wanted = 1 if random.random() < 0.55 else 2
        for kind in dict.fromkeys(kinds):
            if len(readings) > wanted:
                break
            made = self._negative(kind, document, ask, question, span, sentence, answers, random)
            if made is not None:
                readings.append(made)
        return readings

    def _negative(
        self,
        kind: Kind,
        document: Document,
        ask: Ask,
        question: str,
        span: Span,
        sentence: int,
        answers: _Answers,
        random: Random,
    ) -> Reading | None:
        if kind is Kind.REMOVED:
            rest = [
                text
                for i in range(span.first, span.last + 1)
                if not answers.stands_in(text := _sentence(document, i)) and i not in answers.held
            ]
            return Reading(kind, question, " ".join(rest)) if len(rest) > 1 else None
        if kind is Kind.SWAPPED:
            other = swapped(
                ask.text,
                things(span.text),
                self._elsewhere(document, random),
                [_sentence(document, sentence)],
                random,
            )
            return Reading(kind, typed(other, random), span.text) if other else None
        own, others = self._ranked.rank(ask.text, document, DEPTH)
        own = [it for it in own if not any(it.holds(i) for i in answers.held)]
        pools = [(Kind.HARD, own), (Kind.OTHER, others)]
        if random.random() < 0.2:
            pools.reverse()
        for name, pool in pools:
            fit = [it for it in pool if not answers.stands_in(it.text)]
            if fit:
                return Reading(name, question, random.choice(fit).text)
        return None

    def _unanswerable(self, document: Document, ask: Ask, random: Random) -> list[Reading]:
        question = typed(ask.text, random)
        best, _ = self._ranked.rank(ask.text, document, 3)
        near = [
            it
            for it in self._ranked.of[document.id]
            if any(it.start <= start and end <= it.end for start, end in ask.plausible)
        ]
        first = random.choice(near) if near else next(iter(best), None)
        if first is None:
            return []
        readings = [Reading(Kind.UNANSWERABLE, question, first.text)]
        rest = [it for it in best if it not in near and it != first]
        if rest and random.random() < 0.6:
            readings.append(Reading(Kind.HARD, question, rest[0].text))
        return readings

    def _elsewhere(self, document: Document, random: Random) -> tuple[tuple[str, ...], ...]:
        """What the document names; a short one is helped out by another of its kind."""
        own = self._things[document.id]
        if sum(map(len, own)) >= 12:
            return own
        return self._things[random.choice(self._documents).id]


class _Answers:
    """The words that answer a question, and the sentences that hold them."""

    def __init__(self, document: Document, ask: Ask) -> None:
        self.held = frozenset(ask.evidence + ask.also)
        words = {document.text[start:end].strip().lower() for start, end in ask.spans}
        either = "|".join(re.escape(it) for it in sorted(words) if it)
        self._pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)")

    def stands_in(self, text: str) -> bool:
        return self._pattern.search(text.lower()) is not None


def _gold(document: Document, ask: Ask) -> tuple[int, tuple[int, int]] | None:
    """A sentence that answers and the shortest annotated answer in it."""
    inside = [
        (end - start, number, (start, end))
        for number in ask.evidence
        for start, end in ask.spans
        if document.sentences[number][0] <= start and end <= document.sentences[number][1]
    ]
    if not inside:
        return None
    _, number, span = min(inside)
    return number, span


def _sentence(document: Document, number: int) -> str:
    start, end = document.sentences[number]
    return document.text[start:end]
