"""Judgements -> ``summary.json``, as the contract has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pullquote.evaluate.judge import Failure, Judgement
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.rates import RESAMPLES, SEED, Rate, rates
from pullquote.evaluate.run import Result
from pullquote.types import Status


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one evaluation. ``latency_ms`` holds percentiles by their number."""

    questions: str
    digest: str
    counts: Mapping[str, int]
    failures: Mapping[Failure, int]
    rates: Mapping[str, Rate]
    latency_ms: Mapping[str, float]
    settings: Mapping[str, Any]


def summarise(
    questions: QuestionSet, results: Sequence[Result], settings: Mapping[str, Any]
) -> Summary:
    """The summary of a run. There is at least one result."""
    judgements = [it.judgement for it in results]
    failures = Counter(it.failure for it in judgements if it.failure)
    times = np.percentile([it.answer.timings.total for it in results], [50, 95])
    return Summary(
        questions=questions.name,
        digest=questions.digest,
        counts=_counts(judgements),
        failures={kind: failures[kind] for kind in Failure},
        rates=rates(judgements),
        latency_ms={"p50": float(times[0]), "p95": float(times[1])},
        settings={**settings, "bootstrap": {"resamples": RESAMPLES, "seed": SEED}},
    )


def summary_json(summary: Summary) -> dict[str, Any]:
    """The contract's object. A figure that no question has a part in is ``null``."""
    result: dict[str, Any] = {**summary.counts}
    for name, rate in summary.rates.items():
        group, _, own = name.rpartition(".")
        within = result.setdefault(group, {}) if group else result
        within[own] = _rounded(rate.value)
        within[f"{own}_ci"] = [_rounded(it) for it in rate.interval] if rate.interval else None
        within[f"{own}_over"] = rate.over
    result["failures"] = dict(summary.failures)
    result["latency_ms"] = {name: round(it, 1) for name, it in summary.latency_ms.items()}
    result["questions"] = summary.questions
    result["settings"] = dict(summary.settings)
    result["digest"] = summary.digest
    return result


def _counts(judgements: Sequence[Judgement]) -> dict[str, int]:
    by_status = Counter(it.expected for it in judgements)
    return {
        "n": len(judgements),
        "n_answerable": by_status[Status.ANSWERED],
        "n_unanswerable": by_status[Status.NOT_FOUND],
        "n_stated_unknown": by_status[Status.STATED_UNKNOWN],
        "n_unlabelled": by_status[None],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
