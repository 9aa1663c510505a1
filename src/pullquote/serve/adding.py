"""Adds articles to the index of a running server, one at a time, in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from time import monotonic, sleep

from pullquote.config import Settings
from pullquote.errors import AddingError, BusyError
from pullquote.index.additions import Additions
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.opened import read_manifest
from pullquote.index.run import Progress, Step
from pullquote.omissions import missed_words
from pullquote.plurals import counted
from pullquote.serve.opening import Opening

#: Adds or removes articles; returns the ids of the new ones.
Job = Callable[[Additions, Progress], list[str]]

#: Receives progress: a text, and the completed share, if known.
Told = Callable[[str, float | None], None]

#: How many seconds to wait until the server uses the new index.
_TAKING_UP = 60.0

_LOG = logging.getLogger(__name__)


class Adding:
    """Adds and removes articles; shared by all visitors. It does not check permissions."""

    def __init__(self, opening: Opening, settings: Settings) -> None:
        self._opening = opening
        # Its own model: questions are asked meanwhile, and a model is not meant to be shared.
        self._additions = Additions(
            settings.index, SentenceTransformersEmbedder.open, settings.private_hosts
        )
        self._at_work = Lock()

    def ids(self) -> list[str]:
        """The articles that were added. Raises ``PullquoteError``."""
        return self._additions.ids(self._opening.assistant().index.catalog)

    def title(self, article_id: str) -> str:
        """The title of an article that was added just now."""
        articles = self._opening.assistant().index.articles
        return articles[article_id].title if article_id in articles else article_id

    def missed_words(self, article_id: str) -> int:
        """How many words that may be the article's are not in its text."""
        articles = self._opening.assistant().index.articles
        return missed_words(articles[article_id].left_out) if article_id in articles else 0

    def start(self, job: Job, told: Told) -> Future[list[str]]:
        """Start ``job``. It goes on even if nobody waits, and is done when the new index is in use.

        Raises :class:`~pullquote.errors.BusyError` while another job is running.
        """
        if not self._at_work.acquire(blocking=False):
            raise BusyError("Another article is being added or removed: wait until that is done.")
        future: Future[list[str]] = Future()

        def work() -> None:
            try:
                try:
                    done = job(self._additions, lambda step: told(*_words(step)))
                    told("Opening the new index", None)
                    self._wait_until_taken_up()
                finally:
                    # Before the result is set: the client may then start the next job at once.
                    self._at_work.release()
            except AddingError as error:
                future.set_exception(error)
            except Exception as error:
                _LOG.exception("An article could not be added or removed.")
                future.set_exception(error)
            else:
                future.set_result(done)

        # A daemon thread, so Ctrl-C ends it. The index is then either the old or the new one.
        Thread(target=work, daemon=True).start()
        return future

    def _wait_until_taken_up(self) -> None:
        wanted = read_manifest(self._additions.place).generation
        end = monotonic() + _TAKING_UP
        # Another run may have changed the index again: a later generation has this one's articles.
        while self._opening.assistant().index.manifest.generation < wanted:
            if monotonic() >= end:
                raise AddingError(
                    "The index has been changed, but this server still answers from the one "
                    "before: see its log, or start it again."
                )
            sleep(0.05)


def _words(step: Step) -> tuple[str, float | None]:
    if step.done >= step.total and step.read == step.sources:
        return "Writing the index", None
    share = step.done / step.total if step.total else None
    return f"Indexing: {step.read:,} of {counted(step.sources, 'file')} read", share
