"""Like :mod:`pullquote.serve.opening`, but imports even its modules in the background.

An agent that starts the MCP server asks at once which tools it has, and gives up on a server that
is slow to reply.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from pullquote.config import Settings
from pullquote.errors import ModelError, PullquoteError

if TYPE_CHECKING:
    from pullquote.assistant import Assistant
    from pullquote.serve.opening import Opening


class Later:
    """Like :class:`~pullquote.serve.opening.Opening`, but its constructor is fast. Thread-safe."""

    def __init__(self, settings: Settings, on_failure: Callable[[BaseException], None]) -> None:
        self._settings = settings
        self._on_failure = on_failure
        self._future: Future[Opening] = Future()
        # A daemon thread, so that the program can end meanwhile.
        Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        try:
            from pullquote.serve.opening import Opening

            opening = Opening(self._settings, self._on_failure, suggests=False)
            self._future.set_result(opening)
        except BaseException as error:
            # For example a broken installation: report it instead of waiting for ever.
            failure: PullquoteError = ModelError(
                f"The articles cannot be asked: {type(error).__name__}: {error}."
            )
            failure.__cause__ = error
            with suppress(Exception):  # nobody may be there to be told; callers must not wait then
                self._on_failure(failure)
            self._future.set_exception(failure)

    def assistant(self) -> Assistant:
        """Wait for the assistant. Raises what :meth:`Assistant.open` raised."""
        return self._future.result().assistant()
