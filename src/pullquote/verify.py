"""Checks every quote of a saved answer against the articles: no index, no model, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pullquote import corpus
from pullquote.errors import AnswerFileError, CorpusError
from pullquote.types import Article


def verify(file: Path, roots: Sequence[Path]) -> tuple[int, list[str]]:
    """How many quotes were checked, and a sentence for each thing that is not as it should be.

    Raises :class:`AnswerFileError` when ``file`` is not a saved answer, and ``CorpusError``.
    """
    answer = _read(file)
    quotes = [*answer["citations"], *answer.get("closest", [])]
    sources = {it.article_id: it.path for it in corpus.list_sources(roots).sources}
    failures: list[str] = []
    for quote in quotes:
        failures += _check_quote(quote, sources, roots)
    failures += _check_blocks(answer)
    return len(quotes), failures


def _read(file: Path) -> dict[str, Any]:
    try:
        answer = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise AnswerFileError(f"{str(file)!r} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise AnswerFileError(f"{str(file)!r} is not JSON ({error}).") from error
    usable = (
        isinstance(answer, dict)
        and all(_is_list_of_objects(answer.get(name)) for name in ("answer", "citations"))
        and _is_list_of_objects(answer.get("closest", []))
    )
    if not usable:
        raise AnswerFileError(
            f"{str(file)!r} is not a saved answer: make one with "
            '`pullquote ask "QUESTION" --format json`.'
        )
    return dict(answer)


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(it, dict) for it in value)


def _check_quote(
    quote: dict[str, Any], sources: dict[str, Path], roots: Sequence[Path]
) -> Iterator[str]:
    number, article_id = quote.get("number"), quote.get("document_id")
    name = f"Quote {number} from {article_id!r}"
    if not isinstance(article_id, str) or article_id not in sources:
        yield f"{name}: there is no such article in {', '.join(map(str, roots))}."
        return
    try:
        article = corpus.parse(article_id, corpus.read_bytes(sources[article_id]))
    except CorpusError as error:
        yield f"{name}: its article cannot be read: {error}."
        return
    text = quote.get("cited_text")
    if not text or _cut(article, quote) != text:
        start, end = quote.get("start_char_index"), quote.get("end_char_index")
        yield f"{name} is not what the article says at characters {start} to {end}."
    if quote.get("document_title") != article.title or quote.get("published") != article.published:
        yield f"{name} names another title or date than the article's own."
    context = quote.get("context")
    if context is not None and (
        not isinstance(context, dict) or _cut(article, context) != context.get("text")
    ):
        yield f"{name}: its context is not what the article says."
    selector = quote.get("selector")
    if isinstance(selector, dict) and selector.get("exact") != text:
        yield f"{name}: its selector names other words."


def _cut(article: Article, range_: dict[str, Any]) -> str | None:
    start, end = range_.get("start_char_index"), range_.get("end_char_index")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        return None
    return article.text[start:end] if end <= len(article.text) else None


def _check_blocks(answer: dict[str, Any]) -> Iterator[str]:
    quotes = {quote.get("number"): quote.get("cited_text") for quote in answer["citations"]}
    for block in answer["answer"]:
        numbers = block.get("citations")
        if not numbers:
            continue
        if not isinstance(numbers, list) or block.get("text") != " ".join(
            str(quotes.get(number)) for number in numbers
        ):
            yield f"The answer's text at {numbers} is not what its citations say."
