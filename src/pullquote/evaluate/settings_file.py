"""Writes a fitted refusal threshold into the settings file."""

from __future__ import annotations

from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from pullquote.config import SETTINGS_FILE
from pullquote.errors import EvaluationError


def write_threshold(folder: Path, threshold: float, digest: str, reader: str) -> Path:
    """Set ``refuse_below``, and record the question set and the reader that it was fitted for.

    Everything else in the file stays unchanged. Returns the file. Raises :class:`EvaluationError`
    if it cannot be written.
    """
    file = folder / SETTINGS_FILE
    temporary = folder / f".{SETTINGS_FILE}.part"
    try:
        text = file.read_text(encoding="utf-8-sig") if file.exists() else ""
        document = tomlkit.parse(text)
        document["refuse_below"] = threshold
        document["refuse_below_fitted_on"] = digest
        document["refuse_below_reader"] = reader
        temporary.write_text(tomlkit.dumps(document), encoding="utf-8")
        temporary.replace(file)
    except (OSError, TOMLKitError) as error:
        raise EvaluationError(
            f"{str(file)!r} cannot be written ({error}): set refuse_below = {threshold} yourself."
        ) from error
    return file
