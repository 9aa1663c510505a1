"""Finds sentences of the articles that support a claim without citations."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.protocols import Library
from pullquote.text.cut import cut
from pullquote.text.exact.words import stems, words
from pullquote.types import Hit, Sentence
from pullquote.writing.check import Check, Verdict

#: How many sentences are tried: those that share most words with the claim.
_TRIED = 8

#: How many sentences may support a claim together.
_TOGETHER = 3


def find_quotes(
    claim: str, hits: Sequence[Hit], library: Library, check: Check
) -> tuple[Verdict | None, tuple[Sentence, ...]]:
    """The verdict on ``claim`` and, in their articles' order, the sentences it was checked with.

    A greedy search: it begins with the sentence that supports the claim best, and adds another one
    as long as the claim is not supported but its score rises. ``None`` when the passages ``hits``
    have no sentence at all.
    """
    tried = _nearest(claim, hits, library)
    verdict: Verdict | None = None
    chosen: tuple[Sentence, ...] = ()
    while len(chosen) < _TOGETHER and not (verdict and verdict.supported):
        options = [_ordered((*chosen, sentence)) for sentence in tried if sentence not in chosen]
        if not options:
            break
        judged = [
            (check(claim, [cut(sentence, library) for sentence in option]), option)
            for option in options
        ]
        best, option = max(judged, key=lambda pair: _strength(pair[0]))
        if verdict and _strength(best) <= _strength(verdict):
            break
        verdict, chosen = best, option
    return verdict, chosen


def _nearest(claim: str, hits: Sequence[Hit], library: Library) -> list[Sentence]:
    """The sentences of the passages that share the most words with the claim, each once."""
    wanted = stems(words(claim))
    found: dict[tuple[str, int], Sentence] = {}
    for hit in hits:
        own = library.sentences(hit.passage.article_id)
        for sentence in own[hit.passage.first : hit.passage.last + 1]:
            if not sentence.heading:
                found.setdefault((sentence.article_id, sentence.index), sentence)
    shared = {
        key: len(wanted & stems(words(cut(sentence, library)))) for key, sentence in found.items()
    }
    ranked = sorted(found, key=lambda key: -shared[key])
    return [found[key] for key in ranked[:_TRIED]]


def _strength(verdict: Verdict) -> tuple[bool, float]:
    # There is no score when the exact comparison found a difference.
    return verdict.supported, verdict.score or 0.0


def _ordered(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    return tuple(sorted(sentences, key=lambda one: (one.article_id, one.index)))
