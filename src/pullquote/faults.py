"""Pydantic's validation errors -> one sentence for the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_WHAT = {
    "missing": "is missing",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "is empty or not in the expected form",
    "too_long": "has more than {max_length} entries",
    "string_type": "must be text",
    "list_type": "must be a list",
    "model_attributes_type": "must be a JSON object",
}


def first_fault(errors: Sequence[Any]) -> str:
    """The first error as a sentence; ``errors`` are those of pydantic or FastAPI."""
    error = errors[0]
    where = ".".join(str(item) for item in error["loc"] if item not in ("body", "query", "path"))
    if error["type"] == "json_invalid":
        return "The body is not JSON."
    if error["type"] == "extra_forbidden":
        return f"The request has {where!r}, which is not known."
    what = _WHAT.get(error["type"])
    if what is None:
        text = str(error["msg"]).removeprefix("Value error, ").strip()
        text = text[:1].lower() + text[1:]
    else:
        text = what.format_map(error.get("ctx") or {})
    subject = repr(where) if where else "The body"
    return f"{subject} {text}." if what else f"{subject}: {text}."
