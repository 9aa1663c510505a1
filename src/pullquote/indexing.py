"""corpus -> index: reads the articles, embeds what is new, and swaps the new index in whole."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from pullquote import corpus, segment
from pullquote.corpus import LeftOut, Listing
from pullquote.errors import CorpusError, IndexUnusableError
from pullquote.manifest import Manifest, SourceRecord, content_digest
from pullquote.segment import grouping
from pullquote.store import (
    Index,
    IndexedArticle,
    passage_text,
    remove_other_builds,
    write_build,
)
from pullquote.types import Article, Embedder, Passage, Sentence

#: Called with the articles embedded so far and those there are to embed, first with 0.
Progress = Callable[[int, int], None]

OpenEmbedder = Callable[[str], Embedder]

#: Texts handed to the embedder at once: enough to sort by length, few enough for a live bar.
_TEXTS_AT_ONCE = 512

_LOCK = ".lock"


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


@dataclass(frozen=True, slots=True)
class _Corpus:
    """The corpus as read: articles and their digests by id, and what became of each file."""

    roots: tuple[str, ...]
    articles: Mapping[str, Article]
    digests: Mapping[str, str]
    sources: Mapping[str, SourceRecord]
    left_out: tuple[LeftOut, ...]


def update(
    roots: Sequence[Path],
    folder: Path,
    embedder_name: str,
    open_embedder: OpenEmbedder,
    *,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Bring the index in ``folder`` up to date with ``roots``.

    Unchanged articles are not embedded again; with ``rebuild`` all are. The embedder is opened
    only when there is something to embed. Raises :class:`~pullquote.errors.PullquoteError`;
    the index that was there is then untouched.
    """
    listing = corpus.list_sources(roots)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=0):
            read = _read(roots, listing)
            old = None if rebuild else _reusable(folder, embedder_name)
            return _update(folder, embedder_name, open_embedder, read, old, progress)
    except Timeout:
        raise IndexUnusableError(
            f"Another `pullquote index` is writing to {str(folder)!r}: wait until it is done."
        ) from None
    except OSError as error:
        raise IndexUnusableError(
            f"The index folder {str(folder)!r} cannot be written ({error.strerror or error}): "
            "make it writable, or name another with --index. What was there is untouched."
        ) from error


def is_outdated(manifest: Manifest) -> bool:
    """Whether the corpus has changed since the index was built.

    A corpus that is no longer there does not count: an index stands on its own.
    """
    roots = [Path(root) for root in manifest.corpus]
    if not all(root.exists() for root in roots):
        return False
    try:
        listing = corpus.list_sources(roots)
    except CorpusError:
        return True
    paths = {str(source.path) for source in listing.sources}
    return paths != set(manifest.sources) or any(
        not _unchanged(Path(path), record) for path, record in manifest.sources.items()
    )


def _unchanged(path: Path, record: SourceRecord) -> bool:
    try:
        stat = path.stat()
        if (stat.st_size, stat.st_mtime_ns) == (record.size, record.mtime_ns):
            return True
        data = corpus.read_bytes(path)
    except (OSError, CorpusError):
        data = b""  # as `_read` has it
    # Copying or checking out a corpus renews the times; only the content counts.
    return corpus.file_digest(data) == record.digest


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


def _read(roots: Sequence[Path], listing: Listing) -> _Corpus:
    """Read every file. Raises :class:`CorpusError` when none of them is an article."""
    articles: dict[str, Article] = {}
    sources: dict[str, SourceRecord] = {}
    left_out = list(listing.left_out)
    for source in listing.sources:
        article_id, data = None, b""
        # Before reading: a file that is written meanwhile must not pass for unchanged.
        size, mtime_ns = _size_and_time(source.path)
        try:
            data = corpus.read_bytes(source.path)
            articles[source.article_id] = corpus.parse(source.article_id, data)
            article_id = source.article_id
        except CorpusError as error:
            left_out.append(LeftOut(source.path, str(error)))
        sources[str(source.path.absolute())] = SourceRecord(
            size, mtime_ns, corpus.file_digest(data), article_id
        )
    if not articles:
        reasons = "".join(f"\n  {str(it.path)!r}: {it.reason}" for it in left_out)
        raise CorpusError(f"Nothing could be indexed. These files were left out:{reasons}")
    return _Corpus(
        roots=tuple(str(root.absolute()) for root in roots),
        articles=articles,
        digests={name: corpus.article_digest(article) for name, article in articles.items()},
        sources=sources,
        left_out=tuple(left_out),
    )


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns


def _update(
    folder: Path,
    embedder_name: str,
    open_embedder: OpenEmbedder,
    read: _Corpus,
    old: Index | None,
    progress: Progress,
) -> Report:
    if old and old.manifest.articles == read.digests:
        manifest = replace(old.manifest, corpus=read.roots, sources=read.sources)
        if manifest != old.manifest:
            manifest.write(folder)
        remove_other_builds(folder, keep=manifest.build)
        return _report(manifest, read, embedded=0, removed=0, written=False)

    embedder = None
    if old is None or read.digests.items() - old.manifest.articles.items():
        embedder = open_embedder(embedder_name)
        if old and old.manifest.embedder_digest != embedder.digest:
            old = None
    if embedder:
        embedder_digest = embedder.digest
    else:
        assert old is not None  # without an index to carry over, everything is new
        embedder_digest = old.manifest.embedder_digest
    before = old.manifest.articles if old else {}
    new = [
        read.articles[name] for name, digest in read.digests.items() if before.get(name) != digest
    ]
    indexed: dict[str, IndexedArticle] = {}
    if embedder:
        indexed = {it.article.id: it for it in _embed(new, embedder, progress)}
    if old:
        kept = read.digests.keys() - indexed.keys()
        indexed |= {name: _carry_over(old, name) for name in kept}
    ordered = [indexed[name] for name in sorted(indexed)]

    name = f"build-{secrets.token_hex(6)}"
    build = folder / name
    build.mkdir()
    try:
        files = write_build(build, ordered)
        segmentation = _segmentation()
        manifest = Manifest(
            build=name,
            digest=content_digest(embedder_digest, segmentation, read.digests),
            embedder=embedder_name,
            embedder_digest=embedder_digest,
            dimension=ordered[0].sentence_vectors.shape[1],
            segmentation=segmentation,
            corpus=read.roots,
            sources=read.sources,
            articles=read.digests,
            files=files,
            sentences=sum(len(it.sentences) for it in ordered),
            passages=sum(len(it.passages) for it in ordered),
        )
        manifest.write(folder)
    except Exception:
        # Not on Ctrl-C, which may come when the manifest names it already: the next run tidies up.
        shutil.rmtree(build, ignore_errors=True)
        raise
    remove_other_builds(folder, keep=name)
    removed = len(before.keys() - read.digests.keys())
    return _report(manifest, read, embedded=len(new), removed=removed, written=True)


def _report(
    manifest: Manifest, read: _Corpus, *, embedded: int, removed: int, written: bool
) -> Report:
    return Report(
        articles=len(manifest.articles),
        sentences=manifest.sentences,
        passages=manifest.passages,
        embedded=embedded,
        removed=removed,
        left_out=read.left_out,
        written=written,
    )


def _carry_over(index: Index, article_id: str) -> IndexedArticle:
    passages = index.passages(article_id)
    return IndexedArticle(
        article=index.article(article_id),
        sentences=tuple(index.sentences(article_id)),
        passages=tuple(passages),
        sentence_vectors=index.sentence_vectors(article_id),
        passage_vectors=index.passage_vectors(article_id),
    )


@dataclass(frozen=True, slots=True)
class _Segmented:
    article: Article
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]

    def texts(self) -> list[str]:
        """What is embedded: each sentence, then each passage."""
        article, sentences = self.article, self.sentences
        return [article.text[s.start : s.end] for s in sentences] + [
            passage_text(article, sentences, passage) for passage in self.passages
        ]


def _embed(
    articles: Sequence[Article], embedder: Embedder, progress: Progress
) -> Iterator[IndexedArticle]:
    progress(0, len(articles))
    done = 0
    for group in _groups(_segment(article, embedder) for article in articles):
        texts = [it.texts() for it in group]
        vectors = embedder.encode([text for own in texts for text in own])
        bounds = np.cumsum([0, *(len(own) for own in texts)])
        for it, first, last in zip(group, bounds, bounds[1:], strict=False):
            own, cut = vectors[first:last], len(it.sentences)
            yield IndexedArticle(it.article, it.sentences, it.passages, own[:cut], own[cut:])
        done += len(group)
        progress(done, len(articles))


def _segment(article: Article, embedder: Embedder) -> _Segmented:
    sentences = segment.split(article)
    tokens = embedder.count_tokens([article.text[s.start : s.end] for s in sentences])
    return _Segmented(article, sentences, segment.passages(article.id, sentences, tokens))


def _groups(articles: Iterator[_Segmented]) -> Iterator[list[_Segmented]]:
    group: list[_Segmented] = []
    size = 0
    for it in articles:
        group.append(it)
        size += len(it.sentences) + len(it.passages)
        if size >= _TEXTS_AT_ONCE:
            yield group
            group, size = [], 0
    if group:
        yield group
