"""Opens the writer of the settings, and stops a writer when nobody waits any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pullquote.config import Settings
from pullquote.errors import BusyError
from pullquote.protocols import Writer


def open_writer(settings: Settings) -> Writer | None:
    """The writer of the settings, if any. Does not contact its server.

    Raises :class:`~pullquote.errors.ModelError`.
    """
    if not settings.writer:
        return None
    # Imported here: it brings an HTTP client that nothing else needs.
    from pullquote.openai_model import OpenAIModel

    return OpenAIModel(
        settings.writer, settings.writer_model, settings.writer_key, settings.writer_timeout
    )


class WhileAwaited:
    """Stops ``writer`` when ``is_awaited`` returns false.

    Satisfies :class:`pullquote.protocols.Writer`.
    """

    def __init__(self, writer: Writer, is_awaited: Callable[[], bool]) -> None:
        self.name = writer.name
        self._writer = writer
        self._is_awaited = is_awaited

    def write(self, prompt: str) -> Iterator[str]:
        """The writer's text; raises :class:`~pullquote.errors.BusyError` when nobody waits."""
        for piece in self._writer.write(prompt):
            if not self._is_awaited():
                raise BusyError("Nobody waits for the answer any more.")
            yield piece
