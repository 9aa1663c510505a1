"""The held-out documents as folders that the evaluator reads: ``corpus/`` and questions."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.data import Ask, Document, order


def write(held: Sequence[Document], source: str, most: int, folder: Path) -> int:
    """Write the documents of one set, with at most ``most`` of their questions.

    The questions are chosen by ``sha256(id)``, half of them unanswerable where there are such.
    How many there are is returned.
    """
    documents = [it for it in held if it.source == source]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    names = {it.id: re.sub(r"\W+", "-", it.id).strip("-").lower() + ".txt" for it in documents}
    asked = [(document, ask) for document in documents for ask in document.questions]
    asked.sort(key=lambda it: order(it[1].id))
    without = [it for it in asked if not it[1].answerable][: most // 2]
    chosen = [it for it in asked if it[1].answerable][: most - len(without)] + without
    chosen.sort(key=lambda it: order(it[1].id))
    for document in documents:
        # A set without article-long texts is searched all together: the others are its noise.
        (corpus / names[document.id]).write_text(document.text, encoding="utf-8", newline="")
    with (folder / "questions.jsonl").open("w", encoding="utf-8") as file:
        for document, ask in chosen:
            file.write(json.dumps(_record(document, ask, names[document.id])) + "\n")
    return len(chosen)


def _record(document: Document, ask: Ask, name: str) -> dict[str, Any]:
    """A question in the evaluator's form; its evidence is given by place."""
    record: dict[str, Any] = {
        "id": ask.id,
        "user_input": ask.text,
        "document_id": name,
        "answerable": ask.answerable,
    }
    if ask.answerable:
        record["evidence"] = [{"any": [_place(document, number, name) for number in ask.evidence]}]
        start, end = min(ask.spans, key=lambda it: it[1] - it[0])
        record["reference"] = document.text[start:end]
    return record


def _place(document: Document, number: int, name: str) -> dict[str, Any]:
    start, end = document.sentences[number]
    return {"document_id": name, "start": start, "end": end}
