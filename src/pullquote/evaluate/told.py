"""Error messages for invalid values in a question set, one sentence each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError, ValidationInfo, WrapValidator
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
