"""Compares an evaluation with floors and with an earlier evaluation of the same question set."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pullquote.errors import EvaluationError
from pullquote.evaluate.files import RESULTS, judgement_of
from pullquote.evaluate.judge import Judgement
from pullquote.evaluate.rates import Rate, differences
from pullquote.evaluate.run import Result

#: Exit codes.
PASSED, FAILED = 0, 1

#: Smaller differences may come from rounding in the file.
_ROUNDING = 1e-4
#: Smaller differences may come from adding up floating-point numbers.
_SUMMING = 1e-9


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one check, and a sentence about it."""

    passed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """An evaluation compared with an earlier one.

    ``broken`` and ``mended`` are ids of questions that fail now, or failed before. Both are
    ``None`` if the earlier results are not available per question.
    """

    verdicts: tuple[Verdict, ...] = ()
    broken: tuple[str, ...] | None = None
    mended: tuple[str, ...] | None = None

    @property
    def passed(self) -> bool:
        """Whether all checks passed."""
        return all(verdict.passed for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Floor:
    """The minimum for a figure."""

    figure: str
    least: float

    @classmethod
    def parse(cls, text: str, known: Sequence[str]) -> Floor:
        """Parse a floor such as ``citations.f1=0.6``. Raises :class:`EvaluationError`."""
        name, equals, number = text.partition("=")
        name = name.strip()
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            guess = f" Did you mean {near[0]!r}?" if near else ""
            raise EvaluationError(
                f"--min {text}: there is no figure {name!r} here.{guess} "
                f"Figures: {', '.join(known)}."
            )
        try:
            least = float(number)
        except ValueError:
            least = -1.0
        if not equals or not 0 <= least <= 1:
            raise EvaluationError(
                f"--min {text}: give a number from 0 to 1, like --min {name}=0.6."
            )
        return cls(name, least)

    def check(self, rate: Rate) -> Verdict:
        """Whether the figure reaches the floor. A figure without a value fails."""
        if rate.value is None:
            return Verdict(
                False, f"{self.figure} has no value (no question counts), floor {self.least:g}"
            )
        passed = rate.value >= self.least - _SUMMING
        sign = "is not below" if passed else "is below"
        return Verdict(passed, f"{self.figure} {rate.value:.3f} {sign} the floor {self.least:g}")


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier evaluation.

    ``figures`` holds each figure's value and the lower end of its interval. ``judgements`` are by
    question id, or ``None`` if there is no ``results.jsonl``.
    """

    file: Path
    figures: Mapping[str, tuple[float, float]]
    judgements: Mapping[str, Judgement] | None

    @classmethod
    def read(cls, file: Path, digest: str) -> Baseline:
        """Read the baseline from a ``summary.json`` and from the ``results.jsonl`` next to it.

        Raises :class:`EvaluationError`, also if the baseline was made with a question set whose
        digest is not ``digest``.
        """
        summary = _read_json(file)
        if not isinstance(summary, dict) or not isinstance(summary.get("digest"), str):
            raise EvaluationError(f"{str(file)!r} is not a summary.json of an evaluation.")
        if summary["digest"] != digest:
            raise EvaluationError(
                f"The baseline {str(file)!r} was made with another question set (its digest is "
                f"{summary['digest'][:12]}…, this one's {digest[:12]}…): make a new baseline."
            )
        try:
            figures = dict(_figures(summary))
        except (IndexError, TypeError, ValueError) as error:
            raise EvaluationError(
                f"The baseline {str(file)!r} has a damaged interval: make a new baseline."
            ) from error
        results = file.with_name(RESULTS)
        judgements = _read_judgements(results) if results.is_file() else None
        return cls(file, figures, judgements)


def compare(baseline: Baseline, results: Sequence[Result], rates: Mapping[str, Rate]) -> Comparison:
    """Find the figures that became worse than the baseline, beyond chance.

    A figure has dropped if it is below the baseline's own interval. If the baseline's results are
    available per question, it has also dropped if the whole interval of the paired difference is
    below zero. The paired test detects much smaller drops, because most questions are answered as
    before and add no noise.
    """
    paired: Mapping[str, Rate] = {}
    broken = mended = None
    new = {result.question.id: result.judgement for result in results}
    old = baseline.judgements
    if old is not None and old.keys() == new.keys():
        paired = differences(list(new.values()), [old[id_] for id_ in new])
        broken = tuple(i for i, item in new.items() if item.failure and not old[i].failure)
        mended = tuple(i for i, item in new.items() if old[i].failure and not item.failure)
    verdicts: list[Verdict] = []
    for name, (value, low) in baseline.figures.items():
        if name in rates:
            verdicts += _dropped(name, value, low, rates[name], paired.get(name))
    if not verdicts:
        verdicts.append(Verdict(True, f"no figure is worse than in {str(baseline.file)!r}"))
    return Comparison(tuple(verdicts), broken, mended)


def _dropped(
    name: str, old: float, low: float, new: Rate, difference: Rate | None
) -> Iterator[Verdict]:
    if new.value is None or new.value > old - _ROUNDING:
        return
    if difference and difference.interval and difference.interval[1] < 0:
        least, most = difference.interval
        yield Verdict(
            False,
            f"{name} fell from {old:.3f} to {new.value:.3f} "
            f"(by {-most:.3f} to {-least:.3f}, question by question)",
        )
    elif new.value < low:
        yield Verdict(
            False,
            f"{name} fell from {old:.3f} to {new.value:.3f}, below its interval ({low:.3f})",
        )


def _figures(summary: Mapping[str, Any]) -> Iterator[tuple[str, tuple[float, float]]]:
    """Each figure's value and the lower end of its interval."""
    for name, within in (("", summary), *summary.items()):
        if not isinstance(within, Mapping):
            continue
        for own, interval in within.items():
            figure = own.removesuffix("_ci")
            value = within.get(figure)
            if figure != own and isinstance(interval, list) and isinstance(value, int | float):
                yield f"{name}.{figure}" if name else figure, (value, float(interval[0]))


def _read_json(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(
            f"The baseline {str(file)!r} cannot be read ({error.strerror})."
        ) from error
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"The baseline {str(file)!r} is not JSON ({error}).") from error


def _read_judgements(file: Path) -> dict[str, Judgement]:
    try:
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]
        return {line["id"]: judgement_of(line) for line in lines}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise EvaluationError(
            f"The baseline's results in {str(file)!r} cannot be read ({error}): make the baseline "
            "anew, or move its summary.json where no results.jsonl is."
        ) from error
