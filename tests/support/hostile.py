"""Texts that cost a careless sentence splitter time in the square of their length."""

from __future__ import annotations

from typing import NamedTuple


class Repeated(NamedTuple):
    """A text that repeats one piece."""

    begin: str
    again: str
    end: str
    times: int

    def of_length(self, share: float) -> str:
        """The text with this share of its repetitions."""
        times = int(self.times * share)
        return self.begin + self.again * times + self.end * times


HOSTILE_TEXTS = [
    Repeated(*one)
    for one in (
        ("", "a", "", 200_000), ("", "word ", "", 40_000), ("", "word. ", "", 1_700),
        ("", '"', "", 20_000), ("", "“", "", 20_000), ("", ". ", "", 20_000),
        ("", ".", "", 20_000), ("", " ", "", 200_000), ("", "\n", "", 60_000),
        ("", "(", "", 20_000), ("", "(a. B", "", 10_000), ("", "().( ", "", 10_000),
        ("", "A.", "", 20_000), ("", "A. ", "", 20_000), ("", '." ', "", 10_000),
        ("", ".[1]", "", 10_000), ("", "It fell. ", "", 4_000), ("", "- ", "", 20_000),
        ("", "\u0301", "", 20_000), ("", ".😀", "", 10_000), ("", "# ", "", 10_000),
        ("", "a.\n", "", 10_000), ("", "“A?” Aaa Bbb Ccc ", "", 2_000), ("", "。", "", 20_000),
        ("a.", " \u0301", "", 20_000), ("", "x\n#", "", 6_000), ("", "1. ", "", 20_000),
        ("", "a: 1. ", "", 10_000), ("", "\n\nAaa", "", 6_000), ("", "(a. ", ")", 3_000),
    )
]  # fmt: skip
