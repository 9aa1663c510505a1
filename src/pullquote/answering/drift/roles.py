"""Who did what to whom: the names on either side of a verb keep their sides."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.answering.drift.words import Word

#: So many words to either side of a verb the names are looked for.
_REACH = 12
_PASSIVE = frozenset(["was", "were", "been", "being", "be", "is", "are", "got", "by"])


def swapped(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether two names stand on the contrary sides of a word that both texts have."""
    for n, word in enumerate(written):
        if not word.content or word.capital:
            continue
        before, after = _sides(written, n)
        if not before or not after:
            continue
        places = [
            (source, m) for source in sources for m, it in enumerate(source) if it.stem == word.stem
        ]
        told = [(*_sides(source, m), _is_passive(source, m)) for source, m in places]
        passive = _is_passive(written, n)
        turned = [
            ((set(left) & after and set(right) & before) and its == passive)
            or ((set(left) & before and set(right) & after) and its != passive)
            for left, right, its in told
        ]
        kept = [
            ((set(left) & before and set(right) & after) and its == passive)
            or ((set(left) & after and set(right) & before) and its != passive)
            for left, right, its in told
        ]
        if any(turned) and not any(kept):
            return True
    return False


def _sides(found: Sequence[Word], n: int) -> tuple[set[str], set[str]]:
    """The names nearest before and nearest after a word."""
    before = next(
        (it.plain for it in reversed(found[max(0, n - _REACH) : n]) if it.capital and it.content),
        None,
    )
    after = next(
        (it.plain for it in found[n + 1 : n + 1 + _REACH] if it.capital and it.content), None
    )
    return {before} if before else set(), {after} if after else set()


def _is_passive(found: Sequence[Word], n: int) -> bool:
    by = any(it.plain == "by" for it in found[n + 1 : n + 6])
    return by and any(it.plain in _PASSIVE for it in found[max(0, n - 4) : n])
