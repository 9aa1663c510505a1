"""The writer that the settings name, if they name one, for as long as somebody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pullquote.config import Settings
from pullquote.errors import BusyError
from pullquote.protocols import Writer


def open_writer(settings: Settings) -> Writer | None:
    """Nothing is asked of its server yet. Raises :class:`~pullquote.errors.ModelError`."""
    if not settings.writer:
        return None
    # It imports a client for HTTP, which nobody else needs.
    from pullquote.openai_model import OpenAIModel

    return OpenAIModel(
        settings.writer, settings.writer_model, settings.writer_key, settings.writer_timeout
    )


class WhileAwaited:
    """``writer`` for as long as ``is_awaited``. Satisfies :class:`pullquote.protocols.Writer`."""

    def __init__(self, writer: Writer, is_awaited: Callable[[], bool]) -> None:
        self.name = writer.name
        self._writer = writer
        self._is_awaited = is_awaited

    def write(self, prompt: str) -> Iterator[str]:
        """As the writer's; :class:`~pullquote.errors.BusyError` when nobody waits any more."""
        for piece in self._writer.write(prompt):
            if not self._is_awaited():
                raise BusyError("Nobody waits for the answer any more.")
            yield piece
