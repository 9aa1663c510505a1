"""How long passages should be: retrieval at several sizes, on folders with questions.

``python -m benchmarks.passages FOLDER...``; each folder holds ``corpus/`` and
``questions.jsonl``. A question counts as found when one of its quotes lies in the passages.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.quality import items_of, places
from pullquote.config import Settings
from pullquote.embed import SentenceTransformersEmbedder
from pullquote.indexing import update
from pullquote.retrieve import Retriever
from pullquote.segment import grouping
from pullquote.store import Index

#: Tokens of a passage and of its overlap with the next.
SIZES = ((80, 20), (120, 30), (160, 40), (200, 50), (200, 0), (240, 60))
DEPTHS = (1, 3, 12)


def main(folders: Iterable[Path]) -> None:
    """Print a line a folder and size."""
    embedder = SentenceTransformersEmbedder.open(Settings().embedder)
    for folder in folders:
        lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [question for line in lines if items_of(question := json.loads(line))]
        for tokens, overlap in SIZES:
            grouping.PASSAGE_TOKENS, grouping.OVERLAP_TOKENS = tokens, overlap
            with tempfile.TemporaryDirectory() as temporary:
                update([folder / "corpus"], Path(temporary), "", lambda _: embedder)
                index = Index.open(Path(temporary))
            found = dict.fromkeys(DEPTHS, 0)
            read = 0
            retriever = Retriever(index, embedder, max(DEPTHS))
            for question in questions:
                hits = retriever.retrieve(question["user_input"], question.get("document_id"))
                for depth in DEPTHS:
                    found[depth] += any(
                        sentences[hit.passage.first].start <= start
                        and end <= sentences[hit.passage.last].end
                        for hit in hits[:depth]
                        for sentences in [index.sentences(hit.passage.article_id)]
                        for item in items_of(question)
                        for start, end in places(index, hit.passage.article_id, item)
                    )
                read += sum(hit.passage.last - hit.passage.first + 1 for hit in hits)
            shares = ", ".join(f"{found[d] / len(questions):.3f} in the first {d}" for d in DEPTHS)
            print(
                f"{folder.name}, {tokens} tokens, overlap {overlap}: {index.manifest.passages} "
                f"passages; {shares}; {read / len(questions):.0f} sentences read a question",
                flush=True,
            )


if __name__ == "__main__":
    main(Path(argument) for argument in sys.argv[1:])
