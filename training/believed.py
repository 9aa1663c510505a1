"""Mines hard negatives: wrong passages in which a trained judge believes it sees an answer.

``python -m training.believed DATA JUDGE --out FILE`` retrieves passages for each question of the
sets in :data:`training.passages.TOGETHER` and lets the judge read them. It writes one line per
question with the passages that hold no answer, the most believed first. A training run with
``--believed FILE`` uses them as negatives (as Xiong et al., "Approximate Nearest Neighbor Negative
Contrastive Learning", 2021, do for retrieval). If FILE exists, its missing questions are added.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.reading.judge_network import JudgeNetwork
from training.data import Ask, Document, order, read, read_lines, split
from training.examples import Answers, Believed, whole
from training.passages import TOGETHER, Ranked, Span

#: Passages read for each question, as many as the product reads.
READ = 6

#: A passage with a lower belief is no better as a negative than any other.
_BELIEVED = 0.1


def read_believed(path: Path) -> Believed:
    """The passages in a file that :func:`main` wrote, without those of too low a belief."""
    return {
        (line["document"], line["question"]): [
            (document, first) for document, first, belief in line["passages"] if belief >= _BELIEVED
        ]
        for line in read_lines(path)
    }


def mine(network: JudgeNetwork, ranked: Ranked, document: Document, ask: Ask) -> list[list[object]]:
    """The wrong passages as ``[document id, first sentence, belief]``, the most believed first."""
    answers = Answers(document, ask)
    wrong = [span for span in ranked.rank(ask.text, document, READ) if not answers.are_in(span)]
    verdicts = network.read(ask.text, [whole(span) for span in wrong])
    beliefs = [max((one.found for one in own.values()), default=0.0) for own in verdicts]
    pairs: list[tuple[float, Span]] = sorted(
        zip(beliefs, wrong, strict=True), key=lambda pair: -pair[0]
    )
    return [[span.document.id, span.first, round(belief, 3)] for belief, span in pairs]


def main() -> int:
    """Write the file, question by question, in a fixed pseudo-random order."""
    parser = argparse.ArgumentParser(prog="python -m training.believed", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("judge", type=Path, help="an exported folder")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    network = JudgeNetwork.open(given.judge, "Export it again.")
    trained, _ = split(read(given.data))
    documents = [one for one in trained if one.source in TOGETHER]
    ranked = Ranked(documents, SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER))
    done = set(read_believed(given.out)) if given.out.exists() else set()
    asked = [(document, ask) for document in documents for ask in document.questions]
    asked.sort(key=lambda pair: order(f"{pair[0].id}/{pair[1].id}"))
    with given.out.open("a", encoding="utf-8") as file:
        for document, ask in asked:
            if (document.id, ask.id) not in done:
                line = {
                    "document": document.id,
                    "question": ask.id,
                    "passages": mine(network, ranked, document, ask),
                }
                file.write(json.dumps(line) + "\n")
                file.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
