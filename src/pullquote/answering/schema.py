"""The schema of an answer's JSON, for the API and for reading saved answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from pullquote.messages import KEYS
from pullquote.types import Status


class Range(BaseModel):
    """A range of the article's text in code points, the end exclusive."""

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
    """An article: its id, title, address and date."""

    document_id: str
    document_title: str
    url: str | None
    published: str | None


class CitationOut(Range):
    """A quote, its article, and where it stands there."""

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


class CheckedOut(BaseModel):
    """What checked a written sentence: the SHA-256 of a network, and its probability."""

    by: str
    score: float


class BlockOut(BaseModel):
    """A piece of an answer: quotes with their numbers, or a fixed message without any.

    The origin ``written`` is a language model's sentence, checked against its citations.
    ``message`` is the key of a fixed message, for clients that translate it; show the ``text`` of
    unknown keys. It is null for quotes and written sentences. With the origin ``metadata``,
    ``values`` are what the message states about the article ``document_id``, such as its author.
    ``articles`` are those that a written sentence cites, if the whole answer cites more than one.
    """

    type: Literal["text"]
    text: str
    citations: list[int]
    origin: Literal["quoted", "written", "message", "metadata"]
    message: Annotated[str | None, Field(examples=sorted(KEYS - {"closest", "understood"}))]
    checked: CheckedOut | None
    values: dict[str, str] | None = None
    document_id: str | None = None
    articles: list[NamedOut] | None = None


class IndexOut(BaseModel):
    """The index and the models that the answer was made with."""

    digest: str
    reader: str
    embedder: str
    writer: str | None


class TimingsOut(BaseModel):
    """Time spent, in milliseconds."""

    retrieve: float
    read: float
    total: float


class PassageOut(BaseModel):
    """A passage that was read; ``sentences`` are the numbers of its first and last sentence."""

    document_id: str
    document_title: str
    sentences: tuple[int, int]
    score: float


class JudgedSentenceOut(Range):
    """A sentence with the reader's scores; ``not_said``: it says that exactly this is not known."""

    document_id: str
    sentence_index: int
    text: str
    score: float
    not_said: float


class ExplainOut(BaseModel):
    """How an answer was found. An ``answerability`` below ``threshold`` is a refusal."""

    passages: list[PassageOut]
    sentences: list[JudgedSentenceOut]
    decided_by: Literal["reader", "request", "last_answer"]
    answerability: float
    threshold: float


class HelpOut(BaseModel):
    """Hints when the articles don't answer; ``contact`` is the site owner's setting."""

    unknown_words: list[str]
    nearest: NamedOut | None
    contact: str | None


class AnswerOut(BaseModel):
    """An answer. ``closest`` is filled only when the status is ``not_found``.

    ``understood_as`` is the question that was looked up, when that differs from the one asked.
    ``suggestions`` are questions to ask next.
    """

    question: str
    understood_as: str | None
    status: Status
    answer: list[BlockOut]
    citations: list[CitationOut]
    closest: list[CitationOut]
    suggestions: list[str]
    index: IndexOut
    timings_ms: TimingsOut
    help: HelpOut | None = None
    explain: ExplainOut | None = None
