"""Does a written sentence say what the sentences that it cites say, and nothing else?

In doubt it does not: a sentence that is stopped wrongly is replaced by a quote, and one that slips
through is a lie with a citation. The rules need no model; whether the sentence is *supported*, a
model judges besides (:mod:`pullquote.writing.support`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pullquote.answering.drift import edits, literal, polarity, roles, scope, speakers
from pullquote.answering.drift.words import words


class Drift(StrEnum):
    """What is wrong with a written sentence."""

    NUMBERS = "numbers"
    QUOTATION = "quotation"
    FIGURE = "figure"
    DATE = "date"
    NAME = "name"
    SWAPPED = "swapped"
    NEGATION = "negation"
    MOOD = "mood"
    CONTRARY = "contrary"
    SCOPE = "scope"
    CHANGED = "changed"
    SPEAKER = "speaker"
    UNSUPPORTED = "unsupported"


def find(written: str, sources: Sequence[str]) -> Drift | None:
    """The first way in which ``written`` departs from ``sources``, by rules alone.

    ``sources`` are the texts that are shown with it: each quote with its context.
    """
    if literal.false_quotation(written, sources):
        return Drift.QUOTATION
    if literal.false_date(written, sources):
        return Drift.DATE
    if literal.false_figure(written, sources):
        return Drift.FIGURE
    own, known = words(written), [words(it) for it in sources]
    if not any(it.content and it.plain.isalpha() for it in own):
        return Drift.UNSUPPORTED
    for drift, differs in (
        (Drift.NAME, literal.false_name),
        (Drift.SWAPPED, roles.swapped),
        (Drift.NEGATION, polarity.negation_differs),
        (Drift.MOOD, polarity.mood_differs),
        (Drift.CONTRARY, polarity.contrary),
        (Drift.SCOPE, scope.wider),
        (Drift.CHANGED, edits.changed),
    ):
        if differs(own, known):
            return drift
    if speakers.speaker_lost(written, sources) or speakers.speaker_changed(written, sources):
        return Drift.SPEAKER
    return None
