"""Opens the assistant in the background, and again whenever the index is replaced."""

from __future__ import annotations

import atexit
import logging
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread, Timer
from time import monotonic, monotonic_ns, sleep

from pullquote.answering.suggested import starting
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import BusyError, IndexUnusableError, ModelError, PullquoteError
from pullquote.index.catalog import Catalog
from pullquote.index.database import DATABASE
from pullquote.index.interface import Store
from pullquote.index.manifest import Manifest
from pullquote.index_place import Place

_LOG = logging.getLogger(__name__)

#: Seconds between two checks whether the index was replaced.
LOOK_EVERY = 0.5

#: For how many seconds after a change of the file the manifest is read again: SQLite shows a change
#: only once it is on disk.
SETTLES_IN = 4.0

#: Seconds until an index that could not be opened is tried again; doubled after each failure, so
#: that what is wrong for good does not fill the log.
TRY_AGAIN, RARELY = 2.0, 600.0

#: For how many seconds a replaced index stays open, for questions that are in progress.
KEEP_FOR = 60.0


class Opening:
    """An assistant that is being opened. Created once and shared by all visitors.

    ``on_failure`` receives the error if opening fails, in the opening thread. Without ``suggests``,
    no question is tried before somebody asks for suggestions. When the index is
    replaced later, the new one is opened beside the old one and then takes its place: no question
    has to wait, and a question in progress ends with the index that it began with.
    """

    def __init__(
        self,
        settings: Settings,
        on_failure: Callable[[BaseException], None],
        *,
        suggests: bool = True,
    ) -> None:
        self._settings = settings
        self._suggests = suggests
        self._future: Future[Assistant] = Future()
        self._on_failure = on_failure
        #: The times at which indexes were replaced, with their catalogs.
        self._replaced: list[tuple[float, Catalog]] = []
        #: The questions made for an assistant, whose articles never change.
        self._made: weakref.WeakKeyDictionary[Assistant, tuple[str, ...]] = (
            weakref.WeakKeyDictionary()
        )
        # A daemon thread, so that Ctrl-C ends the program while the models load.
        Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        try:
            opened = Assistant.open(self._settings)
            self._future.set_result(opened)
        except PullquoteError as error:
            self._fail(error)
        except BaseException as error:
            # Report unexpected errors in the same way.
            failure = ModelError(f"The articles cannot be asked: {type(error).__name__}: {error}.")
            failure.__cause__ = error
            self._fail(failure)
        else:
            Thread(
                target=_keep_current,
                args=(weakref.ref(self), _name(opened.index.manifest)),
                daemon=True,
            ).start()
            self._ask_what_is_offered(opened)

    def _fail(self, error: PullquoteError) -> None:
        with suppress(Exception):  # the terminal may be gone; visitors must not wait then
            self._on_failure(error)
        self._future.set_exception(error)

    def open_again(self) -> bool:
        """Open the current index, and use it instead of the old one; returns whether it could."""
        try:
            newer = self._future.result().over(self._settings)
        except PullquoteError as error:
            _LOG.error("The new index is not used, but the one before: %s", error)
            return False
        except Exception:
            # The watching thread must go on: the next index may be better.
            _LOG.exception("The new index is not used, but the one before.")
            return False
        replaced_catalog = self._future.result().index.catalog
        if isinstance(replaced_catalog, Catalog):
            self._replaced.append((monotonic(), replaced_catalog))
        replaced: Future[Assistant] = Future()
        replaced.set_result(newer)
        self._future = replaced
        # In another thread: this one must see the next change, such as a removal, at once. And not
        # yet: an index that is replaced every second would be asked all the time.
        later = Timer(SETTLES_IN, self._ask_what_is_offered, (newer,))
        later.daemon = True
        later.start()
        return True

    def starting(self, assistant: Assistant) -> tuple[str, ...]:
        """The questions to suggest at the start: the site owner's, or about the newest articles."""
        return self._settings.examples or self._made_for(assistant)

    def _made_for(self, assistant: Assistant) -> tuple[str, ...]:
        if assistant not in self._made:
            self._made[assistant] = tuple(starting(assistant.index))
        return self._made[assistant]

    def _ask_what_is_offered(self, assistant: Assistant) -> None:
        """Ask the starting questions now, so that no visitor has to wait for them."""
        if (
            not self._suggests
            or self.assistant() is not assistant  # replaced already
            or not assistant.index.articles
        ):
            return
        questions = self.starting(assistant)
        atexit.register(assistant.offered.stop)
        try:
            answered = assistant.offered.of(questions)
        except Exception:
            # The thread must go on; questions that were not asked are not offered.
            _LOG.exception("The questions to begin with could not be asked.")
            return
        finally:
            atexit.unregister(assistant.offered.stop)
        for question in self._settings.examples:
            if question not in answered:
                _LOG.warning("The example %r is not offered: it has no answer.", question)

    def end_replaced(self) -> None:
        """Close the indexes that were replaced a while ago."""
        while self._replaced and monotonic() - self._replaced[0][0] >= KEEP_FOR:
            self._replaced.pop(0)[1].end()

    def release_log(self) -> None:
        """Let SQLite empty its write-ahead log, once no replaced index is open."""
        if not self._replaced:
            index = self.assistant().index
            if isinstance(index.catalog, Catalog):
                index.catalog.release_log(index.manifest)

    @property
    def done(self) -> bool:
        """Whether opening has ended: :meth:`assistant` returns or raises without waiting."""
        return self._future.done()

    @property
    def error(self) -> PullquoteError | None:
        """Why the assistant could not be opened, once that is known."""
        failure = self._future.exception(timeout=0) if self.done else None
        return failure if isinstance(failure, PullquoteError) else None

    def assistant(self) -> Assistant:
        """Wait for the assistant. Raises what :meth:`Assistant.open` raised."""
        return self._future.result()


def ready(opening: Opening) -> Assistant:
    """The assistant, without waiting for it. Raises ``PullquoteError`` when it is not ready."""
    if not opening.done:
        raise BusyError("The models are still being loaded. Ask again in a few seconds.")
    return opening.assistant()


def _keep_current(opening: weakref.ref[Opening], state: str | None) -> None:
    """Watch the index for changes, as long as the opening is referenced elsewhere."""
    written: tuple[tuple[int, ...], int] = ((), 0)
    changed = monotonic()
    failed: str | None = None  # the state that could not be opened
    again, pause = 0.0, TRY_AGAIN
    while True:
        sleep(LOOK_EVERY)
        held = opening()
        if held is None:
            return
        held.end_replaced()
        seen = _written(held._settings.index)
        if seen != written:
            written, changed = seen, monotonic()
        if failed or monotonic() - changed < SETTLES_IN:
            now = _state(held.assistant().index)
            if now is None:
                # If the index is gone, keep the open one: it may come back. If it cannot be read at
                # the moment, try again.
                changed = monotonic()
            elif now != state and (now != failed or monotonic() >= again):
                if held.open_again():
                    state, failed = now, None
                else:
                    pause = min(2 * pause, RARELY) if now == failed else TRY_AGAIN
                    failed, again = now, monotonic() + pause
        elif written[1]:
            held.release_log()
        del held


def _written(index: Place) -> tuple[tuple[int, ...], int]:
    """A value that changes with every write to the database, and the size of its log in bytes."""
    if not isinstance(index, Path):
        return (monotonic_ns(),), 0  # no file tells: the manifest is read each time
    states: list[int] = []
    for name in (DATABASE, f"{DATABASE}-wal"):
        try:
            state = (index / name).stat()
            states += state.st_mtime_ns, state.st_size
        except OSError:  # not there
            states += 0, 0
    return tuple(states), states[-1]


def _state(index: Store) -> str | None:
    """A value that changes with every run that changed the index; ``None`` if unreadable."""
    try:
        return _name(index.current())
    except IndexUnusableError:
        return None


def _name(manifest: Manifest) -> str:
    return f"{manifest.generation} {manifest.digest}"
