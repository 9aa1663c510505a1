"""The prompts of ``prompts/*.txt``, filled in. An unknown or missing name is an error."""

from __future__ import annotations

import re
from functools import cache

from pullquote.errors import SettingsError
from pullquote.messages import filled, prompts_folder


def fill(template: str, /, **values: str) -> str:
    """The text of ``prompts/TEMPLATE.txt`` with each ``{name}`` replaced by its value.

    Braces in a value are plain text. Raises :class:`SettingsError` when the file is missing, or
    its names are not exactly those given.
    """
    text = _text(template)
    wanted = set(re.findall(r"\{(\w+)\}", text))
    if wrong := sorted(wanted ^ values.keys()):
        raise SettingsError(
            f"The prompt {template}.txt in {str(prompts_folder())!r} asks for {sorted(wanted)}, "
            f"and is given {sorted(values)}: correct {wrong}."
        )
    return filled(text, values)


@cache
def _text(template: str) -> str:
    file = prompts_folder() / f"{template}.txt"
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The prompt {str(file)!r} cannot be read ({error}).") from error
