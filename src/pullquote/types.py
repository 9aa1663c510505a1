"""The values that travel through Pullquote: frozen, slotted, standard library only.

All offsets are Unicode code points into :attr:`Article.text`, end exclusive, so
``article.text[start:end]`` is always the thing that is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read.

    ``id`` is stable across runs: the path below its corpus folder, with ``/``.
    ``text`` is the whole source text, header lines included, so an offset is also an
    offset into the file. ``body_start`` is where the prose begins: what stands before it
    is metadata and is never quoted. Of what was extracted from another format, ``text`` is
    the extracted text.

    ``published`` and ``updated`` are ISO dates, ``YYYY-MM-DD``. ``section`` is the publisher's
    own ("Business"), ``source`` who published it: a site's host, or what an export says.

    ``left_out`` is what its source holds besides, as :mod:`pullquote.omissions` writes it: never
    quoted, and no part of what the article is.
    """

    id: str
    title: str
    url: str | None
    published: str | None
    author: str | None
    text: str
    body_start: int = 0
    updated: str | None = None
    section: str | None = None
    source: str | None = None
    left_out: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles are asked; ``None`` leaves a thing open.

    ``since`` and ``until`` are ISO dates, both included, of publication; an article without a
    date is in no range. ``section`` and ``source`` are compared without regard to case.
    """

    since: str | None = None
    until: str | None = None
    section: str | None = None
    source: str | None = None

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.section, self.source))


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Facets:
    """What the articles of an index can be filtered by.

    ``sections`` and ``sources`` give the number of articles of each, the most frequent first;
    ``first`` and ``last`` are the earliest and latest date of publication.
    """

    sections: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """``article.text[start:end]`` is the sentence, with no space at either end.

    ``index`` counts the article's sentences from 0, ``paragraph`` its paragraphs from 0.
    A subhead is a sentence of its own with ``heading`` set: it separates passages and is
    never cited.
    """

    article_id: str
    index: int
    start: int
    end: int
    paragraph: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences ``first`` to ``last`` (inclusive) of one article: what is embedded and read.

    ``id`` is the passage's number in the index, which no other passage ever has.
    """

    id: int
    article_id: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. A higher ``score`` is better, whatever the engine."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence as a reader judged it.

    ``score``, 0 to 1, is how likely it is what was asked for: that it answers, or says that just
    this is not known or was not said. ``not_said`` is the part of it that falls to the latter.
    ``span`` holds the answering words, in the article's offsets.
    """

    sentence: Sentence
    score: float
    not_said: float = 0.0
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a question.

    ``sentences`` come best first. ``answerability`` is 0 to 1: how sure the reader is that
    the best of them answers at all. ``notes`` are what a person should know of this reading: names
    of messages in ``prompts/messages.toml``.
    """

    sentences: tuple[ScoredSentence, ...]
    answerability: float
    notes: tuple[str, ...] = ()


class Status(StrEnum):
    """What an answer claims. The README shows how each looks."""

    ANSWERED = "answered"
    STATED_UNKNOWN = "stated_unknown"
    NOT_FOUND = "not_found"
    NOT_A_QUESTION = "not_a_question"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: ``article.text[start:end] == quote``.

    ``context`` is a wider range of the same article that holds the quote and names its
    speaker or subject; ``span`` is a narrower one, the answering words.
    """

    number: int
    article_id: str
    sentence_index: int
    start: int
    end: int
    quote: str
    score: float
    span: tuple[int, int] | None = None
    context: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """That a network found a written sentence supported by what it cites.

    ``by`` is the SHA-256 of the network, ``score`` the probability from 0 to 1.
    """

    by: str
    score: float


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an answer.

    With ``citations`` (their numbers), ``text`` is made of their quotes or, ``written``, is a
    language model's sentence that was checked against them. Without, it is the text of the fixed
    ``message`` with this key in ``prompts/messages.toml``: programs and translations go by the
    key. Made by :meth:`pullquote.messages.Messages.block`, so that the two cannot disagree.
    ``values`` are what a message names of the article ``document_id``, such as its author.

    ``checked`` is what a written block was checked by; one that an earlier version saved has none.
    """

    text: str
    citations: tuple[int, ...] = ()
    written: bool = False
    message: str | None = None
    checked: Checked | None = None
    values: tuple[tuple[str, str], ...] = ()
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent on one question."""

    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which index, reader and embedder an answer was made with, and who wrote in it, if any did."""

    digest: str
    reader: str
    embedder: str
    writer: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one question. ``closest`` is filled only when nothing was found.

    ``understood`` is the question that was looked up, when it is not the one that was asked.
    ``suggestions`` are questions to ask next.
    """

    question: str
    status: Status
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    provenance: Provenance
    timings: Timings
    answerability: float
    understood: str | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    text: str
