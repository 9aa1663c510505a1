"""Said or not said, may or will, rose or fell: what a sentence says of its verbs.

There is no parser here. A word that a written sentence shares with its source must stand behind
the same kind of negation and of modal in both; so much is read off the few words before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from pullquote.drift.lexicon import CONTRARIES, DUTY, FUTURE, NEGATORS, PLANNED, POSSIBLE
from pullquote.drift.words import Word

#: So many words before a word may say that it is not so, or may be so.
_REACH = 5


class Mood(StrEnum):
    """What kind of reality is claimed."""

    FACT = "fact"
    POSSIBLE = "possible"
    FUTURE = "future"
    DUTY = "duty"
    PLAN = "plan"


_MOODS = {
    Mood.POSSIBLE: POSSIBLE,
    Mood.FUTURE: FUTURE,
    Mood.DUTY: DUTY,
    Mood.PLAN: PLANNED,
}
_MOOD_OF = {word: mood for mood, words in _MOODS.items() for word in words}

#: Moods that another may stand for: "is expected to" and "will", "may" and "could".
_ALLOWED = {
    Mood.FACT: {Mood.FACT},
    Mood.POSSIBLE: {Mood.POSSIBLE},
    Mood.FUTURE: {Mood.FUTURE, Mood.PLAN},
    Mood.DUTY: {Mood.DUTY},
    Mood.PLAN: {Mood.PLAN},
}


def negation_differs(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether something is denied in one and not in the other."""
    all_sources = [it for source in sources for it in source]
    if _denied(written) and not _denied(all_sources) and not _strong(all_sources):
        return True
    known: dict[str, set[bool]] = {}
    for source in sources:
        for n, word in enumerate(source):
            if _is_predicate(word):
                known.setdefault(word.stem, set()).add(_is_negated(source, n))
    return any(
        _is_negated(written, n) not in known[word.stem]
        for n, word in enumerate(written)
        if _is_predicate(word) and word.stem in known
    )


def _denied(found: Sequence[Word]) -> bool:
    return any(it.plain in NEGATORS for it in found)


def _strong(found: Sequence[Word]) -> bool:
    """Words with a denial inside: "unclear", "unbeaten", "irresponsible"."""
    return any(re.match(r"(?:un|im|in|dis|non)\w{4,}", it.plain) for it in found)


def mood_differs(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether a fact is made of what may, should or will be, or the other way round."""
    known: dict[str, set[Mood]] = {}
    for source in sources:
        for n, word in enumerate(source):
            if _is_predicate(word):
                known.setdefault(word.stem, set()).add(_mood(source, n))
    for n, word in enumerate(written):
        if word.stem not in known or not _is_predicate(word):
            continue
        mood, there = _mood(written, n), known[word.stem]
        allowed = set().union(*(_ALLOWED[it] for it in there))
        if mood not in allowed | there:
            return True
    return False


def contrary(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether a word is the contrary of one of the sources', and itself in none."""
    own = {it.stem for it in written}
    known = {it.stem for source in sources for it in source}
    for sides in CONTRARIES:
        for one, other in (sides, sides[::-1]):
            if own & one and not known & one and known & other and not own & other:
                return True
    return False


def _is_predicate(word: Word) -> bool:
    return word.content and word.plain not in _MOOD_OF and word.plain not in NEGATORS


def _before(found: Sequence[Word], n: int) -> list[Word]:
    """The words before, as far as they govern it: of its clause, and not many."""
    return [it for it in found[max(0, n - _REACH) : n] if it.clause == found[n].clause]


def _is_negated(found: Sequence[Word], n: int) -> bool:
    return sum(it.plain in NEGATORS for it in _before(found, n)) % 2 == 1


def _mood(found: Sequence[Word], n: int) -> Mood:
    moods = [_MOOD_OF[it.plain] for it in _before(found, n) if it.plain in _MOOD_OF]
    for mood in (Mood.POSSIBLE, Mood.PLAN, Mood.DUTY, Mood.FUTURE):
        if mood in moods:
            return mood
    return Mood.FACT
