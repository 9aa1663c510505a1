"""The gate: nothing leaves that is not, character for character, what the article says.

Every exit (command line, chat, export, evaluation) calls :func:`check` on the answer it is
about to show, last of all; everything in :mod:`pullquote.answering.render` does so itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pullquote.answering import drift
from pullquote.digest import article_digest
from pullquote.errors import GateError
from pullquote.messages import NOTES, messages
from pullquote.text.speaker import shown
from pullquote.types import Answer, Article, Citation, Library, Sentence, Status

#: The parts that an answer of a status may have, by the keys of its messages; ``None`` is a run of
#: quotes, or of sentences that were written of them.
_PARTS: Mapping[Status, Sequence[list[str | None]]] = {
    Status.ANSWERED: ([None], ["differ", None], ["more", None]),
    Status.NOT_FOUND: (["not_found"], ["no_more"]),
    Status.STATED_UNKNOWN: (
        ["stated_unknown", None],
        ["stated_unknown", None, "background", None],
    ),
}


def check(answer: Answer, library: Library) -> Answer:
    """``answer`` itself, when every word of it that claims to be an article's is.

    Raises :class:`GateError`, which names the article, when a quote is not the article's text
    at its offsets, when an article is not the one that was indexed, when a block says more than
    its citations, or when the parts of the answer contradict each other.
    """
    for citation in (*answer.citations, *answer.closest):
        _check_citation(citation, library)
    _check_numbers(answer.citations)
    _check_numbers(answer.closest)
    _check_blocks(answer)
    _check_written(answer, library)
    _check_status(answer)
    return answer


def _check_citation(citation: Citation, library: Library) -> None:
    article = unaltered(citation.article_id, library)
    start, end = citation.start, citation.end
    offsets = (start, end, citation.sentence_index, citation.number)
    # True and 1.0 equal 1 for Python, and not for whoever reads the JSON.
    if any(
        type(it) is not int for it in (*offsets, *(citation.span or ()), *(citation.context or ()))
    ):
        raise GateError(f"A quote from {article.id!r} has an offset that is no whole number.")
    if not 0 <= start < end <= len(article.text) or article.text[start:end] != citation.quote:
        raise GateError(
            f"A quote from {article.id!r} is not what the article says at characters {start} to "
            f"{end}. It is not shown. Rebuild the index with `pullquote index --rebuild`."
        )
    sentences = library.sentences(article.id)
    number = citation.sentence_index
    sentence = sentences[number] if 0 <= number < len(sentences) else None
    if sentence is None or (sentence.start, sentence.end) != (start, end) or sentence.heading:
        raise GateError(
            f"A quote from {article.id!r} (characters {start} to {end}) is not its sentence "
            f"number {number}. It is not shown."
        )
    if citation.context is not None and not _is_context(citation.context, sentence, sentences):
        raise GateError(
            f"The context of a quote from {article.id!r} is not the whole sentences around it."
        )
    if citation.span is not None and not _is_within(citation.span, start, end):
        raise GateError(f"The marked words of a quote from {article.id!r} lie outside of it.")
    if not 0 <= citation.score <= 1:
        raise GateError(f"A quote from {article.id!r} has the score {citation.score}.")


def _is_context(
    context: tuple[int, int], sentence: Sentence, sentences: Sequence[Sentence]
) -> bool:
    """Whole sentences: one that is cut may say the opposite of what its article says."""
    return (
        len(context) == 2
        and context[0] <= sentence.start
        and sentence.end <= context[1]
        and any(it.start == context[0] for it in sentences)
        and any(it.end == context[1] for it in sentences)
        and not any(it.heading and context[0] <= it.start < context[1] for it in sentences)
    )


def _is_within(span: tuple[int, int], start: int, end: int) -> bool:
    return len(span) == 2 and start <= span[0] < span[1] <= end


def unaltered(article_id: str, library: Library) -> Article:
    """The article, for an exit that shows its text and no answer.

    Raises :class:`GateError` when it is not the one that was indexed.
    """
    try:
        article = library.article(article_id)
        promised = library.manifest_digest(article_id)
    except KeyError:
        raise GateError(f"A quote names {article_id!r}, which is not indexed.") from None
    if article_digest(article) != promised:
        raise GateError(
            f"The article {article.id!r} is not the one that was indexed. Nothing of it is shown. "
            "Rebuild the index with `pullquote index --rebuild`."
        )
    return article


def _check_numbers(citations: Sequence[Citation]) -> None:
    numbers = [citation.number for citation in citations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise GateError(f"The citations are numbered {numbers}, not from 1 upwards{_of(citations)}")
    places = {(citation.article_id, citation.sentence_index) for citation in citations}
    if len(places) < len(citations):
        raise GateError(f"The answer cites a sentence twice{_of(citations)}")


def _check_blocks(answer: Answer) -> None:
    quotes = {citation.number: citation.quote for citation in answer.citations}
    for block in answer.blocks:
        if any(type(number) is not int or number not in quotes for number in block.citations):
            raise GateError(
                f"A part of the answer cites {block.citations}, which are not all there"
                f"{_of(answer.citations)}"
            )
        if block.citations and block.message is not None:
            raise GateError(f"A part of the answer is a quote and a message{_of(answer.citations)}")
        if not block.citations and block not in messages():
            raise GateError(
                f"A part of the answer has no citation and is no fixed message"
                f"{_of(answer.citations)}"
            )
        if block.citations and not block.written and block.text != _joined(block.citations, quotes):
            raise GateError(
                f"A part of the answer is not what its citations say{_of(answer.citations)}"
            )
    quoted = [number for it in answer.blocks if not it.written for number in it.citations]
    used = list(dict.fromkeys(number for block in answer.blocks for number in block.citations))
    if used != list(quotes) or len(quoted) > len(set(quoted)):
        raise GateError(
            f"The answer cites {used} of the citations {list(quotes)}{_of(answer.citations)}"
        )


def _check_written(answer: Answer, library: Library) -> None:
    """A written sentence says what its citations say, as far as rules can tell, and is named."""
    cited = {citation.number: citation for citation in answer.citations}
    for block in answer.blocks:
        if not block.written:
            continue
        sources = [shown(cited[number], library) for number in block.citations]
        if not sources or drift.find(block.text, sources):
            raise GateError(
                f"A written sentence says something else than its citations{_of(answer.citations)}"
            )
        if answer.status is not Status.ANSWERED or not answer.provenance.writer:
            raise GateError(f"A written sentence has no writer{_of(answer.citations)}")


def _joined(numbers: Sequence[int], quotes: Mapping[int, str]) -> str:
    return " ".join(quotes[number] for number in numbers)


def _check_status(answer: Answer) -> None:
    """The fixed messages, and where they stand, are those of the answer's status."""
    said: list[str | None] = []
    for block in answer.blocks:
        if block.message or said[-1:] != [None]:
            said.append(block.message)
    # Notes close an answer, each at most once.
    notes = set(NOTES)
    while said and said[-1] in notes:
        notes.remove(str(said.pop()))
    status = answer.status
    if not isinstance(status, Status) or said not in _PARTS[status]:
        raise GateError(f"An answer that is '{status}' has the wrong parts{_of(answer.citations)}")
    if said == ["differ", None] and len({it.article_id for it in answer.citations}) < 2:
        raise GateError(f"Of articles that differ only one is cited{_of(answer.citations)}")
    if answer.closest and status is not Status.NOT_FOUND:
        raise GateError(
            f"An answer that is '{status}' shows closest sentences{_of(answer.closest)}"
        )


def _of(citations: Sequence[Citation]) -> str:
    """The articles concerned, as the end of a sentence."""
    ids = dict.fromkeys(repr(citation.article_id) for citation in citations)
    return f" (articles: {', '.join(ids)})." if ids else "."
