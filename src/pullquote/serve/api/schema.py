"""The shapes of the API's requests and answers, for validation and for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pullquote.filters import MAX_LENGTH
from pullquote.limits import MAX_QUESTION, MAX_TURNS
from pullquote.messages import KEYS
from pullquote.types import Status

#: The longest id or address of an article. What browsers and servers take at most is about this.
MAX_ADDRESS = 2000

Question = Annotated[
    str,
    # A question of spaces alone is empty.
    Field(min_length=1, max_length=MAX_QUESTION, pattern=r"[^\s\x00-\x1f\x7f-\x9f]"),
]
Address = Annotated[str, Field(min_length=1, max_length=MAX_ADDRESS)]


def _whole(value: object) -> object:
    """``1.0`` is a whole number in JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Strict(BaseModel):
    """A request: a name that is not known is an error, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Turn(Strict):
    """A message of the conversation so far."""

    role: Literal["user", "assistant"]
    text: Annotated[str, Field(max_length=4 * MAX_QUESTION)]


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]
Name = Annotated[str, Field(min_length=1, max_length=MAX_LENGTH)]


class FiltersIn(Strict):
    """Which articles are read: days of publication, both included; a section; a source."""

    since: Day | None = None
    until: Day | None = None
    section: Name | None = None
    source: Name | None = None


class Listing(BaseModel):
    """Which articles are listed, and from where on: after an id, or a number of articles later.

    Not strict: what stands in an address is text.
    """

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    after: Address | None = None
    since: Day | None = None
    until: Day | None = None
    section: Name | None = None
    source: Name | None = None


class Asked(Strict):
    """A question. ``document_id`` or ``url``: only this article is read."""

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


class Judged(Asked):
    """What a reader thought of the answer to a question; ``none`` takes it back.

    ``conversation`` is what the first verdict of a conversation was answered with.
    """

    verdict: Literal["up", "down", "wrong_citation", "none"]
    conversation: Annotated[str, Field(pattern="^[0-9a-f]{32}$")] | None = None
    turn: Annotated[int, Field(ge=0, le=999_999), BeforeValidator(_whole)] = 0


class Range(BaseModel):
    """Code points of the article's text, the end exclusive."""

    start_char_index: int
    end_char_index: int


class Context(Range):
    """Whole sentences around a quote that name its speaker or subject."""

    text: str


class Selector(BaseModel):
    """A W3C TextQuoteSelector."""

    type: Literal["TextQuoteSelector"]
    exact: str
    prefix: str
    suffix: str


class NamedOut(BaseModel):
    """An article, by what it is called."""

    document_id: str
    document_title: str
    url: str | None
    published: str | None


class CitationOut(Range):
    """A quote, and where in which article it stands."""

    number: int
    type: Literal["char_location"]
    document_id: str
    document_title: str
    document_digest: str
    url: str | None
    published: str | None
    updated: str | None
    section: str | None
    source: str | None
    also_in: list[NamedOut]
    sentence_index: int
    cited_text: str
    score: float
    answer_span: Range | None
    context: Context | None
    selector: Selector


class BlockOut(BaseModel):
    """A piece of an answer: quotes by their numbers, or a fixed message without any.

    ``written`` is a language model's sentence, checked against the citations that it names.
    ``message`` is the key of a fixed message, for whoever shows it in another language; there may
    be new ones, whose ``text`` is to be shown. It is null beside quotes and written sentences.
    """

    type: Literal["text"]
    text: str
    citations: list[int]
    origin: Literal["quoted", "written", "message"]
    message: Annotated[str | None, Field(examples=sorted(KEYS - {"closest", "understood"}))]


class IndexOut(BaseModel):
    """What the answer was made with."""

    digest: str
    reader: str
    embedder: str
    writer: str | None


class TimingsOut(BaseModel):
    """Milliseconds."""

    retrieve: float
    read: float
    total: float


class AnswerOut(BaseModel):
    """An answer. ``closest`` is filled only when the status is ``not_found``.

    ``understood_as`` is the question that was looked up, when it is not the one that was asked.
    """

    question: str
    understood_as: str | None
    status: Status
    answer: list[BlockOut]
    citations: list[CitationOut]
    closest: list[CitationOut]
    index: IndexOut
    timings_ms: TimingsOut


class ArticleOut(BaseModel):
    """What an article is called."""

    document_id: str
    document_title: str
    url: str | None
    published: str | None
    updated: str | None
    section: str | None
    source: str | None
    author: str | None


class ArticlesOut(BaseModel):
    """A part of the list of articles, how many there are in all, and where the rest begins."""

    total: int
    articles: list[ArticleOut]
    next: str | None


class FacetOut(BaseModel):
    """A section or a source, and how many articles are of it."""

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
    """Where the verdict is kept."""

    conversation: str
    turn: int


class OriginOut(BaseModel):
    """Whether pages of a site may ask, and why not."""

    origin: str
    allowed: bool
    reason: str | None


class ErrorBody(BaseModel):
    """``code`` is for programs, ``message`` for people."""

    code: str
    message: str


class ErrorOut(BaseModel):
    """What went wrong."""

    error: ErrorBody
