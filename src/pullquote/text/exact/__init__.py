"""Exact checks of a written sentence against the sentences that it cites.

Figures, dates, names and quoted words must stand in the sources. Whether the rest of the sentence
is supported is decided by the judge's network
(:meth:`pullquote.reading.judge_network.JudgeNetwork.supports`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pullquote.text.exact.dates import false_date
from pullquote.text.exact.figures import false_figure
from pullquote.text.exact.names import false_name
from pullquote.text.exact.quotations import false_quotation
from pullquote.text.exact.words import words


class Difference(StrEnum):
    """What in a written sentence is in none of its sources, or why it cannot be checked."""

    QUOTATION = "quotation"
    DATE = "date"
    FIGURE = "figure"
    NAME = "name"
    NOTHING = "nothing"
    LENGTH = "length"


def find(written: str, sources: Sequence[str]) -> Difference | None:
    """The first difference found in ``written``; ``NOTHING`` if it has no content words.

    ``sources`` are the cited texts as they are shown: each quote with its context.
    """
    own, known = words(written), [words(text) for text in sources]
    if not any(word.content and word.plain.isalpha() for word in own):
        return Difference.NOTHING
    if false_quotation(written, sources):
        return Difference.QUOTATION
    if false_date(written, sources):
        return Difference.DATE
    if false_figure(written, sources):
        return Difference.FIGURE
    return Difference.NAME if false_name(own, known) else None
