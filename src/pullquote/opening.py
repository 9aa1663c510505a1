"""Opens an assistant in the background, so that a page can be shown while models load."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import ModelError, PullquoteError


class Opening:
    """An assistant that is being opened. Made once, shared by all visitors.

    ``on_failure`` is told when it cannot be, from the thread that tried.
    """

    def __init__(self, settings: Settings, on_failure: Callable[[BaseException], None]) -> None:
        self._future: Future[Assistant] = Future()
        self._on_failure = on_failure
        # Daemonic: Ctrl-C while the models load ends the program.
        Thread(target=self._open, args=(settings,), daemon=True).start()

    def _open(self, settings: Settings) -> None:
        try:
            self._future.set_result(Assistant.open(settings))
        except PullquoteError as error:
            self._on_failure(error)
            self._future.set_exception(error)
        except BaseException as error:
            # Whoever asks is told in the same way as of the others.
            failure = ModelError(f"The articles cannot be asked: {type(error).__name__}: {error}.")
            failure.__cause__ = error
            self._on_failure(failure)
            self._future.set_exception(failure)

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
