"""The digest that identifies an article's content."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from pullquote.types import Article


# The cache key is the whole article, not its id: an altered article has another key.
@lru_cache(maxsize=256)
def article_digest(article: Article) -> str:
    """SHA-256 over everything that a reader is shown of an article, in hexadecimal."""
    shown = (
        article.id,
        article.title,
        article.url or "",
        article.published or "",
        article.author or "",
        article.updated or "",
        article.section or "",
        article.source or "",
        str(article.body_start),
        article.text,
    )
    # Lengths keep ("ab", "c") apart from ("a", "bc"). Decoded text has no lone surrogates, but
    # tampered text may, and must not raise here.
    encoded = [part.encode("utf-8", "surrogatepass") for part in shown]
    return sha256(b"".join(b"%d:%b" % (len(part), part) for part in encoded)).hexdigest()
