"""What a reader noticed -> the chance that a sentence answers, and that anything does.

Two logistic regressions over a few features, for the network's scores alone are no probabilities.
The idea is that of Kamath, Jia and Liang, "Selective Question Answering under Domain Shift", ACL
2020. ``training/calibrate.py`` fits the weights on articles that the network was not trained on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of one sentence for one question.

    ``margin``: its best answer's logits over those of "no answer"; ``shared``: the logarithm of
    its share among the best answers of all sentences that were read. ``cosine``, ``overlap`` and
    ``cue`` are as in :class:`pullquote.similarity.Features`.
    """

    margin: float
    shared: float
    cosine: float
    overlap: float
    cue: float


@dataclass(frozen=True, slots=True)
class Logistic:
    """A weight for each named feature, and what is added to their sum."""

    weights: Mapping[str, float]
    offset: float

    def log_odds(self, features: Features) -> float:
        """The weighted sum. A feature without a weight does not count."""
        values: dict[str, float] = asdict(features)
        return self.offset + sum(weight * values[name] for name, weight in self.weights.items())


@dataclass(frozen=True, slots=True)
class Calibration:
    """How features become probabilities.

    ``sentence``: that a sentence answers; it decides their order. ``answer``: that the first one
    does, which is the answerability of the question.
    """

    sentence: Logistic
    answer: Logistic

    @classmethod
    def from_json(cls, data: object) -> Calibration:
        """Raises :class:`ValueError` for a feature that is not known or a value that is none."""
        if not isinstance(data, Mapping):
            raise ValueError("the calibration is no object")
        return cls(
            _logistic(data.get("sentence")),
            _logistic(data.get("answer")),
        )


#: For a network that nobody has fitted weights to: its own margin, made gentler so that sure
#: answers still differ. It moves no decision, for a threshold is fitted on what comes out.
PLAIN = Calibration(Logistic({"margin": 0.25}, 0.0), Logistic({"margin": 0.25}, 0.0))


#: No weight is larger; infinity and what is no number are not smaller either.
MOST = 1e6


def probability(log_odds: float) -> float:
    """0 to 1."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))


def _logistic(values: object) -> Logistic:
    known = {it.name for it in fields(Features)} | {"offset"}
    if not isinstance(values, dict) or not values.keys() <= known or "offset" not in values:
        raise ValueError(f"weights must be given for some of {sorted(known)}, with 'offset'")
    if not all(type(it) in (int, float) and abs(it) < MOST for it in values.values()):
        raise ValueError("a weight is not a number")
    weights = {name: float(it) for name, it in values.items() if name != "offset"}
    return Logistic(weights, float(values["offset"]))
