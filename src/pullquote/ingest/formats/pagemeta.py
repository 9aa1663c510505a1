"""What a web page declares of itself: schema.org in JSON-LD, and ``meta`` elements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.tree import Element

#: How many objects of a page's JSON-LD are looked at, and how deep.
_MAX_OBJECTS = 2_000
_MAX_DEPTH = 8

_PUBLISHED = ("article:published_time", "datepublished", "dc.date.issued", "parsely-pub-date")
_UPDATED = ("article:modified_time", "datemodified", "og:updated_time", "lastmod")
_SECTION = ("article:section", "articlesection", "parsely-section", "sailthru.section")
_SITE = ("og:site_name", "application-name")


@dataclass(frozen=True, slots=True)
class PageMeta:
    """The fields a page declares; ``canonical`` is as declared, and not believed yet."""

    title: str | None = None
    author: str | None = None
    canonical: str | None = None
    published: str | None = None
    updated: str | None = None
    section: str | None = None
    site: str | None = None


def declared(tree: Element) -> PageMeta:
    """What the page says of itself. JSON-LD goes before ``meta``: it names its subject."""
    article = next(_articles(tree), {})
    metas = _metas(tree)
    publisher = article.get("publisher")
    return PageMeta(
        title=_text(article.get("headline")),
        author=_names(article.get("author")),
        canonical=_canonical(tree) or metas.get("og:url"),
        published=_date(article.get("datePublished")) or _first_date(metas, _PUBLISHED),
        updated=_date(article.get("dateModified")) or _first_date(metas, _UPDATED),
        section=_text(article.get("articleSection")) or _first(metas, _SECTION),
        site=_first(metas, _SITE)
        or (_text(publisher.get("name")) if isinstance(publisher, dict) else None),
    )


def _canonical(tree: Element) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href")).strip()
    return None


def _metas(tree: Element) -> dict[str, str]:
    """The contents of ``meta`` elements by lower-case name, the first of each."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = (meta.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _articles(tree: Element) -> Iterator[dict[str, Any]]:
    """The objects of a page's JSON-LD that are articles, in order."""
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = [(value, 0)]
        for _ in range(_MAX_OBJECTS):
            if not waiting:
                break
            value, depth = waiting.pop(0)
            if isinstance(value, list) and depth < _MAX_DEPTH:
                waiting[:0] = [(item, depth + 1) for item in value[:_MAX_OBJECTS]]
            elif isinstance(value, dict):
                if _is_article(value.get("@type")):
                    yield value
                if depth < _MAX_DEPTH:
                    inner = (value.get("@graph"), value.get("mainEntity"))
                    waiting[:0] = [(item, depth + 1) for item in inner if item]


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(
        isinstance(name, str) and name.lower().endswith(("article", "posting", "report"))
        for name in kinds
    )


def _text(value: object) -> str | None:
    """A string, or the first of a list of them."""
    if isinstance(value, list):
        return next((text for item in value if (text := _text(item))), None)
    return value.strip() or None if isinstance(value, str) else None


def _names(value: object) -> str | None:
    """The names of one or several persons, as one string."""
    people = value if isinstance(value, list) else [value]
    names = [_text(p.get("name")) if isinstance(p, dict) else _text(p) for p in people]
    # An address of a profile is no name.
    kept = [name for name in names if name and not name.startswith(("http://", "https://"))]
    return ", ".join(dict.fromkeys(kept)) or None


def _date(value: object) -> str | None:
    text = _text(value)
    return iso_date(text) if text else None


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _first_date(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    dates = (iso_date(metas[name]) for name in names if name in metas)
    return next((date for date in dates if date), None)
