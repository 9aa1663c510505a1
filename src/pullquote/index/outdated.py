"""Finds out whether the corpus has changed since an index was built."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic

from pullquote import source_states
from pullquote.errors import CorpusError, IndexUnusableError
from pullquote.index.database import open_for_reading
from pullquote.index.opened import read_manifest
from pullquote.index_place import Place
from pullquote.ingest import corpus
from pullquote.ingest.sandbox import Sandbox
from pullquote.ingest.sources import FileSource, Source
from pullquote.source_states import SourceRecord

#: Seconds for which a result is kept.
_BELIEVED_FOR = 10.0


class Changes:
    """Caches whether the corpus has changed.

    Scanning a large corpus takes a while, and every visitor of the chat triggers a check.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._looked = -_BELIEVED_FOR
        self._found = False

    def found(self) -> bool:
        """The result of :func:`is_outdated`, some seconds old; the last one if there is no index.

        An index that is open is asked even when the one on disk has gone or cannot be reached.
        """
        if monotonic() - self._looked >= _BELIEVED_FOR:
            with suppress(IndexUnusableError):
                self._found = is_outdated(self._place)
            self._looked = monotonic()
        return self._found


def is_outdated(place: Place) -> bool:
    """Whether the corpus has changed since the index at ``place`` was built.

    A missing corpus does not count as a change: an index works without it. Raises
    :class:`IndexUnusableError` if there is no index.
    """
    roots = [Path(root) for root in read_manifest(place).corpus]
    if not all(map(os.path.exists, roots)):  # Path.exists raises below a closed folder
        return False
    try:
        listing = corpus.list_sources(roots)
    except CorpusError:
        return True
    # Only files are compared: fetched pages are checked when they are fetched again.
    known = {key: record for key, record in recorded(place).items() if record.via is None}
    with Sandbox() as sandbox:
        return _differs(
            [FileSource(source.path, source.article_id, sandbox) for source in listing.sources],
            known,
        )


def recorded(place: Place) -> Mapping[str, SourceRecord]:
    """What is recorded of each source of an index, by key.

    Raises :class:`~pullquote.errors.IndexUnusableError`.
    """
    if not isinstance(place, Path):
        from pullquote.index.milvus.known import known_sources

        return known_sources(place)
    with closing(open_for_reading(place)) as connection:
        return source_states.read(connection, "source")


def _differs(sources: Sequence[Source], known: Mapping[str, SourceRecord]) -> bool:
    return {source.key for source in sources} != known.keys() or any(
        not _is_same(source, known[source.key]) for source in sources
    )


def _is_same(source: Source, known: SourceRecord) -> bool:
    if source.is_as(known):
        return True
    try:
        return isinstance(source.read(known), SourceRecord)
    except CorpusError:
        return not known.digest
