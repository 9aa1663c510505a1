"""Right first citations, right statuses, refusals: a table over question sets.

``python -m benchmarks.quality FOLDER...``; each folder holds ``corpus/`` and ``questions.jsonl``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.embed import SentenceTransformersEmbedder
from pullquote.indexing import update
from pullquote.store import Index
from pullquote.types import Citation, Status, Turn


def main(folders: Iterable[Path]) -> None:
    """Print a line a folder."""
    embedder = SentenceTransformersEmbedder.open(Settings().embedder)
    for folder in folders:
        with tempfile.TemporaryDirectory() as temporary:
            settings = Settings(index=Path(temporary))
            update([folder / "corpus"], settings.index, settings.embedder, lambda _: embedder)
            assistant = Assistant.with_parts(Index.open(settings.index), embedder, settings)
            lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
            print(f"{folder.name}: {_report(assistant, [json.loads(line) for line in lines])}")


def _report(assistant: Assistant, questions: list[Mapping[str, Any]]) -> str:
    counts: Counter[str] = Counter()
    for question in questions:
        status = _expected(question)
        answer = assistant.ask(
            question["user_input"],
            [Turn("user", text) for text in question.get("history") or []],
            question.get("document_id"),
        )
        first = bool(answer.citations) and _is_right(assistant.index, answer.citations[0], question)
        refused = answer.status is Status.NOT_FOUND
        counts[status] += 1
        counts["right"] += refused if status == "not_found" else first
        counts["first"] += first and status != "not_found"
        counts["refused"] += refused and status != "not_found"
        counts["refused rightly"] += refused and status == "not_found"
        stated = answer.status is Status.STATED_UNKNOWN
        counts["stated rightly"] += stated and first and status == "stated_unknown"
        counts["stated wrongly"] += stated and status != "stated_unknown"
    answerable = len(questions) - counts["not_found"]
    others = len(questions) - counts["stated_unknown"]
    return (
        f"{len(questions)} questions; handled right {counts['right'] / len(questions):.3f}; "
        f"first citation right {counts['first'] / answerable:.3f} of {answerable}; wrongly refused "
        f"{counts['refused']}; refused rightly {counts['refused rightly']} of "
        f"{counts['not_found']}; stated unknown found {counts['stated rightly']} of "
        f"{counts['stated_unknown']}, fired wrongly on {counts['stated wrongly']} of {others}"
    )


def _expected(question: Mapping[str, Any]) -> str:
    answerable = question.get("answerable") or question.get("evidence")
    return str(question.get("status") or ("answered" if answerable else "not_found"))


def items_of(question: Mapping[str, Any]) -> list[Any]:
    """All items of the question's evidence, whichever group they are in."""
    return [
        item
        for group in question.get("evidence") or []
        for item in (group["any"] if isinstance(group, dict) and "any" in group else [group])
    ]


def places(index: Index, article_id: str, item: Any) -> Iterable[tuple[int, int]]:
    """Where an item of evidence stands in an article, as offsets."""
    if isinstance(item, dict):
        if item["document_id"] == article_id:
            yield item["start"], item["end"]
        return
    text = index.article(article_id).text
    start = text.find(item)
    while start >= 0:
        yield start, start + len(item)
        start = text.find(item, start + 1)


def _is_right(index: Index, citation: Citation, question: Mapping[str, Any]) -> bool:
    return any(
        _overlap(citation, start, end)
        for item in items_of(question) + (question.get("also_ok") or [])
        for start, end in places(index, citation.article_id, item)
    )


def _overlap(citation: Citation, start: int, end: int) -> bool:
    shared = min(end, citation.end) - max(start, citation.start)
    return shared >= 0.5 * min(end - start, citation.end - citation.start)


if __name__ == "__main__":
    main(Path(argument) for argument in sys.argv[1:])
