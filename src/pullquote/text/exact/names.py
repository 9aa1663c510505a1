"""Names: each must stand in a source, with its parts close together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pullquote.text.exact.dates import DAYS, MONTHS
from pullquote.text.exact.words import Word, word_set

#: Words that may begin a sentence even if no source has them.
_OPENERS = word_set(
    """however additionally moreover furthermore also meanwhile overall instead still yet though
    although while because since as when after before despite according following during in on at
    for with by from to of the a an this that these those it he she they we you there its his her
    their some many most several all both each one another other no not never if unless whether and
    but or so then thus therefore such what who how why where which only even just under over
    between among through until per asked"""
)


def false_name(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether a name is in no source, or combines parts of different names."""
    known = {item.plain for source in sources for item in source}
    known |= {item.stem for source in sources for item in source}
    for n, word in enumerate(written):
        if not word.capital or word.plain in known or word.stem in known or word.plain in _OPENERS:
            continue
        if word.plain in MONTHS or word.plain in DAYS:
            continue  # checked with the dates
        if _spelled(word.plain, known) or (word.first and not _subject(written, n)):
            continue
        return True
    return any(not _together(run, sources) for run in _runs(written))


def _spelled(word: str, known: Iterable[str]) -> bool:
    """Whether the word begins with a digit, or all its hyphenated parts are known."""
    return word[0].isdigit() or all(part in known for part in word.split("-"))


_VERB = re.compile(
    r"(?:sa(?:id|ys?)|told|has|had|have|is|was|were|are|will|would|did|does|do|can|could|may|might"
    r"|must|should|announce|wrote|wants?|plans?|\w+ed)$"
)


def _subject(written: Sequence[Word], n: int) -> bool:
    """Whether the first word is a subject, so a name: a verb or a capitalised word follows."""
    following = written[n + 1] if n + 1 < len(written) else None
    return following is not None and (following.capital or bool(_VERB.match(following.plain)))


def _runs(written: Sequence[Word]) -> list[list[str]]:
    """Runs of at least two capitalised words in a row."""
    runs: list[list[str]] = [[]]
    for before, word in zip([None, *written], written, strict=False):
        opens = word.first and word.plain in _OPENERS
        joined = (
            before is not None
            and before.clause == word.clause
            and word.start - before.start <= len(before.text) + 2
        )
        if not word.capital or opens or word.plain in MONTHS or word.plain in DAYS:
            runs.append([])
            continue
        if not joined:
            runs.append([])
        runs[-1].append(word.plain)
    return [run for run in runs if len(run) > 1]


def _together(run: Sequence[str], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether all adjacent words of a name stand near each other, in this order, in a source."""
    return all(
        any(_near(one, other, [word.plain for word in source]) for source in sources)
        for one, other in pairwise(run)
    )


def _near(one: str, other: str, plain: Sequence[str]) -> bool:
    return any(other in plain[n + 1 : n + 4] for n, text in enumerate(plain) if text == one)
