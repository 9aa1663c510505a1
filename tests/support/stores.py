"""The same articles in a folder and in Milvus, so that both kinds of index pass the same tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pullquote.index import update as indexing
from pullquote.index.interface import Store
from pullquote.index.opened import open_store
from pullquote.index_place import MilvusPlace, Place
from tests.support.indexes import HashingEmbedder, write_corpus

TOWNS = ("Calder", "Halden", "Brook", "Weston", "Ardley", "Morton", "Selby", "Thirsk")
THINGS = ("bridge", "school", "library", "market", "tram", "harbour", "mill", "museum")
ACTS = ("opened", "closed", "flooded", "moved", "burned", "grew")


def town_articles(count: int = 64) -> dict[str, str]:
    """Articles in plain text by file name, with dates, sections and sources; the same each time."""
    found = {}
    for number in range(count):
        town, thing = TOWNS[number % 8], THINGS[number // 8 % 8]
        act, other = ACTS[number % 6], THINGS[(number * 5 + 3) % 8]
        head = f"title: The {thing} of {town}\n"
        head += (
            f"date: 20{10 + number % 9}-0{1 + number % 9}-1{number % 10}\n" if number % 7 else ""
        )
        head += f"section: {('Town', 'Work', 'Água')[number % 3]}\n" if number % 5 else ""
        head += f"source: {town} Post\nurl: https://example.org/{number}\n"
        body = (
            f"The {thing} of {town} {act} in year {1900 + number}. "
            f"It cost {number * 17 + 5} thousand pounds, the council said. "
            f"Nobody in {town} asked why the {other} stayed as it was. "
            f"“We waited for {number + 2} months,” said Councillor {TOWNS[-1 - number % 8]}son. "
        ) * (1 + number % 3)
        found[f"a{number:02}.txt"] = f"{head}\n{body}\n"
    found["twin.txt"] = found["a09.txt"].replace("source: Halden", "source: Other")
    return found


QUESTIONS = tuple(
    f"{('Why', 'When', 'How')[number % 3]} did the {THINGS[number % 8]} of "
    f"{TOWNS[number * 3 % 8]} {('open', 'close', 'flood', 'cost thousand pounds')[number % 4]}?"
    for number in range(50)
)


@dataclass
class Kept:
    """An index at a place, and the corpus that it is made of."""

    place: Place
    corpus: Path
    embedder: HashingEmbedder

    def index(self, changes: Mapping[str, str | None] | None = None) -> indexing.Report:
        """Change files (``None`` deletes one), and index the corpus."""
        self.corpus.mkdir(parents=True, exist_ok=True)
        for name, text in (changes or {}).items():
            if text is None:
                (self.corpus / name).unlink()
            else:
                write_corpus(self.corpus, {name: text})
        return indexing.update([self.corpus], self.place, "hashing", lambda _: self.embedder)

    def open(self) -> Store:
        """Open the index as it is now."""
        return open_store(self.place)


def kept(kind: str, folder: Path, embedder: HashingEmbedder | None = None) -> Kept:
    """An index of the kind ``folder`` or ``milvus-lite``, which is still to be made."""
    place: Place = folder / "index"
    if kind == "milvus-lite":
        place = MilvusPlace(str(folder / "kept.db"), "pullquote")
    return Kept(place, folder / "corpus", embedder or HashingEmbedder())
