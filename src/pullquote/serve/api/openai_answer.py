"""Renders an answer as the message of a chat completion: content and annotations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as percent_encode

from pullquote.answering.gate import check
from pullquote.answering.render.parts import parts
from pullquote.answering.render.source import also_line, source_line
from pullquote.messages import messages
from pullquote.protocols import Library
from pullquote.types import Answer, Article, Citation

#: Characters that begin a link, an image, a tag, code or emphasis in Markdown. An image from an
#: article could track readers. Programs read the text too, so nothing more is escaped.
_SPECIAL = re.compile(r"[\\`*_\[\]<~]|&(?=#?\w+;)")

#: Characters that begin a heading, a list or a quotation at the start of a line.
_LINE_START = re.compile(r"^(\d*)([#>+.)-])")


@dataclass(frozen=True, slots=True)
class Message:
    """``content`` has marks such as ``[1]``; ``annotations`` say where each quote stands in it."""

    content: str
    annotations: list[dict[str, Any]]


def message(answer: Answer, library: Library, base: str) -> Message:
    """The message of an answer: one paragraph per block, one block quote per citation.

    ``base`` is the server's own address with a trailing slash, for links to articles without an
    address of their own. Raises ``GateError``.
    """
    check(answer, library)
    content = ""
    annotations = []

    def put(text: str) -> None:
        nonlocal content
        content += ("\n\n" if content else "") + text

    def put_quote(citation: Citation) -> None:
        article = library.article(citation.article_id)
        before, after = _around(citation, article)
        put(f"> {before}")
        quote = escape(citation.quote, starts_line=not before)
        place = (len(content), len(content) + len(quote))
        below = (source_line(article), also_line(citation, library))
        lines = "".join(f"\n> {escape(item)}" for item in below if item)
        put_on(f"{quote}{after} [{citation.number}]{lines}")
        annotations.append(_annotation(article, base, place))

    def put_on(text: str) -> None:
        nonlocal content
        content += text

    if answer.understood:
        put(f"{messages().understood}: {escape(answer.understood)}")
    for part in parts(answer):
        if isinstance(part, Citation):
            put_quote(part)
        else:
            marks = "".join(f"[{number}]" for number in part.citations)
            put(f"{escape(part.text)} {marks}".rstrip())
    if answer.closest:
        put(f"{messages().closest}:")
        for citation in answer.closest:
            put_quote(citation)
    return Message(content, annotations)


def escape(text: str, starts_line: bool = True) -> str:
    """``text`` on one line, escaped so that Markdown shows it literally.

    Line breaks become spaces, so a text without special characters keeps its length.
    """
    text = _SPECIAL.sub(r"\\\g<0>", re.sub(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", text))
    return _LINE_START.sub(r"\1\\\2", text) if starts_line else text


def _around(citation: Citation, article: Article) -> tuple[str, str]:
    """The quote's context before and after it, in brackets."""
    if citation.context is None:
        return "", ""
    first, last = citation.context
    before = escape(article.text[first : citation.start].strip())
    after = escape(article.text[citation.end : last].strip(), starts_line=False)
    return f"({before}) " * bool(before), f" ({after})" * bool(after)


def _annotation(article: Article, base: str, place: tuple[int, int]) -> dict[str, Any]:
    own = f"{base}api/articles/{percent_encode(article.id)}"
    has_page = re.match(r"https?://", article.url or "", re.IGNORECASE)
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": place[0],
            "end_index": place[1],
            "url": article.url if has_page else own,
            "title": article.title,
        },
    }
