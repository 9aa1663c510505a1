"""An opening whose very modules are imported in the background.

A server waits for a model anyway. An agent that starts one asks first what tools there are, and
gives up on those that are slow to say so.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from pullquote.config import Settings
from pullquote.errors import ModelError, PullquoteError

if TYPE_CHECKING:
    from pullquote.assistant import Assistant
    from pullquote.serve.opening import Opening


class Later:
    """As :class:`~pullquote.serve.opening.Opening`, for one who can wait. Threads may share it."""

    def __init__(self, settings: Settings, on_failure: Callable[[BaseException], None]) -> None:
        self._settings = settings
        self._on_failure = on_failure
        self._future: Future[Opening] = Future()
        # Daemonic: whoever leaves meanwhile does not wait for it.
        Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        try:
            from pullquote.serve.opening import Opening

            self._future.set_result(Opening(self._settings, self._on_failure))
        except BaseException as error:
            # An installation that is broken: whoever asks is told, and does not wait for ever.
            failure: PullquoteError = ModelError(
                f"The articles cannot be asked: {type(error).__name__}: {error}."
            )
            failure.__cause__ = error
            self._on_failure(failure)
            self._future.set_exception(failure)

    def assistant(self) -> Assistant:
        """Wait for the assistant. Raises what :meth:`Assistant.open` raised."""
        return self._future.result().assistant()
