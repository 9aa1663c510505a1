"""The batches of a training run: passages with their questions, and claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from pullquote.reading.judge_input import Encoder, Window
from training.claims import Claim
from training.data import Ask, Document
from training.examples import Example, Maker, Reading
from training.passages import TOGETHER

#: The share of a set's questions that is used in each round; all questions of sets not listed.
SHARES = {
    "made_news": 0.6,
    "real_news": 0.7,
    "real_texts": 0.6,
    "squad2_dev": 0.8,
    "squad11_dev": 0.05,
    "squadshifts_new_wiki": 0.05,
    "squadshifts_reddit": 0.02,
    "squadshifts_amazon": 0.02,
    "selqa_dev": 0.6,
    "qamr": 0.05,
    "qed": 0.5,
}

#: Examples are sorted by length within chunks of about this many batches.
_CHUNK = 40

#: Claims in a batch; they are short.
_CLAIMS = 24


@dataclass(frozen=True, slots=True)
class Questions:
    """A batch of readings.

    ``groups[i]`` is the number of the question of ``readings[i]``, and ``names[i]`` its set.
    """

    readings: tuple[Reading, ...]
    windows: tuple[Window, ...]
    groups: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claims:
    """A batch of claims."""

    claims: tuple[Claim, ...]
    windows: tuple[Window, ...]


class Batches:
    """Makes the batches, of up to ``passages`` passages, in an order that depends on ``seed``."""

    def __init__(self, encoder: Encoder, passages: int, rounds: int, seed: int) -> None:
        self._encoder = encoder
        self._passages = passages
        self._rounds = rounds
        self._seed = seed

    def steps(self, asked: Sequence[tuple[Document, Ask]], claims: Sequence[Claim]) -> int:
        """The approximate number of batches in all rounds."""
        questions = _passages_of(asked) / self._passages * 1.08
        return max(1, round(self._rounds * (questions + len(claims) / _CLAIMS)))

    def of(
        self, maker: Maker, asked: Sequence[tuple[Document, Ask]], claims: Sequence[Claim]
    ) -> Iterator[Questions | Claims]:
        """The batches of all rounds, in an order that depends on the seed alone."""
        for number in range(self._rounds):
            random = Random(f"{self._seed}/{number}")
            order = random.sample(list(asked), len(asked))
            some = _share(order, random)
            said = random.sample(list(claims), len(claims))
            chunk = self._passages * _CHUNK // 3
            pieces = -(-len(some) // chunk)
            for piece in range(pieces):
                examples = [
                    example
                    for document, ask in some[piece * chunk : (piece + 1) * chunk]
                    for example in maker.make(document, ask, number)
                ]
                made = self._questions(examples)
                own = said[len(said) * piece // pieces : len(said) * (piece + 1) // pieces]
                mixed: list[Questions | Claims] = [*made, *self._claims(own)]
                random.shuffle(mixed)
                yield from mixed

    def _questions(self, examples: Sequence[Example]) -> list[Questions]:
        """Batches of examples of similar length, with up to ``passages`` passages each."""
        ready = []
        for example in examples:
            windows = [
                self._encoder.windows(reading.question, reading.passage)[:1]
                for reading in example.readings
            ]
            if all(windows):
                ready.append((example, [own[0] for own in windows]))
        ready.sort(key=lambda pair: max(len(window.ids) for window in pair[1]))
        made: list[Questions] = []
        group: list[tuple[Example, list[Window]]] = []
        for pair in ready:
            size = sum(len(windows) for _, windows in group)
            if group and size + len(pair[1]) > self._passages:
                made.append(_together(group))
                group = []
            group.append(pair)
        if group:
            made.append(_together(group))
        return made

    def _claims(self, claims: Sequence[Claim]) -> list[Claims]:
        read = [(one, self._encoder.windows(one.text, one.cited)[:1]) for one in claims]
        ready = [(one, own[0]) for one, own in read if own]
        ready.sort(key=lambda pair: len(pair[1].ids))
        return [
            Claims(
                tuple(one for one, _ in ready[i : i + _CLAIMS]),
                tuple(window for _, window in ready[i : i + _CLAIMS]),
            )
            for i in range(0, len(ready), _CLAIMS)
        ]


def _together(group: Sequence[tuple[Example, list[Window]]]) -> Questions:
    pairs = [
        (reading, window, number, example.source)
        for number, (example, windows) in enumerate(group)
        for reading, window in zip(example.readings, windows, strict=True)
    ]
    readings, windows, groups, names = zip(*pairs, strict=True)
    return Questions(readings, windows, groups, names)


def _share(order: Sequence[tuple[Document, Ask]], random: Random) -> list[tuple[Document, Ask]]:
    """A random sample of the questions for one round, by :data:`SHARES`."""
    return [pair for pair in order if random.random() < SHARES.get(pair[0].source, 1.0)]


def _passages_of(asked: Sequence[tuple[Document, Ask]]) -> float:
    """The approximate number of passages in one round."""
    return sum(
        SHARES.get(document.source, 1.0) * (3 if document.source in TOGETHER else 2)
        for document, _ in asked
    )
