"""Measures an index of many articles: building it, changing one article, opening it, asking it.

``python -m benchmarks.many STEP FOLDER ...``, with one of these steps:

- ``make FOLDER ARTICLES CORPUS...`` writes articles of about 300 words into ``FOLDER/corpus``. They
  mix paragraphs of the articles in the folders CORPUS, with two words of each sentence swapped, so
  that no two are the same. Without CORPUS, each article is one sentence.
- ``index FOLDER`` indexes them, and then again after changing one. Run it again after an
  interruption, and it continues.
- ``light FOLDER`` does the same with the tests' stand-in for the embedding model, to measure
  everything else.
- ``grow FOLDER TIMES`` makes ``FOLDER/grown`` from that index, with TIMES as many articles and
  randomly moved vectors: embedding them all would take hours and show nothing more.
- ``change FOLDER`` changes one article of ``FOLDER/grown`` at a time.
- ``ask FOLDER QUESTIONS`` opens an index and asks it.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from benchmarks.usage import resident
from pullquote import source_states
from pullquote.assistant import Assistant
from pullquote.config import BUNDLED_EMBEDDER, Settings
from pullquote.digest import article_digest
from pullquote.evaluate.questionset import QuestionSet
from pullquote.index.catalog import Catalog
from pullquote.index.commit import commit, live_articles
from pullquote.index.database import open_for_writing, transaction
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.embedded import Embedded, stage
from pullquote.index.manifest import Manifest
from pullquote.index.pending import Planned
from pullquote.index.run import Step
from pullquote.index.segmented import embed, segmented
from pullquote.index.store import Index
from pullquote.index.target import Folder
from pullquote.index.update import update
from pullquote.ingest.corpus import list_sources, read_text
from pullquote.protocols import Embedder
from pullquote.source_states import SourceRecord
from pullquote.text import near_copies, segment
from tests.support.indexes import HashingEmbedder

WORDS = 300

#: Questions that are measured, and questions asked before them to warm up.
ASKED, WARM = 60, 5


def make(folder: Path, articles: int, corpora: Sequence[Path]) -> None:
    """Write ``articles`` articles, mixed from those in ``corpora``, into ``folder/corpus``."""
    chance = random.Random(11)
    paragraphs = [
        paragraph
        for source in (list_sources(corpora).sources if corpora else ())
        for paragraph in _paragraphs(source.path)
    ]
    corpus = folder / "corpus"
    for number in range(articles):
        shelf = corpus / f"{number // 1000:03}"
        shelf.mkdir(parents=True, exist_ok=True)
        day = date(2010, 1, 1) + timedelta(days=chance.randrange(5800))
        body = _body(paragraphs, chance) if corpora else f"Mill {number} opened in {day:%Y}.\n"
        head = f"title: Article {number}\ndate: {day}\n\n"
        (shelf / f"{number:06}.txt").write_text(head + body, encoding="utf-8")


def _paragraphs(path: Path) -> list[list[str]]:
    article = read_text(path.name, path)
    found: dict[int, list[str]] = {}
    for part in segment.split(article):
        if not part.heading:
            found.setdefault(part.paragraph, []).append(article.text[part.start : part.end])
    return list(found.values())


def _body(paragraphs: Sequence[list[str]], chance: random.Random) -> str:
    chosen: list[str] = []
    count = 0
    while count < WORDS:
        mixed = [_swapped(paragraph, chance) for paragraph in chance.choice(paragraphs)]
        chosen.append(" ".join(" ".join(item) for item in mixed))
        count += sum(map(len, mixed))
    return "\n\n".join(chosen)


def _swapped(sentence: str, chance: random.Random) -> list[str]:
    words = sentence.split()
    if len(words) > 3:
        first, last = (1 + chance.randrange(len(words) - 2) for _ in range(2))
        words[first], words[last] = words[last], words[first]
    return words


def index(folder: Path, embedder: Embedder) -> None:
    """Index the articles, index them unchanged, change one and index again; print each cost."""

    def run(what: str) -> None:
        started, busy = perf_counter(), process_time()
        report = update(
            [folder / "corpus"],
            folder / "index",
            embedder.name,
            lambda _: embedder,
            progress=_Told(),
        )
        print(
            f"{what}: {report.articles:,} articles, {report.sentences:,} sentences, "
            f"{report.passages:,} passages, {report.embedded:,} embedded in "
            f"{perf_counter() - started:,.1f} s, {process_time() - busy:,.1f} s of a processor; "
            f"peak memory {_peak():,.0f} MiB"
        )

    run("indexed")
    run("unchanged")
    changed = min((folder / "corpus").rglob("*.txt"))
    changed.write_text(changed.read_text(encoding="utf-8") + " It was corrected.", encoding="utf-8")
    run("one article changed")
    size = sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file())
    print(f"index: {size / 1e6:,.0f} MB")


class _Told:
    """Logs progress: a line for each per cent."""

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, step: Step) -> None:
        if step.total and 100 * step.done // step.total > self._last:
            self._last = 100 * step.done // step.total
            print(f"{self._last} %", file=sys.stderr, flush=True)


def grow(folder: Path, times: int) -> None:
    """Write ``FOLDER/grown``, an index of ``times`` as many articles."""
    old = Index.open(folder / "index")
    grown = folder / "grown"
    grown.mkdir()
    rng = np.random.default_rng(5)
    started = perf_counter()
    connection = open_for_writing(grown)
    planned: dict[str, Planned] = {}
    for article_id in old.articles:
        whole = _embedded(old, article_id)
        copies = []
        for copy in range(times):
            article = replace(whole.article, id=f"{copy:03}/{article_id}")
            digest = article_digest(article)
            planned[article.id] = Planned(digest, article.id, kept=False)
            copies.append(
                replace(
                    whole,
                    article=article,
                    digest=digest,
                    origin=article.id,
                    vectors=_moved(whole.vectors, rng),
                    signature=rng.bytes(len(near_copies.signature(""))),
                )
            )
        with transaction(connection):
            stage(connection, copies)
    print(f"{times} times as many embedded articles kept: {perf_counter() - started:,.0f} s")
    started = perf_counter()
    records = {id_: SourceRecord(id_, 1, 1, one.digest) for id_, one in planned.items()}
    empty = replace(old.manifest, generation=0, contents="", search="")
    written = commit(Folder(grown, connection), empty, {}, planned, {}, records)
    connection.close()
    size = sum(file.stat().st_size for file in grown.rglob("*") if file.is_file())
    print(
        f"made readable in {perf_counter() - started:,.0f} s, {written.passages:,} passages, "
        f"recall@10 of the clusters {written.recall}; {size / 1e6:,.0f} MB; "
        f"peak memory {_peak():,.0f} MiB"
    )


def change(folder: Path) -> None:
    """Change one article of ``FOLDER/grown``, five times, and print how long each took."""
    grown = folder / "grown"
    with closing(open_for_writing(grown)) as connection:
        live = live_articles(connection)
        embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
        catalog = Catalog(connection, grown)
        for turn in range(5):
            started = perf_counter()
            id_ = chosen = sorted(live)[turn * 97]
            article = replace(catalog.article(id_), title=f"Changed {turn}")
            digest = article_digest(article)
            (one,) = embed([segmented(article, digest, chosen, embedder)], embedder)
            with transaction(connection):
                stage(connection, [one])
            planned = {key: Planned(each.digest, each.origin, True) for key, each in live.items()}
            planned[id_] = Planned(digest, chosen, kept=False)
            records = source_states.read(connection, "source")
            manifest = Manifest.of(connection, grown)
            commit(Folder(grown, connection), manifest, live, planned, records, records)
            live = live_articles(connection)
            print(f"one article changed: {perf_counter() - started:.2f} s")


def _embedded(index: Index, article_id: str) -> Embedded:
    article = index.article(article_id)
    query = (
        "SELECT words, signature.value, content.sentences FROM article "
        "JOIN passage ON passage.article = article.number "
        "JOIN signature ON signature.article = article.number "
        "JOIN content ON content.article = article.number WHERE id = ? ORDER BY passage.number"
    )
    rows = index.catalog.rows(query, (article_id,))
    return Embedded(
        article,
        index.manifest_digest(article_id),
        article_id,
        np.frombuffer(rows[0][2], dtype=np.int32).reshape(-1, 4),
        np.array([(p.first, p.last) for p in index.passages(article_id)], dtype=np.int32),
        index.passage_vectors(article_id).astype(np.float16),
        [row[0].split() for row in rows],
        rows[0][1],
    )


def _moved(vectors: NDArray[np.float16], rng: np.random.Generator) -> NDArray[np.float16]:
    """The vectors with noise added, at a cosine of about .9 to the old ones."""
    noise = rng.standard_normal(vectors.shape).astype(np.float32) / np.sqrt(vectors.shape[1])
    moved = vectors.astype(np.float32) + 0.5 * noise
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float16)


def ask(folder: Path, questions: Path) -> None:
    """Open an index and ask it questions; print the time and memory that each takes."""
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    before = resident(os.getpid())
    started = perf_counter()
    opened = Index.open(folder)
    seconds = perf_counter() - started
    print(
        f"{len(opened.articles):,} articles, {opened.manifest.passages:,} passages: opened in "
        f"{seconds:.2f} s, {resident(os.getpid()) - before:,.0f} MiB more in memory"
    )
    assistant = Assistant.with_parts(opened, embedder, Settings(index=folder))
    asked = [item.text for item in QuestionSet.read(questions).questions][: WARM + ASKED]
    totals, retrievals = [], []
    for question in asked:
        timings = assistant.ask(question).timings
        totals.append(timings.total)
        retrievals.append(timings.retrieve)
    print(
        json.dumps(
            {
                "questions": len(totals) - WARM,
                "median_ms": round(median(totals[WARM:]), 1),
                "p95_ms": round(float(np.percentile(totals[WARM:], 95)), 1),
                "median_retrieve_ms": round(median(retrievals[WARM:]), 1),
                "resident_mib": round(resident(os.getpid())),
            }
        )
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str]) -> None:
    """Run one of the steps."""
    step, folder, *rest = arguments
    if step == "make":
        make(Path(folder), int(rest[0]), [Path(item) for item in rest[1:]])
    elif step == "index":
        index(Path(folder), SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER))
    elif step == "light":
        index(Path(folder), HashingEmbedder())
    elif step == "grow":
        grow(Path(folder), int(rest[0]))
    elif step == "change":
        change(Path(folder))
    elif step == "ask":
        ask(Path(folder), Path(rest[0]))
    else:
        sys.exit(f"There is no step {step!r}: make, index, light, grow, change, ask.")


if __name__ == "__main__":
    main(sys.argv[1:])
