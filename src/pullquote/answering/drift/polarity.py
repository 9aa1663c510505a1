"""Said or not said, may or will, rose or fell: what a sentence says of its verbs.

There is no parser here. A word that a written sentence shares with its source must stand behind
the same kind of negation and of modal in both; so much is read off the few words before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from pullquote.answering.drift.lexicon import CONTRARIES, DUTY, FUTURE, NEGATORS, PLANNED, POSSIBLE
from pullquote.answering.drift.words import Word

#: So many words before a word may say that it is not so, or may be so.
_REACH = 12


class Mood(StrEnum):
    """What kind of reality is claimed."""

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
    Mood.POSSIBLE: {Mood.POSSIBLE},
    Mood.FUTURE: {Mood.FUTURE, Mood.PLAN},
    Mood.DUTY: {Mood.DUTY},
    Mood.PLAN: {Mood.PLAN, Mood.POSSIBLE},
}


def negation_differs(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether something is denied in one and not in the other."""
    told = [it for source in sources for it in source]
    own, known = _denials(written), _denials(told)
    if own > known and not (known or _has_denial_inside(told)):
        return True
    affirmed = {
        it.stem
        for source in sources
        for n, it in enumerate(source)
        if _is_predicate(it) and not _is_negated(source, n)
    }
    denied = {
        it.stem
        for source in sources
        for n, it in enumerate(source)
        if _is_predicate(it) and _is_negated(source, n)
    }
    for n, it in enumerate(written):
        if not _is_predicate(it):
            continue
        if _is_negated(written, n):
            if it.stem in affirmed and it.stem not in denied:
                return True
        # As many denials, in other words: "nothing was found", "found nothing".
        elif own != known and it.stem in denied and it.stem not in affirmed:
            return True
    return False


def _denials(found: Sequence[Word]) -> int:
    yet = sum(
        it.plain == "yet" and n + 1 < len(found) and found[n + 1].plain == "to"
        for n, it in enumerate(found)
    )
    return yet + sum(it.plain in NEGATORS for it in found)


def _has_denial_inside(found: Sequence[Word]) -> bool:
    """Words such as "unbeaten", "dishonest", "closed"."""
    return any(re.match(r"(?:un|im|in|dis|non)\w{4,}", it.plain) for it in found)


def mood_differs(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether a fact is made of what may, should or will be, or the other way round."""
    there = [_moods(source) for source in sources]
    own = _moods(written)
    all_moods = {mood for moods in there for _, mood in moods}
    heads: dict[str, set[Mood]] = {}
    for moods in there:
        for head, mood in moods:
            heads.setdefault(head, set()).add(mood)
    governed = dict(own)
    plain = {
        it.stem
        for source, moods in zip(sources, there, strict=True)
        for it in source
        if it.stem not in dict(moods)
    }
    for word in written:
        # What may, will or should happen happens.
        if word.stem in heads and word.stem not in governed and word.stem not in plain:
            return True
    for head, mood in own:
        # A plan in other words is told by its own verb: "asked not to be named".
        if mood is Mood.PLAN and head not in heads and head not in plain:
            continue
        allowed = heads.get(head) or all_moods
        if not any(mood in _ALLOWED[it] for it in allowed):
            return True
    return _condition_dropped(written, sources)


def _moods(found: Sequence[Word]) -> list[tuple[str, Mood]]:
    """Each modal's head, the next word that says something, and its mood."""
    heads = []
    for n, word in enumerate(found):
        mood = _MOOD_OF.get(word.plain)
        if word.text == "May" and not word.first:
            continue  # the month
        if word.plain == "to" and n and found[n - 1].plain in ("is", "are", "was", "were"):
            mood = Mood.FUTURE
        if mood is None or word.plain in _CONDITIONS:
            continue
        following = [it for it in found[n + 1 : n + 7] if it.clause == word.clause]
        # "Plans to", "expected it to"; "more than planned" governs nothing.
        if mood is Mood.PLAN and not any(it.plain == "to" for it in following[:3]):
            continue
        head = next(
            (
                it
                for it in following
                if it.content and it.plain not in _MOOD_OF and it.plain not in NEGATORS
            ),
            None,
        )
        if head:
            heads.append((head.stem, mood))
    return heads


_CONDITIONS = frozenset(["if", "unless", "whether", "until", "provided", "when", "once"])


def _condition_dropped(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether words of an "if" clause are told without any condition."""
    if any(it.plain in _CONDITIONS or it.plain in POSSIBLE for it in written):
        return False
    own = {it.stem for it in written if it.content}
    for source in sources:
        for n, word in enumerate(source):
            if word.plain not in ("if", "unless"):
                continue
            inside = {it.stem for it in source[n + 1 : n + 9] if it.content}
            if len(inside & own) >= 2:
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
    """The words before, as far as they govern it: of its clause, and not too far off."""
    return [it for it in found[max(0, n - _REACH) : n] if it.clause == found[n].clause]


def _is_negated(found: Sequence[Word], n: int) -> bool:
    return any(it.plain in NEGATORS for it in _before(found, n))
