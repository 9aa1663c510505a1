"""Reads claims from a file, and checks each against the articles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pullquote.assistant import Assistant
from pullquote.claims import CheckedClaim, check_claim
from pullquote.errors import QuestionSetError

#: In characters. A claim should be one sentence; split longer texts into sentences first.
LONGEST = 2_000


class Claim(BaseModel):
    """A line of the file. Other keys are ignored."""

    model_config = ConfigDict(coerce_numbers_to_str=True, frozen=True)

    id: str | None = None
    claim: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)
    ]
    cites: list[str] = Field(default_factory=list)
    document_id: str | None = None


def read_claims(file: Path) -> list[Claim]:
    """The claims of a JSON Lines file. A claim without an id is named after its line.

    Raises :class:`QuestionSetError`, which lists every invalid line.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{str(file)!r} cannot be read ({error}).") from error
    claims, faults = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            claim = Claim.model_validate(json.loads(line))
            claims.append(claim.model_copy(update={"id": claim.id or f"line {number}"}))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or "the line"
            faults.append(f"{file.name}, line {number}: {field!r}: {first['msg']}.")
        except (ValueError, RecursionError) as error:
            faults.append(f"{file.name}, line {number}: this is not JSON ({error}).")
    if faults:
        raise QuestionSetError("\n".join(faults))
    if not claims:
        raise QuestionSetError(f"{file.name} has no claims: write one a line, as JSON.")
    return claims


def check_claims(
    assistant: Assistant, claims: Iterable[Claim]
) -> Iterator[tuple[str, CheckedClaim]]:
    """Each claim's id and its verdict. If a claim cites nothing, quotes for it are searched."""
    for claim in claims:
        yield claim.id or "", check_claim(assistant, claim.claim, claim.cites, claim.document_id)
