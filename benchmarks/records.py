"""Stores results of :mod:`benchmarks.quality` in ``quality.jsonl``, and makes tables of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pullquote.errors import EvaluationError
from pullquote.evaluate.rates import Rate

KEPT = Path(__file__).with_name("quality.jsonl")

SETTING, ORACLE = "setting", "oracle"

_COLUMNS = (
    "set",
    "system",
    "refuse below",
    "questions",
    "end to end",
    "minus ours",
    "cross-fitted",
    "hit@1 unrefused",
    "hit@1",
    "citation F1",
    "refusals right, found",
    "coverage",
    "AUROC",
    "stated unknown right, wrong",
    "status",
    "p50",
)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one system on one question set, with everything that they depend on.

    - ``commit`` ends in ``+`` if ``src/`` differed from the commit.
    - ``threshold_is`` is ``setting``, or ``oracle`` for a threshold chosen on the same questions.
    - ``cross_fitted`` is ``end_to_end`` with thresholds chosen on the other half of the questions.
    - ``minus_ours`` is ``end_to_end`` minus that of ours with its best threshold, question by
      question.
    - ``unrefused`` is what ``citations.hit@1`` would be if no question were refused.
    - ``stated`` counts the questions whose answer the article states to be unknown,
      ``stated_right`` those of them that were found with the right sentence, and ``stated_wrong``
      the other questions that got this status.
    - ``rates`` have the names that they have in ``summary.json``.
    """

    commit: str
    date: str
    set: str
    set_digest: str
    system: str
    reader: str
    embedder: str
    passages: int
    citations: int
    threshold: float
    threshold_is: str
    questions: int
    cross_fitted: float | None
    minus_ours: Rate | None
    unrefused: float | None
    coverage: float
    stated: int
    stated_right: int
    stated_wrong: int
    p50_ms: float
    rates: dict[str, Rate]

    def to_line(self) -> str:
        """The row as a line of JSON; rates without the number of questions behind them."""
        fields = asdict(self) | {
            "cross_fitted": _rounded(self.cross_fitted),
            "minus_ours": self.minus_ours and _listed(self.minus_ours),
            "unrefused": _rounded(self.unrefused),
            "coverage": _rounded(self.coverage),
            "p50_ms": round(self.p50_ms, 3),
            "rates": {name: _listed(rate) for name, rate in self.rates.items()},
        }
        return json.dumps(fields) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Row:
        """The row of a line that :meth:`to_line` made, with 0 as the number behind each rate."""
        fields = json.loads(line)
        rates = {name: _rate(listed) for name, listed in fields.pop("rates").items()}
        listed = fields.pop("minus_ours")
        return cls(**fields, minus_ours=listed and _rate(listed), rates=rates)


def commit() -> str:
    """The short hash of the current commit, with ``+`` if ``src/`` has changed since.

    Raises :class:`EvaluationError` if there is no commit.
    """
    name = _git("rev-parse", "--short", "HEAD")
    return f"{name}+" if _git("status", "--porcelain", "--", "src") else name


def keep(rows: Iterable[Row], file: Path = KEPT) -> None:
    """Append the rows to the file. Raises :class:`EvaluationError` if it cannot be written."""
    try:
        with file.open("a", encoding="utf-8", newline="\n") as opened:
            opened.writelines(row.to_line() for row in rows)
    except OSError as error:
        raise EvaluationError(f"{str(file)!r} cannot be written ({error.strerror}).") from error


def newest(file: Path = KEPT) -> list[Row]:
    """The last row of each set, system and kind of threshold, in the order of the first ones.

    Raises :class:`EvaluationError` if the file cannot be read.
    """
    try:
        rows = [Row.from_line(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise EvaluationError(f"{str(file)!r} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{str(file)!r} holds a line that is no result: {error}.") from error
    return list({(row.set, row.system, row.threshold_is): row for row in rows}.values())


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table, followed by the commits they were measured at."""
    lines = [_COLUMNS, ("---",) * len(_COLUMNS), *(_cells(row) for row in rows)]
    commits = ", ".join(
        f"{name} ({', '.join(dict.fromkeys(row.set for row in rows if row.commit == name))})"
        for name in dict.fromkeys(row.commit for row in rows)
    )
    return "\n".join([*(f"| {' | '.join(cells)} |" for cells in lines), "", f"Commits: {commits}."])


def _cells(row: Row) -> tuple[str, ...]:
    rates = row.rates
    return (
        row.set,
        f"{row.system} ({row.reader})",
        f"{row.threshold:.3g}, {row.threshold_is}",
        str(row.questions),
        _with_interval(rates["end_to_end"]),
        _with_interval(row.minus_ours) if row.minus_ours else "–",
        _number(row.cross_fitted),
        _number(row.unrefused),
        _number(rates["citations.hit@1"].value),
        _number(rates["citations.f1"].value),
        f"{_number(rates['abstention.precision'].value)}, "
        f"{_number(rates['abstention.recall'].value)}",
        _number(row.coverage),
        _number(rates["abstention.auroc"].value),
        f"{row.stated_right} of {row.stated}, {row.stated_wrong}",
        _number(rates["status_accuracy"].value),
        f"{row.p50_ms:.0f} ms",
    )


def _with_interval(rate: Rate) -> str:
    low, high = rate.interval or (None, None)
    return f"{_number(rate.value)} ({_number(low)} to {_number(high)})"


def _number(value: float | None) -> str:
    """The value with three decimals and no leading zero; a dash for ``None``."""
    return "–" if value is None else f"{value:.3f}".replace("0.", ".", 1).replace("-", "−")


def _listed(rate: Rate) -> list[float | None]:
    """The value, and the ends of its interval if it has one."""
    return [_rounded(rate.value), *(_rounded(item) for item in rate.interval or ())]


def _rate(listed: Sequence[Any]) -> Rate:
    value, *interval = listed
    return Rate(value, (interval[0], interval[1]) if interval else None, 0)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(Path(__file__).parent.parent), *arguments]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EvaluationError(
            "There is no git commit to keep the results by: use --no-record."
        ) from error
    return done.stdout.strip()
