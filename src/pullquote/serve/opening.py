"""Opens an assistant in the background, and again whenever the index is replaced."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from time import sleep

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import ModelError, PullquoteError
from pullquote.index.manifest import MANIFEST

_LOG = logging.getLogger(__name__)

#: Seconds after which it is looked whether the index was replaced.
LOOK_EVERY = 0.5


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
        # Daemonic: Ctrl-C while the models load ends the program.
        Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        state = _state(self._settings.index)
        try:
            self._future.set_result(Assistant.open(self._settings))
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
        replaced: Future[Assistant] = Future()
        replaced.set_result(newer)
        self._future = replaced

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


def _keep_current(opening: weakref.ref[Opening], state: tuple[int, int] | None) -> None:
    """Watch the index for as long as somebody holds on to the opening."""
    while True:
        sleep(LOOK_EVERY)
        held = opening()
        if held is None:
            return
        now = _state(held._settings.index)
        # Of an index that is gone the open one is kept: it may be on its way back.
        if now is not None and now != state:
            state = now
            held.open_again()
        del held


def _state(index: Path) -> tuple[int, int] | None:
    """What changes whenever the manifest is replaced."""
    try:
        stat = (index / MANIFEST).stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns
