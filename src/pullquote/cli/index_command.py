"""``pullquote index`` and ``pullquote check``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from pullquote.cli.progress import indexing_bar
from pullquote.cli.shown import named, shown
from pullquote.config import Settings
from pullquote.errors import SettingsError
from pullquote.index.backup import back_up
from pullquote.index.check import check
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.opened import forgotten
from pullquote.index.preview import preview
from pullquote.index.update import update
from pullquote.index_place import Place
from pullquote.ingest.corpus import LeftOut
from pullquote.plurals import counted

OK, NOT_ALL, FAILED = 0, 1, 2


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Build or update the index, preview that, or copy the index. Returns the exit code.

    Raises :class:`~pullquote.errors.PullquoteError`.
    """
    if options.backup:
        if not isinstance(settings.index, Path):
            raise SettingsError(
                f"--backup copies only a folder, and {shown(str(settings.index))} is in Milvus: "
                "use Milvus's own backup, as docs/cluster.md says."
            )
        manifest = back_up(settings.index, options.backup)
        print(
            f"{counted(manifest.articles, 'article')} copied to {shown(options.backup)}. To go "
            "back, stop the server and put the copy in the place of the whole folder."
        )
        return OK
    refuse_to_forget(options, settings)
    if options.dry_run:
        return _would_do(options, settings)
    with indexing_bar() as progress:
        report = update(
            settings.corpus,
            settings.index,
            settings.embedder,
            SentenceTransformersEmbedder.open,
            urls=settings.urls,
            private_hosts=settings.private_hosts,
            strict=options.strict,
            rebuild=options.rebuild,
            progress=progress,
        )
    tell_left_out(report.left_out)
    tell_missed(report.missed)
    print(
        f"{counted(report.articles, 'article')}, {counted(report.sentences, 'sentence')}, "
        f"{counted(report.passages, 'passage')} in {shown(str(settings.index))}: "
        + (
            f"{report.embedded:,} new or changed, {report.removed:,} removed, "
            f"{len(report.left_out):,} left out."
            if report.written
            else f"up to date, {len(report.left_out):,} left out."
        )
    )
    if not report.articles:
        print(
            f"pullquote: There is nothing to ask yet: put articles into {named(settings.corpus)}, "
            "or add one in the page that `pullquote serve` opens.",
            file=sys.stderr,
        )
    return NOT_ALL if report.left_out else OK


def refuse_to_forget(options: argparse.Namespace, settings: Settings) -> None:
    """Raise :class:`SettingsError` if a run that names no source would drop those named before.

    Such a run reads the folder ``corpus`` alone.
    """
    if options.corpus or options.url or settings.urls or settings.corpus != Settings().corpus:
        return
    known, addresses = forgotten(settings.index, settings.corpus, settings.urls)
    # A folder that is gone has been moved, with the index or without.
    roots = [root for root in known if os.path.exists(root)]
    if roots or addresses:
        raise SettingsError(
            f"The index in {shown(str(settings.index))} was made of {named([*roots, *addresses])}, "
            "which this run would remove: name them again with --corpus and --url, or in "
            f"pullquote.toml; or name --corpus {named(settings.corpus)}, to index only that."
        )


def _would_do(options: argparse.Namespace, settings: Settings) -> int:
    with indexing_bar() as progress:
        found = preview(
            settings.corpus,
            settings.index,
            settings.embedder,
            urls=settings.urls,
            private_hosts=settings.private_hosts,
            rebuild=options.rebuild,
            progress=progress,
        )
    for mark, ids in (("new", found.added), ("changed", found.changed), ("removed", found.removed)):
        for article_id in ids:
            print(f"{mark}\t{shown(article_id)}")
    tell_left_out(found.left_out)
    tell_missed(found.missed)
    print(
        f"Nothing was written. A run would add {counted(len(found.added), 'article')}, embed "
        f"{len(found.changed):,} again, remove {len(found.removed):,}, keep {found.unchanged:,} as "
        f"they are, and leave out {len(found.left_out):,}.",
        file=sys.stderr,
    )
    if options.strict and (found.left_out or found.missed):
        print("With --strict, a run would change nothing.", file=sys.stderr)
        return FAILED
    if not (found.added or found.changed or found.unchanged) and (found.left_out or found.removed):
        print("But nothing could be indexed, so a run would change nothing.", file=sys.stderr)
        return FAILED
    return NOT_ALL if found.left_out else OK


def tell_missed(missed: Iterable[LeftOut]) -> None:
    """Warn of articles whose text may be incomplete."""
    for source in missed:
        print(f"pullquote: warning: {shown(source.path)}: {source.reason}.", file=sys.stderr)


def tell_left_out(left_out: Iterable[LeftOut]) -> None:
    """Name on standard error what a run left out, with the reasons."""
    for omission in left_out:
        print(f"pullquote: left out {shown(omission.path)}: {omission.reason}.", file=sys.stderr)


def check_whole(place: Place) -> int:
    """Check the index at ``place``, and repair what can be repaired. Returns the exit code.

    Raises :class:`~pullquote.errors.PullquoteError`.
    """
    if isinstance(place, Path):
        manifest, found = check(place)
    else:
        from pullquote.index.milvus import check as milvus

        manifest, found = milvus.check(place)
    for fault in found:
        print(fault)
    print(
        f"{counted(manifest.articles, 'article')}, {counted(manifest.sentences, 'sentence')}, "
        f"{counted(manifest.passages, 'passage')} in {shown(str(place))}: "
        + (f"{counted(len(found), 'fault')}." if found else "everything is as it was indexed.")
    )
    return NOT_ALL if found else OK
