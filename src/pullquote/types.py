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

    ``id`` is stable across runs: the path below its corpus folder, with ``/``, or the address.
    ``text`` is the whole source text, header lines included, so an offset is also an
    offset into the file; for other formats it is the extracted text. ``body_start`` is where the
    prose begins: what stands before it is metadata and is never quoted.

    ``published`` and ``updated`` are ISO dates, ``YYYY-MM-DD``. ``section`` is the publisher's
    own ("Business"), ``source`` who published it: a site's host, or what an export says.

    ``left_out`` holds the parts of the source that are not in ``text``, packed by
    :mod:`pullquote.omissions`. It is never quoted and is ignored when articles are compared.
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
    """Which articles to search; ``None`` means no restriction.

    ``since`` and ``until`` are ISO dates of publication, both included; an article without a
    date is in no range. ``section`` and ``source`` are compared case-insensitively.
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
    """A sentence and how a reader judged it.

    ``score``, 0 to 1, is the probability that the sentence answers the question or says that
    exactly this is not known or was not said. ``not_said`` is the second one's part of ``score``.
    ``span`` is the range of the answering words, in the article's offsets.
    """

    sentence: Sentence
    score: float
    not_said: float = 0.0
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's result for one question.

    ``sentences`` are sorted best first. ``answerability``, 0 to 1, is how sure the reader is that
    the best of them answers at all. ``notes`` are keys of messages in ``prompts/messages.toml``
    that the user should see with this reading.
    """

    sentences: tuple[ScoredSentence, ...]
    answerability: float
    notes: tuple[str, ...] = ()


class Status(StrEnum):
    """What an answer claims. The README explains the first three."""

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
    """Records that a network found a written sentence supported by its citations.

    ``by`` is the SHA-256 of the network, ``score`` its probability from 0 to 1.
    """

    by: str
    score: float


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an answer.

    ``citations`` are numbers of citations. With them, ``text`` joins their quotes or, if
    ``written``, is a language model's sentence that was checked against them. Without them,
    ``text`` is the fixed message whose key in ``prompts/messages.toml`` is ``message``; programs
    and translations use the key. :meth:`pullquote.messages.Messages.block` makes such a block, so
    that text and key agree. ``values`` fill the message's placeholders with details of the article
    ``document_id``, such as its author.

    ``checked`` says what checked a written block; blocks saved by earlier versions have none.
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
    """The index (its digest), reader, embedder and writer, if any, that made an answer."""

    digest: str
    reader: str
    embedder: str
    writer: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one question. ``closest`` is filled only when nothing was found.

    ``understood`` is the question that was looked up, when that differs from the one asked.
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
