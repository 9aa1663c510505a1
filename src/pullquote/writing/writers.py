"""The writer that the settings name, if they name one."""

from __future__ import annotations

from pullquote.config import Settings
from pullquote.types import Writer


def open_writer(settings: Settings) -> Writer | None:
    """Nothing is asked of its server yet. Raises :class:`~pullquote.errors.ModelError`."""
    if not settings.writer:
        return None
    # It imports a client for HTTP, which nobody else needs.
    from pullquote.openai_model import OpenAIModel

    return OpenAIModel(
        settings.writer, settings.writer_model, settings.writer_key, settings.writer_timeout
    )
