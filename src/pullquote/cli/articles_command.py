"""``pullquote articles``: lists, shows, removes and restores the articles of an index."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from pullquote.answering.render.as_text import printable
from pullquote.errors import UnknownArticleError
from pullquote.index.interface import Listed
from pullquote.index.opened import open_catalog
from pullquote.index.update import restore as let_back
from pullquote.index.update import withdraw
from pullquote.index_place import Place
from pullquote.omissions import unpacked
from pullquote.plurals import counted
from pullquote.types import Article, Filters

#: Articles looked up at once.
_PAGE = 500

#: The narrowest column of a comparison, in characters.
_NARROWEST = 10

#: What a terminal would act on, apart from line ends and tabs.
_CODES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def listing(folder: Place, filters: Filters, form: str = "text") -> Iterator[str]:
    """One line for each article that passes the filters, sorted by id: text or a JSON object.

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


def shown(folder: Place, article_ids: Sequence[str], form: str = "text") -> Iterator[str]:
    """Each article with its text. Raises :class:`~pullquote.errors.UnknownArticleError`."""
    shelf = open_catalog(folder)
    for article_id in article_ids:
        article = _found(shelf, article_id)
        twins = shelf.twins(article_id)
        if form == "json":
            fields = {**_fields(article), "text": article.text, "twins": twins}
            yield json.dumps(fields, ensure_ascii=False)
            continue
        for name, value in _fields(article).items():
            if value:
                yield f"{name}: {printable(str(value))}"
        if twins:
            yield f"nearly the same: {', '.join(map(printable, twins))}"
        yield ""
        yield _CODES.sub("\N{REPLACEMENT CHARACTER}", article.text[article.body_start :].rstrip())


def compared(folder: Place, article_ids: Sequence[str], form: str = "text") -> Iterator[str]:
    """The text of each article, next to the parts of its source that were left out, and why.

    ``!`` marks parts that may belong to the article after all. Raises
    :class:`~pullquote.errors.UnknownArticleError`.
    """
    shelf = open_catalog(folder)
    for article_id in article_ids:
        article = _found(shelf, article_id)
        omissions = unpacked(article.left_out)
        if form == "json":
            left = [asdict(omission) for omission in omissions]
            fields = {"id": article.id, "text": article.text, "left_out": left}
            yield json.dumps(fields, ensure_ascii=False)
            continue
        yield f"id: {printable(article.id)}"
        yield f"title: {printable(article.title)}"
        yield ""
        width = max(_NARROWEST, (shutil.get_terminal_size((100, 0)).columns - 3) // 2)
        yield f"{'IN THE TEXT':<{width}} | LEFT OUT"
        place = article.body_start
        for omission in omissions:
            yield from _columns(article.text[place : omission.place], "", " ", width)
            mark = "!" if omission.missed else "|"
            yield from _columns("", f"[{omission.why}] {omission.text}", mark, width)
            place = max(place, omission.place)
        yield from _columns(article.text[place:], "", " ", width)


def _columns(left: str, right: str, mark: str, width: int) -> Iterator[str]:
    for paragraph in left.split("\n"):
        for line in textwrap.wrap(printable(paragraph), width):
            yield line
    for line in textwrap.wrap(printable(right), width):
        yield f"{'':<{width}} {mark} {line}"


def _found(shelf: Listed, article_id: str) -> Article:
    try:
        return shelf.article(article_id)
    except KeyError:
        raise UnknownArticleError.of(article_id) from None


def remove(folder: Place, article_ids: Sequence[str]) -> str:
    """Remove articles at once, and return a message for the user."""
    withdraw(folder, article_ids)
    articles, them = _counted(article_ids)
    return f"Removed {articles}; no answer cites {them} from now on."


def restore(folder: Place, article_ids: Sequence[str]) -> str:
    """Let removed articles come back, and return a message for the user."""
    let_back(folder, article_ids)
    articles, them = _counted(article_ids)
    return f"Restored {articles}: run `pullquote index` to have {them} back."


def _counted(article_ids: Sequence[str]) -> tuple[str, str]:
    """How many articles, and the pronoun for them."""
    count = len(set(article_ids))
    return counted(count, "article"), "it" if count == 1 else "them"


def _fields(article: Article) -> dict[str, str | None]:
    fields = asdict(article)
    del fields["text"], fields["body_start"], fields["left_out"]
    return fields


def _line(article: Article) -> str:
    parts = (article.id, article.published, article.section, article.source, article.title)
    return "\t".join(printable(part or "-") for part in parts)
