"""The gate: no quote is shown unless it is, character for character, what the article says.

Every exit (command line, chat, export, evaluation) calls :func:`check` on an answer as the last
step before showing it; everything in :mod:`pullquote.answering.render` does so itself.

The rules for answers of any version are in :func:`wrong_fields` (for a quote) and :func:`faults`
(for an answer), which :mod:`pullquote.answering.verify` uses as well. The other rules are only for
an answer from the current index: sentence numbers, whole sentences, the order of parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pullquote.digest import article_digest
from pullquote.errors import GateError
from pullquote.messages import METADATA, NOTES, messages
from pullquote.protocols import Library
from pullquote.text import exact
from pullquote.text.speaker import shown
from pullquote.types import Answer, Article, Block, Citation, Sentence, Status

#: Stands for a run of messages that name an article each.
_LISTED = "listed"

#: The sequences of parts that an answer may have, as keys of messages; ``None`` stands for a run
#: of quotes or of written sentences.
_ANSWERED: Sequence[list[str | None]] = (
    [None],
    ["differ", None],
    ["more", None],
    ["summary", None],
    ["written_by"],
    ["published_on"],
    ["published_on", "updated_on"],
    ["updated_on"],
    ["from_source"],
    ["from_source", "at_address"],
    ["at_address"],
)

_NO_QUESTION: Sequence[list[str | None]] = (
    ["hello"],
    ["thanks"],
    ["can_do"],
    ["which_article"],
    ["articles", _LISTED],
    ["articles_newest", _LISTED],
)

#: The allowed sequences of parts for each status.
_PARTS: Mapping[Status, Sequence[list[str | None]]] = {
    Status.ANSWERED: _ANSWERED,
    Status.NOT_FOUND: (["not_found"], ["no_more"], ["no_detail"]),
    Status.NOT_A_QUESTION: _NO_QUESTION,
    Status.STATED_UNKNOWN: (
        ["stated_unknown", None],
        ["stated_unknown", None, "background", None],
    ),
}

#: The fields of an article that a message may state.
_DETAILS = frozenset({"title", "author", "published", "updated", "source", "url"})

#: Messages that say that two articles differ.
DIFFER = frozenset({"differ", "both_sides"})

#: Error texts that follow the name of a quote, by the field of the answer's JSON that is wrong.
TOLD: Mapping[str, str] = {
    "cited_text": " is not what the article says at characters {start} to {end}.",
    "context": ": its context is not what the article says.",
    "answer_span": ": its marked words lie outside of it.",
}


def check(answer: Answer, library: Library) -> Answer:
    """Return ``answer`` if every quote in it is what its article says.

    Raises :class:`GateError`, which names the article, when a quote is not the article's text
    at its offsets, when an article has been altered since it was indexed, when a block says more
    than its citations, or when the parts of the answer contradict each other.
    """
    quotes = (*answer.citations, *answer.closest)
    for citation in quotes:
        _check_citation(citation, library)
    for block in answer.blocks:
        if block.values:
            for fault in wrong_values(block, unaltered(str(block.document_id), library)):
                raise GateError(fault)
    sources = [shown(item, library) for item in answer.citations]
    for fault in (
        *faults(answer, sources, messages().__contains__),
        *_faults_of_a_new_answer(answer),
    ):
        ids = ", ".join(dict.fromkeys(repr(quote.article_id) for quote in quotes))
        raise GateError(f"{fault.rstrip('.')} (articles: {ids})." if ids else fault)
    return answer


def wrong_fields(citation: Citation, article: Article) -> Iterator[str]:
    """The fields of :data:`TOLD` that do not match the article's text."""
    start, end = citation.start, citation.end
    inside = article.body_start <= start < end <= len(article.text)
    if not inside or article.text[start:end] != citation.quote:
        yield "cited_text"
        return
    if citation.context is not None and not (
        _is_range(citation.context)
        and article.body_start <= citation.context[0] <= start
        and end <= citation.context[1] <= len(article.text)
    ):
        yield "context"
    if citation.span is not None and not (
        _is_range(citation.span) and start <= citation.span[0] and citation.span[1] <= end
    ):
        yield "answer_span"


def wrong_values(block: Block, article: Article) -> Iterator[str]:
    """A sentence for each value of a message that differs from the article's own field."""
    for name, value in block.values:
        if name not in _DETAILS or getattr(article, name) != value:
            yield f"A message gives {article.id!r} another {name} than its own."


def faults(
    answer: Answer, sources: Sequence[str], is_message: Callable[[Block], bool]
) -> Iterator[str]:
    """A sentence for each contradiction between the parts of an answer.

    ``sources`` are the texts shown for the citations: each quote with its context.
    """
    for name, citations in (("citations", answer.citations), ("closest", answer.closest)):
        numbers = [citation.number for citation in citations]
        # In Python True equals 1, but in JSON it does not.
        if any(type(number) is not int for number in numbers) or numbers != [
            *range(1, len(numbers) + 1)
        ]:
            yield f"The {name} are numbered {numbers}, not from 1 upwards."
    quotes = [citation.quote for citation in answer.citations]
    used: list[int] = []
    quoted: list[int] = []
    for block in answer.blocks:
        cited = [*block.citations]
        if any(type(number) is not int or not 1 <= number <= len(quotes) for number in cited):
            yield f"A part of the answer cites {cited}, which are not all there."
            return
        if not cited and not is_message(block):
            yield "A part of the answer has no citation and is no fixed message."
        elif cited and block.message is not None:
            yield f"The answer's part at {cited} is a quote and a message."
        elif block.written:
            found = exact.find(block.text, [sources[number - 1] for number in cited])
            if found:
                yield f"A written sentence says something else than its citations ({found.value})."
        elif cited and block.text != " ".join(quotes[number - 1] for number in cited):
            yield f"The answer's text at {cited} is not what its citations say."
        used += (number for number in cited if number not in used)
        quoted += [] if block.written else cited
    if len(quoted) > len(set(quoted)):
        used = quoted
    if used != [*range(1, len(quotes) + 1)]:
        yield f"The answer cites {used} of {len(quotes)} citations."
    articles = {citation.article_id for citation in answer.citations}
    if len(articles) < 2 and any(block.message in DIFFER for block in answer.blocks):
        yield "The answer says that articles differ, and does not cite two."
    is_not_found = answer.status == Status.NOT_FOUND
    is_told = bool(answer.blocks) and all(block.message in METADATA for block in answer.blocks)
    cites_nothing = is_not_found or is_told or answer.status == Status.NOT_A_QUESTION
    if cites_nothing == bool(quotes) or (answer.closest and not is_not_found):
        yield f"An answer that is '{answer.status}' has the wrong citations."


def check_citations(citations: Iterable[Citation], library: Library) -> None:
    """For an exit that shows quotes without an answer. Raises :class:`GateError`."""
    for citation in citations:
        _check_citation(citation, library)


def _check_citation(citation: Citation, library: Library) -> None:
    article = unaltered(citation.article_id, library)
    start, end = citation.start, citation.end
    offsets = (start, end, citation.sentence_index, citation.number)
    # In Python True and 1.0 equal 1, but they are no valid offsets in JSON.
    if any(
        type(offset) is not int
        for offset in (*offsets, *(citation.span or ()), *(citation.context or ()))
    ):
        raise GateError(f"A quote from {article.id!r} has an offset that is no whole number.")
    for field in wrong_fields(citation, article):
        raise GateError(
            f"Quote {citation.number} from {article.id!r}"
            + TOLD[field].format(start=start, end=end)
            + " It is not shown. Rebuild the index with `pullquote index --rebuild`."
        )
    sentences = library.sentences(article.id)
    number = citation.sentence_index
    sentence = sentences[number] if 0 <= number < len(sentences) else None
    if sentence is None or (sentence.start, sentence.end) != (start, end) or sentence.heading:
        raise GateError(
            f"A quote from {article.id!r} (characters {start} to {end}) is not its sentence "
            f"number {number}. It is not shown."
        )
    if citation.context is not None and not _is_whole(citation.context, sentences):
        raise GateError(
            f"The context of a quote from {article.id!r} is not the whole sentences around it."
        )
    if not 0 <= citation.score <= 1:
        raise GateError(f"A quote from {article.id!r} has the score {citation.score}.")


def _is_range(offsets: Sequence[int]) -> bool:
    return len(offsets) == 2 and offsets[0] < offsets[1]


def _is_whole(context: tuple[int, int], sentences: Sequence[Sentence]) -> bool:
    """Whether a context is whole sentences: a cut one may say the opposite of the article."""
    first, last = context
    return (
        any(sentence.start == first for sentence in sentences)
        and any(sentence.end == last for sentence in sentences)
        and not any(sentence.heading and first <= sentence.start < last for sentence in sentences)
    )


def unaltered(article_id: str, library: Library) -> Article:
    """The article, for an exit that shows its text without an answer.

    Raises :class:`GateError` when it is not indexed or has been altered since.
    """
    try:
        article = library.article(article_id)
        promised = library.manifest_digest(article_id)
    except KeyError:
        raise GateError(
            f"The article {article_id!r} is not in the index. Nothing of it is shown."
        ) from None
    if article_digest(article) != promised:
        raise GateError(
            f"The article {article.id!r} is not the one that was indexed. Nothing of it is shown. "
            "Rebuild the index with `pullquote index --rebuild`."
        )
    return article


def _faults_of_a_new_answer(answer: Answer) -> Iterator[str]:
    """The rules for a new answer only: no sentence is cited twice, and the order of its parts."""
    for citations in (answer.citations, answer.closest):
        places = {(citation.article_id, citation.sentence_index) for citation in citations}
        if len(places) < len(citations):
            yield "The answer cites a sentence twice."
    if any(block.written for block in answer.blocks) and (
        answer.status is not Status.ANSWERED or not answer.provenance.writer
    ):
        yield "A written sentence has no writer."
    for block in answer.blocks:
        checked = block.checked
        if block.written != bool(checked) or (checked and not 0 <= checked.score <= 1):
            yield "A written sentence was not checked by a network, or another part was."
    said: list[str | None] = []
    for block in answer.blocks:
        part = _LISTED if block.message == "listed_dated" else block.message
        if part not in (None, _LISTED) or said[-1:] != [part]:
            said.append(part)
    # Notes close an answer, each at most once.
    notes = set(NOTES)
    while said and said[-1] in notes:
        notes.remove(str(said.pop()))
    if not isinstance(answer.status, Status) or said not in _PARTS[answer.status]:
        yield f"An answer that is '{answer.status}' has the wrong parts."
