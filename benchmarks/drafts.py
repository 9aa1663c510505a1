"""How long checking a draft takes, and how often the right quotes are found for a true sentence.

    python -m benchmarks.drafts CLAIMS.jsonl CORPUS [--sentences 40]

The claims have the form that ``pullquote check-claims`` reads, with a ``label``. The draft consists
of the true claims, without the sentences that they cite. The yardstick, measured in turns, is
checking the same claim against the sentences that it cites.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from pullquote.assistant import Assistant
from pullquote.claims import check_claim
from pullquote.cli.own_index import index_first
from pullquote.config import Settings


def main() -> None:
    """Print the times, and how many sentences are supported and find their quotes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sentences", type=int, default=40)
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.claims.read_text(encoding="utf-8").splitlines()]
    true = [row for row in rows if row["label"] == "supported"]
    # Spread evenly over the file, and so over its articles.
    draft = true[:: max(1, len(true) // options.sentences)][: options.sentences]
    with tempfile.TemporaryDirectory() as temporary:
        settings = index_first((options.corpus,), Path(temporary), Settings())
        assistant = Assistant.open(settings)
        check_claim(assistant, draft[0]["claim"])  # warm
        finding, naming = [], []
        supported = with_its_own = one_right = all_right = 0
        for row in draft:
            started = perf_counter()
            found = check_claim(assistant, row["claim"])
            between = perf_counter()
            own = check_claim(assistant, row["claim"], row["cites"])
            naming.append(perf_counter() - between)
            finding.append(between - started)
            quotes = {quote.quote for quote in found.quotes}
            supported += found.supported
            with_its_own += own.supported
            one_right += bool(quotes & set(row["cites"]))
            all_right += quotes >= set(row["cites"])
    n = len(draft)
    print(f"{n} true sentences, {sum(finding):.1f} s; with their quotes named {sum(naming):.1f} s")
    for label, times in (("finding quotes", finding), ("quotes named", naming)):
        print(f"{label}: median {median(times) * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms")
    print(f"supported: {supported} of {n}; with their quotes named {with_its_own} of {n}")
    print(f"a right quote: {one_right} of {n}; all of them: {all_right} of {n}")


if __name__ == "__main__":
    main()
