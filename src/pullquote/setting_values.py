"""Converts the raw value of a setting to the setting's type."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args, get_origin

from pullquote.errors import SettingsError
from pullquote.index_place import MilvusPlace, Place, index_place

#: How a boolean is written in the environment.
_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def converted(name: str, value: Any, kind: Any, where: str, base: Path) -> Any:
    """``value`` converted to the setting's type ``kind``; from the environment it is a string.

    ``where`` names the source of the value in error messages; paths are relative to ``base``.
    Raises :class:`~pullquote.errors.SettingsError`.
    """
    if get_origin(kind) is tuple:
        # Some entries contain commas: lines separate questions, and spaces separate addresses.
        separator = {"examples": "\n", "urls": None}.get(name, ",")
        entries = _split(value, separator) if isinstance(value, str) else value
        if not isinstance(entries, list | tuple):
            raise SettingsError(f"The setting '{name}' in {where} must be a list.")
        return tuple(converted(name, entry, get_args(kind)[0], where, base) for entry in entries)
    if kind == Place and isinstance(value, MilvusPlace):
        return value
    if kind in (Path, str, Place):
        if not isinstance(value, str | Path) or not str(value).strip():
            raise SettingsError(f"The setting '{name}' in {where} must be text, not {value!r}.")
        if kind == Place:
            return index_place(str(value), base)
        return base / value if kind is Path else str(value)
    if kind is bool or bool in get_args(kind):
        meant = _SWITCH.get(str(value).strip().lower()) if isinstance(value, bool | str) else None
        if meant is None:
            raise SettingsError(
                f"The setting '{name}' in {where} must be true or false, not {value!r}."
            )
        return meant
    try:
        if isinstance(value, bool) or (kind is int and isinstance(value, float)):
            raise ValueError
        return int(value) if kind is int else float(value)
    except (TypeError, ValueError, OverflowError):
        wanted = "a whole number" if kind is int else "a number"
        raise SettingsError(
            f"The setting '{name}' in {where} must be {wanted}, not {value!r}."
        ) from None


def _split(value: str, separator: str | None) -> list[str]:
    return [entry.strip() for entry in value.split(separator) if entry.strip()]
