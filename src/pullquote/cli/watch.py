"""``pullquote watch``: keeps an index up to date with its corpus and its web pages."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from pullquote.cli.shown import shown
from pullquote.config import Settings
from pullquote.errors import IndexUnusableError, PullquoteError
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.opened import read_manifest
from pullquote.index.outdated import is_outdated
from pullquote.index.update import Report, update
from pullquote.ingest.corpus import LeftOut
from pullquote.plurals import counted
from pullquote.protocols import Embedder


def watch(
    settings: Settings,
    every: float,
    fetch_every: float,
    tell: Callable[[str], None],
    rounds: int | None = None,
) -> None:
    """Index once, and then again after each change, until interrupted.

    Files are checked every ``every`` seconds, the web every ``fetch_every`` seconds. Errors are
    reported and retried; the existing index is kept. ``rounds`` limits the number of checks.
    Raises :class:`~pullquote.errors.PullquoteError` if the first run fails.
    """
    models: dict[str, Embedder] = {}

    def opened(name: str) -> Embedder:
        # Cached: loading a model takes seconds, too long to repeat for each change.
        if name not in models:
            models[name] = SentenceTransformersEmbedder.open(name)
        return models[name]

    left_out: tuple[LeftOut, ...] = ()

    def run() -> None:
        nonlocal left_out
        report = update(
            settings.corpus,
            settings.index,
            settings.embedder,
            opened,
            urls=settings.urls,
            private_hosts=settings.private_hosts,
        )
        if report.written or report.left_out != left_out:
            tell(_line(report))
        left_out = report.left_out

    run()
    tell("Up to date. Waiting for changes; Ctrl-C ends it.")
    fetched = monotonic()
    problem = ""
    while rounds is None or rounds > 0:
        rounds = None if rounds is None else rounds - 1
        sleep(every)
        due = monotonic() - fetched >= fetch_every and _has_addresses(settings)
        try:
            if due or _outdated(settings):
                run()
            problem = ""
        except PullquoteError as error:
            # Report a problem once, although every check retries.
            if str(error) != problem:
                problem = str(error)
                tell(f"Not indexed: {problem}")
        if due:
            fetched = monotonic()


def _outdated(settings: Settings) -> bool:
    try:
        return is_outdated(settings.index)
    except IndexUnusableError:
        return True


def _has_addresses(settings: Settings) -> bool:
    try:
        return bool(settings.urls or read_manifest(settings.index).added)
    except IndexUnusableError:
        return bool(settings.urls)


def _line(report: Report) -> str:
    told = [f"\n  left out {shown(one.path)}: {one.reason}" for one in report.left_out]
    told += [f"\n  warning: {shown(one.path)}: {one.reason}" for one in report.missed]
    return (
        f"{counted(report.articles, 'article')}: {report.embedded:,} new or changed, "
        f"{report.removed:,} removed, {len(report.left_out):,} left out.{''.join(told)}"
    )
