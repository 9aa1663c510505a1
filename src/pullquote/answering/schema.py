"""The answer's JSON, for whoever reads it: its schema in the API, and answers that were saved."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from pullquote.messages import KEYS
from pullquote.types import Status


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


class CheckedOut(BaseModel):
    """What found a written sentence supported: the SHA-256 of a network, and its probability."""

    by: str
    score: float


class BlockOut(BaseModel):
    """A piece of an answer: quotes by their numbers, or a fixed message without any.

    ``written`` is a language model's sentence, checked against the citations that it names.
    ``message`` is the key of a fixed message, for whoever shows it in another language; there may
    be new ones, whose ``text`` is to be shown. It is null beside quotes and written sentences.
    ``values`` are what it names of the article ``document_id``, such as its author: ``metadata``.
    ``articles`` are those that a written sentence cites, where the answer cites more than one.
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


class PassageOut(BaseModel):
    """A passage that was read: the numbers of its first and last sentence."""

    document_id: str
    document_title: str
    sentences: tuple[int, int]
    score: float


class JudgedSentenceOut(Range):
    """A sentence as the reader judged it; ``not_said``: that just this is not known."""

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
    """What helps when the articles don't say; ``contact`` is the site owner's."""

    unknown_words: list[str]
    nearest: NamedOut | None
    contact: str | None


class AnswerOut(BaseModel):
    """An answer. ``closest`` is filled only when the status is ``not_found``.

    ``understood_as`` is the question that was looked up, when it is not the one that was asked;
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
