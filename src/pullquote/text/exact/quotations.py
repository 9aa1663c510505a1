"""Quoted words: each must stand in a source, letter for letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

_QUOTATION = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|(?<!\w)[‘']([^’'“”]{2,}?)[’'](?!\w)")


def quotations(text: str) -> list[str]:
    """The texts in quotation marks."""
    return [next(match for match in found if match) for found in _QUOTATION.findall(text)]


def false_quotation(written: str, sources: Sequence[str]) -> bool:
    """Whether a quotation is in no source; case and punctuation are ignored."""
    known = [_letters(source) for source in sources]
    return any(
        not any(f" {_letters(quoted).strip()} " in item for item in known)
        for quoted in quotations(written)
    )


def _letters(text: str) -> str:
    found = re.findall(r"[\w%$£€]+", re.sub("['’]", "", text.casefold()))
    return f" {' '.join(found)} "
