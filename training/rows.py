"""Records how a judge scores the sentences read for each question of a set.

:mod:`training.fit` computes thresholds and figures from these rows. Every question is asked once,
with the largest number of passages: results with fewer passages are computed from the same rows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from pullquote.evaluate.gold import Gold, Place, locate
from pullquote.evaluate.measures import token_f1
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet
from pullquote.index.store import Index
from pullquote.protocols import Embedder
from pullquote.reading.judge import to_read
from pullquote.reading.judge_network import JudgeNetwork
from pullquote.retrieval.retrieve import Retriever
from pullquote.text import timeframe
from pullquote.types import Status


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence and its scores, as read in one passage.

    ``passage`` is the rank of the passage, from 0. ``right`` means that the sentence is evidence,
    ``fine`` that it may be cited. ``f1`` compares its marked words with the best reference answer,
    and is 0 without one.
    """

    passage: int
    article: str
    index: int
    answers: float
    not_said: float
    right: bool
    fine: bool
    f1: float

    @property
    def found(self) -> float:
        """How likely the sentence answers, or says that the answer is not known."""
        return self.answers + self.not_said


@dataclass(frozen=True, slots=True)
class Row:
    """A question with all sentences that were read for it.

    ``retrieved`` is the rank of the first passage with evidence, ``None`` if there is none.
    """

    set: str
    id: str
    expected: str
    tags: tuple[str, ...]
    retrieved: int | None
    seen: tuple[Seen, ...]

    def best(self, passages: int) -> Seen | None:
        """The likeliest sentence in the first ``passages`` passages."""
        own = [one for one in self.seen if one.passage < passages]
        return max(own, key=lambda one: one.found, default=None)


def rows(
    name: str,
    questions: Path,
    index: Index,
    embedder: Embedder,
    network: JudgeNetwork,
    passages: int,
) -> Iterator[Row]:
    """A row for every question without a history."""
    asked = QuestionSet.read(questions).questions
    golds = locate(asked, index.articles)
    retriever = Retriever(index, embedder, passages)
    for question, gold in zip(asked, golds, strict=True):
        if question.history:
            continue
        frame = timeframe.find(question.text, date.today())
        hits = retriever.retrieve(question.text, question.document_id, frame=frame)
        texts = [to_read(hit, index) for hit in hits]
        verdicts = network.read(question.text, [text for text, _ in texts])
        seen = []
        rank = None
        for place, ((text, sentences), own) in enumerate(zip(texts, verdicts, strict=True)):
            for number, verdict in own.items():
                sentence = sentences[number]
                where = Place(sentence.article_id, sentence.start, sentence.end)
                right = any(where.meets(other) for other in gold.evidence)
                if right and rank is None:
                    rank = place
                words = text.text[slice(*verdict.words)] if verdict.words else ""
                seen.append(
                    Seen(
                        place,
                        sentence.article_id,
                        sentence.index,
                        round(verdict.answers, 5),
                        round(verdict.not_said, 5),
                        right,
                        right or any(where.meets(other) for other in gold.also_ok),
                        max((token_f1(words, one) for one in question.references), default=0.0),
                    )
                )
        yield Row(name, question.id, _expected(question, gold), question.tags, rank, tuple(seen))


def _expected(question: Question, gold: Gold) -> str:
    if question.status:
        return str(question.status)
    return str(Status.ANSWERED if gold.groups else Status.NOT_FOUND)


def write_rows(path: Path, made: Iterable[Row]) -> list[Row]:
    """Write the rows as JSON Lines, and return them."""
    kept = []
    with path.open("w", encoding="utf-8") as file:
        for row in made:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            kept.append(row)
    return kept


def read_rows(paths: Sequence[Path]) -> list[Row]:
    """The rows in files that :func:`write_rows` wrote."""
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            fields["seen"] = tuple(Seen(**one) for one in fields["seen"])
            fields["tags"] = tuple(fields["tags"])
            found.append(Row(**fields))
    return found


def main() -> int:
    """Ask the questions of each folder, which holds ``questions.jsonl`` and ``corpus/``."""
    from pullquote.config import BUNDLED_EMBEDDER
    from pullquote.index.embed import SentenceTransformersEmbedder

    parser = argparse.ArgumentParser(prog="python -m training.rows", description=__doc__)
    parser.add_argument("reader", type=Path, help="a folder of training.export")
    parser.add_argument("sets", nargs="+", help="FOLDER=INDEX of a set")
    parser.add_argument("--out", type=Path, required=True, help="folder for the rows")
    parser.add_argument("--passages", type=int, default=8)
    given = parser.parse_args()
    network = JudgeNetwork.open(given.reader, "")
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    given.out.mkdir(parents=True, exist_ok=True)
    for folder, index in (item.split("=") for item in given.sets):
        name = Path(folder).name
        made = rows(
            name,
            Path(folder) / "questions.jsonl",
            Index.open(Path(index)),
            embedder,
            network,
            given.passages,
        )
        print(f"{name}: {len(write_rows(given.out / f'{name}.jsonl', made))} questions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
