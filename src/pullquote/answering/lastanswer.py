"""Questions about the last answer: who said what it cites, and what follows in the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pullquote.protocols import Library
from pullquote.text.attribution import named
from pullquote.text.cut import cut
from pullquote.types import Answer, Citation, ScoredSentence, Sentence


@dataclass(frozen=True, slots=True)
class Spoken:
    """The sentences to cite for "who said that?"; ``named``: one of them names the speaker."""

    sentences: tuple[ScoredSentence, ...]
    named: bool


def who_said(answer: Answer, library: Library) -> Spoken | None:
    """Who said the best citation of ``answer``; ``None`` when it cites nothing.

    The speaker is looked for in the quote, then in the sentences of its context.
    """
    if not answer.citations:
        return None
    citation = max(answer.citations, key=lambda one: one.score)
    sentences = library.sentences(citation.article_id)
    own = sentences[citation.sentence_index]
    for sentence in (own, *_around(own, citation, sentences)):
        if found := named(cut(sentence, library)):
            start, end = (sentence.start + match for match in found)
            told = ScoredSentence(sentence, citation.score, span=(start, end))
            quote = ScoredSentence(own, citation.score)
            return Spoken((told,) if sentence == own else (told, quote), True)
    return Spoken((ScoredSentence(own, citation.score),), False)


def _around(own: Sentence, citation: Citation, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The other sentences of the citation's context, the nearest first."""
    first, last = citation.context or (own.start, own.end)
    for sentence in sorted(sentences, key=lambda one: abs(one.index - own.index)):
        if sentence.index != own.index and first <= sentence.start and sentence.end <= last:
            yield sentence


def more(answer: Answer, library: Library, count: int) -> tuple[ScoredSentence, ...]:
    """Up to ``count`` sentences after the last one that the answer cites from its best article."""
    cited = answer.citations or answer.closest
    if not cited:
        return ()
    article_id = max(cited, key=lambda one: one.score).article_id
    sentences = library.sentences(article_id)
    places = [citation.sentence_index for citation in cited if citation.article_id == article_id]
    after = [sentence for sentence in sentences[max(places) + 1 :] if not sentence.heading][:count]
    return tuple(ScoredSentence(item, 0.0) for item in after)
