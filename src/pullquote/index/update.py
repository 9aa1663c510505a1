"""corpus -> index: reads the articles, embeds the new ones, and publishes the new state.

Progress is stored along the way: if a run is killed, the next one resumes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pullquote.errors import CorpusError, UnknownArticleError
from pullquote.index import commit
from pullquote.index.begin import Wanted, begin
from pullquote.index.database import transaction
from pullquote.index.incomplete import incomplete, missed
from pullquote.index.manifest import Manifest
from pullquote.index.pending import Pending, discard
from pullquote.index.run import Before, OpenEmbedder, OtherModelError, Progress, Run
from pullquote.index.segmented import segmentation
from pullquote.index.writable import open_target
from pullquote.index_place import Place
from pullquote.ingest.corpus import LeftOut
from pullquote.ingest.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Report:
    """What an indexing run did. ``written`` is false if everything was up to date already.

    ``missed`` names the sources of articles whose text may be incomplete.
    """

    articles: int
    sentences: int
    passages: int
    embedded: int
    removed: int
    left_out: tuple[LeftOut, ...]
    written: bool
    missed: tuple[LeftOut, ...] = ()


def update(
    roots: Sequence[Path],
    place: Place,
    embedder_name: str,
    open_embedder: OpenEmbedder,
    *,
    urls: Sequence[str] = (),
    private_hosts: Sequence[str] = (),
    adding: Path | str | None = None,
    fetch: bool = True,
    strict: bool = False,
    rebuild: bool = False,
    progress: Progress = lambda step: None,
) -> Report:
    """Bring the index at ``place`` up to date with ``roots``, and with the pages at ``urls``.

    Addresses that were added earlier are read too. ``adding`` is a new file below ``roots`` or the
    address of a page to add: its withdrawn articles come back, and if it has no article, nothing
    is changed. Without ``fetch``, no other page is fetched again.

    With ``strict``, nothing is changed if anything is left out or missed. Unchanged articles are
    not embedded again, unless ``rebuild`` is true. The embedder is opened only if there is
    something to embed, or if a killed run may have used another one. Raises
    :class:`~pullquote.errors.PullquoteError`; the existing index is then unchanged, and the next
    run can use what was embedded.
    """
    wanted = Wanted(roots, urls, private_hosts, embedder_name, adding, fetch, rebuild)
    with open_target(place, rebuild=rebuild) as target, Sandbox() as sandbox:
        connection = target.connection
        task = begin(target, wanted, sandbox)
        before, manifest = task.before, task.manifest
        if rebuild:
            with transaction(connection):
                discard(connection)
        while True:
            pending = Pending(connection, segmentation())
            run = Run(before, pending, lambda: open_embedder(embedder_name), progress, adding)
            try:
                run.go_through(task.sources)
                break
            except OtherModelError:
                before = replace(before, reusable=False)
        report = _report(connection, before, run, task.left_out)
        if strict and (report.left_out or report.missed):
            omissions = [*report.left_out, *report.missed]
            raise CorpusError(_told("These were left out, so nothing was changed:", omissions))
        if adding is not None and not run.gave(adding):
            raise CorpusError(_why_not(adding, report.left_out))
        if not run.planned and (report.left_out or before.live):
            raise CorpusError(
                _told("Nothing could be indexed. These files were left out:", report.left_out)
            )
        if not before.reusable or report.embedded:
            manifest = _of_model(connection, manifest, run, embedder_name, pending.embedder)
        manifest = commit.commit(
            target,
            manifest,
            before.live,
            run.planned,
            task.known,
            run.records,
            run.let_back,
        )
        return replace(
            report,
            articles=manifest.articles,
            sentences=manifest.sentences,
            passages=manifest.passages,
        )


def _of_model(
    connection: sqlite3.Connection, manifest: Manifest, run: Run, name: str, digest: str
) -> Manifest:
    query = "SELECT length(vector) / 2 FROM passage ORDER BY number DESC LIMIT 1"
    found = connection.execute(query).fetchone()
    if found is None:  # an index without passages: the model itself says its dimension
        digest, found = run.embedder.digest, (run.embedder.dimension,)
    return replace(
        manifest,
        embedder=name,
        embedder_digest=digest,
        dimension=found[0],
        segmentation=segmentation(),
        # Search files of another model cannot be used.
        search=manifest.search if digest == manifest.embedder_digest else "",
    )


def _report(
    connection: sqlite3.Connection, before: Before, run: Run, left_out: Iterable[LeftOut]
) -> Report:
    embedded = sum(not one.kept for one in run.planned.values())
    removed = sum(id_ not in run.planned for id_ in before.live)
    missing = incomplete(run, missed(connection, run.planned))
    everything = (*left_out, *run.faults())
    return Report(0, 0, 0, embedded, removed, everything, bool(embedded or removed), missing)


def _why_not(adding: Path | str, left_out: Iterable[LeftOut]) -> str:
    """Why the added file or page gave no article, as the end of a sentence."""
    reasons = (omission.reason for omission in left_out if omission.path == adding)
    return next(reasons, "there is no article in it")


def _told(what: str, left_out: Iterable[LeftOut]) -> str:
    return what + "".join(f"\n  {str(omission.path)!r}: {omission.reason}" for omission in left_out)


def withdraw(place: Place, article_ids: Iterable[str], address: str | None = None) -> None:
    """Remove articles from the index at ``place`` at once, and keep them out.

    ``address`` is an added page that later runs should no longer read. Raises
    :class:`~pullquote.errors.UnknownArticleError`; nothing is removed then.
    """
    with open_target(place) as target:
        connection = target.connection
        manifest = Manifest.of(connection, place)
        wanted = list(dict.fromkeys(article_ids))
        live = commit.live_articles(connection)
        for article_id in wanted:
            if article_id not in live:
                raise UnknownArticleError.of(article_id)
        added = tuple(url for url in manifest.added if url != address)
        commit.take_out(target, replace(manifest, added=added), wanted)


def restore(place: Place, article_ids: Iterable[str]) -> None:
    """Let removed articles come back with the next run of :func:`update`.

    Raises :class:`~pullquote.errors.UnknownArticleError`; nothing is changed then.
    """
    with open_target(place) as target:
        connection = target.connection
        wanted = set(article_ids)
        for article_id in sorted(wanted - commit.withdrawn(connection)):
            raise UnknownArticleError(f"The article {article_id!r} was not removed.")
        commit.let_back(target, Manifest.of(connection, place), wanted)
