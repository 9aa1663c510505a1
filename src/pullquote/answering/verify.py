"""Checks every quote of a saved answer against the articles: no index, no model, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pullquote.answering import drift
from pullquote.answering.former_messages import key_of
from pullquote.answering.render.receipt import from_receipt
from pullquote.digest import article_digest
from pullquote.errors import AnswerFileError, CorpusError, IndexUnusableError
from pullquote.index.store import open_catalog
from pullquote.ingest import corpus
from pullquote.ingest.formats import KINDS
from pullquote.types import Article, Status

_MARKDOWN = (".md", ".markdown")


def verify(file: Path, roots: Sequence[Path], index: Path | None = None) -> tuple[int, list[str]]:
    """How many quotes were checked, and a sentence for each thing that is not as it should be.

    A text file below ``roots`` is read itself. What was extracted from another format, or was
    fetched, is kept with the ``index``, and checked against that.

    Raises :class:`AnswerFileError` when ``file`` is not a saved answer, and ``CorpusError``.
    """
    answer = _read(file)
    quotes = [*answer["citations"], *answer.get("closest", [])]
    shelf = _Shelf(roots, index)
    failures: list[str] = []
    for quote in quotes:
        failures += _check_quote(quote, shelf)
    failures += _check_parts(answer)
    return len(quotes), failures


class _Shelf:
    """Where articles are found again."""

    def __init__(self, roots: Sequence[Path], index: Path | None) -> None:
        self._where = ", ".join(map(str, roots))
        self._catalog = None
        if index is not None:
            with suppress(IndexUnusableError):
                self._catalog = open_catalog(index)
                self._where += f" or {index}"
        try:
            listed = corpus.list_sources(roots).sources
        except CorpusError:
            if self._catalog is None:
                raise
            listed = ()
        self._texts = {
            it.article_id: it.path
            for it in listed
            if KINDS.get(it.path.suffix.lower(), "plain") == "plain"
        }

    def article(self, article_id: object) -> Article:
        """Raises :class:`CorpusError` with what is wrong."""
        if isinstance(article_id, str):
            if article_id in self._texts:
                try:
                    return corpus.read_text(article_id, self._texts[article_id])
                except CorpusError as error:
                    raise CorpusError(f"its article cannot be read: {error}") from error
            with suppress(KeyError):
                if self._catalog:
                    return self._catalog.article(article_id)
        raise CorpusError(f"there is no such article in {self._where}")


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        answer = from_receipt(text) if file.suffix.lower() in _MARKDOWN else json.loads(text)
    except OSError as error:
        raise AnswerFileError(f"{str(file)!r} cannot be read ({error.strerror}).") from error
    except AnswerFileError as error:
        raise AnswerFileError(f"{str(file)!r} cannot be verified. {error}") from error
    except (ValueError, RecursionError) as error:
        raise AnswerFileError(f"{str(file)!r} is not JSON ({error}).") from error
    usable = (
        isinstance(answer, dict)
        and all(_is_list_of_objects(answer.get(name)) for name in ("answer", "citations"))
        and _is_list_of_objects(answer.get("closest", []))
    )
    if not usable:
        raise AnswerFileError(
            f"{str(file)!r} is not a saved answer: make one with "
            '`pullquote ask "QUESTION" --format json`, or `--format receipt`.'
        )
    return dict(answer)


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(it, dict) for it in value)


def _check_quote(quote: dict[str, Any], shelf: _Shelf) -> Iterator[str]:
    number, article_id = quote.get("number"), quote.get("document_id")
    name = f"Quote {number!r} from {article_id!r}"
    try:
        article = shelf.article(article_id)
    except CorpusError as error:
        yield f"{name}: {error}."
        return
    text = quote.get("cited_text")
    range_ = _range(article, quote)
    if range_ is None or not text or article.text[slice(*range_)] != text:
        start, end = quote.get("start_char_index"), quote.get("end_char_index")
        yield f"{name} is not what the article says at characters {start!r} to {end!r}."
        return
    if "document_digest" in quote and quote["document_digest"] != article_digest(article):
        yield f"{name}: the article is not the one that was quoted; its digest is another."
    shown = tuple(quote.get(key) for key in ("document_title", "published", "url"))
    if shown != (article.title, article.published, article.url):
        yield f"{name} names another title, date or address than the article's own."
    if not _holds(article, quote.get("context"), range_):
        yield f"{name}: its context is not what the article says."
    span = quote.get("answer_span")
    marked = _range(article, span) if isinstance(span, dict) else None
    if span is not None and not (marked and range_[0] <= marked[0] and marked[1] <= range_[1]):
        yield f"{name}: its marked words lie outside of it."
    if not _selects(article, quote.get("selector"), range_):
        yield f"{name}: its selector names other words."


def _range(article: Article, offsets: dict[str, Any]) -> tuple[int, int] | None:
    """The offsets, when there is a text of the article's body at them."""
    start, end = offsets.get("start_char_index"), offsets.get("end_char_index")
    if type(start) is not int or type(end) is not int:
        return None
    return (start, end) if article.body_start <= start < end <= len(article.text) else None


def _holds(article: Article, context: object, quote: tuple[int, int]) -> bool:
    if context is None:
        return True
    around = _range(article, context) if isinstance(context, dict) else None
    return (
        isinstance(context, dict)
        and around is not None
        and around[0] <= quote[0]
        and quote[1] <= around[1]
        and article.text[slice(*around)] == context.get("text")
    )


def _selects(article: Article, selector: object, quote: tuple[int, int]) -> bool:
    if selector is None:
        return True
    if not isinstance(selector, dict):
        return False
    prefix, suffix = selector.get("prefix", ""), selector.get("suffix", "")
    return (
        isinstance(prefix, str)
        and isinstance(suffix, str)
        and selector.get("exact") == article.text[slice(*quote)]
        and article.text[: quote[0]].endswith(prefix)
        and article.text[quote[1] :].startswith(suffix)
    )


def _check_written(block: dict[str, Any], quotes: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A model's sentence, checked as it was before it was shown, as far as that needs no model."""
    contexts = [it.get("context") for it in quotes]
    sources = [
        str(context.get("text") if isinstance(context, dict) else it.get("cited_text"))
        for context, it in zip(contexts, quotes, strict=True)
    ]
    text = block.get("text")
    found = drift.find(text, sources) if isinstance(text, str) else drift.Drift.UNSUPPORTED
    if found:
        yield f"A written sentence says something else than its citations ({found.value})."


def _check_parts(answer: dict[str, Any]) -> Iterator[str]:
    for name in ("citations", "closest"):
        numbers = [quote.get("number") for quote in answer.get(name, [])]
        if any(type(it) is not int for it in numbers) or numbers != [*range(1, len(numbers) + 1)]:
            yield f"The {name} are numbered {numbers}, not from 1 upwards."
    texts = [quote.get("cited_text") for quote in answer["citations"]]
    used: list[Any] = []
    quoted: list[Any] = []
    for block in answer["answer"]:
        numbers = block.get("citations", [])
        if not isinstance(numbers, list) or any(
            type(it) is not int or not 1 <= it <= len(texts) for it in numbers
        ):
            yield f"A part of the answer cites {numbers!r}, which are not all there."
        elif numbers and block.get("message") is not None:
            yield f"The answer's part at {numbers} is a quote and a message."
        elif numbers and block.get("origin") == "written":
            yield from _check_written(block, [answer["citations"][it - 1] for it in numbers])
        elif numbers and block.get("text") != " ".join(str(texts[it - 1]) for it in numbers):
            yield f"The answer's text at {numbers} is not what its citations say."
        elif not numbers and key_of(block) is None:
            yield "A part of the answer has no citation and is no fixed message."
        if isinstance(numbers, list):
            used += (it for it in numbers if it not in used)
            quoted += numbers if block.get("origin") != "written" else []
    if any(quoted.count(it) > 1 for it in quoted):
        used = quoted
    if used != [*range(1, len(texts) + 1)]:
        yield f"The answer cites {used} of {len(texts)} citations."
    cited = {repr(it.get("document_id")) for it in answer["citations"]}
    if len(cited) < 2 and "differ" in map(key_of, answer["answer"]):
        yield "The answer says that articles differ, and does not cite two."
    status, closest = answer.get("status"), bool(answer.get("closest"))
    if status not in [it.value for it in Status]:
        yield f"The answer has the status {status!r}, which is none."
    elif (status == Status.NOT_FOUND) == bool(texts) or (closest and status != Status.NOT_FOUND):
        yield f"An answer that is '{status}' has the wrong citations."
