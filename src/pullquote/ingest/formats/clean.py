"""Cleans extracted text. The result of every parser passes through here."""

from __future__ import annotations

import re
from pathlib import Path

from pullquote.errors import CorpusError
from pullquote.ingest.formats.dates import is_iso_date
from pullquote.ingest.formats.links import believed, is_web_address, site
from pullquote.omissions import unpacked
from pullquote.types import Article

#: The longest text of an article, in code points: as many as a plain file may have bytes.
MAX_TEXT = 10_000_000

#: The longest title, author, section or source, in code points; longer ones are cut.
MAX_FIELD = 500

#: The longest article id, in code points.
MAX_ID = 1_000

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
#: The lookbehind starts matches only where white space begins; else long runs would take hours.
_EDGE = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)
_MANY_BLANKS = re.compile(r"\n{3,}")


def clean_text(text: str, soft_hyphens: bool = False) -> str:
    """``text`` with line feeds as line ends and at most one blank line between paragraphs.

    Control characters are removed, and so are soft hyphens, which would part a word for the search,
    unless ``soft_hyphens`` keeps them. Lone surrogates become U+FFFD.
    """
    text = text if soft_hyphens else text.replace("\u00ad", "")
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    text = _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))
    return _MANY_BLANKS.sub("\n\n", _EDGE.sub("", text)).strip()


def clean_field(value: str | None) -> str | None:
    """``value`` as one line of at most :data:`MAX_FIELD` code points; ``None`` if empty."""
    if not value:
        return None
    line = " ".join(clean_text(value).split())
    return (line if len(line) <= MAX_FIELD else line[: MAX_FIELD - 1].rstrip() + "…") or None


def title_from(article_id: str) -> str:
    """A title for an article that has none, made from its file name or address."""
    words = re.sub(r"[-_\s]+", " ", Path(article_id).stem).strip()
    return clean_field(words[:1].upper() + words[1:] or article_id) or "Untitled"


def has_words(text: str) -> bool:
    """Whether ``text`` has any letter or digit, so anything to quote."""
    return any(char.isalnum() for char in text)


def extracted(
    article_id: str,
    text: str,
    *,
    title: str | None = None,
    declared_url: str | None = None,
    fetched_url: str | None = None,
    published: str | None = None,
    updated: str | None = None,
    author: str | None = None,
    section: str | None = None,
    source: str | None = None,
    left_out: str | None = None,
) -> Article:
    """Make an article of what a parser found, with everything cleaned.

    Dates are ``YYYY-MM-DD`` or ``None``. Raises :class:`CorpusError` if ``text`` is empty or too
    long.
    """
    text = clean_text(text)
    if not has_words(text):
        raise CorpusError("it holds no text")
    if len(text) > MAX_TEXT:
        raise CorpusError(
            f"its text has {len(text) / 1e6:.1f} million characters, more than the "
            f"{MAX_TEXT / 1e6:.0f} million that an article may have: split it"
        )
    return Article(
        id=article_id,
        title=clean_field(title) or title_from(article_id),
        url=believed(declared_url, fetched_url),
        published=published,
        author=clean_field(author),
        text=text,
        updated=updated,
        section=clean_field(section),
        source=clean_field(source) or site(believed(declared_url, fetched_url)),
        left_out=left_out,
    )


def flaw(article: Article) -> str | None:
    """The name of an invalid field in an article made by :func:`extracted`, or ``None``.

    For articles from another process: a parser compromised by a file could send anything.
    """
    lines = (article.title, article.author, article.section, article.source)
    if any(line is not None and clean_field(line) != line for line in lines):
        return "field"
    if not article.title:
        return "title"
    if article.url is not None and not is_web_address(article.url):
        return "url"
    days = (article.published, article.updated)
    if any(day is not None and not is_iso_date(day) for day in days):
        return "date"
    if article.body_start != 0 or len(article.text) > MAX_TEXT or not has_words(article.text):
        return "text"
    try:
        unpacked(article.left_out)
    except ValueError:
        return "left_out"
    if _UNSEEN.search(article.text) or _SURROGATE.search(article.text):
        return "text"
    return None
