"""Indexing 1,000 articles of 1,000 words: sentences a second and peak memory.

``python -m benchmarks.indexing [ARTICLES]``. The yardstick is embedding alone, for a sample of the
same sentences, in the same process just before and just after.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.update import update
from pullquote.ingest.corpus import list_sources, read_text
from pullquote.text import segment
from pullquote.types import Article

WORDS = 1000


def main(articles: int) -> None:
    """Write the articles, index them, index them again, and print the time and memory it took."""
    source = list_sources([Path("corpus")]).sources[0]
    article = read_text(source.article_id, source.path)
    sentences = [article.text[s.start : s.end] for s in segment.split(article)]
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder, "corpus"), Path(folder, "index")
        corpus.mkdir()
        for number in range(articles):
            (corpus / f"{number:06}.txt").write_text(_article(sentences, chance), encoding="utf-8")
        embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
        sample = _sample(corpus)
        before = _rate(embedder, sample)
        started = perf_counter()
        report = update([corpus], index, BUNDLED_EMBEDDER, lambda _: embedder)
        seconds = perf_counter() - started
        alone = (before + _rate(embedder, sample)) / 2
        started = perf_counter()
        update([corpus], index, BUNDLED_EMBEDDER, lambda _: embedder)
        again = perf_counter() - started
        size = sum(file.stat().st_size for file in index.rglob("*") if file.is_file())
    rate = report.sentences / seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{report.articles:,} articles, {report.sentences:,} sentences, {report.passages:,} "
        f"passages: {seconds:,.0f} s, {rate:,.0f} sentences a second with their passages "
        f"({rate / alone:.2f} of embedding the sentences alone, {alone:,.0f} a second); "
        f"peak memory {peak:,.0f} MiB; index {size / 1e6:,.0f} MB; "
        f"the same again, unchanged: {again:,.1f} s"
    )


def _article(sentences: list[str], chance: random.Random) -> str:
    """About a thousand words in paragraphs of four sentences, each with two words swapped."""
    paragraphs: list[str] = []
    count = 0
    while count < WORDS:
        chosen = chance.sample(sentences, 4)
        paragraph = []
        for sentence in chosen:
            words = sentence.split()
            first, last = chance.randrange(len(words)), chance.randrange(len(words))
            words[first], words[last] = words[last], words[first]
            paragraph.append(" ".join(words))
            count += len(words)
        paragraphs.append(" ".join(paragraph))
    return "\n\n".join(paragraphs)


def _sample(corpus: Path) -> list[str]:
    texts = []
    for path in sorted(corpus.iterdir())[:25]:
        article = Article(path.name, "", None, None, None, path.read_text(encoding="utf-8"))
        texts += [article.text[s.start : s.end] for s in segment.split(article)]
    return texts


def _rate(embedder: SentenceTransformersEmbedder, texts: list[str]) -> float:
    started = perf_counter()
    embedder.encode(texts)
    return len(texts) / (perf_counter() - started)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
