"""``pullquote articles``: lists, shows, removes and restores the articles of an index."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict

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
                yield f"{name}: {_printable(str(value))}"
        if twins:
            yield f"nearly the same: {', '.join(map(_printable, twins))}"
        yield ""
        yield article.text[article.body_start :].rstrip()


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
        yield f"id: {_printable(article.id)}"
        yield f"title: {_printable(article.title)}"
        yield ""
        width = (shutil.get_terminal_size((100, 0)).columns - 3) // 2
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
        for line in textwrap.wrap(_printable(paragraph), width):
            yield line
    for line in textwrap.wrap(_printable(right), width):
        yield f"{'':<{width}} {mark} {line}"


def _found(shelf: Listed, article_id: str) -> Article:
    try:
        return shelf.article(article_id)
    except KeyError:
        raise UnknownArticleError.of(article_id) from None


def remove(folder: Place, article_ids: Sequence[str]) -> str:
    """Remove articles at once, and return a message for the user."""
    withdraw(folder, article_ids)
    return f"Removed {_counted(article_ids)}; no answer cites it from now on."


def restore(folder: Place, article_ids: Sequence[str]) -> str:
    """Let removed articles come back, and return a message for the user."""
    let_back(folder, article_ids)
    return f"Restored {_counted(article_ids)}: run `pullquote index` to have it back."


def _counted(article_ids: Sequence[str]) -> str:
    return counted(len(set(article_ids)), "article")


def _fields(article: Article) -> dict[str, str | None]:
    fields = asdict(article)
    del fields["text"], fields["body_start"], fields["left_out"]
    return fields


def _line(article: Article) -> str:
    parts = (article.id, article.published, article.section, article.source, article.title)
    return "\t".join(_printable(part or "-") for part in parts)


def _printable(text: str) -> str:
    """``text`` on one line without control characters, which an untrusted title may contain."""
    return "".join(character if character.isprintable() else " " for character in text)
