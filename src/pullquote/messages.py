"""The fixed texts of ``prompts/messages.toml``, checked when they are loaded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from pullquote.errors import SettingsError
from pullquote.types import Block


@dataclass(frozen=True, slots=True)
class Messages:
    """One field a message, named by its key. A block without citations is always one of these."""

    not_found: str
    stated_unknown: str
    background: str
    differ: str
    closest: str
    understood: str
    more: str
    no_more: str
    said_by_article: str
    not_english: str
    reader_down: str
    question_cut: str
    written: str
    writer_down: str
    writer_cut: str
    writer_corrected: str
    writer_refused: str

    def block(self, key: str) -> Block:
        """The message ``key`` as a part of an answer: the one place that joins text and key."""
        return Block(getattr(self, key), message=key)

    def __contains__(self, block: Block) -> bool:
        """Whether the block is, character for character, the message that its key says."""
        return block.message in KEYS and block == self.block(str(block.message))


#: Of all messages. ``understood`` and ``closest`` are labels, and never parts of an answer.
KEYS = frozenset(field.name for field in fields(Messages))

#: What may stand at the end of an answer of any status.
NOTES = frozenset(
    {
        *("said_by_article", "not_english", "reader_down", "question_cut"),
        *("written", "writer_down", "writer_cut", "writer_corrected", "writer_refused"),
    }
)


@cache
def messages() -> Messages:
    """Raises :class:`SettingsError` when the file is missing, or a name in it is not known."""
    texts = read_toml("messages.toml")
    file = prompts_folder() / "messages.toml"
    wrong = sorted(KEYS.symmetric_difference(texts))
    if wrong:
        raise SettingsError(f"{file} lacks these messages, or should not have them: {wrong}.")
    empty = sorted(name for name, it in texts.items() if not isinstance(it, str) or not it.strip())
    if empty:
        raise SettingsError(f"{file} has no text for these messages: {empty}.")
    return Messages(**texts)


def read_toml(name: str) -> dict[str, Any]:
    """A file of ``prompts/``. Raises :class:`SettingsError`."""
    file = prompts_folder() / name
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file} cannot be read as TOML: {error}.") from error


def prompts_folder() -> Path:
    """``prompts/`` travels inside the package; in a checkout it lies at the top level."""
    inside = Path(__file__).with_name("prompts")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "prompts"
