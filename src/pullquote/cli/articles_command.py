"""The articles of an index, for its owner: list them, show them, take them out, let them back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from pullquote.errors import UnknownArticleError
from pullquote.index.store import open_catalog
from pullquote.index.update import restore as let_back
from pullquote.index.update import withdraw
from pullquote.plurals import counted
from pullquote.types import Article, Filters

#: Articles looked up at once.
_PAGE = 500


def listing(folder: Path, filters: Filters, form: str = "text") -> Iterator[str]:
    """A line for each article that passes, in the order of their ids; ``json``: an object each.

    Raises :class:`~pullquote.errors.IndexUnusableError`.
    """
    shelf = open_catalog(folder)
    after: str | None = None
    while page := shelf.listing(filters, _PAGE, after):
        for article in page:
            if form == "json":
                yield json.dumps(_fields(article), ensure_ascii=False)
            else:
                yield _line(article)
        after = page[-1].id


def shown(folder: Path, article_ids: Sequence[str], form: str = "text") -> Iterator[str]:
    """Each article with its text. Raises :class:`~pullquote.errors.UnknownArticleError`."""
    shelf = open_catalog(folder)
    for article_id in article_ids:
        try:
            article = shelf.article(article_id)
        except KeyError:
            raise UnknownArticleError(f"There is no article {article_id!r} in the index.") from None
        twins = shelf.twins(article_id)
        if form == "json":
            fields = {**_fields(article), "text": article.text, "twins": twins}
            yield json.dumps(fields, ensure_ascii=False)
            continue
        for name, value in _fields(article).items():
            if value:
                yield f"{name}: {_printable(str(value))}"
        if twins:
            yield f"nearly the same: {', '.join(map(_printable, twins))}"
        yield ""
        yield article.text[article.body_start :].rstrip()


def remove(folder: Path, article_ids: Sequence[str]) -> str:
    """Take articles out at once; what was done, as a sentence."""
    withdraw(folder, article_ids)
    return f"Removed {_counted(article_ids)}; no answer cites it from now on."


def restore(folder: Path, article_ids: Sequence[str]) -> str:
    """Let articles back in; what was done, as a sentence."""
    let_back(folder, article_ids)
    return f"Restored {_counted(article_ids)}: run `pullquote index` to have it back."


def _counted(article_ids: Sequence[str]) -> str:
    return counted(len(set(article_ids)), "article")


def _fields(article: Article) -> dict[str, str | None]:
    fields = asdict(article)
    del fields["text"], fields["body_start"]
    return fields


def _line(article: Article) -> str:
    parts = (article.id, article.published, article.section, article.source, article.title)
    return "\t".join(_printable(it or "-") for it in parts)


def _printable(text: str) -> str:
    """On one line, whatever is in it: titles come from strangers, and a terminal obeys codes."""
    return "".join(it if it.isprintable() else " " for it in text)
