"""Prints file names and addresses safely on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def shown(path: Path | str) -> str:
    """A path or address as one line that any terminal can print, whatever bytes it contains."""
    text = str(path).encode("utf-8", "backslashreplace").decode()
    return text if text.isprintable() else repr(text)


def named(paths: Iterable[Path | str]) -> str:
    """Several paths or addresses on one line."""
    return ", ".join(map(shown, paths))
