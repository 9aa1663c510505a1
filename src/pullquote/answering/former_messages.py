"""Recognises the messages in saved answers, by all wordings that they have ever had.

The wordings are in ``prompts/former_messages.toml``. Answers that were saved before messages
had keys are recognised by the wording alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pullquote.messages import filled, messages, read_texts
from pullquote.types import Block


@cache
def former() -> Mapping[str, tuple[str, ...]]:
    """All wordings by key, the present one last, including messages that are no longer used.

    Raises :class:`~pullquote.errors.SettingsError` when they cannot be read.
    """
    return {key: tuple(texts) for key, texts in read_texts("former_messages.toml").items()}


def wordings(key: str) -> tuple[str, ...]:
    """All wordings of a message, and the one in ``messages.toml``, which a site may have edited."""
    now = getattr(messages(), key, None)
    return (*(() if now is None else (now,)), *former()[key])


def key_of(text: str, named: str | None, values: Mapping[str, str] | None = None) -> str | None:
    """The key of the message whose wording ``text`` is; ``None`` when there is no such message.

    If a key is ``named``, only its wordings count. ``values`` fill the placeholders.
    """
    for key in former():
        if named in (None, key) and text in [filled(one, values or {}) for one in wordings(key)]:
            return key
    return None


def was_message(block: Block) -> bool:
    """Whether the block's text is or was a wording of the message with its key."""
    return (
        block.message is not None
        and key_of(block.text, block.message, dict(block.values)) is not None
    )
