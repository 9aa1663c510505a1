"""How well an article's text is extracted from a web page: ``python -m benchmarks.pages``.

Precision, recall and F1 over runs of four words, as in Zyte's benchmark of article extraction
(scrapinghub/article-extraction-benchmark), and the share of pages whose text is right to the last
word. The pages are invented, in the form that twenty-three publishing systems write
(tests/support/newspages). ``-v`` prints the pages that are not right.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable

from pullquote.errors import CorpusError
from pullquote.ingest.formats import html
from tests.support.newspages import Made, pages

_WORD = re.compile(r"\w+")
_RUN = 4

Scores = tuple[float, float, float, bool]


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    return _WORD.findall(text)


def score(found: str, true: str) -> Scores:
    """Precision, recall and F1 over runs of words, and whether all words are the same."""
    got, right = _runs(words(found)), _runs(words(true))
    both = sum((got & right).values())
    precision = both / sum(got.values()) if got else 0.0
    recall = both / sum(right.values()) if right else 0.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return precision, recall, f1, words(found) == words(true)


def _runs(found: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(found[i : i + _RUN]) for i in range(max(1, len(found) - _RUN + 1)))


def measure(made: Iterable[Made], read: Callable[[str], str]) -> tuple[list[Scores], float]:
    """The scores of each page, and the mean processor time per page in milliseconds."""
    scores, spent = [], 0.0
    for page in made:
        started = time.process_time()
        text = read(page.html)
        spent += time.process_time() - started
        scores.append(score(text, page.text))
        if "-v" in sys.argv and not scores[-1][3]:
            print(f"  {page.name}: " + " ".join(f"{x:.3f}" for x in scores[-1][:3]))
    return scores, 1000 * spent / len(scores)


def main() -> None:
    """Print a line for the pages to develop with, and one for the held-out pages."""

    def read(page: str) -> str:
        try:
            return html.parse("a.html", page.encode()).text
        except CorpusError:
            return ""

    for half, held_out in (("dev", False), ("heldout", True)):
        chosen = [page for page in pages() if page.held_out is held_out]
        scores, each = measure(chosen, read)
        precision, recall, f1, exact = (
            sum(column) / len(scores) for column in zip(*scores, strict=True)
        )
        print(
            f"{half}: {len(scores)} pages, precision {precision:.3f}, recall {recall:.3f}, "
            f"F1 {f1:.3f}, exact {exact:.2f}, {each:.0f} ms a page"
        )


if __name__ == "__main__":
    main()
