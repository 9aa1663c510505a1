"""The gate: nothing leaves that is not, character for character, what the article says.

Every exit (command line, chat, export, evaluation) calls :func:`check` on the answer it is
about to show, last of all; everything in :mod:`pullquote.render` does so itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from pullquote.corpus import article_digest
from pullquote.errors import GateError
from pullquote.messages import messages
from pullquote.types import Answer, Article, Citation, Library, Status


def check(answer: Answer, library: Library) -> Answer:
    """``answer`` itself, when every word of it that claims to be an article's is.

    Raises :class:`GateError`, which names the article, when a quote is not the article's text
    at its offsets, when an article is not the one that was indexed, when a block says more than
    its citations, or when the parts of the answer contradict each other.
    """
    for citation in (*answer.citations, *answer.closest):
        _check_citation(citation, library)
    _check_parts(answer)
    return answer


def _check_citation(citation: Citation, library: Library) -> None:
    article = _article(citation, library)
    start, end = citation.start, citation.end
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
    if citation.context and not (
        article.body_start <= citation.context[0] <= start
        and end <= citation.context[1] <= len(article.text)
    ):
        raise GateError(f"The context of a quote from {article.id!r} does not hold the quote.")
    if citation.span and not start <= citation.span[0] < citation.span[1] <= end:
        raise GateError(f"The marked words of a quote from {article.id!r} lie outside of it.")


def _article(citation: Citation, library: Library) -> Article:
    try:
        article = library.article(citation.article_id)
        promised = library.manifest_digest(citation.article_id)
    except KeyError:
        raise GateError(f"A quote names {citation.article_id!r}, which is not indexed.") from None
    if article_digest(article) != promised:
        raise GateError(
            f"The article {article.id!r} is not the one that was indexed. Nothing of it is shown. "
            "Rebuild the index with `pullquote index --rebuild`."
        )
    return article


def _check_parts(answer: Answer) -> None:
    numbers = [citation.number for citation in answer.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise GateError(f"The citations are numbered {numbers}, not from 1 upwards.")
    quotes = {citation.number: citation.quote for citation in answer.citations}
    for block in answer.blocks:
        _check_block(block.text, block.citations, quotes)
    used = {number for block in answer.blocks for number in block.citations}
    if used != set(numbers):
        raise GateError(f"The answer cites {sorted(used)} of the citations {numbers}.")
    not_found = answer.status is Status.NOT_FOUND
    if not_found == bool(answer.citations) or (answer.closest and not not_found):
        raise GateError(f"An answer that is {answer.status.value!r} has the wrong citations.")


def _check_block(text: str, numbers: tuple[int, ...], quotes: Mapping[int, str]) -> None:
    if not numbers:
        if text not in messages():
            raise GateError("A part of the answer has no citation and is no fixed message.")
    elif any(number not in quotes for number in numbers):
        raise GateError(f"A part of the answer cites {numbers}, which are not all there.")
    elif text != " ".join(quotes[number] for number in numbers):
        raise GateError("A part of the answer is not what its citations say.")
