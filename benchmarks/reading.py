"""How long the judge takes to read a question's passages, by their number.

    python -m benchmarks.reading [READER_FOLDER…]

Several judges are measured in turns; without a folder, the bundled one. The passages are the
longest in the gazette's articles, about 200 word pieces each. The yardstick is embedding the
question once.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.speed import QUESTIONS
from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from pullquote.index.update import update
from pullquote.reading.judge import to_read
from pullquote.reading.judge_network import JudgeNetwork
from pullquote.reading.readers import BUNDLED
from pullquote.types import Hit

CORPUS = Path(__file__).parents[1] / "tests" / "questions" / "gazette" / "corpus"
PASSAGES = range(3, 9)
ROUNDS = 12


def main(folders: Sequence[str]) -> None:
    """Print a line for each network."""
    networks = [JudgeNetwork.open(Path(folder), "") for folder in folders or [str(BUNDLED)]]
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    with tempfile.TemporaryDirectory() as folder:
        update([CORPUS], Path(folder), BUNDLED_EMBEDDER, lambda _: embedder)
        index = Index.open(Path(folder))
        texts = [
            to_read(Hit(passage, 0.0), index)[0]
            for article_id in index.articles
            for passage in index.passages(article_id)
        ]
    texts.sort(key=lambda text: -len(text.text))
    taken: dict[tuple[int, int], list[float]] = {}
    embedding = []
    for number in range(ROUNDS):
        question = QUESTIONS[number % len(QUESTIONS)]
        started = perf_counter()
        embedder.encode([question])
        embedding.append(perf_counter() - started)
        for place, network in enumerate(networks):
            for count in PASSAGES:
                started = perf_counter()
                network.read(question, texts[:count])
                taken.setdefault((place, count), []).append(perf_counter() - started)
    print(f"embedding the question: {1000 * statistics.median(embedding):.0f} ms")
    for place, network in enumerate(networks):
        times = (
            f"{count}: {1000 * statistics.median(taken[place, count]):.0f} ms" for count in PASSAGES
        )
        print(f"{network.card.name}@{network.digest[:12]}  " + "  ".join(times))


if __name__ == "__main__":
    main(sys.argv[1:])
