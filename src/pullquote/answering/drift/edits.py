"""Small changes to a sentence that is otherwise copied: they are slips far more often than style.

Whoever writes in their own words changes much; "a drop of blood" for "a drop of saliva", in a
sentence that is word for word the source's, is no paraphrase.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from pullquote.answering.drift.lexicon import ALIKE, HEDGES, MONTHS, NEGATORS
from pullquote.answering.drift.words import Word, stems
from pullquote.text.numbers import value

#: The share of a written sentence's words that stand in one source in the same order, from which
#: it is a copy with changes.
_COPIED = 0.6

#: The most words of an exchange on either side; a longer one is wording of its own.
_SMALL = 3


def changed(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether, in a copy, a word was exchanged or put in, or a hedge or a denial left out."""
    matchers = [
        SequenceMatcher(None, [it.plain for it in source], [it.plain for it in written], False)
        for source in sources
    ]
    best = max(range(len(sources)), key=lambda n: _copied(matchers[n]))
    if _copied(matchers[best]) < _COPIED * len(written):
        return False
    source, known = sources[best], frozenset().union(*map(stems, sources))
    plain = frozenset(it.plain for it in written)
    for kind, a, b, c, d in matchers[best].get_opcodes():
        gone, new = source[a:b], written[c:d]
        if kind == "replace" and _is_exchange(gone, new):
            return True
        if kind == "insert" and stems(new) - known - ALIKE and c > 0:
            return True
        if (
            kind == "delete"
            and a > 0
            and b < len(source)
            and _weighs(gone, plain)
            and _near(matchers[best], a)
        ):
            return True
    return False


def _copied(matcher: SequenceMatcher[str]) -> int:
    return sum(it.size for it in matcher.get_matching_blocks())


def _is_exchange(gone: Sequence[Word], new: Sequence[Word]) -> bool:
    if len(gone) > _SMALL or len(new) > _SMALL:
        return False
    left, right = stems(gone), stems(new)
    if not left or not right:
        # "for" and "against", "above" and "beneath" are no content, and change it all the same.
        plain = [{it.plain for it in side} for side in (gone, new)]
        return bool(plain[0] & _SIDES and plain[1] & _SIDES) and plain[0] != plain[1]
    if right <= left or left & right or right <= ALIKE:
        return False
    if all(it.plain in MONTHS for it in (*gone, *new)):
        return False
    numbers = [{value(it.text) for it in side} - {None} for side in (gone, new)]
    return not (numbers[0] and numbers[0] == numbers[1])


_SIDES = frozenset(
    ["for", "against", "above", "below", "beneath", "before", "after", "with", "without", "inside"]
)


def _weighs(gone: Sequence[Word], kept: frozenset[str]) -> bool:
    """Whether what was left out, and stands nowhere else, denies, doubts or limits the rest."""
    if len(gone) > _SMALL:
        return False
    return any(it.plain in NEGATORS | HEDGES and it.plain not in kept for it in gone)


def _near(matcher: SequenceMatcher[str], at: int) -> bool:
    """Whether what stands before and after is copied: nothing else was left out with it."""
    return any(it.a + it.size == at for it in matcher.get_matching_blocks() if it.size)
