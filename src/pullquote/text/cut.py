"""The words of a sentence, cut out of its article."""

from __future__ import annotations

from pullquote.protocols import Library
from pullquote.types import Sentence


def cut(sentence: Sentence, library: Library) -> str:
    """What the article says from the sentence's first character to its last.

    Raises :class:`KeyError` when the library has no such article.
    """
    return library.article(sentence.article_id).text[sentence.start : sentence.end]
