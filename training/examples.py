"""Makes training examples: a question with passages that answer it and passages that do not.

All random choices depend only on the seed, the round and the question's id. So a resumed run sees
the same examples as a run that was never interrupted.
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

#: For each ``(document id, question id)`` the wrong passages that a judge believed, the most
#: believed first, each as ``(document id, first sentence)``.
Believed = Mapping[tuple[str, str], Sequence[tuple[str, int]]]

#: Negatives are drawn from this many of the best-ranked passages.
DEPTH = 8

#: A passage is cut to between ``SHORTEST`` and ``LONGEST`` sentences around the relevant one; one
#: passage in ``WHOLE`` is not cut.
SHORTEST, LONGEST, WHOLE = 3, 6, 8

#: The share of answerable questions that are also read with the answering sentences removed, and
#: the share that are also asked about another name, figure or year.
REMOVED, SWAPPED = 0.12, 0.12

#: Sets whose documents have no titles of their own.
UNTITLED = frozenset(("squadshifts_reddit", "squadshifts_amazon"))

#: The weight of a sentence in the loss: one that answers, one that is also acceptable, any other.
RIGHT, ACCEPTABLE, OTHER = 2.0, 0.7, 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A question and one passage to read for it, with the right labels.

    ``labels[i]`` and ``weights[i]`` belong to ``passage.sentences[i]``. ``words`` is the range of
    the answering words in ``passage.text``, or ``None``.
    """

    question: str
    passage: PassageText
    labels: tuple[int, ...]
    weights: tuple[float, ...]
    words: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the passages that are read for it."""

    id: str
    source: str
    readings: tuple[Reading, ...]


class Maker:
    """Makes the examples for the questions of some documents."""

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

        The list is empty if the answer is in no passage, and has two items if the question is also
        asked about something else.
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
        """The wrong passages to read: two in the sets :data:`TOGETHER`, one in the others.

        The first is the one that ranks highest, or that a judge believes most, where that is known;
        the second is drawn from the next ones. An unanswerable question begins with a passage that
        tempts, if there is one.
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
    """A reading of the span, cut around the answer, the sentence that tempts, or ``around``.

    Where the span holds none of these, it is cut at random.
    """
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
    """A reading of the passage with the answering sentences removed."""
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
    """The first and last sentence of a random piece of the span.

    The piece holds a sentence of ``matter``, if the span does.
    """
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
    """The shortest annotated answer that lies within one of the cut's ``evidence`` sentences."""
    inside = [
        (end - start, (start, end))
        for number in evidence
        if cut[0] <= number <= cut[1]
        for start, end in ask.spans
        if document.sentences[number][0] <= start and end <= document.sentences[number][1]
    ]
    return min(inside)[1] if inside else None


class Answers:
    """Tells whether a text or a passage may answer a question."""

    def __init__(self, document: Document, ask: Ask) -> None:
        self._document = document
        self.held = frozenset(ask.evidence + ask.also)
        texts = {document.text[start:end].strip().lower() for start, end in ask.spans}
        either = "|".join(re.escape(text) for text in sorted(texts) if text)
        self._pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)") if either else None

    def stand_in(self, text: str) -> bool:
        """Whether the text contains the words of an annotated answer."""
        return self._pattern is not None and self._pattern.search(text.lower()) is not None

    def are_in(self, span: Span) -> bool:
        """Whether the passage may answer.

        It does if it holds evidence, or contains the answer's words and is about the same event.
        """
        if span.document.id == self._document.id:
            return any(span.holds(number) for number in self.held)
        same = span.document.cluster is not None and span.document.cluster == self._document.cluster
        return same and self.stand_in(span.text)


def _number(span: Span, place: tuple[int, int]) -> int | None:
    """The number of the sentence in which ``place`` begins, or ``None`` if outside the span."""
    for number in range(span.first, span.last + 1):
        start, end = span.document.sentences[number]
        if start <= place[0] < end:
            return number
    return None


def _sentence(document: Document, number: int) -> str:
    start, end = document.sentences[number]
    return document.text[start:end]
