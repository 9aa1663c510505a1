"""One indexing run: reads changed sources, embeds new articles, plans what the index will hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pullquote.digest import article_digest
from pullquote.errors import CorpusError, IndexUnusableError
from pullquote.index.commit import Live
from pullquote.index.interface import Listed
from pullquote.index.pending import Again, Pending, Planned
from pullquote.index.segmented import Segmented, embed, segmented
from pullquote.ingest.corpus import LeftOut
from pullquote.ingest.formats import Fault
from pullquote.ingest.sources import Source, UnreachableError
from pullquote.protocols import Embedder
from pullquote.source_states import SourceRecord
from pullquote.types import Article


@dataclass(frozen=True, slots=True)
class Step:
    """The progress of a run: ``done`` of ``total`` bytes, and ``read`` of ``sources``.

    Bytes count as done only when their text has been embedded, if needed.
    """

    done: int
    total: int
    read: int
    sources: int


#: Called with each step; first with a step where nothing is done.
Progress = Callable[[Step], None]

OpenEmbedder = Callable[[str], Embedder]

#: Texts given to the embedder at once: enough to sort by length, few enough that the progress bar
#: keeps moving and little is lost if the run is killed.
_TEXTS_AT_ONCE = 512

#: Sources recorded in one transaction.
_SOURCES_AT_ONCE = 1000

_SAME_ID = "has the same id"


class OtherModelError(Exception):
    """The embedding model differs from that of the index."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the index holds when a run begins.

    ``reusable``: model and segmentation are the same, so its embedded articles can be kept.
    ``withdrawn`` are the ids of articles that must not be added again.
    """

    catalog: Listed
    live: Mapping[str, Live]
    records: Mapping[str, SourceRecord]
    withdrawn: AbstractSet[str]
    embedder_digest: str
    reusable: bool


class Run:
    """One run over all sources. Its progress is stored in ``pending``."""

    def __init__(
        self,
        before: Before,
        pending: Pending,
        open_embedder: Callable[[], Embedder],
        progress: Progress,
        adding: Path | str | None = None,
    ) -> None:
        self._before = before
        self._adding = adding
        self._pending = pending
        self._open_embedder = open_embedder
        self._embedder: Embedder | None = None
        self._progress = progress
        self._from: dict[str, list[str]] = defaultdict(list)
        for id_, one in before.live.items():
            self._from[one.origin].append(id_)
        #: What the index will hold: articles by id, and sources by key.
        self.planned: dict[str, Planned] = {}
        self.records: dict[str, SourceRecord] = {}
        #: The ids of withdrawn articles that come back because their source is added again.
        self.let_back: set[str] = set()
        self._altered: list[LeftOut] = []
        # Not stored yet: the articles to embed, those that are stored already, what was planned,
        # and the finished sources.
        self._group: list[Segmented] = []
        self._again: list[Again] = []
        self._texts = 0
        self._new: dict[str, Planned] = {}
        self._done: list[SourceRecord] = []
        self._shown: dict[str, Path | str] = {}

    def go_through(self, sources: Sequence[Source]) -> None:
        """Read changed sources, and embed new articles.

        Raises :class:`OtherModelError` if the model has changed, so that nothing can be reused.
        """
        self._step = Step(0, sum(source.state.size for source in sources), 0, len(sources))
        self._progress(self._step)
        self._shown = {source.key: source.shown for source in sources}
        self._resume()
        done = 0
        for number, source in enumerate(sources):
            self._take(source, partial(self._advance, done, number))
            done += source.state.size
            if self._texts >= _TEXTS_AT_ONCE or len(self._done) >= _SOURCES_AT_ONCE:
                self._flush()
            self._advance(done, number + 1, 0)
        self._flush()
        self._advance(done, len(sources), 0)

    def _resume(self) -> None:
        """Resume a killed run, except for sources that are gone or have changed since."""
        trusted = self._before.embedder_digest if self._before.reusable else ""
        if self._pending.embedder not in ("", trusted):
            self._opened()  # discards what another model has embedded
        stale = {key for key in self._pending.records if key not in self._shown}
        usable: dict[str, Planned] = {}
        for id_, (digest, origin) in self._pending.planned().items():
            kept = self._is_live(id_, digest)
            if origin not in self._shown or not (kept or self._pending.has(digest)):
                stale.add(origin)
            elif id_ not in self._before.withdrawn:
                usable[id_] = Planned(digest, origin, kept)
        self._pending.drop(stale)
        self.planned = {id_: one for id_, one in usable.items() if one.origin not in stale}
        self._begun = {one.origin for one in self.planned.values()}

    def _is_live(self, article_id: str, digest: str) -> bool:
        live = self._before.live.get(article_id)
        return self._before.reusable and live is not None and live.digest == digest

    def _advance(self, before: int, sources: int, read: int) -> None:
        # What waits to be embedded is not done yet: the remaining time is estimated from this.
        done = self._step.done if self._group else before + read
        self._step = Step(done, self._step.total, sources, self._step.sources)
        self._progress(self._step)

    def _take(self, source: Source, progress: Callable[[int], None]) -> None:
        done = self._pending.records.get(source.key)
        is_added = source.shown == self._adding
        if done and source.is_as(done) and not _clashes(done) and not is_added:
            self.records[source.key] = done
            return
        self._forget(source.key)
        known = self._before.records.get(source.key)
        if is_added or (known and (_clashes(known) or self._is_claimed(known))):
            # Read it again: withdrawn articles may come back, and another source may own an id.
            known = None
        if known and source.is_as(known):
            self._keep(known)
            return
        record = source.state
        faults: list[tuple[str, str]] = []
        try:
            read = source.read(known)
            if isinstance(read, SourceRecord):
                self._keep(read)
                return
            record = read.record
            seen = 0
            for article in read.articles:
                if isinstance(article, Fault):
                    faults.append((article.where, article.reason))
                    continue
                if fault := self._stage(article, source.key):
                    faults.append(("", fault))
                seen += len(article.text)
                progress(min(seen, source.state.size))
        except UnreachableError as error:
            if known and self._from[source.key]:
                told = ("", f"{error}. Its earlier version stays")
                self._keep(replace(known, via=record.via, faults=(told,)))
                return
            faults.append(("", str(error)))
        except CorpusError as error:
            faults.append(("", str(error)))
        self._note(replace(record, faults=tuple(faults)))

    def _forget(self, key: str) -> None:
        """Discard what a killed run planned for this source, so that no id clashes with itself."""
        if key in self._begun or key in self._pending.records:
            self._pending.drop([key])
            for id_ in [id_ for id_, one in self.planned.items() if one.origin == key]:
                del self.planned[id_]

    def _note(self, record: SourceRecord) -> None:
        self.records[record.key] = record
        self._done.append(record)

    def _is_claimed(self, record: SourceRecord) -> bool:
        """Whether another source has claimed the id of one of this source's articles."""
        return any(
            id_ in self.planned and self.planned[id_].origin != record.key
            for id_ in self._from[record.key]
        )

    def _keep(self, record: SourceRecord) -> None:
        """Keep all articles of a source as they are in the index."""
        self.records[record.key] = record
        for article_id in self._from[record.key]:
            if article_id in self.planned:
                continue
            if self._before.reusable:
                digest = self._before.live[article_id].digest
                self.planned[article_id] = Planned(digest, record.key, kept=True)
                continue
            try:
                article = self._before.catalog.article(article_id)
            except (IndexUnusableError, KeyError):
                why = f"its article {article_id!r} was altered in the index, and is taken out"
                self._altered.append(LeftOut(self._shown[record.key], why))
                self.records[record.key] = record.unread()
            else:
                self._stage(article, record.key)

    def _stage(self, article: Article, key: str) -> str | None:
        """Plan an article. Returns the reason if it is left out because its id is taken."""
        if article.id in self._before.withdrawn:
            if self._shown[key] != self._adding:
                return None
            self.let_back.add(article.id)
        if owner := self.planned.get(article.id):
            return f"{owner.origin} {_SAME_ID}, {article.id!r}: rename one"
        digest = article_digest(article)
        planned = Planned(digest, key, self._is_live(article.id, digest))
        self.planned[article.id] = self._new[article.id] = planned
        if planned.kept or self._pending.has(digest):
            self._again.append((article.id, digest, article.left_out))
        else:
            one = segmented(article, digest, key, self._opened())
            self._group.append(one)
            self._texts += len(one.passages)
            if self._texts >= _TEXTS_AT_ONCE:
                self._flush()
        return None

    def _opened(self) -> Embedder:
        if self._embedder is None:
            embedder = self._open_embedder()
            if self._before.reusable and self._before.embedder_digest != embedder.digest:
                raise OtherModelError
            self._pending.set_embedder(embedder.digest)
            self._embedder = embedder
        return self._embedder

    def _flush(self) -> None:
        """Embed the waiting articles, and store the progress."""
        if self._group or self._new or self._done:
            embedded = embed(self._group, self._opened()) if self._group else ()
            self._pending.commit(embedded, self._again, self._new.items(), self._done)
        self._group, self._again, self._texts = [], [], 0
        self._new, self._done = {}, []

    @property
    def embedder(self) -> Embedder:
        """The model, opened on first use."""
        return self._opened()

    def faults(self) -> Iterator[LeftOut]:
        """What was left out of the sources, sorted by source key, and what was taken out."""
        for key in sorted(self.records):
            for where, reason in self.records[key].faults:
                yield LeftOut(self._shown[key], f"{where}: {reason}" if where else reason)
        yield from self._altered

    def gave(self, source: Path | str) -> bool:
        """Whether any article was planned from a source, given as it is shown to users."""
        return any(self._shown[one.origin] == source for one in self.planned.values())

    def shown(self, article_id: str) -> Path | str:
        """The source of a planned article, as it is shown to users."""
        return self._shown[self.planned[article_id].origin]


def _clashes(record: SourceRecord) -> bool:
    """Whether an article of this source was left out because another source has the same id."""
    return any(_SAME_ID in reason for _, reason in record.faults)
