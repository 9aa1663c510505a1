"""Adds the quotation marks that browsers and e-readers show around a ``q`` element."""

from __future__ import annotations

from pullquote.ingest.formats.beside import text_before
from pullquote.ingest.formats.tree import Element

#: Quotation marks that may already be around a quotation.
_MARKS = "“‘«„\"'"


def put_marks(root: Element) -> None:
    """Add quotation marks to each ``q`` in ``root``, unless they are there."""
    for quote in reversed(list(root.iter("{*}q"))):
        _put_marks(quote)


def _put_marks(quote: Element) -> None:
    depth = sum(1 for _ in quote.iterancestors("{*}q"))
    opening, closing = ("‘", "’") if depth % 2 else ("“", "”")
    text = "".join(quote.itertext()).strip()
    marked = text[:1] in _MARKS or text_before(quote).rstrip()[-1:] in tuple(_MARKS[:4])
    if text and not marked:
        quote.text = opening + (quote.text or "").lstrip()
        last = quote[-1] if len(quote) else None
        if last is None:
            quote.text = quote.text.rstrip() + closing
        else:
            last.tail = (last.tail or "").rstrip() + closing
    quote.tag = "span"
