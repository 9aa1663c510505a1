"""Cuts the text of a sentence out of its article."""

from __future__ import annotations

from pullquote.protocols import Library
from pullquote.types import Sentence


def cut(sentence: Sentence, library: Library) -> str:
    """The sentence's exact text in its article.

    Raises :class:`KeyError` when the library has no such article.
    """
    return library.article(sentence.article_id).text[sentence.start : sentence.end]
