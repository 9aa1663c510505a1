"""How an article is named under a quote."""

from __future__ import annotations

from pullquote.types import Article


def source_line(article: Article) -> str:
    """Title, author, date and address, as far as they are known."""
    parts = (article.title, article.author, article.published, article.url or article.id)
    return "— " + ", ".join(part for part in parts if part)
