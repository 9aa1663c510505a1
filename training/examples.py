"""A question with the passages it is read in: those that answer, and some that only look so.

Everything random is drawn from the seed, the round and the question's id, so that an example is the
same whatever came before it: a resumed run sees what an unbroken one would have seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from pullquote.reading.judge_input import PassageText
from training.data import Ask, Document
from training.model import ANSWERS, NEITHER, NOT_SAID
from training.noise import swapped, things, typed
from training.passages import TOGETHER, Ranked, Span

#: A document and a question of it, to wrong passages that a judge answered from, the most believed
#: first: each its document and its first sentence.
Believed = Mapping[tuple[str, str], Sequence[tuple[str, int]]]

#: Negatives are drawn from this many of the best-ranked passages.
DEPTH = 8

#: A passage is cut to so many sentences around what matters; one in :data:`WHOLE` is read whole.
SHORTEST, LONGEST, WHOLE = 3, 6, 8

#: Of the answerable questions, the share that is read once more without the sentences that answer,
#: and the share that is asked once more about another name, figure or year.
REMOVED, SWAPPED = 0.12, 0.12

#: Sets whose documents have no titles of their own.
UNTITLED = frozenset(("squadshifts_reddit", "squadshifts_amazon"))

#: What a sentence counts in the loss: a right one, one that is acceptable too, any other.
RIGHT, ACCEPTABLE, OTHER = 2.0, 0.7, 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage to read for a question.

    ``labels[i]`` and ``weights[i]`` belong to ``passage.sentences[i]``. ``words`` is where the
    answering words stand in ``passage.text``, ``None`` where nothing answers.
    """

    question: str
    passage: PassageText
    labels: tuple[int, ...]
    weights: tuple[float, ...]
    words: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One question and the passages that are read for it."""

    id: str
    source: str
    readings: tuple[Reading, ...]


class Maker:
    """Makes the examples of some documents."""

    def __init__(
        self,
        documents: Sequence[Document],
        ranked: Ranked,
        seed: int,
        believed: Believed | None = None,
    ) -> None:
        self._ranked = ranked
        self._seed = seed
        self._believed = believed or {}
        self._things = {one.id: things(one.text) for one in documents}

    def make(self, document: Document, ask: Ask, number: int) -> list[Example]:
        """The examples of a question in round ``number``.

        None when its answer is in no passage; two when it is asked about something else besides.
        """
        random = Random(f"{self._seed}/{number}/{ask.id}")
        question = typed(ask.text, random)
        drawn = self._negatives(document, ask, random)
        readings = [_read(question, span, ask, document, random) for span in drawn]
        if not ask.answerable:
            return _examples(ask.id, document, readings)
        gold = self._gold(document, ask, random)
        if gold is None:
            return []
        reading = _read(question, gold, ask, document, random)
        if random.random() < REMOVED and (rest := _without_answer(question, gold, ask, random)):
            readings.append(rest)
        made = _examples(ask.id, document, [reading, *readings])
        if random.random() < SWAPPED and (other := self._other(document, ask, gold, random)):
            made += _examples(f"{ask.id}/other", document, [other])
        return made

    def _gold(self, document: Document, ask: Ask, random: Random) -> Span | None:
        holding = [
            span
            for span in self._ranked.of[document.id]
            if ask.evidence and span.holds(ask.evidence[0])
        ]
        return random.choice(holding) if holding else None

    def _negatives(self, document: Document, ask: Ask, random: Random) -> list[Span]:
        """The highest wrong passage and one of the rest; of other sets one.

        The highest is the one that a judge believes most, where some were read by one.
        """
        answers = Answers(document, ask)
        spans = [
            span
            for span in self._ranked.rank(ask.text, document, DEPTH)
            if not answers.are_in(span)
        ]
        believed = self._believed.get((document.id, ask.id), ())
        if believed:
            places = {place: number for number, place in enumerate(believed)}
            spans.sort(key=lambda span: places.get((span.document.id, span.first), len(places)))
        tempting = [
            span
            for span in self._ranked.of[document.id]
            if any(_number(span, place) is not None for place in ask.plausible)
        ]
        wanted = 2 if document.source in TOGETHER else 1
        drawn = [random.choice(tempting)] if tempting and not ask.answerable else []
        spans = [span for span in spans if span not in drawn]
        if spans:
            drawn.append(spans[0])
        if len(spans) > 1 and len(drawn) < wanted:
            drawn.append(random.choice(spans[1:]))
        return drawn[:wanted]

    def _other(self, document: Document, ask: Ask, gold: Span, random: Random) -> Reading | None:
        answers = [_sentence(document, number) for number in ask.evidence]
        question = swapped(ask.text, things(gold.text), self._things[document.id], answers, random)
        if question is None:
            return None
        nothing = Ask(ask.id, question, answerable=False)
        return _read(typed(question, random), gold, nothing, document, random, ask.evidence)


def _examples(name: str, document: Document, readings: Sequence[Reading]) -> list[Example]:
    return [Example(name, document.source, tuple(readings))] if readings else []


def _read(
    question: str,
    span: Span,
    ask: Ask,
    document: Document,
    random: Random,
    around: Sequence[int] = (),
) -> Reading:
    """The span, cut around the answer, what tempts, or ``around``; else anywhere."""
    own = span.document.id == document.id
    matter = [number for number in (*ask.evidence, *around) if own and span.holds(number)]
    if not matter and own:
        matter = [number for place in ask.plausible if (number := _number(span, place)) is not None]
    first, last = _cut(span, matter, random)
    evidence = set(ask.evidence) if own and ask.answerable else set()
    also = set(ask.also) if own and ask.answerable else set()
    numbers = range(first, last + 1)
    right = NOT_SAID if ask.not_said else ANSWERS
    labels = [right if number in evidence | also else NEITHER for number in numbers]
    weights = [
        RIGHT if number in evidence else ACCEPTABLE if number in also else OTHER
        for number in numbers
    ]
    start = span.document.sentences[first][0]
    words = _words(ask, span.document, evidence, (first, last)) if own else None
    return Reading(
        question,
        _passage(span.document, numbers),
        tuple(labels),
        tuple(weights),
        (words[0] - start, words[1] - start) if words else None,
    )


def _without_answer(question: str, gold: Span, ask: Ask, random: Random) -> Reading | None:
    """The passage with the sentences that answer taken out."""
    answers = Answers(gold.document, ask)
    first, last = _cut(gold, list(ask.evidence), random, longer=2)
    rest = [
        _sentence(gold.document, number)
        for number in range(first, last + 1)
        if number not in answers.held and not answers.stand_in(_sentence(gold.document, number))
    ]
    if len(rest) < 2:
        return None
    passage = PassageText.of(rest, _title(gold.document), gold.document.date)
    return Reading(question, passage, (NEITHER,) * len(rest), (OTHER,) * len(rest))


def whole(span: Span) -> PassageText:
    """The passage as the product reads it."""
    return _passage(span.document, range(span.first, span.last + 1))


def _passage(document: Document, numbers: range) -> PassageText:
    start, end = document.sentences[numbers[0]][0], document.sentences[numbers[-1]][1]
    ranges = [document.sentences[number] for number in numbers]
    return PassageText(
        _title(document),
        document.date,
        document.text[start:end],
        tuple((first - start, last - start) for first, last in ranges),
    )


def _title(document: Document) -> str:
    return "" if document.source in UNTITLED else document.title


def _cut(span: Span, matter: Sequence[int], random: Random, longer: int = 0) -> tuple[int, int]:
    """The first and last sentence of a piece of the span that holds one of ``matter``, if any."""
    size = random.randint(SHORTEST, LONGEST) + longer
    if span.last - span.first + 1 <= size or random.randrange(WHOLE) == 0:
        return span.first, span.last
    inside = [number for number in matter if span.holds(number)]
    middle = inside[0] if inside else random.randint(span.first, span.last)
    first = random.randint(middle - size + 1, middle)
    first = max(span.first, min(first, span.last - size + 1))
    return first, first + size - 1


def _words(
    ask: Ask, document: Document, evidence: set[int], cut: tuple[int, int]
) -> tuple[int, int] | None:
    """The shortest annotated answer within one right sentence of the cut."""
    inside = [
        (end - start, (start, end))
        for number in evidence
        if cut[0] <= number <= cut[1]
        for start, end in ask.spans
        if document.sentences[number][0] <= start and end <= document.sentences[number][1]
    ]
    return min(inside)[1] if inside else None


class Answers:
    """The words that answer a question of a document, and the sentences that hold them."""

    def __init__(self, document: Document, ask: Ask) -> None:
        self._document = document
        self.held = frozenset(ask.evidence + ask.also)
        texts = {document.text[start:end].strip().lower() for start, end in ask.spans}
        either = "|".join(re.escape(text) for text in sorted(texts) if text)
        self._pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)") if either else None

    def stand_in(self, text: str) -> bool:
        """Whether a text holds an answer's words."""
        return self._pattern is not None and self._pattern.search(text.lower()) is not None

    def are_in(self, span: Span) -> bool:
        """Whether a passage may answer: it holds the evidence, or tells of it in the same words."""
        if span.document.id == self._document.id:
            return any(span.holds(number) for number in self.held)
        same = span.document.cluster is not None and span.document.cluster == self._document.cluster
        return same and self.stand_in(span.text)


def _number(span: Span, place: tuple[int, int]) -> int | None:
    """The sentence of the span in which a range of its document's text begins."""
    for number in range(span.first, span.last + 1):
        start, end = span.document.sentences[number]
        if start <= place[0] < end:
            return number
    return None


def _sentence(document: Document, number: int) -> str:
    start, end = document.sentences[number]
    return document.text[start:end]
