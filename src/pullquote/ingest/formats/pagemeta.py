"""Reads the metadata of a web page: schema.org in JSON-LD, and ``meta`` elements."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.locale import local_date, month_first
from pullquote.ingest.formats.tree import Element

#: The most objects of a page's JSON-LD that are read, and the greatest depth.
_MAX_OBJECTS = 2_000
_MAX_DEPTH = 8

_PUBLISHED = ("article:published_time", "datepublished", "dc.date.issued", "parsely-pub-date")
_UPDATED = ("article:modified_time", "datemodified", "og:updated_time", "lastmod")
_SECTION = ("article:section", "articlesection", "parsely-section", "sailthru.section")
_SITE = ("og:site_name", "application-name")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: The CDATA or comment markers that old pages put around a script's content.
_WRAPPER = re.compile(r"^\s*(?://\s*)?<!(?:\[CDATA\[|--)|(?:(?://\s*)?(?:\]\]>|-->))\s*$")


@dataclass(frozen=True, slots=True)
class PageMeta:
    """The fields that a page declares. ``canonical`` is not verified yet.

    ``body`` is the article's text in JSON-LD. ``month_first`` is the order in the page's dates.
    """

    title: str | None = None
    author: str | None = None
    canonical: str | None = None
    published: str | None = None
    updated: str | None = None
    section: str | None = None
    site: str | None = None
    body: str | None = None
    month_first: bool | None = None


def declared(tree: Element, own: Element) -> PageMeta:
    """The page's metadata. JSON-LD has precedence over ``meta``: it says what it describes.

    ``own`` is the page without its comments and teasers, which have ``meta`` elements too.
    """
    objects = list(_objects(tree))
    article: dict[str, Any] = next((x for x in objects if _is_article(x.get("@type"))), {})
    metas = _metas(own)
    month = month_first(tree)
    publisher = article.get("publisher")
    return PageMeta(
        title=_text(article.get("headline")),
        author=_names(article.get("author"), {str(x["@id"]): x for x in objects if "@id" in x}),
        canonical=_canonical(tree) or metas.get("og:url"),
        published=_first_date(
            [_text(article.get("datePublished")), *_all(metas, _PUBLISHED)], month
        ),
        updated=_first_date([_text(article.get("dateModified")), *_all(metas, _UPDATED)], month),
        section=_text(article.get("articleSection")) or _first(metas, _SECTION),
        body=_text(article.get("articleBody")),
        month_first=month,
        site=_first(metas, _SITE)
        or (_text(publisher.get("name")) if isinstance(publisher, dict) else None),
    )


def _canonical(tree: Element) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href")).strip()
    return None


def _metas(tree: Element) -> dict[str, str]:
    """The contents of ``meta`` elements by lower-case name; the first one of each name counts."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = (meta.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), decoded(content) or "")
    return found


def _objects(tree: Element) -> Iterator[dict[str, Any]]:
    """The objects of a page's JSON-LD, in order."""
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        value = _loaded(script.text or "")
        waiting = [(value, 0)]
        for _ in range(_MAX_OBJECTS):
            if not waiting:
                break
            value, depth = waiting.pop(0)
            if isinstance(value, list) and depth < _MAX_DEPTH:
                waiting[:0] = [(item, depth + 1) for item in value[:_MAX_OBJECTS]]
            elif isinstance(value, dict):
                yield value
                if depth < _MAX_DEPTH:
                    inner = (value.get("@graph"), value.get("mainEntity"))
                    waiting[:0] = [(item, depth + 1) for item in inner if item]


def _loaded(text: str) -> Any:
    """The JSON in a script, which may be wrapped or escaped; ``None`` if it is invalid."""
    for written in (text, _WRAPPER.sub("", text), html.unescape(text)):
        try:
            return json.loads(written, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(
        isinstance(name, str)
        and name.lower().endswith(("article", "posting", "report"))
        and name.lower() != "jobposting"
        for name in kinds
    )


def _text(value: object) -> str | None:
    """A string, or the first string in a list."""
    if isinstance(value, list):
        return next((text for item in value if (text := _text(item))), None)
    return decoded(value.strip()) or None if isinstance(value, str) else None


def _names(value: object, objects: dict[str, dict[str, Any]]) -> str | None:
    """The names of one or more people, as one string. They may be in one of ``objects`` by id."""
    names: list[str | None] = []
    for person in value if isinstance(value, list) else [value]:
        if isinstance(person, dict):
            named = person if "name" in person else objects.get(str(person.get("@id")), {})
            person = named.get("name")
        names += map(_text, person if isinstance(person, list) else [person])
    # Skip addresses of profiles.
    kept = [name for name in names if name and not name.startswith(("http://", "https://"))]
    return ", ".join(dict.fromkeys(kept)) or None


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _all(metas: dict[str, str], names: tuple[str, ...]) -> list[str]:
    return [metas[name] for name in names if name in metas]


def _first_date(values: list[str | None], month: bool | None) -> str | None:
    dates = (iso_date(value) or local_date(value, month) for value in values if value)
    return next((date for date in dates if date), None)


def decoded(value: str | None) -> str | None:
    """``value`` with character references resolved, including doubly escaped ones."""
    for _ in range(3):
        if not value or not _ENTITY.search(value):
            break
        value = _ENTITY.sub(lambda found: html.unescape(found[0]), value)
    return value
