"""Builds an index of the articles given to a command with ``--corpus``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pullquote.cli.index_command import tell_left_out, tell_missed
from pullquote.cli.progress import indexing_bar
from pullquote.config import Settings
from pullquote.errors import CorpusError
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.update import update
from pullquote.ingest.corpus import no_articles


def index_first(corpus: Sequence[Path], folder: Path, settings: Settings) -> Settings:
    """Index ``corpus`` into ``folder``, print what was left out, and return settings that use it.

    Raises :class:`~pullquote.errors.PullquoteError`.
    """
    with indexing_bar() as progress:
        report = update(
            corpus,
            folder,
            settings.embedder,
            SentenceTransformersEmbedder.open,
            progress=progress,
        )
    if not report.articles:
        raise CorpusError(no_articles(corpus))
    tell_left_out(report.left_out)
    tell_missed(report.missed)
    return replace(settings, corpus=tuple(corpus), index=folder)
