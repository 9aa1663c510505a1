"""How many false and how many true written sentences the check stops, and how long it takes.

    python -m benchmarks.drifting [--show KIND]

The sentences were written by a second author. They were not used for training, for the rules or
for the threshold.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

from pullquote.reading.readers import bundled_network
from pullquote.text import exact
from pullquote.writing.check import check_with

SENTENCES = Path(__file__).parents[1] / "tests" / "drift" / "others.jsonl"


def main() -> None:
    """Print the shares by kind of sentence, and the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", help="print the misjudged sentences of this kind")
    options = parser.parse_args()
    check = check_with(bundled_network())
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()
    ]
    stopped: dict[tuple[bool, str], Counter[bool]] = defaultdict(Counter)
    comparing, whole = [], []
    for row in rows:
        started = perf_counter()
        exact.find(row["written"], row["cited"])
        between = perf_counter()
        stops = not check(row["written"], row["cited"]).supported
        whole.append(perf_counter() - between)
        comparing.append(between - started)
        stopped[row["faithful"], row["kind"]][stops] += 1
        if row["kind"] == options.show and stops == row["faithful"]:
            print(f"{row['id']}: {row['written']}\n    {' '.join(row['cited'])}")
    for faithful, label in ((False, "FALSE"), (True, "TRUE")):
        kinds = {kind: count for (true, kind), count in stopped.items() if true is faithful}
        for kind, count in sorted(kinds.items()):
            print(f"{kind:16} {count[True]:4} of {count.total():4} stopped")
        total = sum(kinds.values(), Counter[bool]())
        share = total[True] / total.total()
        print(f"{label:16} {total[True]:4} of {total.total():4} stopped ({share:.3f})\n")
    for label, times in (("comparing", comparing), ("the whole check", whole)):
        times.sort()
        middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"{label}: median {middle * 1000:.1f} ms a sentence, 95 % below {late * 1000:.1f} ms")


if __name__ == "__main__":
    main()
