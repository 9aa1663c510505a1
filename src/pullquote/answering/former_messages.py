"""Saved answers are known by what the messages have ever said: ``prompts/former_messages.toml``.

What was saved before messages had keys is known by its wording alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pullquote.messages import filled, messages, read_toml
from pullquote.types import Block


@cache
def former() -> Mapping[str, tuple[str, ...]]:
    """The wordings by key, also of messages that are no longer used; the oldest first.

    Raises :class:`~pullquote.errors.SettingsError` when they cannot be read.
    """
    return {key: tuple(texts) for key, texts in read_toml("former_messages.toml").items()}


def wordings(key: str) -> tuple[str, ...]:
    """What the message says now, and all that it has ever said."""
    now = getattr(messages(), key, None)
    return (*(() if now is None else (now,)), *former()[key])


def key_of(text: str, named: str | None, values: Mapping[str, str] | None = None) -> str | None:
    """The message that a part of a saved answer is; ``None`` when it is none.

    A part that is named by a key must have a wording of that key, with ``values`` in its places.
    """
    for key in former():
        if named in (None, key) and text in [filled(one, values or {}) for one in wordings(key)]:
            return key
    return None


def was_message(block: Block) -> bool:
    """Whether the block has ever been the message that its key says."""
    return (
        block.message is not None
        and key_of(block.text, block.message, dict(block.values)) is not None
    )
