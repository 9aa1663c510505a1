"""Opens an assistant in the background, and again whenever the index is replaced."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

from pullquote.answering.overview import starting
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import IndexUnusableError, ModelError, PullquoteError
from pullquote.index.catalog import Catalog
from pullquote.index.database import DATABASE
from pullquote.index.manifest import Manifest

_LOG = logging.getLogger(__name__)

#: Seconds after which it is looked whether the index was replaced.
LOOK_EVERY = 0.5

#: Seconds for which a change of the file is looked into: SQLite shows what was written only once
#: the disk has it.
SETTLES_IN = 4.0

#: Seconds for which whoever was asking goes on seeing the index that was replaced.
KEEP_FOR = 60.0


class Opening:
    """An assistant that is being opened. Made once, shared by all visitors.

    ``on_failure`` is told when it cannot be, from the thread that tried. An index that is replaced
    later is opened beside the one that is asked, and then takes its place: no question waits for
    it, and one that is under way ends with the index that it began with.
    """

    def __init__(self, settings: Settings, on_failure: Callable[[BaseException], None]) -> None:
        self._settings = settings
        self._future: Future[Assistant] = Future()
        self._on_failure = on_failure
        #: The articles of indexes that were replaced, and when.
        self._replaced: list[tuple[float, Catalog]] = []
        # Daemonic: Ctrl-C while the models load ends the program.
        Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        state = _state(self._settings.index)
        try:
            opened = Assistant.open(self._settings)
            self._future.set_result(opened)
        except PullquoteError as error:
            self._on_failure(error)
            self._future.set_exception(error)
        except BaseException as error:
            # Whoever asks is told in the same way as of the others.
            failure = ModelError(f"The articles cannot be asked: {type(error).__name__}: {error}.")
            failure.__cause__ = error
            self._on_failure(failure)
            self._future.set_exception(failure)
        else:
            Thread(target=_keep_current, args=(weakref.ref(self), state), daemon=True).start()
            self._ask_what_is_offered(opened)

    def open_again(self) -> None:
        """Put the index as it is now in the place of the one that is asked, if it can be opened."""
        try:
            newer = self._future.result().over(self._settings)
        except PullquoteError as error:
            _LOG.error("The new index is not used, but the one before: %s", error)
            return
        except Exception:
            # Whoever watches goes on: the next index may be better.
            _LOG.exception("The new index is not used, but the one before.")
            return
        self._replaced.append((monotonic(), self._future.result().index.catalog))
        replaced: Future[Assistant] = Future()
        replaced.set_result(newer)
        self._future = replaced
        # Not here: who watches must see the next change at once, such as an article taken out.
        Thread(target=self._ask_what_is_offered, args=(newer,), daemon=True).start()

    def starting(self, assistant: Assistant) -> tuple[str, ...]:
        """The questions that a reader may begin with: the owner's, or some of the articles."""
        return self._settings.examples or tuple(starting(assistant.index))

    def _ask_what_is_offered(self, assistant: Assistant) -> None:
        """Now, so that no reader waits for it."""
        if self.assistant() is not assistant or not assistant.index.articles:
            return  # replaced already, or nothing can be asked yet
        questions = self.starting(assistant)
        try:
            answered = assistant.offered.of(questions)
        except Exception:
            # Whoever watches goes on; what was not asked is not offered.
            _LOG.exception("The questions to begin with could not be asked.")
            return
        for question in self._settings.examples:
            if question not in answered:
                _LOG.warning("The example %r is not offered: it has no answer.", question)

    def release_log(self) -> None:
        """Let SQLite empty its log, once nobody looks at an index that was replaced."""
        while self._replaced and monotonic() - self._replaced[0][0] >= KEEP_FOR:
            self._replaced.pop(0)[1].end()
        if not self._replaced:
            index = self.assistant().index
            index.catalog.release_log(index.manifest)

    @property
    def done(self) -> bool:
        """Whether :meth:`assistant` returns, or raises, at once."""
        return self._future.done()

    @property
    def error(self) -> PullquoteError | None:
        """Why the assistant could not be opened, once that is known."""
        failure = self._future.exception(timeout=0) if self.done else None
        return failure if isinstance(failure, PullquoteError) else None

    def assistant(self) -> Assistant:
        """Wait for the assistant. Raises what :meth:`Assistant.open` raised."""
        return self._future.result()


def _keep_current(opening: weakref.ref[Opening], state: str | None) -> None:
    """Watch the index for as long as somebody holds on to the opening."""
    written, changed = _written(Path()), monotonic()
    while True:
        sleep(LOOK_EVERY)
        held = opening()
        if held is None:
            return
        seen = _written(held._settings.index)
        if seen != written:
            written, changed = seen, monotonic()
        if monotonic() - changed < SETTLES_IN:
            now = _state(held._settings.index)
            if now is None:
                # Of an index that is gone the open one is kept: it may be on its way back. One that
                # cannot be read at the moment is looked at again.
                changed = monotonic()
            elif now != state:
                state = now
                held.open_again()
        elif written[1]:
            held.release_log()
        del held


def _written(index: Path) -> tuple[tuple[int, int], int]:
    """What changes with whatever is written to the database, and the bytes in its log."""
    log = index / f"{DATABASE}-wal"
    try:
        state = (log if log.exists() else index / DATABASE).stat()
        return (state.st_mtime_ns, state.st_size), state.st_size if log.exists() else 0
    except OSError:  # deleted meanwhile
        return (0, 0), 0


def _state(index: Path) -> str | None:
    """What changes with every run that changed anything."""
    try:
        manifest = Manifest.read(index)
    except IndexUnusableError:
        return None
    return f"{manifest.generation} {manifest.digest}"
