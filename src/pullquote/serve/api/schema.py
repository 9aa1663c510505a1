"""The schemas of the API's requests and responses, for validation and the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pullquote.addresses import MAX_ADDRESS
from pullquote.asked import MAX_QUESTION, MAX_TURNS
from pullquote.filters import MAX_LENGTH
from pullquote.serve.feedback import MAX_COMMENT

Question = Annotated[
    str,
    # A question of only spaces is empty.
    Field(min_length=1, max_length=MAX_QUESTION, pattern=r"[^\s\x00-\x1f\x7f-\x9f]"),
]
Address = Annotated[str, Field(min_length=1, max_length=MAX_ADDRESS)]


def _whole(value: object) -> object:
    """``1.0`` as ``1``: JSON Schema treats it as an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Strict(BaseModel):
    """A request: unknown fields are errors, and values are not converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Turn(Strict):
    """A message of the conversation so far."""

    role: Literal["user", "assistant"]
    text: Annotated[str, Field(max_length=4 * MAX_QUESTION)]


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]
Name = Annotated[str, Field(min_length=1, max_length=MAX_LENGTH)]


class FiltersIn(Strict):
    """Which articles are searched: days of publication, both included; a section; a source."""

    since: Day | None = None
    until: Day | None = None
    section: Name | None = None
    source: Name | None = None


class Listing(BaseModel):
    """Which articles are listed, beginning after an id (``after``) or a number of articles.

    ``words`` are searched in the details of an article; then the newest are listed first. When the
    newest are first, only ``offset`` counts, and ``after`` is ignored.

    Not strict, because query parameters are text.
    """

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    after: Address | None = None
    order: Literal["id", "newest"] = "id"
    words: Annotated[str, Field(max_length=MAX_LENGTH)] = ""
    since: Day | None = None
    until: Day | None = None
    section: Name | None = None
    source: Name | None = None


class Asked(Strict):
    """A question. With ``document_id`` or ``url``, only this article is searched."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": ["document_id", "url"],
                "properties": {"document_id": {"type": "string"}, "url": {"type": "string"}},
            }
        }
    )

    question: Question
    history: Annotated[list[Turn], Field(max_length=MAX_TURNS)] = []
    document_id: Address | None = None
    url: Address | None = None
    filters: FiltersIn | None = None

    @model_validator(mode="after")
    def _one_scope(self) -> Asked:
        if self.document_id is not None and self.url is not None:
            raise ValueError("give 'document_id' or 'url', not both")
        return self


class AskedOnce(Asked):
    """With ``explain``, the answer includes how it was found; only for this server's own pages."""

    explain: bool = False


class Judged(Asked):
    """A reader's verdict on the answer to a question; ``none`` withdraws it.

    ``comment`` says what is wrong. ``conversation`` is the id from the response to the first
    verdict of the conversation.
    """

    verdict: Literal["up", "down", "wrong_citation", "none"]
    comment: Annotated[str, Field(max_length=MAX_COMMENT)] = ""
    conversation: Annotated[str, Field(pattern="^[0-9a-f]{32}$")] | None = None
    turn: Annotated[int, Field(ge=0, le=999_999), BeforeValidator(_whole)] = 0


class ArticleOut(BaseModel):
    """The details of an article."""

    document_id: str
    document_title: str
    url: str | None
    published: str | None
    updated: str | None
    section: str | None
    source: str | None
    author: str | None


class ArticlesOut(BaseModel):
    """A page of the list of articles; ``total`` counts all, and ``next`` leads to the next page."""

    total: int
    articles: list[ArticleOut]
    next: str | None


class FacetOut(BaseModel):
    """A section or a source, and its number of articles."""

    name: str
    articles: int


class FacetsOut(BaseModel):
    """What the articles can be filtered by; the most frequent sections and sources."""

    sections: list[FacetOut]
    sources: list[FacetOut]
    first: str | None
    last: str | None


class ArticleTextOut(ArticleOut):
    """An article and its text, into which the offsets of citations point."""

    text: str
    digest: str


class FeedbackOut(BaseModel):
    """Identifies the answer whose verdict was saved."""

    conversation: str
    turn: int


class OriginOut(BaseModel):
    """Whether pages of a site may use the API, and if not, why."""

    origin: str
    allowed: bool
    reason: str | None


class ErrorBody(BaseModel):
    """``code`` is for programs, ``message`` for people."""

    code: str
    message: str


class ErrorOut(BaseModel):
    """An error."""

    error: ErrorBody
