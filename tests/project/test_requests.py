"""What docs/requests.md shows is what is answered."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.requests_page import PAGE, REQUESTS, lines, open_on
from pullquote.index.embed import SentenceTransformersEmbedder

#: The closest sentences of a refusal, to the end of what is shown for the request.
CLOSEST = re.compile(r"(?<=\n\*Closest passages).*?(?=\n(?:Suggested|\*\*An editor|#))", re.DOTALL)


def in_any_order(page: str) -> str:
    """The page with the closest sentences of each refusal sorted, and without their numbers.

    They score next to nothing: the kernels of another processor put another one first.
    """
    return CLOSEST.sub(_sorted, page)


def _sorted(closest: re.Match[str]) -> str:
    quotes = re.sub(r" \\\[\d+\\\]", "", closest[0]).split("\n\n")
    return "\n\n".join(sorted(quote.strip() for quote in quotes))


def test_the_page_of_requests_is_what_is_answered(
    tmp_path: Path, real_embedder: SentenceTransformersEmbedder
) -> None:
    assert sum(map(len, REQUESTS.values())) >= 25
    shown = "".join(lines(open_on(tmp_path / "index", real_embedder)))
    written = PAGE.read_text(encoding="utf-8")
    assert in_any_order(written) == in_any_order(shown), "run `python -m benchmarks.requests_page`"
