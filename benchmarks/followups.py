"""How well follow-ups are rewritten, how often other questions are changed, and what it costs.

python -m benchmarks.followups
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from pullquote.followups.followup import Before, understand

PAIRS = Path(__file__).parents[1] / "tests" / "followups" / "pairs.jsonl"
SETS = Path(__file__).parents[1] / "tests" / "questions"

#: An earlier question that has nothing to do with the one asked.
_ELSEWHERE = "Why did the ferry sink?"


def read(name: str) -> list[dict[str, Any]]:
    """The questions of ``SETS/*/NAME.jsonl``."""
    files = sorted(SETS.glob(f"*/{name}.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def after(history: list[str]) -> Before | None:
    """The conversation so far, without its answers; ``None`` if there is none."""
    before: Before | None = None
    for question in history:
        before = Before(understand(question, before), lambda: "")
    return before


def is_heldout(pair: dict[str, Any]) -> bool:
    """Whether this pair is held out: those who change the rules do not look at it."""
    return sha256(f"{pair['before']}|{pair['followup']}".encode()).digest()[-1] % 2 == 1


def outcomes(*, heldout: bool) -> Counter[str]:
    """How many of one half of the pairs are rewritten "right" or "wrong".

    "unsure" counts the others where the question was only joined to the one before.
    """
    pairs = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
    counts: Counter[str] = Counter()
    for pair in pairs:
        if is_heldout(pair) is heldout:
            found = understand(pair["followup"], after([pair["before"]]))
            right = _plain(found.question) in map(_plain, pair["right"])
            counts["right" if right else "unsure" if found.by_rule_of_thumb else "wrong"] += 1
    return counts


def _plain(question: str) -> str:
    return " ".join(question.replace("’", "'").casefold().rstrip(" ?.!").split())


def main() -> None:
    """Print the counts and the times; ``make floors`` measures the answers to follow-ups."""
    alone = [one["user_input"] for one in read("questions") if not one.get("history")]
    changed = [text for text in alone if understand(text, None).question != " ".join(text.split())]
    print(f"without a history: {len(changed)} of {len(alone)} changed")
    elsewhere = after([_ELSEWHERE])
    dragged = [
        text for text in alone if understand(text, elsewhere).question != " ".join(text.split())
    ]
    print(f"after another subject: {len(dragged)} of {len(alone)} changed")
    for tag in ("followup", "topic_change"):
        asked = [one for one in read("followups") if tag in one["tags"]]
        whole = [understand(one["user_input"], after(one["history"])) for one in asked]
        as_it_is = sum(
            found.question == " ".join(one["user_input"].split())
            for found, one in zip(whole, asked, strict=True)
        )
        thumb = sum(one.by_rule_of_thumb for one in whole)
        print(f"{tag}: {len(asked)}, {as_it_is} as they are, {thumb} joined to the one before")
    for half, heldout in (("in sight", False), ("held out", True)):
        print(f"pairs {half}: {dict(outcomes(heldout=heldout))}")
    times = []
    for item in read("followups"):
        before = after(item["history"])
        started = perf_counter()
        understand(item["user_input"], before)
        times.append(1000 * (perf_counter() - started))
    print(f"rules: median {median(times):.2f} ms, at most {max(times):.2f} ms a question")


if __name__ == "__main__":
    main()
