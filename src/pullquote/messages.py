"""The fixed texts of ``prompts/messages.toml``, checked when they are loaded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from pullquote.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Messages:
    """One field a message. An answer's block without citations is always one of these."""

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

    @property
    def notes(self) -> tuple[str, ...]:
        """What may stand at the end of an answer of any status."""
        return (
            self.said_by_article,
            self.not_english,
            self.reader_down,
            self.question_cut,
            self.written,
            self.writer_down,
            self.writer_cut,
            self.writer_corrected,
            self.writer_refused,
        )

    def __contains__(self, text: object) -> bool:
        return any(getattr(self, field.name) == text for field in fields(self))


@cache
def messages() -> Messages:
    """Raises :class:`SettingsError` when the file is missing, or a name in it is not known."""
    file = prompts_folder() / "messages.toml"
    try:
        texts = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file} cannot be read as TOML: {error}.") from error
    wanted = {field.name for field in fields(Messages)}
    wrong = sorted(wanted.symmetric_difference(texts))
    if wrong:
        raise SettingsError(f"{file} lacks these messages, or should not have them: {wrong}.")
    empty = sorted(name for name, it in texts.items() if not isinstance(it, str) or not it.strip())
    if empty:
        raise SettingsError(f"{file} has no text for these messages: {empty}.")
    return Messages(**texts)


def prompts_folder() -> Path:
    """``prompts/`` travels inside the package; in a checkout it lies at the top level."""
    inside = Path(__file__).with_name("prompts")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "prompts"
