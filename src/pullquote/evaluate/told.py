"""Error messages for invalid lines of a question set or of claims, one sentence each."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError, ValidationInfo, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

_KIND = "told"


def fault(sentence: str) -> PydanticCustomError:
    """An error with this message, to be raised in a validator."""
    return PydanticCustomError(_KIND, "{sentence}", {"sentence": sentence})


def told(sentence: str) -> WrapValidator:
    """Annotates a type with the error message for invalid values, with ``{key}`` and ``{value}``.

    If a value nested inside has its own message, that message is used.
    """

    def refuse(value: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
        try:
            return validate(value)
        except ValidationError as error:
            if error.errors()[0]["type"] == _KIND:
                raise
            raise fault(sentence.format(key=repr(info.field_name), value=repr(value))) from None

    return WrapValidator(refuse)


class Line(BaseModel):
    """The keys of a line, each with its own message; a key that is left out is ``None``.

    Other keys are ignored, but one that looks like a mistyped one of ours is an error.
    """

    @model_validator(mode="before")
    @classmethod
    def _no_mistyped_key(cls, record: dict[str, Any]) -> dict[str, Any]:
        missing = [key for key in cls.model_fields if key not in record]
        for key in record:
            near = difflib.get_close_matches(str(key), missing, n=1, cutoff=0.8)
            if key not in cls.model_fields and near:
                raise fault(f"unknown key {key!r}. Did you mean {near[0]!r}?")
        return {**dict.fromkeys(cls.model_fields), **record}
