"""Checks every quote of a saved answer against the articles, without a model, offline.

The answer is parsed back into its types and checked by the gate's rules for any version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pullquote.answering import gate
from pullquote.answering.former_messages import was_message
from pullquote.answering.saved import SavedAnswer, SavedBlock, SavedQuote
from pullquote.digest import article_digest
from pullquote.errors import CorpusError, IndexUnusableError
from pullquote.index.interface import Listed
from pullquote.index.opened import open_catalog
from pullquote.index_place import Place
from pullquote.ingest import corpus
from pullquote.ingest.formats import KINDS
from pullquote.types import Answer, Article, Provenance, Status, Timings

_OTHER_NAME = " names another title, date or address than the article's own."

#: Error texts that follow the name of a quote, by the field that is wrong. Other fields get the
#: text for ``cited_text``.
_TOLD: Mapping[str, str] = {
    **gate.TOLD,
    "document_id": ": there is no such article.",
    "document_digest": ": the article is not the one that was quoted; its digest is another.",
    **dict.fromkeys(("document_title", "published", "url"), _OTHER_NAME),
    "selector": ": its selector names other words.",
}


def verify(file: Path, roots: Sequence[Path], index: Place | None = None) -> tuple[int, list[str]]:
    """Check a saved answer: the number of quotes, and a sentence for each fault.

    Plain-text articles are read from ``roots``. Articles that were fetched, or extracted from
    another format, are read from the ``index``, which keeps their text.

    Raises :class:`~pullquote.errors.AnswerFileError` when ``file`` is not a saved answer, and
    ``CorpusError``.
    """
    saved = SavedAnswer.read(file)
    articles = _Articles(roots, index)
    faults: list[str] = []
    citations = _quotes(saved.citations, articles, faults)
    closest = _quotes(saved.closest, articles, faults)
    count = len(saved.citations) + len(saved.closest)
    if len(citations) + len(closest) == count:
        faults += _faults_of_parts(saved, citations, closest, articles)
    return count, faults


def networks(file: Path) -> list[str]:
    """The digests of the networks that checked the written sentences of a saved answer."""
    checks = (part.get("checked") for part in SavedAnswer.read(file).answer)
    found = (str(check.get("by")) for check in checks if isinstance(check, Mapping))
    return list(dict.fromkeys(found))


class _Articles:
    """The articles to verify against, from files and from the index."""

    def __init__(self, roots: Sequence[Path], index: Place | None) -> None:
        self._where = ", ".join(map(str, roots))
        self._catalog: Listed | None = None
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
        if not listed and self._catalog is None:
            raise CorpusError(corpus.no_articles(roots))
        self._texts = {
            source.article_id: source.path
            for source in listed
            if KINDS.get(source.path.suffix.lower(), "plain") == "plain"
        }

    def article(self, article_id: str) -> Article:
        """The article as it is now. Raises :class:`CorpusError`, whose text follows a colon."""
        if article_id in self._texts:
            try:
                return corpus.read_text(article_id, self._texts[article_id])
            except CorpusError as error:
                raise CorpusError(f"its article cannot be read: {error}") from error
        with suppress(KeyError):
            if self._catalog:
                return self._catalog.article(article_id)
        raise CorpusError(f"there is no such article in {self._where}")


def _quotes(
    given: Sequence[dict[str, Any]], articles: _Articles, faults: list[str]
) -> list[SavedQuote]:
    """The quotes that can be parsed. Adds a sentence to ``faults`` for each error in any quote."""
    readable = []
    for raw in given:
        name = f"Quote {raw.get('number')!r} from {raw.get('document_id')!r}"
        wrong: Sequence[str] = ()
        try:
            quote = SavedQuote.model_validate(raw)
            readable.append(quote)
            wrong = [*_wrong_fields(quote, articles.article(quote.document_id))]
        except ValidationError as error:
            wrong = [str(error.errors()[0]["loc"][0])]
        except CorpusError as error:
            faults.append(f"{name}: {error}.")
        start, end = repr(raw.get("start_char_index")), repr(raw.get("end_char_index"))
        for field in dict.fromkeys(wrong):
            told = _TOLD.get(field, _TOLD["cited_text"])
            faults.append(name + told.format(start=start, end=end))
    return readable


def _wrong_fields(quote: SavedQuote, article: Article) -> Iterator[str]:
    wrong = [*gate.wrong_fields(quote.citation(), article)]
    if wrong == ["cited_text"]:
        yield from wrong
        return
    if quote.document_digest not in (None, article_digest(article)):
        yield "document_digest"
    if (quote.document_title, quote.published, quote.url) != (
        article.title, article.published, article.url,
    ):  # fmt: skip
        yield "document_title"
    yield from wrong
    start, end = quote.start_char_index, quote.end_char_index
    context, selector = quote.context, quote.selector
    if context and context.text != article.text[context.start_char_index : context.end_char_index]:
        yield "context"
    if selector and not (
        selector.exact == quote.cited_text
        and article.text[:start].endswith(selector.prefix)
        and article.text[end:].startswith(selector.suffix)
    ):
        yield "selector"


def _faults_of_parts(
    saved: SavedAnswer,
    citations: Sequence[SavedQuote],
    closest: Sequence[SavedQuote],
    articles: _Articles,
) -> Iterator[str]:
    blocks = []
    for raw in saved.answer:
        try:
            blocks.append(SavedBlock.model_validate(raw).block())
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            if field == "citations":
                yield f"A part of the answer cites {raw[field]!r}, which are not all there."
            else:
                yield f"A part of the answer has a {field!r} that cannot be read."
            continue
        named = raw.get("articles")
        if named is not None and named != _named(blocks[-1].citations, citations):
            yield f"A part of the answer names other articles than it cites: {named!r}."
    for block in blocks:
        if block.values:
            try:
                yield from gate.wrong_values(block, articles.article(str(block.document_id)))
            except CorpusError as error:
                yield f"A message names {block.document_id!r}: {error}."
    if saved.status not in [*Status]:
        yield f"The answer has the status {saved.status!r}, which is none."
    elif len(blocks) == len(saved.answer):
        answer = Answer(
            question="",
            status=Status(saved.status),
            blocks=tuple(blocks),
            citations=tuple(quote.citation() for quote in citations),
            closest=tuple(quote.citation() for quote in closest),
            provenance=Provenance("", "", ""),
            timings=Timings(0, 0, 0),
            answerability=0.0,
        )
        sources = [quote.context.text if quote.context else quote.cited_text for quote in citations]
        yield from gate.faults(answer, sources, was_message)


def _named(numbers: Sequence[int], citations: Sequence[SavedQuote]) -> list[dict[str, str | None]]:
    """The articles of these citations, each once, as the JSON of a written block names them."""
    cited = [citations[number - 1] for number in numbers if 1 <= number <= len(citations)]
    return [
        quote.model_dump(include={"document_id", "document_title", "url", "published"})
        for quote in {quote.document_id: quote for quote in cited}.values()
    ]
