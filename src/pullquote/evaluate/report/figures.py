"""The figures of a summary in their groups, worded for an editor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pullquote.evaluate.rates import Rate
from pullquote.evaluate.report.words import FIGURES, GROUPS, Wording
from pullquote.evaluate.summary import Summary

#: A row about a stress test: its name, what it means, and its figure.
Stress = tuple[str, str, Rate]


def groups(summary: Summary) -> Sequence[tuple[str, Sequence[tuple[str, Wording, Rate]]]]:
    """The figures of ``summary.json`` by heading: each with its name, wording and value."""
    return [
        (
            GROUPS.get(group, group),
            [(name, FIGURES.get(name, Wording(name)), summary.rates[name]) for name in names],
        )
        for group, names in groupby(summary.rates, key=lambda name: name.rpartition(".")[0])
    ]
