"""The one place where the parts are put together: open an index, ask it questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import monotonic, perf_counter

from pullquote import gate, timeframe
from pullquote.answer import Limits, compose
from pullquote.config import Settings
from pullquote.embed import SentenceTransformersEmbedder
from pullquote.errors import IndexUnusableError, UnknownArticleError
from pullquote.followup import standalone
from pullquote.indexing import is_outdated
from pullquote.limits import clean_question
from pullquote.readers import open_reader
from pullquote.retrieve import Retriever
from pullquote.store import Index
from pullquote.types import (
    NO_FILTERS,
    Answer,
    Embedder,
    Filters,
    Hit,
    Provenance,
    Reader,
    Status,
    Timings,
    Turn,
)

#: Seconds for which it is believed whether the corpus has changed.
_NOTICE_FOR = 10.0


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer and the way to it: what was read, and the answer that was not refused.

    ``unrefused`` is the answer that ``refuse_below=0`` would have given.
    """

    answer: Answer
    hits: tuple[Hit, ...]
    unrefused: Answer


class Assistant:
    """Answers questions about the articles of one index. Safe to share by threads."""

    def __init__(
        self,
        index: Index,
        retriever: Retriever,
        reader: Reader,
        provenance: Provenance,
        limits: Limits,
    ) -> None:
        self.index = index
        self._checked = -_NOTICE_FOR
        self._outdated = False
        self._retriever = retriever
        self._reader = reader
        self._provenance = provenance
        self._limits = limits

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the index that the settings name, and the models it needs.

        Raises :class:`~pullquote.errors.IndexUnusableError` and ``ModelError``, whose messages
        name the command that helps.
        """
        # First, so that a missing index is told at once and not after the model has loaded.
        index = Index.open(settings.index)
        return cls.with_parts(index, SentenceTransformersEmbedder.open(settings.embedder), settings)

    @classmethod
    def with_parts(cls, index: Index, embedder: Embedder, settings: Settings) -> Assistant:
        """An assistant over parts that are open already."""
        if embedder.digest != index.manifest.embedder_digest:
            raise IndexUnusableError(
                f"The index in {str(index.folder)!r} was built with the embedding model "
                f"{index.manifest.embedder!r}, not with this {embedder.name!r}: build it again "
                "with `pullquote index --rebuild`."
            )
        reader = open_reader(settings.reader, embedder, index)
        return cls(
            index,
            Retriever(index, embedder, settings.passages),
            reader,
            Provenance(index.manifest.digest, reader.name, embedder.name),
            Limits(settings.citations, settings.refuse_below),
        )

    def over(self, settings: Settings) -> Assistant:
        """Another one with the same embedding model, over the index as it is now.

        Raises :class:`~pullquote.errors.IndexUnusableError`.
        """
        return self.with_parts(Index.open(settings.index), self._retriever.embedder, settings)

    @property
    def notice(self) -> str | None:
        """What the person should know before asking: that the corpus has changed since."""
        # Going through a large corpus takes a while, and every visitor of the chat asks.
        if monotonic() - self._checked >= _NOTICE_FOR:
            self._outdated = is_outdated(self.index.folder)
            self._checked = monotonic()
        if not self._outdated:
            return None
        return "The articles have changed since they were indexed: run `pullquote index`."

    def article_at(self, address: str) -> str:
        """The id of the article whose page is at ``address``, or whose id that is.

        Raises :class:`UnknownArticleError` when there is none.
        """
        article_id = self.index.catalog.at_page(address)
        if article_id is None and address in self.index.articles:
            article_id = address
        if article_id is None:
            raise UnknownArticleError(f"There is no article of the page {address!r} in the index.")
        return article_id

    def retrieve(
        self, question: str, document_id: str | None = None, filters: Filters = NO_FILTERS
    ) -> tuple[Hit, ...]:
        """The passages that would be read for ``question``, best first.

        Raises :class:`UnknownArticleError` when there is no article ``document_id``.
        """
        if document_id is not None and document_id not in self.index.articles:
            raise UnknownArticleError(f"There is no article {document_id!r} in the index.")
        return self._retriever.retrieve(question, document_id, filters)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        document_id: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> Answer:
        """The answer to ``question``, which has passed the gate.

        With ``document_id`` only that article is read, with ``filters`` only those that pass.
        Earlier questions in ``history`` give a follow-up its subject. Raises
        :class:`~pullquote.errors.QuestionError` and ``GateError``.
        """
        return self.trace(question, history, document_id, filters).answer

    def trace(
        self,
        question: str,
        history: Sequence[Turn] = (),
        document_id: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> Trace:
        """As :meth:`ask`, with what an evaluation needs to tell why."""
        question = clean_question(question)
        started = perf_counter()
        full = standalone(question, history)
        frame = timeframe.find(full, date.today())
        hits = self.retrieve(full, document_id, filters)
        retrieved = perf_counter()
        reading = self._reader.read(full, hits, self.index)
        read = perf_counter()

        def composed(limits: Limits) -> Answer:
            timings = Timings(_ms(started, retrieved), _ms(retrieved, read), 0.0)
            return compose(
                question, full, reading, self.index, limits, self._provenance, timings, frame
            )

        answer = composed(self._limits)
        gate.check(answer, self.index)
        answer = replace(
            answer, timings=replace(answer.timings, total=_ms(started, perf_counter()))
        )
        refused = answer.status is Status.NOT_FOUND
        unrefused = composed(replace(self._limits, refuse_below=0.0)) if refused else answer
        return Trace(answer, hits, unrefused)


def _ms(start: float, end: float) -> float:
    return (end - start) * 1000
