"""The project's own question sets, and the floors that their figures must not fall below.

Run by itself (``make floors``), this measures the figures again and raises the floors in
``floors.json``. A floor is lowered only with ``--lower``; say why in the commit.
"""

from __future__ import annotations

import argparse
import atexit
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from pullquote.assistant import Assistant
from pullquote.config import BUNDLED_EMBEDDER, Settings
from pullquote.evaluate.gold import locate
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.rates import Rate, rates
from pullquote.evaluate.run import run
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from pullquote.index.update import update
from pullquote.protocols import Embedder
from tests.support.places import CORPUS, ROOT

FOLDER = ROOT / "tests" / "questions"
FILE = FOLDER / "floors.json"

#: Each set's corpus; its questions are in ``questions/NAME.jsonl``. The author of ``heldout`` had
#: seen neither code nor questions, and nobody who changes the reader looks at that set. The others
#: are in sight. The gazette's questions are for development only.
CORPORA = {
    "heldout/questions": FOLDER / "heldout" / "corpus",
    "amazon/questions": CORPUS,
    "amazon/followups": CORPUS,
    "gazette/followups": FOLDER / "gazette" / "corpus",
}

#: One question in so many of a set is asked, because asking takes long. The sets in sight guard
#: less than the one that is not.
ONE_IN = {
    "heldout/questions": 2,
    "amazon/questions": 6,
    "amazon/followups": 2,
    "gazette/followups": 4,
}

#: How far a floor is below the measured value, at least: on another processor with other kernels,
#: borderline questions may go the other way. Of 45 to refuse, two did with AVX2 alone.
ROOM = 0.02

#: The figures that have floors. The others follow from these, or say little about a single set.
FIGURES = (
    "retrieval.hit@5",
    "citations.f1",
    "citations.hit@1",
    "citations.verbatim_rate",
    "abstention.recall",
    "abstention.auroc",
    "status_accuracy",
    "end_to_end",
)


@dataclass(frozen=True, slots=True)
class Pinned:
    """The floors of a set, and what they hold for: the data's digests and the reader's name.

    The digest ``questions`` is that of the set and of which of its questions are asked.
    """

    questions: str
    articles: str
    reader: str
    floors: Mapping[str, float]


def measure(name: str, embedder: Embedder) -> tuple[Pinned, Mapping[str, Rate]]:
    """Measure a set with the default settings: its floors by these figures, and all figures."""
    assistant = _assistant(CORPORA[name], embedder)
    index = assistant.index
    questions = QuestionSet.read(FOLDER / f"{name}.jsonl")
    asked = chosen(questions.questions, ONE_IN[name])
    results = list(run(assistant, asked, locate(asked, index.articles)))
    found = rates([result.judgement for result in results])
    # A floor of 0 would guard nothing.
    floors = ((figure, floor_of(figure, found[figure])) for figure in FIGURES)
    pinned = Pinned(
        questions=_digest([questions.digest, *(question.id for question in asked)]),
        articles=_digest(list(index.catalog.digests())),
        reader=results[0].answer.provenance.reader,
        floors={figure: least for figure, least in floors if least > 0},
    )
    return pinned, found


def chosen(questions: Sequence[Question], one_in: int) -> tuple[Question, ...]:
    """One question in ``one_in``, by the SHA-256 of its id: nobody picks which.

    A question stays chosen, or not, when others are added or taken out.
    """

    def is_chosen(question: Question) -> bool:
        return int(sha256(question.id.encode()).hexdigest(), 16) % one_in == 0

    return tuple(filter(is_chosen, questions))


def _digest(values: Sequence[object]) -> str:
    return sha256(json.dumps(values).encode()).hexdigest()


_assistants: dict[Path, Assistant] = {}


def _assistant(corpus: Path, embedder: Embedder) -> Assistant:
    """The assistant of a corpus, shared by its sets. Its index is deleted when the program ends."""
    if corpus in _assistants:
        return _assistants[corpus]
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    update([corpus], folder, BUNDLED_EMBEDDER, lambda _: embedder)
    opened = Assistant.with_parts(Index.open(folder), embedder, Settings(index=folder))
    return _assistants.setdefault(corpus, opened)


def floor_of(figure: str, rate: Rate) -> float:
    """The floor: the measured value less two questions, or less :data:`ROOM` if that is more.

    For verbatim quotes it is always 1: not a single one may be wrong.
    """
    if figure == "citations.verbatim_rate":
        return 1.0
    value = (rate.value or 0.0) - max(ROOM, 2 / max(rate.over, 1))
    return max(0.0, math.floor(value * 1000) / 1000)


def read() -> dict[str, Pinned]:
    """The current floors of each set."""
    if not FILE.exists():
        return {}
    return {name: Pinned(**load) for name, load in json.loads(FILE.read_text()).items()}


def merged(old: Pinned | None, new: Pinned, *, lower: bool) -> Pinned:
    """``new``, if none of its floors is lower than in ``old``, or if ``lower``.

    Otherwise raises a :class:`ValueError` that names the figures that would go down.
    """
    before = old.floors if old else {}
    down = [
        f"{figure} from {least} to {new.floors.get(figure, 0.0)}"
        for figure, least in before.items()
        if new.floors.get(figure, 0.0) < least
    ]
    if down and not lower:
        raise ValueError("these floors would go down: " + ", ".join(down))
    return new


def main(arguments: Sequence[str]) -> int:
    """Measure all sets and write their floors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lower", action="store_true", help="let floors go down")
    options = parser.parse_args(arguments)
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    old = read()
    new = {}
    for name in CORPORA:
        pinned, _ = measure(name, embedder)
        try:
            new[name] = merged(old.get(name), pinned, lower=options.lower)
        except ValueError as error:
            sys.stderr.write(f"{name}: {error}. Give --lower, and say why in the commit.\n")
            return 1
    FILE.write_text(json.dumps({name: asdict(item) for name, item in new.items()}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
