"""Adds single articles to an index, and removes them again.

Added files go into the folder ``added`` of the index's corpus. Added addresses go into a list in
the index. Later runs of :func:`~pullquote.index.update.update` keep both.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from pullquote.addresses import same_page
from pullquote.errors import AddingError, CorpusError, PullquoteError, UnknownArticleError
from pullquote.index.interface import Listed
from pullquote.index.manifest import Manifest
from pullquote.index.opened import open_catalog, read_manifest
from pullquote.index.outdated import recorded
from pullquote.index.run import OpenEmbedder, Progress
from pullquote.index.update import Report, update, withdraw
from pullquote.index_place import Place
from pullquote.ingest.added import ADDED, file_name, put, text_file
from pullquote.ingest.sources import file_key

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Additions:
    """The articles that were added to the index in ``place``.

    The ``add_`` methods return the ids of the new articles; if there are none, nothing changes.
    All methods may raise ``PullquoteError``.
    """

    place: Place
    open_embedder: OpenEmbedder
    private_hosts: tuple[str, ...] = ()

    def ids(self, shelf: Listed) -> list[str]:
        """The ids of all added articles. ``shelf`` is the catalog of the open index."""
        return sorted(self._origins(shelf))

    def add_file(self, name: str, data: bytes, progress: Progress) -> list[str]:
        """Add the articles of a file, in any format that can be indexed."""
        return self._put(file_name(name), data, progress)

    def add_text(self, title: str, text: str, progress: Progress) -> list[str]:
        """Add ``text`` as an article."""
        return self._put(*text_file(title, text), progress)

    def add_address(self, address: str, progress: Progress) -> list[str]:
        """Add the article of the page at ``address``."""
        known = self._spellings(address)
        shelf = open_catalog(self.place)
        if any(_articles_of(one, shelf) for one in known):
            raise AddingError(f"{address} is among the articles already.")
        return self._add(known[0] if known else address, address, progress)

    def remove(self, article_id: str, progress: Progress) -> None:
        """Remove an added article for good, together with its file or its address."""
        origins = self._origins(open_catalog(self.place))
        if article_id not in origins:
            raise UnknownArticleError(f"The article {article_id!r} was not added here.")
        origin = origins.pop(article_id)
        is_last = origin not in origins.values()
        address = origin if isinstance(origin, str) and is_last else None
        withdraw(self.place, [article_id], address)
        try:
            if is_last and isinstance(origin, Path):
                origin.unlink()
            self._update(progress)  # erases the article's text from the disk
        except (OSError, PullquoteError) as error:
            _LOG.error("%s is in no answer any more, but is on the disk: %s", article_id, error)

    def _put(self, name: str, data: bytes, progress: Progress) -> list[str]:
        path = put(self._folder_of_files(), name, data)
        try:
            return self._add(path, path.name, progress)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def _add(self, what: Path | str, name: str, progress: Progress) -> list[str]:
        try:
            self._update(progress, what)
        except CorpusError as error:
            raise AddingError(f"{name} was not added: {str(error).rstrip('.')}.") from error
        return _articles_of(what, open_catalog(self.place))

    def _update(self, progress: Progress, adding: Path | str | None = None) -> Report:
        """Update the index from its own corpus and addresses, without fetching other pages."""
        manifest = self._manifest()
        return update(
            [Path(root) for root in manifest.corpus],
            self.place,
            manifest.embedder,
            self.open_embedder,
            urls=manifest.urls,
            private_hosts=self.private_hosts,
            adding=adding,
            fetch=False,
            progress=progress,
        )

    def _spellings(self, address: str) -> list[str]:
        """The known addresses of the page at ``address``, which may be spelt differently."""
        added = read_manifest(self.place).added
        fetched = (record.key for record in recorded(self.place).values() if record.via)
        page = same_page(address)
        return [one for one in dict.fromkeys([*added, *fetched]) if same_page(one) == page]

    def _manifest(self) -> Manifest:
        """The index's manifest.

        Raises :class:`AddingError` if a run would remove articles because their folder is missing.
        """
        manifest = read_manifest(self.place)
        missing = [root for root in manifest.corpus if not os.access(root, os.R_OK)]
        if missing and any(record.via is None for record in recorded(self.place).values()):
            raise AddingError(
                f"The articles of this index come from {missing[0]!r}, which is not there: "
                "put it back, or build the index again with `pullquote index`."
            )
        return manifest

    def _folder_of_files(self) -> Path:
        roots = [Path(root) for root in self._manifest().corpus]
        for root in roots:
            if not os.path.isfile(root):  # Path.is_file raises below a closed folder
                return root / ADDED
        raise AddingError(
            "This index is made of single files: give `pullquote index --corpus` a folder besides."
        )

    def _origins(self, shelf: Listed) -> dict[str, Path | str]:
        """The file or address of each added article, by article id."""
        manifest = read_manifest(self.place)
        origins: list[Path | str] = [*manifest.added]
        for root in manifest.corpus:
            folder = Path(root, ADDED)
            origins += folder.rglob("*") if os.path.isdir(folder) else ()
        return {item: origin for origin in origins for item in _articles_of(origin, shelf)}


def _articles_of(origin: Path | str, shelf: Listed) -> list[str]:
    key = file_key(origin) if isinstance(origin, Path) else origin
    return shelf.from_origin(key)
