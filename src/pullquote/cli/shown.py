"""What a terminal is shown of a name that may hold anything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def shown(path: Path | str) -> str:
    """A path or an address as one line that any terminal can print, whatever bytes are in it."""
    text = str(path).encode("utf-8", "backslashreplace").decode()
    return text if text.isprintable() else repr(text)


def named(paths: Iterable[Path | str]) -> str:
    """Several of them, in one line."""
    return ", ".join(map(shown, paths))
