"""The source line under a quote: how its article, and articles with the same quote, are named."""

from __future__ import annotations

from pullquote.protocols import Library
from pullquote.types import Answer, Article, Block, Citation

#: How many near-duplicate articles are named; the others are counted.
TWINS_NAMED = 3

#: How many near-duplicates are searched for the quote: hundreds of sites may print one story.
_TWINS_READ = 20


def source_line(article: Article) -> str:
    """Title, author, dates, section, source and address (or id), as far as they are known."""
    parts = (
        article.title,
        article.author,
        article.published,
        updated(article),
        article.section,
        article.source,
        article.url or article.id,
    )
    return "— " + ", ".join(part for part in parts if part)


def made_of(block: Block, answer: Answer, library: Library) -> list[Article]:
    """The articles that a written sentence cites; none if the whole answer cites only one."""
    cited = [citation.article_id for citation in answer.citations]
    if not block.written or len(set(cited)) < 2:
        return []
    return [library.article(own) for own in dict.fromkeys(cited[n - 1] for n in block.citations)]


def made_of_line(block: Block, answer: Answer, library: Library) -> str:
    """The articles of :func:`made_of` as a credit line with titles and dates."""
    told = "; ".join(
        ", ".join(part for part in (article.title, article.published) if part)
        for article in made_of(block, answer, library)
    )
    return told and f"— {told}"


def also_in(citation: Citation, library: Library) -> list[Article]:
    """The near-duplicates of the cited article that contain the quote word for word."""
    quote = _words(citation.quote)
    twins = map(library.article, library.twins(citation.article_id)[:_TWINS_READ])
    return [twin for twin in twins if quote in _words(twin.text[twin.body_start :])]


def _words(text: str) -> str:
    """Words with single spaces, also at both ends, so that a search finds only whole words."""
    return f" {' '.join(text.split())} "


def also_line(citation: Citation, library: Library) -> str:
    """Which other articles contain the quote; empty when none does."""
    twins = also_in(citation, library)
    if not twins:
        return ""
    named = [
        f"{twin.title} ({twin.published or twin.url or twin.id})" for twin in twins[:TWINS_NAMED]
    ]
    more = len(twins) - len(named)
    return "Also in: " + ", ".join(named) + (f" and {more} more" if more else "")


def updated(article: Article) -> str | None:
    """The date of the last update, if that is later than publication."""
    if article.updated and article.updated > (article.published or ""):
        return f"updated {article.updated}"
    return None
