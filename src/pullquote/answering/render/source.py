"""How an article is named under a quote."""

from __future__ import annotations

from pullquote.protocols import Library
from pullquote.types import Answer, Article, Block, Citation

#: So many articles that say nearly the same are named, and the others counted.
TWINS_NAMED = 3

#: Of a story that hundreds have printed so many are looked at.
_TWINS_READ = 20


def source_line(article: Article) -> str:
    """Title, author, dates, section, source and address, as far as they are known."""
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
    """The articles that a written sentence cites; none where the whole answer cites one alone."""
    cited = [citation.article_id for citation in answer.citations]
    if not block.written or len(set(cited)) < 2:
        return []
    return [library.article(own) for own in dict.fromkeys(cited[n - 1] for n in block.citations)]


def made_of_line(block: Block, answer: Answer, library: Library) -> str:
    """The same with title and date, as a credit; the quotes below tell the rest of each."""
    told = "; ".join(
        ", ".join(part for part in (article.title, article.published) if part)
        for article in made_of(block, answer, library)
    )
    return told and f"— {told}"


def also_in(citation: Citation, library: Library) -> list[Article]:
    """The articles that say nearly the same as the cited one, and word for word the quote."""
    quote = _words(citation.quote)
    twins = map(library.article, library.twins(citation.article_id)[:_TWINS_READ])
    return [twin for twin in twins if quote in _words(twin.text[twin.body_start :])]


def _words(text: str) -> str:
    """Spaces around, so that no word is found within another."""
    return f" {' '.join(text.split())} "


def also_line(citation: Citation, library: Library) -> str:
    """Where else the quote stands; empty when it stands nowhere else."""
    twins = also_in(citation, library)
    if not twins:
        return ""
    named = [
        f"{twin.title} ({twin.published or twin.url or twin.id})" for twin in twins[:TWINS_NAMED]
    ]
    more = len(twins) - len(named)
    return "Also in: " + ", ".join(named) + (f" and {more} more" if more else "")


def updated(article: Article) -> str | None:
    """When it was corrected, if that was after it was published."""
    if article.updated and article.updated > (article.published or ""):
        return f"updated {article.updated}"
    return None
