"""What of a written sentence can be compared exactly with the sentences that it cites.

Figures, dates, names and quoted words: these stand in the sources or they do not. Whether the rest
of the sentence is supported, the judge's network says
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
    """What of a written sentence stands in none of its sources, or why nothing can be said."""

    QUOTATION = "quotation"
    DATE = "date"
    FIGURE = "figure"
    NAME = "name"
    NOTHING = "nothing"
    LENGTH = "length"


def find(written: str, sources: Sequence[str]) -> Difference | None:
    """The first thing in ``written`` that no source has; ``NOTHING`` where it has no words.

    ``sources`` are the texts that are shown with it: each quote with its context.
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
