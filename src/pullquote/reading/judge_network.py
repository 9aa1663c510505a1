"""The judge's network: loaded from a folder and run by OpenVINO, without torch.

The folder holds ``model.xml``, ``model.bin``, ``tokenizer.json`` and the card ``judge.json``. The
card has the network's name, its thresholds, and the SHA-256 of the other files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from pullquote.errors import ModelError
from pullquote.inference import openvino
from pullquote.reading.judge_input import Encoder, PassageText, Window, batch

if TYPE_CHECKING:
    from pullquote.reading.judge_input import Floats

CARD = "judge.json"
MODEL = "model.xml"
WEIGHTS = "model.bin"
TOKENIZER = "tokenizer.json"

#: Scores should not depend on the processor: whatever is not in eight bits is computed in float32
#: everywhere, also where the processor has bfloat16.
_OPTIONS = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}

#: Lengths are rounded up to a multiple of this many tokens. OpenVINO compiles kernels for each new
#: length and keeps them: with all lengths, they took more memory than the network, and more time.
_STEP = 16

#: The most tokens that the answering words may have, unless they are the whole sentence.
LONGEST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Card:
    """The metadata of a network, from ``judge.json``.

    ``refuse_below``: the answerability below which a question is refused. ``cite_above``: the score
    from which a further sentence is cited. ``support_above``: the probability of support from which
    a written claim is shown. All three were fitted for this network.
    """

    name: str
    language: str | None
    files: Mapping[str, str]
    refuse_below: float
    cite_above: float
    support_above: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The network's result for one sentence and one question.

    ``answers`` and ``not_said`` are the probabilities that the sentence answers, and that it says
    that exactly this is not known or not said. ``words`` is the range of the answering words in the
    passage's text.
    """

    answers: float
    not_said: float
    words: tuple[int, int] | None

    @property
    def found(self) -> float:
        """The probability that the sentence does either."""
        return self.answers + self.not_said


class JudgeNetwork:
    """Scores the sentences of passages for a question. Thread-safe.

    ``digest`` is a SHA-256 over the files that determine its results.
    """

    def __init__(self, card: Card, digest: str, encoder: Encoder, model: Any) -> None:
        self.card = card
        self.digest = digest
        self.encoder = encoder
        self._model = model
        self._own = local()

    @classmethod
    def open(cls, folder: Path, mend: str) -> JudgeNetwork:
        """Load the network of a folder.

        Raises :class:`ModelError`, which names the damaged file and ends with ``mend``, a sentence
        that says what to do.
        """
        try:
            card = _read_card(folder / CARD)
            digest = sha256()
            for name, promised in sorted(card.files.items()):
                with (folder / name).open("rb") as file:
                    found = file_digest(file, "sha256").hexdigest()
                if found != promised:
                    raise ValueError(f"{name} is not the file that {CARD} promises")
                digest.update(found.encode())
            encoder = Encoder(Tokenizer.from_file(str(folder / TOKENIZER)))
            model = openvino.Core().compile_model(folder / MODEL, "CPU", _OPTIONS)
            network = cls(card, digest.hexdigest(), encoder, model)
            network.read("Which files are whole?", [PassageText("", None, "All.", ((0, 4),))])
        # The libraries raise a plain Exception for a file that they cannot read.
        except Exception as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ModelError(
                f"The reader in {str(folder)!r} is damaged ({reason}). {mend}"
            ) from error
        return network

    def read(self, question: str, passages: Sequence[PassageText]) -> list[dict[int, Verdict]]:
        """For each passage, the verdicts on its sentences, by their numbers in the passage.

        A sentence that is read in pieces gets the verdict of its best piece.
        """
        return [self._read(question, passage) for passage in passages]

    def supports(self, claim: str, cited: PassageText) -> float:
        """The probability that cited sentences support a claim: the maximum over the windows."""
        windows = self.encoder.windows(claim, cited)
        return max((float(_softmax(self._run(window)[2])[0, 1]) for window in windows), default=0.0)

    def _read(self, question: str, passage: PassageText) -> dict[int, Verdict]:
        best: dict[int, Verdict] = {}
        for window in self.encoder.windows(question, passage):
            for number, verdict in self._verdicts(window).items():
                if number not in best or verdict.found > best[number].found:
                    best[number] = verdict
        return best

    def _verdicts(self, window: Window) -> dict[int, Verdict]:
        sentences, spans, _ = self._run(window)
        owners = np.asarray(window.owners)
        chances = _softmax(sentences)[0]
        return {
            number: Verdict(
                float(chances[slot, 0]),
                float(chances[slot, 1]),
                _words(spans[0], np.flatnonzero(owners == number), window),
            )
            for slot, number in enumerate(window.sentences)
        }

    def _run(self, window: Window) -> tuple[Floats, Floats, Floats]:
        """The three outputs for one window: sentence scores, answer spans and claim support.

        There is no batching: padding costs more time than batching saves.
        """
        arrays = batch([window], _STEP)
        request = getattr(self._own, "request", None)
        if request is None:
            request = self._own.request = self._model.create_infer_request()
        outputs = request.infer([arrays.ids, arrays.mask, arrays.pool])
        first, second, third = (np.array(outputs[place]) for place in range(3))
        return first, second, third


def _words(spans: Floats, places: Any, window: Window) -> tuple[int, int] | None:
    """The likeliest answer span among the tokens ``places`` of a sentence, as a text range."""
    if not len(places):
        return None
    sums = spans[places, 0][:, None] + spans[places, 1][None, :]
    ones = np.ones_like(sums, dtype=bool)
    fits = np.triu(ones) & ~np.triu(ones, LONGEST_WORDS)
    fits[0, -1] = True
    start, end = np.unravel_index(np.argmax(np.where(fits, sums, -np.inf)), sums.shape)
    return window.offsets[places[start]][0], window.offsets[places[end]][1]


def _softmax(logits: Floats) -> Floats:
    grown = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))


def _read_card(file: Path) -> Card:
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))
        if not {MODEL, WEIGHTS, TOKENIZER} <= data["files"].keys():
            raise ValueError("it does not name the files")
        thresholds = [data[name] for name in ("refuse_below", "cite_above", "support_above")]
        if not all(type(value) in (int, float) and 0 <= value <= 1 for value in thresholds):
            raise ValueError("a threshold is not a number from 0 to 1")
        return Card(str(data["name"]), data.get("language"), data["files"], *map(float, thresholds))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{CARD} cannot be used: {error}") from error
