"""What a reader notices of every sentence it reads, to fit and to choose a calibration by.

``python -m training.collect DATA READER --out ROWS`` asks the questions of held-out documents; with
``--folder`` it asks those of folders of ``corpus/`` and ``questions.jsonl`` instead. A line of
JSON for every question.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pullquote import onnx_network, unknown
from pullquote.config import Settings
from pullquote.embed import SentenceTransformersEmbedder
from pullquote.evaluate.gold import Place, locate
from pullquote.evaluate.questionset import QuestionSet
from pullquote.followup import standalone
from pullquote.indexing import update
from pullquote.question import kind_of
from pullquote.reader import NetworkReader
from pullquote.retrieve import Retriever
from pullquote.similarity import SimilarityReader
from pullquote.store import Index
from pullquote.types import Reading, ScoredSentence, Sentence, Turn
from training import heldout
from training.data import read, split

#: Held-out sets and how many questions of each are asked.
SETS = {
    "squad2_dev": 1000,
    "squad11_dev": 250,
    "squadshifts_new_wiki": 300,
    "squadshifts_reddit": 100,
    "squadshifts_amazon": 100,
    "selqa_dev": 60,
}


def main() -> int:
    """Write the rows."""
    parser = argparse.ArgumentParser(prog="python -m training.collect", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("reader", type=Path, help="folder of an exported reader")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folder", type=Path, nargs="*", default=())
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--most", type=int, default=0, help="questions of each set")
    parser.add_argument("--passages", type=int, default=Settings().passages)
    given = parser.parse_args()
    embedder = SentenceTransformersEmbedder.open(Settings().embedder)
    # Rows that are there are whole.
    unfinished = given.out.with_suffix(".part")
    with tempfile.TemporaryDirectory() as temporary, unfinished.open("w") as out:
        folders = list(given.folder)
        if not folders:
            _, held = split(read(given.data))
            for name in given.sets:
                heldout.write(held, name, given.most or SETS[name], Path(temporary) / name)
                folders.append(Path(temporary) / name)
        for folder in folders:
            for row in rows(folder, given.reader, embedder, given.passages, given.most):
                out.write(json.dumps(row) + "\n")
                out.flush()
    unfinished.replace(given.out)
    return 0


def rows(
    folder: Path, reader: Path, embedder: SentenceTransformersEmbedder, passages: int, most: int
) -> Iterator[Mapping[str, Any]]:
    """A row for every question of a folder."""
    asked = QuestionSet.read(folder / "questions.jsonl").questions
    asked = asked[:most] if most else asked
    with tempfile.TemporaryDirectory() as temporary:
        update([folder / "corpus"], Path(temporary), embedder.name, lambda _: embedder)
        index = Index.open(Path(temporary))
        retriever = Retriever(index, embedder, passages)
        read = NetworkReader(
            *onnx_network.open_folder(reader, "Export it again."), SimilarityReader(embedder, index)
        )
        for question, gold in zip(asked, locate(asked, index.articles), strict=True):
            whole = standalone(question.text, [Turn("user", it) for it in question.history])
            hits = retriever.retrieve(whole, question.document_id)
            examined = read.examine(whole, hits, index)
            right = gold.evidence + gold.also_ok

            def is_right(it: Sentence, right: tuple[Place, ...] = right) -> bool:
                return any(Place(it.article_id, it.start, it.end).meets(one) for one in right)

            reading = Reading(
                tuple(
                    ScoredSentence(it.sentence, 0.5, max(0.0, it.features.cosine))
                    for it in examined
                ),
                0.5,
            )
            stated = unknown.find(whole, reading, index)
            yield {
                "set": folder.name,
                "id": question.id,
                "text": whole,
                "document": question.document_id,
                "expected": question.status,
                "judged": bool(gold.groups),
                "stated": is_right(stated.sentence) if stated else None,
                "sentences": [
                    {
                        "right": is_right(it.sentence),
                        "states": unknown.chosen(
                            kind_of(whole),
                            Reading((ScoredSentence(it.sentence, 0.5, 0.5, it.answer),), 0.5),
                            index,
                        )
                        is not None,
                        "text": index.article(it.sentence.article_id).text[
                            it.sentence.start : it.sentence.end
                        ],
                        **{name: round(value, 4) for name, value in asdict(it.features).items()},
                    }
                    for it in examined
                ],
            }


if __name__ == "__main__":
    sys.exit(main())
