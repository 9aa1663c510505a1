"""Fits a judge's thresholds on one half of some sets, and measures it on everything else.

``python -m training.fit ROWS.jsonl… --fit NAME=SIZE…``: the articles of a set NAME are numbered in
groups of SIZE about the same event. The thresholds are fitted on every other group, in the order of
the SHA-256 of the groups' names; the other groups are held out. ``--card judge.json`` writes the
thresholds into that file.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from pullquote.types import Status
from training.rows import Row, Seen, read_rows


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds for answers, as in ``judge.json``."""

    refuse_below: float
    cite_above: float


class Named(Protocol):
    """A question or claim: its ``set``, and an ``id`` that contains its article's number."""

    @property
    def id(self) -> str: ...

    @property
    def set(self) -> str: ...


T = TypeVar("T", bound=Named)


def event_of(one: Named, size: int) -> str:
    """The name of the event that a question is about, by its article's number."""
    match = re.match(r"(.*?)-(\d+)-", one.id[one.id.index("-") + 1 :])
    if match is None:
        return one.id
    return f"{one.set}/{match[1]}/{(int(match[2]) - 1) // size}"


def halves(rows: Sequence[T], size: int) -> tuple[list[T], list[T]]:
    """``(fitted on, held out)``: every other event, in the order of their names' SHA-256."""
    names = sorted(
        {event_of(row, size) for row in rows}, key=lambda name: sha256(name.encode()).hexdigest()
    )
    fitted = set(names[::2])
    return (
        [row for row in rows if event_of(row, size) in fitted],
        [row for row in rows if event_of(row, size) not in fitted],
    )


def handled(row: Row, passages: int, refuse_below: float) -> bool:
    """Whether the question is rightly refused, or its first citation may be cited."""
    best = row.best(passages)
    refused = best is None or best.found < refuse_below
    if row.expected == Status.NOT_FOUND:
        return refused
    return not refused and best is not None and best.fine


def fit_refusal(rows: Sequence[Row], passages: int) -> float:
    """The threshold below which questions are refused that handles most questions right.

    Every set counts the same. Of equally good thresholds it is the middle one.
    """
    grid = np.linspace(0.02, 0.98, 97)
    sizes = Counter(row.set for row in rows)
    counts = [sum(handled(row, passages, value) / sizes[row.set] for row in rows) for value in grid]
    # Smoothed over five steps: which single step is the highest is chance.
    smooth = np.convolve(np.pad(counts, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    best = np.flatnonzero(smooth >= smooth.max() - 1e-9)
    return round(float(grid[best[len(best) // 2]]), 2)


def cited(row: Row, passages: int, limit: int, given: Thresholds) -> list[Seen]:
    """The sentences that an answer would cite, the likeliest first; none if it is refused."""
    known: dict[tuple[str, int], Seen] = {}
    for one in sorted(row.seen, key=lambda one: -one.found):
        if one.passage < passages:
            known.setdefault((one.article, one.index), one)
    ranked = list(known.values())
    if not ranked or ranked[0].found < given.refuse_below:
        return []
    return [ranked[0], *(one for one in ranked[1:limit] if one.found >= given.cite_above)]


def _recall(own: Sequence[Seen], row: Row) -> float:
    wanted = {(one.article, one.index) for one in row.seen if one.right}
    met = {(one.article, one.index) for one in own if one.right}
    return len(met) / len(wanted) if wanted else 0.0


def figures(rows: Sequence[Row], passages: int, limit: int, given: Thresholds) -> dict[str, float]:
    """The figures over some rows, by name; all but ``n`` and ``cited`` are shares from 0 to 1."""
    refuse = given.refuse_below
    best = [row.best(passages) for row in rows]
    there = [row.expected != Status.NOT_FOUND for row in rows]
    scores = [one.found if one else 0.0 for one in best]
    refused = [score < refuse for score in scores]
    said = [
        bool(one and one.not_said > one.answers and not no)
        for one, no in zip(best, refused, strict=True)
    ]
    unknown = [row.expected == Status.STATED_UNKNOWN for row in rows]
    grid = np.linspace(0.0, 1.0, 101)
    made = [cited(row, passages, limit, given) for row in rows]
    answered = [row for row in rows if row.expected == Status.ANSWERED]
    status = [
        (row.expected == Status.NOT_FOUND) == no
        and (no or (row.expected == Status.STATED_UNKNOWN) == yes)
        for row, no, yes in zip(rows, refused, said, strict=True)
    ]
    return {
        "n": len(rows),
        "handled": _mean([handled(row, passages, refuse) for row in rows]),
        "best": max(_mean([handled(row, passages, value) for row in rows]) for value in grid),
        "first": _mean(
            [bool(one and one.fine) for one, yes in zip(best, there, strict=True) if yes]
        ),
        "found": _mean(
            [
                row.retrieved is not None and row.retrieved < passages
                for row, yes in zip(rows, there, strict=True)
                if yes
            ]
        ),
        "refused right": _mean([not yes for yes, no in zip(there, refused, strict=True) if no]),
        "refused found": _mean([no for yes, no in zip(there, refused, strict=True) if not yes]),
        "auroc": auroc(
            [score for score, yes in zip(scores, there, strict=True) if yes],
            [score for score, yes in zip(scores, there, strict=True) if not yes],
        ),
        "status": _mean(status),
        "unknown right": _mean(
            [
                yes and bool(one and one.fine)
                for one, yes, is_so in zip(best, said, unknown, strict=True)
                if is_so
            ]
        ),
        "unknown wrong": _mean(
            [yes for yes, is_so in zip(said, unknown, strict=True) if not is_so]
        ),
        "words f1": _mean(
            [one.f1 if (one := row.best(passages)) and one.fine else 0.0 for row in answered]
        ),
        "precision": _mean(
            [
                sum(one.fine for one in own) / len(own)
                for own, yes in zip(made, there, strict=True)
                if yes and own
            ]
        ),
        "recall": _mean(
            [_recall(own, row) for own, row, yes in zip(made, rows, there, strict=True) if yes]
        ),
        "cited": _mean([len(own) for own in made if own]),
    }


def auroc(high: Sequence[float], low: Sequence[float]) -> float:
    """The probability that a random item of ``high`` is above one of ``low``; ties count half."""
    if not high or not low:
        return float("nan")
    above = np.asarray(high)[:, None]
    below = np.asarray(low)[None, :]
    return float(np.mean((above > below) + 0.5 * (above == below)))


def _mean(values: Sequence[float | bool]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def table(parts: Mapping[str, Sequence[Row]], passages: int, limit: int, given: Thresholds) -> str:
    """A text table with a line of figures for each part."""
    lines: list[str] = []
    for name, rows in parts.items():
        values = figures(rows, passages, limit, given)
        if not lines:
            lines.append(f"{'':16}" + "".join(f"{key:>15}" for key in values))
        lines.append(f"{name:16}" + "".join(f"{value:15.3f}" for value in values.values()))
    return "\n".join(lines)


def main() -> int:
    """Fit and print the thresholds, and write them into the card, if one is named."""
    parser = argparse.ArgumentParser(prog="python -m training.fit", description=__doc__)
    parser.add_argument("rows", type=Path, nargs="+")
    parser.add_argument("--fit", nargs="+", default=[], metavar="NAME=SIZE")
    parser.add_argument("--passages", type=int, default=6)
    parser.add_argument("--citations", type=int, default=3)
    # From 0.8 to 1 the F1 of the citations changes by at most 0.006: a lower value trades precision
    # for recall, which answers that are lists need.
    parser.add_argument("--cite-above", type=float, default=0.9)
    parser.add_argument("--card", type=Path)
    given = parser.parse_args()
    parts: dict[str, list[Row]] = {}
    for row in read_rows(given.rows):
        parts.setdefault(row.set, []).append(row)
    fitted: list[Row] = []
    for name, size in (item.split("=") for item in given.fit):
        own, rest = halves(parts.pop(name), int(size))
        fitted += own
        parts[f"{name}, other half"] = rest
    refuse_below = fit_refusal(fitted, given.passages) if fitted else 0.5
    thresholds = Thresholds(refuse_below, given.cite_above)
    print(f"refuse_below {refuse_below}, on {len(fitted)} questions")
    print("citation precision, recall, for other values of cite_above:")
    for value in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        own = Thresholds(refuse_below, value)
        values = figures(fitted, given.passages, given.citations, own) if fitted else {}
        print(f"{value}: {values.get('precision', 0):.3f} {values.get('recall', 0):.3f}")
    print(table({"fitted on": fitted, **parts}, given.passages, given.citations, thresholds))
    print("handled right, by the number of passages read:")
    for passages in range(3, 9):
        shares = (
            f"{name} {_mean([handled(row, passages, refuse_below) for row in rows]):.3f}"
            for name, rows in parts.items()
        )
        print(f"{passages}: " + "  ".join(shares))
    if given.card:
        card = json.loads(given.card.read_text(encoding="utf-8"))
        card |= {"refuse_below": refuse_below, "cite_above": given.cite_above}
        given.card.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
