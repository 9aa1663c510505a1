"""Reads claims from a file, and checks each against the articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, StringConstraints, ValidationError

from pullquote.assistant import Assistant
from pullquote.claims import CheckedClaim, check_claim
from pullquote.errors import QuestionSetError
from pullquote.evaluate.question import Record
from pullquote.evaluate.questionset import jsonl_records, raise_faults, read_text
from pullquote.evaluate.told import Line, told

#: In characters. A claim should be one sentence; split longer texts into sentences first.
LONGEST = 2_000


class Claim(Line):
    """A line of the file."""

    model_config = ConfigDict(coerce_numbers_to_str=True, frozen=True)

    id: Annotated[str | None, told("{key} must be text, not {value}.")]
    claim: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST),
        told(f"{{key}} must be text of 1 to {LONGEST:,} characters."),
    ]
    cites: Annotated[
        list[str],
        told("{key} must be a list of sentences, not {value}."),
        BeforeValidator(lambda value: [] if value is None else value),
    ]
    document_id: Annotated[str | None, told("{key} must be text, not {value}.")]


def read_claims(file: Path) -> list[Claim]:
    """The claims of a JSON Lines file. A claim without an id is named after its line.

    Raises :class:`QuestionSetError`, which lists the first invalid lines.
    """
    claims, faults = [], []
    for record in jsonl_records(read_text(file, "file of claims"), file.name):
        try:
            claims.append(_claim(record))
        except QuestionSetError as error:
            faults.append(str(error))
    raise_faults(faults)
    if not claims:
        raise QuestionSetError(f"{file.name} has no claims: write one a line, as JSON.")
    return claims


def _claim(record: Record) -> Claim:
    try:
        claim = Claim.model_validate(record.fields("a claim must be an object with a 'claim'"))
    except ValidationError as error:
        raise QuestionSetError(f"{record.where}: {error.errors()[0]['msg']}") from None
    return claim.model_copy(update={"id": claim.id or record.default_id.replace("-", " ")})


def check_claims(
    assistant: Assistant, claims: Iterable[Claim]
) -> Iterator[tuple[str, CheckedClaim]]:
    """Each claim's id and its verdict. If a claim cites nothing, quotes for it are searched."""
    for claim in claims:
        yield claim.id or "", check_claim(assistant, claim.claim, claim.cites, claim.document_id)
