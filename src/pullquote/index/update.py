"""corpus -> index: reads the articles, embeds what is new, and swaps the new index in whole.

What is done is kept in a journal: a run that is killed at any moment is resumed by the next.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from pullquote.digest import article_digest
from pullquote.errors import CorpusError, IndexUnusableError, UnknownArticleError
from pullquote.index import build as builds
from pullquote.index import run_log
from pullquote.index.embedded import Embedded
from pullquote.index.manifest import Manifest, content_digest
from pullquote.index.run_log import Journal, Planned
from pullquote.index.store import Index, open_catalog, passage_text, remove_other_builds
from pullquote.ingest import corpus
from pullquote.ingest.corpus import LeftOut, Listing
from pullquote.ingest.formats import Fault
from pullquote.ingest.sandbox import Sandbox
from pullquote.ingest.sources import FileSource, Source, UnreachableError
from pullquote.source_states import Ledger, SourceRecord
from pullquote.text import near_copies, segment
from pullquote.text.segment import grouping
from pullquote.types import Article, Embedder, Passage, Sentence

#: Called with the bytes gone through so far and those there are, first with 0.
Progress = Callable[[int, int], None]

OpenEmbedder = Callable[[str], Embedder]

#: Texts handed to the embedder at once: enough to sort by length, few enough for a live bar and
#: for little to be lost when the run is killed.
_TEXTS_AT_ONCE = 512

#: Unchanged sources noted in one go.
_SOURCES_AT_ONCE = 1000

_LOCK = ".lock"

_SAME_ID = "has the same id"


@dataclass(frozen=True, slots=True)
class Report:
    """What an indexing run did. ``written`` is false when all was up to date already."""

    articles: int
    sentences: int
    passages: int
    embedded: int
    removed: int
    left_out: tuple[LeftOut, ...]
    written: bool


def update(
    roots: Sequence[Path],
    folder: Path,
    embedder_name: str,
    open_embedder: OpenEmbedder,
    *,
    urls: Sequence[str] = (),
    private_hosts: Sequence[str] = (),
    strict: bool = False,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Bring the index in ``folder`` up to date with ``roots``, and with the pages at ``urls``.

    With ``strict`` nothing is written when anything is left out. Unchanged articles are not
    embedded again; with ``rebuild`` all are. The embedder is opened only when there is something
    to embed. Raises :class:`~pullquote.errors.PullquoteError`;
    the index that was there is then untouched, and what was embedded is there for the next run.
    """
    listing = _listing(roots, urls)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=0), Sandbox() as sandbox:
            if rebuild:
                run_log.remove(folder)
            withdrawn = _withdrawn(folder)
            old = None if rebuild else _reusable(folder, embedder_name)
            files = [FileSource(it.path, it.article_id, sandbox) for it in listing.sources]
            pages, missing = _pages(urls, private_hosts, sandbox, old)
            while True:
                run = _Run(folder, old, withdrawn, embedder_name, open_embedder, progress)
                try:
                    run.go_through([*files, *pages])
                    left_out = [*listing.left_out, *missing]
                    return run.finish(roots, urls, left_out, strict)
                except _OtherModelError:
                    old = None  # nothing of it can be carried over
                finally:
                    run.close()
    except Timeout:
        raise IndexUnusableError(
            f"Another `pullquote index` is writing to {str(folder)!r}: wait until it is done."
        ) from None
    except (OSError, sqlite3.OperationalError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise IndexUnusableError(
            f"The index folder {str(folder)!r} cannot be written ({reason or error}): "
            "make it writable, or name another with --index. What was there is untouched."
        ) from error


def _listing(roots: Sequence[Path], urls: Sequence[str]) -> Listing:
    """The files of the corpus; none are needed where there are addresses."""
    try:
        return corpus.list_sources(roots)
    except CorpusError:
        if urls:
            return Listing((), ())
        raise


def _pages(
    urls: Sequence[str], private_hosts: Sequence[str], sandbox: Sandbox, old: Index | None
) -> tuple[list[Source], list[LeftOut]]:
    if not urls:
        return [], []
    # What fetches is loaded for those who fetch.
    from pullquote.ingest.fetch import Fetcher
    from pullquote.ingest.pages import list_pages

    known = Ledger(old.folder / old.manifest.build) if old else None
    # Not closed: its pages are fetched when they are read.
    return list_pages(urls, Fetcher(private_hosts), sandbox, known)


def _withdrawn(folder: Path) -> frozenset[str]:
    """What is not to come back, whatever else is made anew."""
    try:
        return frozenset(Manifest.read(folder).withdrawn)
    except IndexUnusableError:
        return frozenset()


def withdraw(folder: Path, article_ids: Iterable[str]) -> None:
    """Take articles out of the index in ``folder`` at once, and keep them out.

    Raises :class:`~pullquote.errors.UnknownArticleError`, and then none is taken out.
    """
    with _locked(folder):
        manifest = Manifest.read(folder)
        shelf = open_catalog(folder)
        wanted = list(dict.fromkeys(article_ids))
        for article_id in wanted:
            if shelf.known_digest(article_id) is None or article_id in manifest.withdrawn:
                raise UnknownArticleError(f"There is no article {article_id!r} in the index.")
        if len(wanted) >= manifest.articles:
            raise IndexUnusableError(
                "An index without any article cannot be: delete its folder instead."
            )
        _set_withdrawn(folder, manifest, {*manifest.withdrawn, *wanted})


def restore(folder: Path, article_ids: Iterable[str]) -> None:
    """Let articles that were taken out come back with the next run of :func:`update`.

    Raises :class:`~pullquote.errors.UnknownArticleError`, and then nothing is changed.
    """
    with _locked(folder):
        manifest = Manifest.read(folder)
        wanted = set(article_ids)
        for article_id in sorted(wanted - set(manifest.withdrawn)):
            raise UnknownArticleError(f"The article {article_id!r} was not removed.")
        _set_withdrawn(folder, manifest, set(manifest.withdrawn) - wanted)
        records = Ledger(folder / manifest.build)
        try:
            records.forget_states()
        finally:
            records.close()


def _set_withdrawn(folder: Path, manifest: Manifest, withdrawn: set[str]) -> None:
    hidden = tuple(sorted(withdrawn))
    digests = [it for it in open_catalog(folder).digests() if it[0] not in withdrawn]
    replace(
        manifest,
        withdrawn=hidden,
        articles=len(digests),
        digest=content_digest(manifest.embedder_digest, manifest.segmentation, digests),
    ).write(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        with FileLock(folder / _LOCK, timeout=0):
            yield
    except Timeout:
        raise IndexUnusableError(
            f"Another `pullquote index` is writing to {str(folder)!r}: wait until it is done."
        ) from None


def _segmentation() -> str:
    """Changes whenever the same text may be cut differently."""
    return f"{segment.VERSION}/{grouping.PASSAGE_TOKENS}/{grouping.OVERLAP_TOKENS}"


def _reusable(folder: Path, embedder_name: str) -> Index | None:
    """The index in ``folder``, when anything in it can be carried over into the next one."""
    try:
        index = Index.open(folder)
    except IndexUnusableError:
        return None
    fits = (
        index.manifest.embedder == embedder_name and index.manifest.segmentation == _segmentation()
    )
    return index if fits else None


class _OtherModelError(Exception):
    """The model is another than that of the index, or of the run that was killed."""


@dataclass(frozen=True, slots=True)
class _Segmented:
    article: Article
    digest: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]

    def texts(self) -> list[str]:
        """What is embedded: each passage."""
        return [passage_text(self.article, self.sentences, passage) for passage in self.passages]


class _Run:
    """One run over all sources. What it did is in its journal."""

    def __init__(
        self,
        folder: Path,
        old: Index | None,
        withdrawn: frozenset[str],
        embedder_name: str,
        open_embedder: OpenEmbedder,
        progress: Progress,
    ) -> None:
        self._folder = folder
        self._old = old
        self._embedder_name = embedder_name
        self._open_embedder = open_embedder
        self._embedder: Embedder | None = None
        self._progress = progress
        about = [embedder_name, _segmentation(), old.manifest.build if old else None]
        self._journal = Journal(folder, json.dumps(about))
        self._ledger = Ledger(folder / old.manifest.build) if old else None
        self._withdrawn = withdrawn
        # Not in the journal yet: what is to be embedded, what is planned, which sources are done.
        self._group: list[_Segmented] = []
        self._texts = 0
        self._planned: dict[str, Planned] = {}
        self._done: list[SourceRecord] = []
        self._shown: dict[str, Path | str] = {}

    def close(self) -> None:
        self._journal.close()
        if self._ledger:
            self._ledger.close()

    def go_through(self, sources: Sequence[Source]) -> None:
        """Read what changed, and embed what is new."""
        total, done = sum(it.state.size for it in sources), 0
        self._progress(0, total)
        for source in sources:
            self._shown[source.key] = source.shown
            self._journal.see(source.key)
            self._take(source, partial(self._advance, done, total))
            done += source.state.size
            if self._texts >= _TEXTS_AT_ONCE or len(self._done) >= _SOURCES_AT_ONCE:
                self._flush()
        self._flush()
        self._journal.drop_unseen()
        self._progress(total, total)

    def _advance(self, before: int, total: int, read: int) -> None:
        self._progress(before + read, total)

    def _take(self, source: Source, progress: Callable[[int], None]) -> None:
        done = self._journal.done(source.key)
        if done:
            if source.is_as(done) and not _clashes(done):
                return
            self._journal.drop(source.key)
        known = self._ledger.get(source.key) if self._ledger else None
        if known and (_clashes(known) or self._is_claimed(known)):
            known = None  # who has an id may have changed: it is read anew
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
            for it in read.articles:
                if isinstance(it, Fault):
                    faults.append((it.where, it.reason))
                    continue
                if fault := self._stage(it, source.key):
                    faults.append(("", fault))
                seen += len(it.text)
                progress(min(seen, source.state.size))
        except UnreachableError as error:
            if known and known.digest:
                told = ("", f"{error}. Its earlier version stays")
                self._keep(replace(known, via=record.via, faults=(told,)))
                return
            faults.append(("", str(error)))
        except CorpusError as error:
            faults.append(("", str(error)))
        self._done.append(replace(record, faults=tuple(faults)))

    def _is_claimed(self, record: SourceRecord) -> bool:
        """Whether another source has an article of the id of one of its own."""
        assert self._old is not None  # whose ledger knows the source
        ids = (it for it, _ in self._old.catalog.from_origin(record.key))
        return any(self._owner(it) not in (None, record.key) for it in ids)

    def _keep(self, record: SourceRecord) -> None:
        """Carry over all articles of a source."""
        assert self._old is not None  # whose ledger knows the source
        for article_id, digest in self._old.catalog.from_origin(record.key):
            if article_id not in self._withdrawn and not self._owner(article_id):
                self._planned[article_id] = Planned(article_id, digest, record.key, kept=True)
        self._done.append(record)

    def _stage(self, article: Article, key: str) -> str | None:
        """Plan an article. Gives the reason when it is left out."""
        if article.id in self._withdrawn:
            return None
        if owner := self._owner(article.id):
            return f"{owner} {_SAME_ID}, {article.id!r}: rename one"
        digest = article_digest(article)
        kept = self._old is not None and self._old.catalog.known_digest(article.id) == digest
        self._planned[article.id] = Planned(article.id, digest, key, kept)
        if not kept and not self._journal.has(digest):
            it = _segment(article, digest, self._opened())
            self._group.append(it)
            self._texts += len(it.passages)
            if self._texts >= _TEXTS_AT_ONCE:
                self._flush()
        return None

    def _owner(self, article_id: str) -> str | None:
        planned = self._planned.get(article_id)
        return planned.origin if planned else self._journal.owner(article_id)

    def _opened(self) -> Embedder:
        if self._embedder is None:
            embedder = self._open_embedder(self._embedder_name)
            if self._old and self._old.manifest.embedder_digest != embedder.digest:
                raise _OtherModelError
            if not self._journal.set_embedder(embedder.digest):
                raise _OtherModelError
            self._embedder = embedder
        return self._embedder

    def _flush(self) -> None:
        """Embed what waits for it, and keep it."""
        embedded = _embed(self._group, self._opened()) if self._group else ()
        self._journal.commit(embedded, self._planned.values(), self._done)
        self._group, self._texts = [], 0
        self._planned, self._done = {}, []

    def finish(
        self, roots: Sequence[Path], urls: Sequence[str], left_out: Iterable[LeftOut], strict: bool
    ) -> Report:
        """Write the build that the journal has planned, unless it is the one that is there."""
        old, plan = self._old, self._journal
        everything = [*left_out, *self._faults()]
        if strict and everything:
            raise CorpusError(_told("These were left out, so nothing was changed:", everything))
        embedded = kept = 0
        for it in plan.plan():
            kept += it.kept
            embedded += not it.kept
        if not embedded + kept:
            plan.close()
            run_log.remove(self._folder)
            raise CorpusError(
                _told("Nothing could be indexed. These files were left out:", everything)
            )
        corpus_roots = tuple(str(root.absolute()) for root in roots)
        if old and not embedded and kept == len(old.catalog.ranges) == old.manifest.articles:
            manifest = replace(old.manifest, corpus=corpus_roots, urls=tuple(urls))
            if manifest != old.manifest:
                manifest.write(self._folder)
            builds.carry_ledger(plan, self._folder / manifest.build)
            written = False
        else:
            manifest = self._write(corpus_roots, tuple(urls))
            written = True
        self._journal.close()
        run_log.remove(self._folder)
        remove_other_builds(self._folder, keep=manifest.build)
        before = [it for it, _ in old.catalog.digests()] if old and written else []
        after = Index.open(self._folder).catalog if before else None
        return Report(
            articles=manifest.articles,
            sentences=manifest.sentences,
            passages=manifest.passages,
            embedded=embedded,
            removed=sum(after.known_digest(it) is None for it in before) if after else 0,
            left_out=tuple(everything),
            written=written,
        )

    def _faults(self) -> Iterator[LeftOut]:
        for record in self._journal.sources():
            for where, reason in record.faults:
                told = f"{where}: {reason}" if where else reason
                yield LeftOut(self._shown[record.key], told)

    def _write(self, roots: tuple[str, ...], urls: tuple[str, ...]) -> Manifest:
        old, plan = self._old, self._journal
        embedder_digest = plan.embedder or (old.manifest.embedder_digest if old else "")
        name = f"build-{secrets.token_hex(6)}"
        path = self._folder / name
        path.mkdir()
        try:
            made = builds.write(path, plan, old)
            manifest = Manifest(
                build=name,
                digest=content_digest(
                    embedder_digest, _segmentation(), ((it.id, it.digest) for it in plan.plan())
                ),
                embedder=self._embedder_name,
                embedder_digest=embedder_digest,
                dimension=made.dimension,
                segmentation=_segmentation(),
                corpus=roots,
                urls=urls,
                withdrawn=tuple(sorted(self._withdrawn)),
                files=made.files,
                articles=made.articles,
                sentences=made.sentences,
                passages=made.passages,
                recall=made.recall,
            )
            manifest.write(self._folder)
        except Exception:
            # Not on Ctrl-C, which may come when the manifest names it already: the next run
            # tidies up.
            builds.discard(path)
            raise
        return manifest


def _clashes(record: SourceRecord) -> bool:
    """Whether something of a source was left out for another one's sake."""
    return any(_SAME_ID in reason for _, reason in record.faults)


def _told(what: str, left_out: Iterable[LeftOut]) -> str:
    return what + "".join(f"\n  {str(it.path)!r}: {it.reason}" for it in left_out)


def _segment(article: Article, digest: str, embedder: Embedder) -> _Segmented:
    sentences = segment.split(article)
    tokens = embedder.count_tokens([article.text[s.start : s.end] for s in sentences])
    return _Segmented(article, digest, sentences, segment.passages(article.id, sentences, tokens))


def _embed(group: Sequence[_Segmented], embedder: Embedder) -> Iterator[Embedded]:
    texts = [it.texts() for it in group]
    # Half precision moves a cosine by less than 0.001 and halves the largest files.
    vectors = embedder.encode([text for own in texts for text in own]).astype(np.float16)
    bounds = np.cumsum([0, *(len(own) for own in texts)])
    for it, first, last in zip(group, bounds, bounds[1:], strict=False):
        rows = [(s.start, s.end, s.paragraph, s.heading) for s in it.sentences]
        runs = [(p.first, p.last) for p in it.passages]
        yield Embedded(
            it.article,
            it.digest,
            np.array(rows, dtype=np.int32).reshape(-1, 4),
            np.array(runs, dtype=np.int32).reshape(-1, 2),
            vectors[first:last],
            near_copies.signature(it.article.text[it.article.body_start :]),
        )
