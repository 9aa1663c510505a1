"""Decides whether the articles themselves say that what was asked is not known or not said.

Two things must hold, whatever the words. What the not-said clause leaves open agrees with what
the question asks for: a reason with "why", a date with "when". And the sentence, or the one
before it that reports the event, is about the question: "Prosecutors did not say why" answers
only for the person whom the sentence before it names.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pullquote import notsaid
from pullquote.mentions import missing, names, words_of
from pullquote.question import Kind, kind_of
from pullquote.terms import terms
from pullquote.types import Library, Reading, ScoredSentence, Sentence

#: How relevant the sentence, alone or averaged with the one before it, must be: at all, and as a
#: share of the most relevant sentence. Chosen by eye on all of the gazette's questions, so its
#: figures are no proof; on questions that had no part in it, see ``benchmarks/README.md``.
MIN_RELEVANCE = 0.34
MIN_SHARE = 0.55

#: The same for a sentence that does not tell what it leaves open ("I don’t know yet").
MIN_RELEVANCE_UNTOLD = 0.45


def find(question: str, reading: Reading, library: Library) -> ScoredSentence | None:
    """The sentence that says so, its not-said clause as the span, if one was read."""
    kind = kind_of(question)
    if taken := chosen(kind, reading, library):
        return taken
    asked = names(question)
    lacks = {
        it: missing(asked, library.article(it))
        for it in {it.sentence.article_id for it in reading.sentences}
    }
    by_place = {(it.sentence.article_id, it.sentence.index): it for it in reading.sentences}
    most = max((it.relevance for it in reading.sentences), default=0.0)
    best: tuple[float, ScoredSentence] | None = None
    for it in reading.sentences:
        text = library.article(it.sentence.article_id).text
        clause = notsaid.find(text[it.sentence.start : it.sentence.end])
        if clause is None or not _agree(kind, clause.kind):
            continue
        # What another article names, and this one does not, this one says nothing about.
        if lacks[it.sentence.article_id] > min(lacks.values()):
            continue
        if _of_another(asked, it.sentence, library):
            continue
        before = by_place.get((it.sentence.article_id, it.sentence.index - 1))
        if before and before.sentence.paragraph != it.sentence.paragraph:
            before = None
        together = (it.relevance + before.relevance) / 2 if before else 0.0
        relevance = max(it.relevance, together)
        least = MIN_RELEVANCE if clause.kind else MIN_RELEVANCE_UNTOLD
        if relevance < max(least, MIN_SHARE * most) or (best and best[0] >= relevance):
            continue
        span = (it.sentence.start + clause.start, it.sentence.start + clause.end)
        marked = ScoredSentence(it.sentence, max(it.score, relevance), it.relevance, span)
        best = relevance, marked
    return best[1] if best else None


def _of_another(asked: frozenset[str], own: Sentence, library: Library) -> bool:
    """Whether the paragraph, up to the sentence, names somebody else than the question.

    "The company did not say why" is of the company that was named before, and of no other.
    """
    article = library.article(own.article_id)
    start = own.start
    for it in reversed(library.sentences(own.article_id)[: own.index]):
        if it.paragraph != own.paragraph:
            break
        start = it.start
    text = article.text[start : own.end]
    asked &= words_of(article)
    # A first word has a capital whatever it is: it is a name if it is one elsewhere.
    capitals = {stem for it in re.findall(r"\b[A-Z]\w+", text) for stem in terms(it)}
    return bool(asked) and not asked & set(terms(text)) and bool(capitals & names(article.text))


def chosen(kind: Kind, reading: Reading, library: Library) -> ScoredSentence | None:
    """The best sentence, when the reader took its not-said clause for the answer.

    "Amazon didn't answer questions about it" is what Amazon had to say.
    """
    best = next(iter(reading.sentences), None)
    if best is None or best.span is None:
        return None
    own = best.sentence
    clause = notsaid.find(library.article(own.article_id).text[own.start : own.end])
    if clause is None or not (clause.kind is None or _agree(kind, clause.kind)):
        return None
    span = (own.start + clause.start, own.start + clause.end)
    overlaps = best.span[0] < span[1] and span[0] < best.span[1]
    return replace(best, span=span) if overlaps else None


def _agree(asked: Kind, left_open: Kind | None) -> bool:
    """Whether knowing what was left open would answer what is asked."""
    if asked is left_open:
        return True
    # Keywords ("start of the trial?") name no kind; the relevance has to decide.
    return asked is Kind.OTHER or (left_open is None and asked is Kind.WHETHER)
