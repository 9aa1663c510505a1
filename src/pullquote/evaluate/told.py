"""What a person is told of a value in a question set that a model refuses: one sentence each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError, ValidationInfo, WrapValidator
from pydantic_core import PydanticCustomError

_KIND = "told"


def fault(sentence: str) -> PydanticCustomError:
    """To be raised in a validator."""
    return PydanticCustomError(_KIND, "{sentence}", {"sentence": sentence})


def told(sentence: str) -> WrapValidator:
    """Annotates a type: what is said when a value is refused, with ``{key}`` and ``{value}``.

    Of a value inside of it that has a sentence of its own, that one is said.
    """

    def refuse(value: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
        try:
            return validate(value)
        except ValidationError as error:
            if error.errors()[0]["type"] == _KIND:
                raise
            raise fault(sentence.format(key=repr(info.field_name), value=repr(value))) from None

    return WrapValidator(refuse)
