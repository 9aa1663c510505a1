"""Where an index is: a folder on this machine, or a Milvus database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from pullquote.errors import SettingsError

_LITE = "milvus-lite:"

#: A database's name, as Milvus allows it.
_SERVER = re.compile(r"(https?://[^\s/?#@]+)/([A-Za-z_][A-Za-z0-9_]{0,254})/?")


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """A database of Milvus.

    ``address`` is a server, ``http://host:port``, or the path of a Milvus Lite file, which ends in
    ``.db``. ``token`` is the server's password, ``user:password`` or a key; it is never shown.
    """

    address: str
    database: str
    token: str = field(default="", repr=False, compare=False)

    @property
    def is_file(self) -> bool:
        """Whether it is a Milvus Lite file on this machine."""
        return not self.address.startswith(("http://", "https://"))

    def __str__(self) -> str:
        return f"{_LITE}{self.address}" if self.is_file else f"{self.address}/{self.database}"


Place = Path | MilvusPlace


def index_place(text: str, base: Path = Path()) -> Place:
    """The place that a setting or an option names. Relative paths are relative to ``base``.

    Raises :class:`SettingsError` for what looks like Milvus and is not.
    """
    if text.startswith(_LITE):
        path = text.removeprefix(_LITE)
        if not path.endswith(".db") or path == ".db":
            raise SettingsError(
                f"The index {text!r} must end in '.db', as in 'milvus-lite:news.db'."
            )
        return MilvusPlace(str(base / path), "pullquote")
    if text.startswith(("http:", "https:")):
        found = _SERVER.fullmatch(text)
        if found is None:
            # The text may hold a password, which must not be printed.
            raise SettingsError(
                "The address of the index must be like 'http://milvus.example.org:19530/NAME': a "
                "host, and the name of a database (letters, digits, '_'). A password belongs in "
                "PULLQUOTE_INDEX_TOKEN alone."
            )
        return MilvusPlace(found[1], found[2])
    return base / text
