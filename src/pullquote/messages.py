"""The fixed texts of ``prompts/messages.toml``, checked when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from pullquote.config import read_toml
from pullquote.errors import SettingsError
from pullquote.types import Block


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages, one field per key. A block without citations is always one of these."""

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
    both_sides: str
    writer_down: str
    writer_cut: str
    writer_corrected: str
    writer_refused: str
    summary: str
    written_by: str
    published_on: str
    updated_on: str
    from_source: str
    at_address: str
    no_detail: str
    which_article: str
    articles: str
    articles_newest: str
    listed: str
    listed_dated: str
    hello: str
    thanks: str
    can_do: str

    def block(
        self, key: str, values: Mapping[str, str] | None = None, document_id: str | None = None
    ) -> Block:
        """The message ``key`` as a block of an answer. All message blocks are made here.

        ``values``, from the article ``document_id``, fill placeholders such as ``{author}``.
        """
        text = filled(getattr(self, key), values or {})
        return Block(
            text, message=key, values=tuple((values or {}).items()), document_id=document_id
        )

    def __contains__(self, block: Block) -> bool:
        """Whether the block's text is exactly the message of its key."""
        return block.message in KEYS and block == self.block(
            str(block.message), dict(block.values), block.document_id
        )


#: The keys of all messages. ``understood`` and ``closest`` are labels, never blocks of an answer.
KEYS = frozenset(field.name for field in fields(Messages))

#: Notes that may end an answer of any status.
NOTES = frozenset(
    {
        *("said_by_article", "not_english", "reader_down", "question_cut"),
        *("written", "both_sides"),
        *("writer_down", "writer_cut", "writer_corrected", "writer_refused"),
    }
)


#: Messages that state an article's metadata; no sentence is quoted for them.
METADATA = frozenset(
    {
        *("written_by", "published_on", "updated_on", "from_source", "at_address"),
        *("listed", "listed_dated"),
    }
)


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders filled; a placeholder without a value stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), text)


@cache
def messages() -> Messages:
    """The messages of the file. Raises :class:`SettingsError` for a missing file or wrong keys."""
    texts = read_texts("messages.toml")
    file = prompts_folder() / "messages.toml"
    wrong = sorted(KEYS.symmetric_difference(texts))
    if wrong:
        raise SettingsError(f"{file} lacks these messages, or should not have them: {wrong}.")
    empty = sorted(
        name for name, text in texts.items() if not isinstance(text, str) or not text.strip()
    )
    if empty:
        raise SettingsError(f"{file} has no text for these messages: {empty}.")
    return Messages(**texts)


def read_texts(name: str) -> dict[str, Any]:
    """The texts in a TOML file of ``prompts/``. Raises :class:`SettingsError`."""
    return read_toml(prompts_folder() / name)


def prompts_folder() -> Path:
    """``prompts/``: inside an installed package, at the top level of a checkout."""
    inside = Path(__file__).with_name("prompts")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "prompts"
