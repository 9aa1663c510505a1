"""Whether the corpus has changed since an index was built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic

from pullquote import source_states
from pullquote.errors import CorpusError
from pullquote.index.database import open_for_reading
from pullquote.index.manifest import Manifest
from pullquote.ingest import corpus
from pullquote.ingest.sandbox import Sandbox
from pullquote.ingest.sources import FileSource, Source
from pullquote.source_states import SourceRecord

#: Seconds for which it is believed whether the corpus has changed.
_BELIEVED_FOR = 10.0


class Changes:
    """Whether the corpus has changed, looked up now and then.

    Going through a large corpus takes a while, and every visitor of the chat asks.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looked = -_BELIEVED_FOR
        self._found = False

    def found(self) -> bool:
        """As :func:`is_outdated`, some seconds ago at most."""
        if monotonic() - self._looked >= _BELIEVED_FOR:
            self._found = is_outdated(self._folder)
            self._looked = monotonic()
        return self._found


def is_outdated(folder: Path) -> bool:
    """Whether the corpus has changed since the index in ``folder`` was built.

    A corpus that is no longer there does not count: an index stands on its own. Raises
    :class:`IndexUnusableError` when there is no index.
    """
    with closing(open_for_reading(folder)) as connection:
        manifest = Manifest.of(connection, folder)
        records = source_states.read(connection, "source")
    roots = [Path(root) for root in manifest.corpus]
    if not all(root.exists() for root in roots):
        return False
    try:
        listing = corpus.list_sources(roots)
    except CorpusError:
        return True
    # What was fetched is looked at when it is fetched again.
    known = {key: record for key, record in records.items() if record.via is None}
    with Sandbox() as sandbox:
        return _differs(
            [FileSource(source.path, source.article_id, sandbox) for source in listing.sources],
            known,
        )


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
