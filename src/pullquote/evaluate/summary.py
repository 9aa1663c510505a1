"""Summarises judgements in ``summary.json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pullquote.evaluate.judge import Failure, Judgement
from pullquote.evaluate.prose import Prose, prose
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.rates import RESAMPLES, SEED, Rate, rates
from pullquote.evaluate.run import Result
from pullquote.types import Status


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one evaluation. ``latency_ms`` holds percentiles by name, such as ``p50``.

    ``without_evidence`` lists questions that have an answer according to the set, but no evidence:
    they do not count for ``end_to_end``.
    """

    questions: str
    digest: str
    counts: Mapping[str, int]
    failures: Mapping[Failure, int]
    rates: Mapping[str, Rate]
    latency_ms: Mapping[str, float]
    settings: Mapping[str, Any]
    without_evidence: Sequence[str] = ()
    prose: Prose | None = None

    @property
    def is_fitted_here(self) -> bool:
        """Whether the refusal threshold was fitted on this very question set."""
        return bool(self.settings.get("refuse_below_fitted_on") == self.digest)


def summarise(
    questions: QuestionSet, results: Sequence[Result], settings: Mapping[str, Any]
) -> Summary:
    """The summary of a run. Needs at least one result."""
    judgements = [result.judgement for result in results]
    failures = Counter(judgement.failure for judgement in judgements if judgement.failure)
    times = np.percentile([result.answer.timings.total for result in results], [50, 95])
    return Summary(
        questions=questions.name,
        digest=questions.digest,
        counts=_counts(judgements),
        failures={kind: failures[kind] for kind in Failure},
        rates=rates(judgements),
        latency_ms={"p50": float(times[0]), "p95": float(times[1])},
        settings={**settings, "bootstrap": {"resamples": RESAMPLES, "seed": SEED}},
        without_evidence=[
            result.question.id for result in results if result.judgement.lacks_evidence
        ],
        prose=prose(results),
    )


def summary_json(summary: Summary) -> dict[str, Any]:
    """The object in ``summary.json``. A figure that no question counts for is ``null``."""
    result: dict[str, Any] = {**summary.counts}
    for name, rate in summary.rates.items():
        group, _, own = name.rpartition(".")
        within = result.setdefault(group, {}) if group else result
        within[own] = _rounded(rate.value)
        within[f"{own}_ci"] = [_rounded(item) for item in rate.interval] if rate.interval else None
        within[f"{own}_over"] = rate.over
    result["without_evidence"] = [*summary.without_evidence]
    result["failures"] = dict(summary.failures)
    if summary.prose:
        result["prose"] = asdict(summary.prose)
    result["latency_ms"] = {name: round(item, 1) for name, item in summary.latency_ms.items()}
    result["questions"] = summary.questions
    result["settings"] = dict(summary.settings)
    result["digest"] = summary.digest
    return result


def _counts(judgements: Sequence[Judgement]) -> dict[str, int]:
    by_status = Counter(judgement.expected for judgement in judgements)
    return {
        "n": len(judgements),
        "n_answerable": by_status[Status.ANSWERED],
        "n_unanswerable": by_status[Status.NOT_FOUND],
        "n_stated_unknown": by_status[Status.STATED_UNKNOWN],
        "n_unlabelled": by_status[None],
        "n_without_evidence": sum(judgement.lacks_evidence for judgement in judgements),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
