"""Reads RSS and Atom feeds, including malformed ones."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

from pullquote.ingest.fetch.errors import FetchError, RefusedError
from pullquote.ingest.fetch.urls import Target, parse
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.listing import Listed

#: The deepest nesting. Feedparser's time grows with its square: 20,000 take 0.6 s, and no feed has
#: 100. But in a broken feed, each unclosed ``<br>`` adds a level.
_MAX_DEPTH = 20_000

_TAG = re.compile(r"<!\[CDATA\[|<(/?)[A-Za-z]|/>")

#: The longest author, in characters; longer values are ignored.
_MAX_NAME = 1_000

#: The longest title, in characters; HTMLParser is slow on long broken markup.
_MAX_TITLE = 2_000

#: The author format of RSS: an e-mail address, followed by the name in parentheses.
_MAILBOX = re.compile(r"\S+@\S+\s*\((.+)\)")


def entries(content: str, base: Target) -> Iterator[Listed]:
    """The pages of a feed, in order. ``content`` begins at the first element.

    Relative links are resolved against ``base``, the address of the feed. Entries without a valid
    web address are left out. Raises :class:`FetchError` if it is not a feed; a malformed feed is
    read as far as possible.
    """
    if _depth(content) > _MAX_DEPTH:
        raise _broken(base)
    feedparser = _feedparser()
    # Pass a stream, never a string: feedparser would fetch or open what a string names.
    feed = feedparser.parse(
        io.BytesIO(content.encode("utf-8", "replace")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": str(base),
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.version:
        raise _broken(base)
    for entry in feed.entries:
        listed = _listed(entry, base, rss=not feed.version.startswith("atom"))
        if listed is not None:
            yield listed


@cache
def _feedparser() -> Any:
    """Feedparser, patched not to search for e-mail addresses in overlong author names.

    That search takes quadratic time: an author of a megabyte takes hours.
    """
    import feedparser  # type: ignore[import-untyped]
    from feedparser.mixin import _FeedParserMixin  # type: ignore[import-untyped]

    find = _FeedParserMixin._sync_author_detail

    def bounded(self: Any, key: str = "author") -> None:
        if len(self._get_context().get(key) or "") <= _MAX_NAME:
            find(self, key)

    _FeedParserMixin._sync_author_detail = bounded
    return feedparser


def _broken(base: Target) -> FetchError:
    return FetchError(str(base), "is a broken feed: give the address of another, or of a page.")


def _depth(content: str) -> int:
    """The deepest nesting of elements, found by counting tags."""
    depth = deepest = position = 0
    while tag := _TAG.search(content, position):
        position = tag.end()
        if tag[0] == "<![CDATA[":
            position = content.find("]]>", position)
            if position < 0:
                break
            continue
        depth = max(0, depth + (-1 if tag[1] or tag[0] == "/>" else 1))
        deepest = max(deepest, depth)
    return deepest


def _listed(entry: dict[str, Any], base: Target, rss: bool) -> Listed | None:
    link = _text(entry, "link")
    if link is None:
        return None
    try:
        target = parse(link, base)
    except RefusedError:
        return None
    tags = dict.get(entry, "tags") or ()
    section = next((label for tag in tags if (label := tag.get("label") or tag.get("term"))), None)
    published, updated = (iso_date(_text(entry, name)) for name in ("published", "updated"))
    if rss and not published:
        # Feedparser takes the only date of an item, Dublin Core's, for that of an update.
        published, updated = updated, None
    return Listed(
        url=str(target),
        title=_title(entry, rss),
        published=published,
        updated=updated,
        author=_author(entry, rss),
        section=_clean(section),
    )


def _text(entry: dict[str, Any], key: str) -> str | None:
    # Not entry.get(), which returns "published" if there is no "updated".
    value = dict.get(entry, key)
    return value if isinstance(value, str) and value.strip() else None


def _title(entry: dict[str, Any], rss: bool) -> str | None:
    """The title without markup. In RSS titles are HTML in practice; Atom declares the type."""
    title = _text(entry, "title")
    if title is None or len(title) > _MAX_TITLE:
        return None
    kind = (dict.get(entry, "title_detail") or {}).get("type", "")
    return _clean(_without_markup(title) if rss or "html" in kind else title)


def _author(entry: dict[str, Any], rss: bool) -> str | None:
    """The author. For RSS, feedparser's own name is not used: it truncates some names."""
    detail = dict.get(entry, "author_detail") or {}
    name = (None if rss else detail.get("name")) or _text(entry, "author") or ""
    if len(name) > _MAX_NAME:
        return None
    match = _MAILBOX.fullmatch(name.strip())
    return _clean(match[1] if match else name)


def _clean(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


class _Text(HTMLParser):
    """Collects the text between the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _without_markup(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)
