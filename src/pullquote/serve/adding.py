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
from pullquote.index.manifest import Manifest
from pullquote.index.run import Progress, Step
from pullquote.plurals import counted
from pullquote.serve.opening import Opening

#: What is to be done; it gives the ids of what is new.
Job = Callable[[Additions, Progress], list[str]]

#: Told how far it is: a sentence, and the share that is done where that is known.
Told = Callable[[str, float | None], None]

#: Seconds to wait for the server to take up the new index.
_TAKING_UP = 60.0

_LOG = logging.getLogger(__name__)


class Adding:
    """Shared by all visitors; which of them may add is not asked here."""

    def __init__(self, opening: Opening, settings: Settings) -> None:
        self._opening = opening
        # A model of its own: questions are asked meanwhile, and it is not made for both at once.
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

    def start(self, job: Job, told: Told) -> Future[list[str]]:
        """Do ``job``, also when nobody waits for it; it is done when the new index is asked.

        Raises :class:`~pullquote.errors.BusyError` while another one is under way.
        """
        if not self._at_work.acquire(blocking=False):
            raise BusyError("Another article is being added or taken out: wait until that is done.")
        future: Future[list[str]] = Future()

        def work() -> None:
            try:
                try:
                    done = job(self._additions, lambda step: told(*_words(step)))
                    told("Opening the new index", None)
                    self._wait_until_taken_up()
                finally:
                    # First: whoever is told that it is done may begin the next at once.
                    self._at_work.release()
            except AddingError as error:
                future.set_exception(error)
            except Exception as error:
                _LOG.exception("An article could not be added or taken out.")
                future.set_exception(error)
            else:
                future.set_result(done)

        # Daemonic: Ctrl-C ends it. The index is the old one then, or the new one.
        Thread(target=work, daemon=True).start()
        return future

    def _wait_until_taken_up(self) -> None:
        wanted = Manifest.read(self._additions.folder).digest
        end = monotonic() + _TAKING_UP
        while self._opening.assistant().index.manifest.digest != wanted and monotonic() < end:
            sleep(0.05)


def _words(step: Step) -> tuple[str, float | None]:
    if step.done >= step.total and step.read == step.sources:
        return "Writing the index", None
    share = step.done / step.total if step.total else None
    return f"Indexing: {step.read:,} of {counted(step.sources, 'file')} read", share
