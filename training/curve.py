"""A quick look at a model in training: a fixed sample of held-out questions, four passages each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tokenizers import Tokenizer

from pullquote.spans import score_sentences
from training.data import Ask, Document, order
from training.model import as_network
from training.passages import Ranked

PASSAGES = 4

#: Questions of each set: answerable and unanswerable ones of SQuAD 2, to tell them apart, and
#: others for the order of the sentences.
SAMPLE = {
    ("squad2_dev", True): 65,
    ("squad2_dev", False): 65,
    ("squad11_dev", True): 25,
    ("squadshifts_new_wiki", True): 25,
    ("squadshifts_reddit", True): 10,
    ("selqa_dev", True): 10,
}


class Curve:
    """A fixed sample of questions, ready to be asked of a model."""

    def __init__(self, held: Sequence[Document], tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        asked: list[tuple[Document, Ask]] = []
        for (source, answerable), count in SAMPLE.items():
            found = [
                (document, ask)
                for document in held
                if document.source == source
                for ask in document.questions
                if ask.answerable == answerable
            ]
            asked.extend(sorted(found, key=lambda it: order(it[1].id))[:count])
        documents = list({document.id: document for document, _ in asked}.values())
        self._ranked = Ranked(documents, tokenizer)
        self._asked = asked

    def measure(self, model: Any, bfloat16: bool = False) -> Mapping[str, float]:
        """``hit@1`` of the answerable questions, and ``auroc`` of the best margin on SQuAD 2."""
        network = as_network(model, self._tokenizer, bfloat16)
        hits: list[bool] = []
        margins: dict[bool, list[float]] = {True: [], False: []}
        for document, ask in self._asked:
            spans, _ = self._ranked.rank(ask.text, document, PASSAGES)
            scores = score_sentences(network, ask.text, [it.to_read for it in spans])
            best = max(scores, key=lambda it: scores[it].margin, default=None)
            if ask.answerable:
                hits.append(best is not None and best[1] in ask.evidence)
            if document.source == "squad2_dev":
                margins[ask.answerable].append(
                    scores[best].margin if best is not None else float("-inf")
                )
        return {
            "hit@1": sum(hits) / len(hits) if hits else 0.0,
            "auroc": auroc(margins[True], margins[False]),
        }


def auroc(high: Sequence[float], low: Sequence[float]) -> float:
    """The chance that one of ``high`` is above one of ``low``; a tie counts half."""
    if not high or not low:
        return float("nan")
    won = sum((one > two) + 0.5 * (one == two) for one in high for two in low)
    return won / (len(high) * len(low))
