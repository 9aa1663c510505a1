"""The types of the MCP tools' arguments, from which the tools' schemas are made."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticUseDefault

from pullquote.addresses import MAX_ADDRESS
from pullquote.asked import MAX_QUESTION, MAX_TURNS
from pullquote.filters import MAX_LENGTH


def _left_out(given: Any) -> Any:
    """Some agents send null for an argument that they leave out."""
    if given is None:
        raise PydanticUseDefault
    return given


Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        description="What to find out: one question, in English.",
    ),
]
Query = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        description="What the passages should be about: a question or a few words, in English.",
    ),
]
History = Annotated[
    list[Annotated[str, Field(max_length=MAX_QUESTION)]],
    Field(
        max_length=MAX_TURNS,
        description="What the user asked before, the oldest first, so that 'Why?' or 'And IBM?' "
        "is understood.",
    ),
    BeforeValidator(_left_out),
]
DocumentId = Annotated[
    str | None,
    Field(max_length=MAX_ADDRESS, description="Only this article, by its id."),
]
Url = Annotated[
    str | None,
    Field(
        max_length=MAX_ADDRESS,
        description="Only the article of this page, by its address; instead of `document_id`.",
    ),
]
#: Dates are checked by :func:`~pullquote.filters.checked`, which has the better error message.
_DAY: Any = {"format": "date"}
Since = Annotated[
    str | None,
    Field(
        description="Only articles published on this day or later, YYYY-MM-DD.",
        json_schema_extra=_DAY,
    ),
]
Until = Annotated[
    str | None,
    Field(
        description="Only articles published on this day or before, YYYY-MM-DD.",
        json_schema_extra=_DAY,
    ),
]
Section = Annotated[
    str | None,
    Field(max_length=MAX_LENGTH, description="Only articles of this section, such as Business."),
]
Source = Annotated[
    str | None,
    Field(
        max_length=MAX_LENGTH,
        description="Only articles of this publisher, such as post.example.",
    ),
]
Limit = Annotated[
    int,
    Field(ge=1, le=50, description="The most passages to return."),
    BeforeValidator(_left_out),
]
ArticleId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_ADDRESS,
        description="The article's id, as `ask` and `search` give it.",
    ),
]
Start = Annotated[
    int,
    Field(ge=0, description="Where to begin, in characters from 0."),
    BeforeValidator(_left_out),
]
End = Annotated[
    int | None,
    Field(ge=0, description="Where to end, exclusive; left out, the end of the text."),
]
