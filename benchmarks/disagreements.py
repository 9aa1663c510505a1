"""How often an answer says that the articles differ, and what this does to the answers.

python -m benchmarks.disagreements FOLDER...

Each folder holds ``corpus/`` and ``questions.jsonl``. For each such answer, a line of JSON with the
question and the two sentences is printed, for a person to judge. A last line for each folder says
for how many of these questions the first sentence is right with the rules for disagreement
(:mod:`pullquote.answering.disagreement`), and for how many without them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.sets import opened, read
from pullquote.asked import Asked
from pullquote.assistant import Assistant
from pullquote.config import BUNDLED_EMBEDDER, Settings
from pullquote.evaluate.judge import first_meets
from pullquote.index.embed import SentenceTransformersEmbedder


def main(folders: Sequence[str]) -> None:
    """Print a line for each answer that says so, and one for each folder."""
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    for folder in map(Path, folders):
        with opened(folder, read(folder), embedder) as given:
            settings = Settings()
            rules = Assistant.with_parts(given.index, embedder, settings)
            # With room for only one citation, no answer says that articles differ.
            without = Assistant.with_parts(given.index, embedder, replace(settings, citations=1))
            counts: Counter[str] = Counter()
            for question, gold in zip(given.questions.questions, given.golds, strict=True):
                if question.history:
                    continue
                counts["questions"] += 1
                asked = Asked.of(question.text, (), question.document_id)
                answer = rules.trace(asked).answer
                if all(block.message != "differ" for block in answer.blocks):
                    continue
                counts["said to differ"] += 1
                counts["right with"] += first_meets(answer, gold.evidence)
                plain = without.trace(asked).answer
                counts["right without"] += first_meets(plain, gold.evidence)
                quotes = [(one.article_id, one.quote) for one in answer.citations]
                print(json.dumps({"question": question.text, "quotes": quotes}, ensure_ascii=False))
            print(json.dumps({"folder": folder.name, **counts}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
