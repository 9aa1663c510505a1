"""All or some, only or also: how far a sentence reaches."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.answering.drift.lexicon import CLAIMS, SMALLER
from pullquote.answering.drift.words import Word


def wider(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether more is claimed than in any source: all for some, only for also, never for rarely."""
    own = {it.plain for it in written}
    known = {it.plain for source in sources for it in source}
    if any(own & claim and not known & claim for claim in CLAIMS):
        return True
    small = {
        source[n + 1].stem
        for source in sources
        for n, it in enumerate(source[:-1])
        if it.plain in SMALLER
    }
    plainly = {
        source[n].stem
        for source in sources
        for n in range(len(source))
        if not any(it.plain in SMALLER for it in source[max(0, n - 3) : n])
    }
    return any(
        it.content
        and it.stem in small
        and it.stem not in plainly
        and not any(other.plain in SMALLER for other in written[max(0, n - 3) : n])
        for n, it in enumerate(written)
    )
