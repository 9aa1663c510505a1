"""How follow-up questions are understood, what they do to questions that are none, and their cost.

python -m benchmarks.followups
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from pullquote.followups.followup import Before, understand

SETS = Path(__file__).parents[1] / "tests" / "questions"

#: What is said before a question that has nothing to do with it.
_ELSEWHERE = "Why did the ferry sink?"


def read(name: str) -> list[dict[str, Any]]:
    """The questions of ``SETS/*/NAME.jsonl``."""
    files = sorted(SETS.glob(f"*/{name}.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def after(history: list[str]) -> Before | None:
    """The conversation so far; what answered its questions is not known."""
    before: Before | None = None
    for question in history:
        before = Before(understand(question, before), lambda: "")
    return before


def main() -> None:
    """Print the counts and the times; ``make floors`` has how well they are answered."""
    alone = [it["user_input"] for it in read("questions") if not it.get("history")]
    changed = [it for it in alone if understand(it, None).question != " ".join(it.split())]
    print(f"without a history: {len(changed)} of {len(alone)} changed")
    elsewhere = after([_ELSEWHERE])
    dragged = [it for it in alone if understand(it, elsewhere).question != " ".join(it.split())]
    print(f"after another subject: {len(dragged)} of {len(alone)} changed")
    for tag in ("followup", "topic_change"):
        asked = [it for it in read("followups") if tag in it["tags"]]
        whole = [understand(it["user_input"], after(it["history"])) for it in asked]
        as_it_is = sum(
            found.question == " ".join(it["user_input"].split())
            for found, it in zip(whole, asked, strict=True)
        )
        thumb = sum(it.by_rule_of_thumb for it in whole)
        print(f"{tag}: {len(asked)}, {as_it_is} as they are, {thumb} joined to the one before")
    times = []
    for it in read("followups"):
        before = after(it["history"])
        started = perf_counter()
        understand(it["user_input"], before)
        times.append(1000 * (perf_counter() - started))
    print(f"rules: median {median(times):.2f} ms, at most {max(times):.2f} ms a question")


if __name__ == "__main__":
    main()
