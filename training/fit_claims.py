"""Fits the threshold above which a written claim counts as supported, and measures the check.

``python -m training.fit_claims JUDGE CLAIMS.jsonl… --fit NAME=SIZE`` compares the whole check,
exact comparison and network, with labelled claims. NAME is the folder of one of the files. The
threshold is the lowest that stops the wanted share of the false claims in every other event of
that file, each of SIZE articles; the other events are held out. ``--card judge.json`` writes the
threshold into that file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pullquote.reading.judge_input import PassageText
from pullquote.reading.judge_network import JudgeNetwork
from pullquote.text import exact
from training.claims import parts
from training.data import read_lines
from training.fit import auroc, halves


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its label and the results of the check.

    ``differs`` is the exact comparison's verdict: something in the claim is in none of its
    sources. ``score`` is the network's.
    """

    id: str
    set: str
    kind: str
    supported: bool
    differs: bool
    score: float

    def stopped(self, support_above: float) -> bool:
        """Whether the check stops the claim."""
        return self.differs or self.score < support_above


def judged(network: JudgeNetwork, path: Path) -> list[Judged]:
    """The claims of a file, checked. Its lines have the form that :mod:`training.claims` reads."""
    name = path.stem if path.stem != "claims" else path.parent.name
    found = (_judged(network, name, fields) for fields in read_lines(path))
    return [one for one in found if one]


def _judged(network: JudgeNetwork, name: str, fields: dict[str, Any]) -> Judged | None:
    found = parts(fields)
    if found is None:
        return None
    claim, cited, supported = found
    return Judged(
        # Like the ids of questions, with the set first, for ``halves``.
        f"{name}-{fields['id']}",
        name,
        fields.get("edit") or fields.get("kind") or "",
        supported,
        exact.find(claim, cited) is not None,
        network.supports(claim, PassageText.of(cited)),
    )


def fit_support(claims: Sequence[Judged], stop: float) -> float:
    """The lowest threshold that stops at least the share ``stop`` of the false claims."""
    false = [one for one in claims if not one.supported]
    for value in np.linspace(0.01, 0.99, 99):
        if np.mean([one.stopped(float(value)) for one in false]) >= stop:
            return round(float(value), 2)
    return 1.0


def table(name: str, claims: Sequence[Judged], support_above: float) -> str:
    """A text table: how many false and true claims are stopped, and the false ones by kind."""
    lines = []
    for supported, label in ((False, "false"), (True, "true")):
        own = [one for one in claims if one.supported is supported]
        stopped = sum(one.stopped(support_above) for one in own)
        exactly = sum(one.differs for one in own)
        lines.append(
            f"{name}: {label}, stopped {stopped} of {len(own)} ({stopped / max(1, len(own)):.3f}), "
            f"{exactly} of them by exact comparison"
        )
    for kind in sorted({one.kind for one in claims if not one.supported}):
        own = [one for one in claims if one.kind == kind and not one.supported]
        lines.append(f"  {kind}: {sum(one.stopped(support_above) for one in own)} of {len(own)}")
    high, low = ([one.score for one in claims if one.supported is label] for label in (True, False))
    return "\n".join([*lines, f"  AUROC of the network alone {auroc(high, low):.3f}"])


def main() -> int:
    """Fit and print the threshold, and write it into the card, if one is named."""
    parser = argparse.ArgumentParser(prog="python -m training.fit_claims", description=__doc__)
    parser.add_argument("judge", type=Path, help="an exported folder")
    parser.add_argument("claims", type=Path, nargs="+")
    parser.add_argument("--fit", required=True, metavar="NAME=SIZE")
    parser.add_argument("--stop", type=float, default=0.95, help="share of the false ones")
    parser.add_argument("--card", type=Path)
    given = parser.parse_args()
    network = JudgeNetwork.open(given.judge, "Export it again.")
    parts = {own[0].set: own for path in given.claims if (own := judged(network, path))}
    name, size = given.fit.split("=")
    fitted, rest = halves(parts.pop(name), int(size))
    support_above = fit_support(fitted, given.stop)
    print(f"support_above {support_above}, on {len(fitted)} claims")
    for part, own in {"fitted on": fitted, f"{name}, other half": rest, **parts}.items():
        print(table(part, own, support_above))
    if given.card:
        card = json.loads(given.card.read_text(encoding="utf-8"))
        card["support_above"] = support_above
        given.card.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
