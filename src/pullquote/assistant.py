"""Puts the parts together: opens an index and answers questions about it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from pullquote.answering import gate
from pullquote.answering.cache import Recent
from pullquote.answering.compose import Cutoffs, compose, compose_more, compose_who_said, further
from pullquote.answering.offered import Offered
from pullquote.answering.overview import answer_request
from pullquote.answering.requests import find
from pullquote.answering.trace import Drafted, Trace
from pullquote.asked import Asked
from pullquote.config import Settings
from pullquote.errors import IndexUnusableError, UnknownArticleError
from pullquote.followups.condense import Rewordings
from pullquote.followups.followup import Act, Understood, earlier_questions, understand
from pullquote.followups.replay import Earlier, depends_on, replay
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.interface import Store
from pullquote.index.opened import open_store
from pullquote.index.outdated import Changes
from pullquote.protocols import Embedder, Reader, Writer
from pullquote.reading.readers import claims_network, open_reader, refuse_below
from pullquote.retrieval.retrieve import Retriever, with_cited
from pullquote.text import timeframe
from pullquote.text.timeframe import Timeframe
from pullquote.types import NO_FILTERS, Answer, Filters, Hit, Provenance, Status, Timings, Turn
from pullquote.writing.check import Verdict, check_with
from pullquote.writing.writers import WhileAwaited, open_writer
from pullquote.writing.written import Told, can_be_written, write


class Assistant:
    """Answers questions about the articles of one index. Thread-safe."""

    def __init__(
        self,
        index: Store,
        retriever: Retriever,
        reader: Reader,
        provenance: Provenance,
        cutoffs: Cutoffs,
        writer: Writer | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.index = index
        self.writer = writer
        self._changes = Changes(index.place)
        self._retriever = retriever
        self._reader = reader
        self._provenance = provenance
        self._cutoffs = cutoffs
        self._today = today
        self._recent: Recent[Answer] = Recent()
        self._rewordings = Rewordings()
        self.offered = Offered(self._quotes)

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the index that the settings name, and the models it needs.

        Raises :class:`~pullquote.errors.IndexUnusableError` and ``ModelError``, whose messages
        name the command that helps.
        """
        # First, so that a missing index is reported before the slow loading of the models.
        index = open_store(settings.index)
        return cls.with_parts(index, SentenceTransformersEmbedder.open(settings.embedder), settings)

    @classmethod
    def with_parts(cls, index: Store, embedder: Embedder, settings: Settings) -> Assistant:
        """Build from an index and an embedder that are already open."""
        if embedder.digest != index.manifest.embedder_digest:
            raise IndexUnusableError(
                f"The index in {str(index.place)!r} was built with the embedding model "
                f"{index.manifest.embedder!r}, not with this {embedder.name!r}: build it again "
                "with `pullquote index --rebuild`."
            )
        reader = open_reader(settings, embedder)
        return cls(
            index,
            Retriever(index, embedder, settings.passages),
            reader,
            Provenance(index.manifest.digest, reader.name, embedder.name),
            Cutoffs(settings.citations, refuse_below(settings, reader), reader.cite_above),
            open_writer(settings),
        )

    def over(self, settings: Settings) -> Assistant:
        """A new assistant over the current index; it reuses the embedding model.

        Raises :class:`~pullquote.errors.IndexUnusableError`.
        """
        return self.with_parts(open_store(settings.index), self._retriever.embedder, settings)

    @property
    def refuse_below(self) -> float:
        """The answerability below which a question is refused."""
        return self._cutoffs.refuse_below

    @property
    def notice(self) -> str | None:
        """A warning for the user that the articles have changed since they were indexed, if so."""
        if not self._changes.found():
            return None
        return "The articles have changed since they were indexed: run `pullquote index`."

    def article_at(self, address: str) -> str:
        """The id of the article whose id, or else whose web page, is ``address``.

        Raises :class:`UnknownArticleError` when there is none.
        """
        if address in self.index.articles:
            return address
        article_id = self.index.catalog.at_page(address)
        if article_id is None:
            raise UnknownArticleError(f"There is no article of the page {address!r} in the index.")
        return article_id

    def search(
        self,
        query: str,
        limit: int | None = None,
        document_id: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> tuple[Hit, ...]:
        """The best passages for ``query``, best first: ``limit``, or else the setting ``passages``.

        Raises :class:`UnknownArticleError` when there is no article ``document_id``.
        """
        return self._found(query, document_id, filters, timeframe.find(query, self._today()), limit)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        document_id: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> Answer:
        """The answer to ``question``, which has passed the gate.

        With ``document_id`` only that article is read; with ``filters`` only articles that match.
        A follow-up is understood from the earlier questions in ``history``. A writer, if there is
        one, words the answer as far as its sentences pass the check. Raises
        :class:`~pullquote.errors.QuestionError` and ``GateError``.
        """
        trace = self.trace(Asked.of(question, history, document_id, filters))
        return gate.check(trace.answer, self.index)

    def trace(
        self,
        asked: Asked,
        told: Told = lambda _: None,
        run: Callable[[Callable[[], Trace]], Trace] = lambda job: job(),
        *,
        write: bool = True,
        is_awaited: Callable[[], bool] = lambda: True,
    ) -> Trace:
        """Answer a question: understand it, read the articles and, with a writer, write.

        Every answer is made here. ``run`` runs the CPU-bound reading; ``told`` receives each
        partial answer while the writer writes. Without ``write`` the answer is its quotes. When
        ``is_awaited`` returns false, the writer is stopped with a
        :class:`~pullquote.errors.BusyError`.
        """
        self.index.check_has_articles()
        writer = WhileAwaited(self.writer, is_awaited) if write and self.writer else None
        earlier = earlier_questions(asked.history)
        reworded = self._rewordings.known
        before = replay(
            earlier, reworded, lambda *given: self._answer_again(asked, *given), self.index
        )
        understood = understand(asked.question, before.told if before else None)
        understood = reworded(understood, earlier)
        if writer and understood.by_rule_of_thumb:
            # The writer's rewording is used only when it adds nothing to what the rules found.
            understood = self._rewordings.condense(asked.question, earlier, understood, writer)
        trace = run(lambda: self._read(asked, understood, before))
        return self._written(trace, writer, told) if writer else trace

    def check(self, sentence: str, sources: Sequence[str]) -> Verdict:
        """Whether a written ``sentence`` is supported by the texts ``sources``."""
        return check_with(claims_network(self._reader))(sentence, sources)

    def _quotes(self, question: str) -> Answer:
        """The answer in quotes, without the writer."""
        return gate.check(self.trace(Asked.of(question), write=False).answer, self.index)

    def _found(
        self,
        question: str,
        document_id: str | None,
        filters: Filters,
        frame: Timeframe | None,
        top: int | None = None,
    ) -> tuple[Hit, ...]:
        if document_id is not None and document_id not in self.index.articles:
            raise UnknownArticleError.of(document_id)
        return self._retriever.retrieve(question, document_id, filters, frame, top)

    def _answer_again(
        self, asked: Asked, question: str, understood: Understood, before: Earlier | None
    ) -> Answer:
        """The answer to an earlier question of the same conversation."""
        scope = replace(asked, question=question, history=())
        return self._recent.get(
            self._key(scope, understood, before),
            lambda: self._read(scope, understood, before).answer,
        )

    def _key(self, asked: Asked, understood: Understood, before: Earlier | None) -> Hashable:
        request = find(asked.question)
        # A greeting does not, and the last question need not be answered again for it.
        refers = understood.continues or (request and request.is_of_an_article)
        last = before.answer() if before and refers else None
        return depends_on(understood, last, asked, self._today())

    def _read(self, asked: Asked, understood: Understood, before: Earlier | None) -> Trace:
        started = perf_counter()
        trace = answer_request(
            asked,
            before.answer if before else None,
            self.index,
            self._retriever.embedder,
            self._cutoffs.citations,
            self._provenance,
            self.offered.of,
        )
        last = before.answer() if before and understood.continues and not trace else None
        if last and understood.act is not Act.LOOK_UP:
            trace = self._of_the_last(asked.question, understood.act, last)
        trace = trace or self._looked_up(asked, understood.question, last)
        timings = replace(trace.answer.timings, total=_ms(started, perf_counter()))
        answer = replace(trace.answer, timings=timings)
        self._recent.keep(self._key(asked, understood, before), answer)
        return replace(trace, answer=answer)

    def _written(self, trace: Trace, writer: Writer, told: Told) -> Trace:
        """The trace with its answer in the writer's words, where there is anything to write."""
        answer = trace.answer
        # An answer about the last answer has no material: its quotes are shown as they are.
        if not trace.material.citations or not can_be_written(answer):
            return trace
        started = perf_counter()
        answer = replace(answer, provenance=replace(answer.provenance, writer=writer.name))
        drafted: list[Drafted] = []
        done = write(answer, trace.material, self.index, writer, self.check, told, drafted.append)
        total = answer.timings.total + _ms(started, perf_counter())
        done = replace(done, timings=replace(done.timings, total=total))
        return replace(trace, answer=done, drafted=tuple(drafted), quoted=trace.answer)

    def _of_the_last(self, question: str, act: Act, last: Answer) -> Trace:
        timings = Timings(0.0, 0.0, 0.0)
        if act is Act.WHO_SAID:
            answer = compose_who_said(question, last, self.index, self._provenance, timings)
        else:
            answer = compose_more(
                question, last, self.index, self._cutoffs, self._provenance, timings
            )
        # Nothing was retrieved; for the trace, these are the passages of the cited sentences.
        hits = with_cited((), answer.citations, self.index)
        return Trace(answer, hits, decided_by="last_answer")

    def _looked_up(self, asked: Asked, full: str, last: Answer | None) -> Trace:
        started = perf_counter()
        frame = timeframe.find(full, self._today())
        hits = with_cited(
            self._found(full, asked.document_id, asked.filters, frame),
            last.citations if last else (),
            self.index,
        )
        retrieved = perf_counter()
        reading = self._reader.read(full, hits, self.index)
        timings = Timings(_ms(started, retrieved), _ms(retrieved, perf_counter()), 0.0)

        def composed(cutoffs: Cutoffs) -> Answer:
            return compose(
                asked.question, full, reading, self.index, cutoffs, self._provenance, timings, frame
            )

        answer = composed(self._cutoffs)
        if answer.status is Status.NOT_FOUND:
            cutoffs = replace(self._cutoffs, refuse_below=0.0)
            trace = Trace(answer, hits, compose_unrefused=lambda: composed(cutoffs))
        else:
            trace = Trace(answer, hits)
            if self.writer:
                trace = replace(trace, material=further(answer, full, reading, self.index, frame))
        return replace(trace, scored=reading.sentences, threshold=self.refuse_below)


def _ms(start: float, end: float) -> float:
    return (end - start) * 1000
