"""Removes the sentences that answer a question from the articles, to see what is answered then.

The questions are distributed over a few changed corpora, called rounds; a question's sentences are
missing in its own round. Each round is built from a copy of the index, so that only the changed
articles are embedded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import EvaluationError
from pullquote.evaluate.gold import Place
from pullquote.evaluate.run import Result
from pullquote.evaluate.stress.cut import Cut
from pullquote.evaluate.stress.texts import Shelf, meeting, text_of
from pullquote.index.backup import back_up
from pullquote.index.catalog import Catalog
from pullquote.index.commit import commit, live_articles
from pullquote.index.database import transaction
from pullquote.index.interface import Store
from pullquote.index.manifest import Manifest
from pullquote.index.pending import Pending, discard
from pullquote.index.run import Before, Run
from pullquote.index.segmented import segmentation
from pullquote.index.store import Index
from pullquote.index.target import Folder
from pullquote.index.writing import writing
from pullquote.index_place import MilvusPlace
from pullquote.ingest.sources import Fresh
from pullquote.protocols import Embedder
from pullquote.source_states import SourceRecord
from pullquote.types import Article, Sentence, Status

#: The most changed corpora that are built.
ROUNDS = 4

#: A round removes at most one in this many sentences of an article, unless a single question needs
#: more: a mostly empty article would make it too easy to refuse.
_ONE_IN = 4

#: A sentence, identified by its article's id and its index.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Removal:
    """The sentences to remove for a question, and those to keep because they may be cited too."""

    result: Result
    removed: frozenset[Key]
    kept: frozenset[Key]
    quotes: tuple[str, ...]


@dataclass(slots=True)
class Round:
    """Questions that are asked on the same changed corpus."""

    removals: list[Removal] = field(default_factory=list)

    @property
    def removed(self) -> frozenset[Key]:
        """All sentences removed in this round."""
        return frozenset().union(*(removal.removed for removal in self.removals))


class Removals:
    """Finds the sentences to remove for a question, including copies in other places."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._copies: dict[str, list[Sentence]] = {}
        for article_id in shelf.articles:
            for sentence in shelf.sentences(article_id):
                self._copies.setdefault(_plain(text_of(sentence, shelf)), []).append(sentence)

    def of(self, result: Result) -> Removal | None:
        """Remove the evidence or, if the set names none, the sentence that was cited first.

        ``None`` if there is neither, if the set says that there is no answer, or if an article
        would be left empty.
        """
        places: Sequence[Place] = result.gold.evidence
        if not places and result.answer.citations and _may_answer(result):
            places = (Place.of(result.answer.citations[0]),)
        own = [
            copy
            for sentence in meeting(places, self._shelf)
            for copy in self._copies[_plain(text_of(sentence, self._shelf))]
            if result.question.document_id in (None, copy.article_id)
        ]
        removed = frozenset((copy.article_id, copy.index) for copy in own)
        if not removed or not self._leaves_something(removed):
            return None
        also_ok = meeting(result.gold.also_ok, self._shelf)
        kept = frozenset((other.article_id, other.index) for other in also_ok) - removed
        quotes = dict.fromkeys(text_of(item, self._shelf) for item in own)
        return Removal(result, removed, kept, tuple(quotes))

    def deal(self, removals: Iterable[Removal]) -> list[Round]:
        """Distribute the removals over at most :data:`ROUNDS` rounds; some may fit into none.

        A round removes nothing that another of its questions may cite as ``also_ok``. It leaves
        no article empty, and removes only a small part of each (see :data:`_ONE_IN`).
        """
        rounds = [Round() for _ in range(ROUNDS)]
        for removal in removals:
            fitting = [item for item in rounds if self._fits(removal, item)]
            if fitting:
                min(fitting, key=lambda round_: self._cost(removal, round_)).removals.append(
                    removal
                )
        return [round_ for round_ in rounds if round_.removals]

    def cuts(self, removed: Iterable[Key]) -> dict[str, Cut]:
        """The cut for each article, by article id."""
        return {
            article_id: Cut.of_sentences(
                self._shelf.articles[article_id], self._shelf.sentences(article_id), indices
            )
            for article_id, indices in _by_article(removed).items()
        }

    def _fits(self, removal: Removal, round_: Round) -> bool:
        removed = round_.removed
        if removal.kept & removed or any(item.kept & removal.removed for item in round_.removals):
            return False
        after = _by_article(removed | removal.removed)
        alone = _by_article(removal.removed)
        return self._leaves_something(removed | removal.removed) and all(
            after[item] == own
            or len(after[item]) <= max(1, len(self._shelf.sentences(item)) // _ONE_IN)
            for item, own in alone.items()
        )

    def _cost(self, removal: Removal, round_: Round) -> tuple[int, int]:
        """How many more sentences would be removed, and how many these articles already lost."""
        articles = {article_id for article_id, _ in removal.removed}
        removed = round_.removed
        gone = sum(article_id in articles for article_id, _ in removed)
        return len(removal.removed - removed), gone

    def _leaves_something(self, removed: Iterable[Key]) -> bool:
        """Whether each article keeps at least one sentence: an empty one would not be indexed."""
        return all(
            any(
                not sentence.heading and sentence.index not in gone
                for sentence in self._shelf.sentences(article_id)
            )
            for article_id, gone in _by_article(removed).items()
        )


@dataclass(frozen=True, slots=True)
class _Given:
    """A source of articles that are there already. Implements :class:`Source`."""

    articles: Sequence[Article]
    key: str = "articles without some sentences"
    shown: str = key

    @property
    def state(self) -> SourceRecord:
        return SourceRecord(self.key, 0, 0, "")

    def is_as(self, known: SourceRecord) -> bool:
        return False

    def read(self, known: SourceRecord | None) -> Fresh:
        return Fresh(self.state, iter(self.articles))


def copyable(place: Path | MilvusPlace) -> Path:
    """The folder of an index that can be copied. Raises :class:`EvaluationError`."""
    if not isinstance(place, Path):
        raise EvaluationError(
            "--stress copies the index, and can do so only with an index in a folder: name one "
            "with --index, or the articles with --corpus."
        )
    return place


def rebuilt(
    index: Store,
    cuts: Mapping[str, Cut],
    folder: Path,
    embedder: Embedder,
    settings: Settings,
) -> Assistant:
    """An assistant for the articles of ``index`` after the cuts, with an index below ``folder``.

    No file and no page is read again, so everything but the sentences stays as it is. Raises
    :class:`~pullquote.errors.PullquoteError`.
    """
    copied = folder / "index"
    if back_up(copyable(index.place), copied).digest != index.manifest.digest:
        raise EvaluationError(
            f"The index in {str(index.place)!r} was changed during the evaluation: run it again."
        )
    changed = [
        replace(index.articles[article_id], text=cut.apply(index.articles[article_id].text))
        for article_id, cut in cuts.items()
    ]
    with writing(copied) as connection:
        with transaction(connection):
            discard(connection)  # what a killed run has left
        manifest = Manifest.of(connection, copied)
        # The other articles are not even looked at.
        live = {id_: one for id_, one in live_articles(connection).items() if id_ in cuts}
        catalog, digest = Catalog(connection, copied), manifest.embedder_digest
        before = Before(catalog, live, {}, frozenset(), digest, reusable=True)
        run = Run(before, Pending(connection, segmentation()), lambda: embedder, lambda step: None)
        run.go_through([_Given(changed)])
        commit(Folder(copied, connection), manifest, live, run.planned, {}, {})
    return Assistant.with_parts(Index.open(copied), embedder, replace(settings, index=copied))


def _may_answer(result: Result) -> bool:
    return result.question.status is not Status.NOT_FOUND


def _plain(text: str) -> str:
    return " ".join(text.split())


def _by_article(keys: Iterable[Key]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for article_id, index in keys:
        found.setdefault(article_id, set()).add(index)
    return found
