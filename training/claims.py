"""Labelled claims: written sentences, the sentences they cite, and whether these support them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pullquote.reading.judge_input import PassageText
from training.data import read_lines


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, the sentences it cites, and whether they support it."""

    id: str
    text: str
    cited: PassageText
    supported: bool


def read_claims(path: Path) -> list[Claim]:
    """The claims of a JSON Lines file.

    Its lines are ``{"claim", "cites", "label"}`` or ``{"written", "cited", "faithful"}``; other
    lines are skipped.
    """
    lines = enumerate(read_lines(path))
    return [claim for i, fields in lines if (claim := _claim(f"{path.name}/{i}", fields))]


def parts(fields: Mapping[str, Any]) -> tuple[str, list[str], bool] | None:
    """``(claim, cited sentences, supported)`` of a line, or ``None`` if it holds no claim."""
    if "claim" in fields and fields.get("cites"):
        return fields["claim"], fields["cites"], fields["label"] == "supported"
    if "written" in fields and fields.get("cited"):
        return fields["written"], fields["cited"], fields["faithful"]
    return None


def _claim(name: str, fields: Mapping[str, Any]) -> Claim | None:
    found = parts(fields)
    return Claim(name, found[0], PassageText.of(found[1]), found[2]) if found else None
