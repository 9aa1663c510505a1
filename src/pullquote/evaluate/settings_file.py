"""Writes a fitted refusal threshold into the settings file."""

from __future__ import annotations

import shutil
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from pullquote.config import SETTINGS_FILE
from pullquote.errors import EvaluationError


def write_threshold(folder: Path, threshold: float, digest: str, reader: str) -> Path:
    """Set ``refuse_below``, and record the question set and the reader that it was fitted for.

    Everything else in the file stays unchanged, and so do its permissions, its line ends, and a
    link to it. Returns the file. Raises :class:`EvaluationError` if it cannot be written.
    """
    file = folder / SETTINGS_FILE
    try:
        target = file.resolve()
        temporary = target.with_name(f".{SETTINGS_FILE}.part")
        text = target.read_bytes().decode("utf-8-sig") if target.exists() else ""
        document = tomlkit.parse(text.replace("\r\n", "\n"))
        document["refuse_below"] = threshold
        document["refuse_below_fitted_on"] = digest
        document["refuse_below_reader"] = reader
        temporary.touch()
        if target.exists():
            # Before anything is in it: a file that others may not read holds a key.
            shutil.copymode(target, temporary)
        line_end = "\r\n" if "\r\n" in text else "\n"
        temporary.write_text(tomlkit.dumps(document), encoding="utf-8", newline=line_end)
        temporary.replace(target)
    except (OSError, TOMLKitError) as error:
        raise EvaluationError(
            f"{str(file)!r} cannot be written ({error}): set refuse_below = {threshold} yourself."
        ) from error
    return file
