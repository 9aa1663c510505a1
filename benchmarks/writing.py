"""Lets a language model write answers to a question set, and counts what the check stops.

    python -m benchmarks.writing QUESTIONS CORPUS OUT [--every N] [--writer URL --model M]

Without ``--writer`` it starts a server with the small model of the tests. Each written sentence
goes to OUT as JSON Lines, with its sources and the check's verdict, for a person to judge.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

from pullquote.answering.trace import Drafted
from pullquote.asked import Asked
from pullquote.assistant import Assistant
from pullquote.config import BUNDLED_EMBEDDER, Settings
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from pullquote.types import Answer, Turn
from pullquote.writing import written


def main() -> None:
    """Ask the questions, and print the counts by verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--every", type=int, default=1, help="ask every Nth question")
    parser.add_argument("--writer")
    parser.add_argument("--model", default="SmolLM2-135M-Instruct")
    options = parser.parse_args()
    if options.writer is None:
        from tests.support.writer import small_model

        options.writer = small_model()
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    verdicts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, options.out.open("w", encoding="utf-8") as out:
        index = Path(folder)
        indexing.update([options.corpus], index, embedder.name, lambda _: embedder)
        settings = Settings(writer=options.writer, writer_model=options.model)
        assistant = Assistant.with_parts(Index.open(index), embedder, settings)
        lines = options.questions.read_text(encoding="utf-8").splitlines()
        for line in lines[:: options.every]:
            question = json.loads(line)
            turns = [Turn("user", item) for item in question.get("history", [])]
            asked = question["user_input"]
            trace = assistant.trace(
                Asked.of(asked, turns, question.get("document_id")), write=False
            )
            if not written.can_be_written(trace.answer):
                continue

            def note(one: Drafted) -> None:
                verdicts[one.outcome] += 1
                row = {"verdict": one.outcome, "written": one.text, "sources": list(one.sources)}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")

            assert assistant.writer is not None
            done = written.write(
                *(trace.answer, trace.material, assistant.index, assistant.writer),
                *(assistant.check, _ignore, note),
            )
            verdicts["answers"] += 1
            verdicts["answers with written sentences"] += any(
                block.written for block in done.blocks
            )
    for name, count in verdicts.most_common():
        print(f"{count:5} {name}")


def _ignore(_: Answer) -> None:
    """Ignore the answers on the way; the last one is enough."""


if __name__ == "__main__":
    main()
