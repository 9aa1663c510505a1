"""Reads the question-answering sets, and decides which of their documents are held out."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about a document.

    ``spans`` are the annotated answers, as ``(start, end)`` in the document's text. ``evidence``
    holds the numbers of the sentences that answer, ``also`` those of other sentences that contain
    an answer's words, and ``plausible`` the spans that only look like an answer. ``not_said``
    means that the evidence says that exactly this is not known or was not said.
    """

    id: str
    text: str
    answerable: bool
    spans: tuple[tuple[int, int], ...] = ()
    evidence: tuple[int, ...] = ()
    also: tuple[int, ...] = ()
    plausible: tuple[tuple[int, int], ...] = ()
    not_said: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An article, comment or review, with its sentences and the questions about it."""

    id: str
    source: str
    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    questions: tuple[Ask, ...]
    date: str | None = None
    #: Articles about the same event have the same cluster.
    cluster: str | None = None


#: Articles held out for calibration and measuring: the first few of each set of long articles, in
#: the order of ``sha256(title)`` (see :func:`order`). Listed here so that a change of the sets
#: cannot silently change which articles are held out.
HELD_OUT_TITLES: dict[str, frozenset[str]] = {
    "squad2_dev": frozenset(
        (
            "European Union law",
            "French and Indian War",
            "Intergovernmental Panel on Climate Change",
            "Ctenophora",
            "Jacksonville, Florida",
        )
    ),
    "squad11_dev": frozenset(
        (
            "Nikola Tesla",
            "American Broadcasting Company",
            "Victoria and Albert Museum",
            "Newcastle upon Tyne",
        )
    ),
    "squadshifts_new_wiki": frozenset(
        (
            "First-order logic",
            "Manipur",
            "Precipitation",
            "Armenian Apostolic Church",
            "Function (mathematics)",
            "Neolithic Revolution",
        )
    ),
}

#: The sets of ``training/written``, one for each kind of text.
WRITTEN = frozenset(
    (
        "adversarial",
        "business",
        "civic",
        "contrasts",
        "courts",
        "decisions",
        "everyday",
        "features",
        "gateway",
        "handbook",
        "help",
        "lives",
        "lookups",
        "places",
        "plain",
        "queries",
        "reasons",
        "reference",
        "reports",
        "science",
        "search",
        "sport",
        "technology",
        "town",
        "treatise",
        "voices",
        "wikipedia",
        "wire",
    )
)

#: The share of documents held out from each set of many short ones, chosen by ``sha256(id)``.
HELD_OUT_SHARE = {
    "squadshifts_reddit": 0.05,
    "squadshifts_amazon": 0.05,
    "selqa_dev": 0.10,
    "clapnq": 0.5,
    **dict.fromkeys(WRITTEN, 0.15),
}

#: Only sentences longer than this many characters count as copies: shorter ones may be in two
#: texts by chance.
_TELLING = 60


def read(folder: Path) -> list[Document]:
    """The documents of ``folder/*.jsonl.gz``, in the order of the file names.

    Raises :class:`FileNotFoundError` if there is no such file.
    """
    files = sorted(folder.glob("*.jsonl.gz"))
    if not files:
        raise FileNotFoundError(f"{folder} holds no .jsonl.gz files to train on.")
    lines = (fields for path in files for fields in read_lines(path))
    return [_document(fields) for fields in lines if "questions" in fields]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a ``.jsonl`` or ``.jsonl.gz`` file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def split(documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """Split the documents into ``(trained on, held out)``.

    A document with the title of a held-out article is held out, whatever set it is from.
    """
    titles = frozenset().union(*HELD_OUT_TITLES.values())
    trained: list[Document] = []
    held: list[Document] = []
    for document in documents:
        share = HELD_OUT_SHARE.get(document.source, 0.0)
        out = document.title in titles or order(document.id) < share
        (held if out else trained).append(document)
    return trained, held


def order(name: str) -> float:
    """A pseudo-random number from 0 to 1 that depends on ``name`` alone."""
    return int.from_bytes(sha256(name.encode()).digest()[:7]) / 2**56


def without_copies(
    documents: Sequence[Document], folders: Iterable[Path]
) -> tuple[list[Document], list[Document]]:
    """Split off copies of test articles: ``(kept, left out)``.

    A document is left out if it shares two sentences with a ``.txt`` file in ``folders`` or below.
    Public sets are often split by question rather than by article, so a test article may also be
    in a training set, under the same title or another.
    """
    known = {
        _plain(piece)
        for folder in folders
        for path in sorted(folder.rglob("*.txt"))
        for piece in re.split(r"(?<=[.?!])\s+|\n", path.read_text(encoding="utf-8"))
    }
    kept: list[Document] = []
    left: list[Document] = []
    for document in documents:
        texts = (_plain(document.text[start:end]) for start, end in document.sentences)
        shared = sum(len(text) > _TELLING and text in known for text in texts)
        (left if shared >= 2 else kept).append(document)
    return kept, left


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _document(fields: dict[str, Any]) -> Document:
    return Document(
        id=fields["id"],
        source=fields["source"],
        title=fields["title"],
        text=fields["text"],
        sentences=tuple((start, end) for start, end in fields["sentences"]),
        questions=tuple(_ask(question) for question in fields["questions"]),
        date=fields.get("date"),
        cluster=fields.get("cluster"),
    )


def _ask(fields: dict[str, Any]) -> Ask:
    return Ask(
        id=fields["id"],
        text=fields["question"].strip(),
        answerable=fields["answerable"],
        spans=_spans(fields.get("answers", ())),
        evidence=tuple(fields.get("evidence", ())),
        also=tuple(fields.get("evidence_any", ())),
        plausible=_spans(fields.get("plausible", ())),
        not_said=fields.get("kind") == "unknown",
    )


def _spans(answers: Iterable[dict[str, Any]]) -> tuple[tuple[int, int], ...]:
    return tuple((one["start"], one["start"] + len(one["text"])) for one in answers)
