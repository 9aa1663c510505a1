"""``python -m benchmarks.splitting``: does splitting a hostile text take time as long as the text?

Each text is split at a quarter of its length and at its whole length, in turns, and the least of
five times is kept of both. Four times the length takes four times as long, and sixteen times if the
cost grows with the square; above eight is a fault, and the exit status is 1.
"""

from __future__ import annotations

import sys
from time import thread_time

from pullquote.text import segment
from pullquote.types import Article
from tests.support.hostile import HOSTILE_TEXTS, Repeated

_TURNS = 5

#: Below it, in seconds, a time is mostly noise.
_LEAST = 0.05


def seconds(text: Repeated, share: float) -> float:
    """Seconds of this thread to split the text with this share of its repetitions."""
    article = Article("a", "", None, None, None, text.of_length(share), 0)
    started = thread_time()
    segment.split(article)
    return thread_time() - started


def growth(text: Repeated) -> float:
    """How many times as long the whole text takes as a quarter of it."""
    turns = [(seconds(text, 0.25), seconds(text, 1)) for _ in range(_TURNS)]
    quarter = min(first for first, _ in turns)
    return min(second for _, second in turns) / max(quarter, _LEAST)


def main() -> int:
    """Print the growth of every text, the worst last."""
    measured = sorted((growth(text), text) for text in HOSTILE_TEXTS)
    for times, text in measured:
        print(f"{times:6.2f}  {text.begin!r} + {text.again!r} × {text.times} + {text.end!r}")
    return int(measured[-1][0] > 8)


if __name__ == "__main__":
    sys.exit(main())
