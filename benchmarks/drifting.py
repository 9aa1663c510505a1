"""How many false sentences the drift check stops, how many true ones, and what it costs.

    python -m benchmarks.drifting [--tuned | --others] [--show KIND]

Two authors who had not seen the rules wrote the sentences. The rules were then mended with the odd
half of the first one’s in sight (``--tuned``); the even half and ``--others``, the second one’s,
had no part in it. The models’ part is the assistant’s own.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

from pullquote.answering import drift
from pullquote.assistant import Assistant
from pullquote.config import Settings

SENTENCES = Path(__file__).parents[1] / "tests" / "drift"


def sentences(name: str, half: int | None) -> list[dict[str, Any]]:
    """The labelled sentences; those with an even number for 0, with an odd one for 1."""
    lines = (SENTENCES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [it for it in found if half is None or int(it["id"].split("-")[1]) % 2 == half]


def main() -> None:
    """Print the shares, by kind of sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tuned", action="store_true", help="those the rules were mended with")
    parser.add_argument("--others", action="store_true", help="those of the second author")
    parser.add_argument("--show", help="print the misjudged sentences of this kind")
    options = parser.parse_args()
    name, half = ("others", None) if options.others else ("sentences", int(options.tuned))
    assistant = Assistant.open(Settings())
    stopped: dict[tuple[bool, str], Counter[bool]] = defaultdict(Counter)
    rules, whole = [], []
    for it in sentences(name, half):
        started = perf_counter()
        drift.find(it["written"], it["cited"])
        between = perf_counter()
        stops = not assistant.supports(it["written"], it["cited"], it.get("question", ""))
        whole.append(perf_counter() - between)
        rules.append(between - started)
        stopped[it["faithful"], it["kind"]][stops] += 1
        if it["kind"] == options.show and stops == it["faithful"]:
            print(f"{it['id']}: {it['written']}\n    {' '.join(it['cited'])}")
    for faithful in (False, True):
        kinds = {kind: count for (true, kind), count in stopped.items() if true is faithful}
        for kind, count in sorted(kinds.items()):
            print(f"{kind:16} {count[True]:4} of {count.total():4} stopped")
        total = sum(kinds.values(), Counter[bool]())
        name = "TRUE" if faithful else "FALSE"
        share = total[True] / total.total()
        print(f"{name:16} {total[True]:4} of {total.total():4} stopped ({share:.3f})\n")
    for name, times in (("rules", rules), ("rules and models", whole)):
        times.sort()
        middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"{name}: median {middle * 1000:.1f} ms a sentence, 95 % below {late * 1000:.1f} ms")


if __name__ == "__main__":
    main()
