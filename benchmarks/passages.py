"""How long passages should be: measures retrieval with passages of several sizes.

``python -m benchmarks.passages FOLDER...``; each folder holds ``corpus/`` and
``questions.jsonl``. A question counts as found if one of the passages contains one of its quotes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from benchmarks import sets
from pullquote.config import Settings
from pullquote.evaluate.gold import Gold
from pullquote.evaluate.judge import passage_place
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.protocols import Library
from pullquote.retrieval.retrieve import Retriever
from pullquote.text import timeframe
from pullquote.text.segment import grouping
from pullquote.types import Hit

#: Tokens in a passage, and in its overlap with the next one.
SIZES = ((80, 20), (120, 30), (160, 40), (200, 50), (200, 0), (240, 60))
DEPTHS = (1, 3, 12)


def main(folders: Iterable[Path]) -> None:
    """Print a line for each folder and size."""
    embedder = SentenceTransformersEmbedder.open(Settings().embedder)
    for folder in folders:
        questions = sets.read(folder)
        for tokens, overlap in SIZES:
            grouping.PASSAGE_TOKENS, grouping.OVERLAP_TOKENS = tokens, overlap
            with sets.opened(folder, questions, embedder) as opened:
                retriever = Retriever(opened.index, embedder, max(DEPTHS))
                print(f"{folder.name}, {tokens} tokens, overlap {overlap}: ", end="")
                print(_report(opened, retriever), flush=True)


def _report(opened: sets.OpenSet, retriever: Retriever) -> str:
    found = dict.fromkeys(DEPTHS, 0)
    asked = read = 0
    for question, gold in zip(opened.questions.questions, opened.golds, strict=True):
        if not gold.evidence:
            continue
        asked += 1
        frame = timeframe.find(question.text, date.today())
        hits = retriever.retrieve(question.text, question.document_id, frame=frame)
        for depth in DEPTHS:
            found[depth] += any(_holds(hit, gold, opened.index) for hit in hits[:depth])
        read += sum(hit.passage.last - hit.passage.first + 1 for hit in hits)
    shares = ", ".join(f"{found[item] / asked:.3f} in the first {item}" for item in DEPTHS)
    return (
        f"{opened.index.manifest.passages} passages; {shares}; {read / asked:.0f} sentences read "
        "a question"
    )


def _holds(hit: Hit, gold: Gold, library: Library) -> bool:
    """Whether the passage contains a whole quote of the question's evidence."""
    passage = passage_place(hit, library)
    return any(
        source.article_id == passage.article_id
        and passage.start <= source.start
        and source.end <= passage.end
        for source in gold.evidence
    )


if __name__ == "__main__":
    main(Path(argument) for argument in sys.argv[1:])
