"""A library of articles with sentences given by hand, without an index; and answers from it."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.digest import article_digest
from pullquote.types import (
    Answer,
    Article,
    Block,
    Citation,
    Provenance,
    Reading,
    ScoredSentence,
    Sentence,
    Status,
    Timings,
)

PROVENANCE = Provenance(digest="0123abcd", reader="by-hand", embedder="none")
TIMINGS = Timings(retrieve=1.25, read=2.5, total=4.75)


class Shelf:
    """Articles with given sentences. Satisfies ``pullquote.protocols.Library``."""

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}
        self.digests: dict[str, str] = {}
        self._sentences: dict[str, tuple[Sentence, ...]] = {}

    def add(
        self,
        article_id: str,
        *paragraphs: Sequence[str] | str,
        head: str = "",
        url: str | None = None,
    ) -> Article:
        """Add an article. A paragraph is a list of its sentences; a single string is a subhead."""
        text = head
        sentences: list[Sentence] = []
        for number, paragraph in enumerate(paragraphs):
            heading = isinstance(paragraph, str)
            for place, words in enumerate([paragraph] if isinstance(paragraph, str) else paragraph):
                text += " " if place else "\n\n" * bool(number)
                start = len(text)
                text += words
                sentences.append(
                    Sentence(article_id, len(sentences), start, len(text), number, heading)
                )
        article = Article(
            article_id, f"About {article_id}", url, "2020-06-11", "A. Writer", text, len(head)
        )
        self.articles[article_id] = article
        self.digests[article_id] = article_digest(article)
        self._sentences[article_id] = tuple(sentences)
        return article

    def article(self, article_id: str) -> Article:
        return self.articles[article_id]

    def sentences(self, article_id: str) -> Sequence[Sentence]:
        return self._sentences[article_id]

    def manifest_digest(self, article_id: str) -> str:
        return self.digests[article_id]

    def twins(self, article_id: str) -> Sequence[str]:
        return ()

    def text(self, article_id: str, index: int) -> str:
        sentence = self._sentences[article_id][index]
        return self.articles[article_id].text[sentence.start : sentence.end]

    def scored(
        self,
        article_id: str,
        index: int,
        score: float,
        not_said: float = 0.0,
        span: tuple[int, int] | None = None,
    ) -> ScoredSentence:
        """A sentence with scores, as a reader returns it."""
        return ScoredSentence(self._sentences[article_id][index], score, not_said, span)

    def citation(self, number: int, article_id: str, index: int, score: float = 0.5) -> Citation:
        sentence = self._sentences[article_id][index]
        quote = self.text(article_id, index)
        return Citation(number, article_id, index, sentence.start, sentence.end, quote, score)


def reading(*sentences: ScoredSentence, answerability: float | None = None) -> Reading:
    """A reading, best sentence first. The answerability is the best score unless it is given."""
    best = sorted(sentences, key=lambda scored: -scored.score)
    sure = best[0].score if best else 0.0
    return Reading(tuple(best), sure if answerability is None else answerability)


def answered(*citations: Citation, question: str = "Why?") -> Answer:
    """An answer with the status ``answered`` and one block for each citation."""
    return Answer(
        question=question,
        status=Status.ANSWERED,
        blocks=tuple(Block(citation.quote, (citation.number,)) for citation in citations),
        citations=citations,
        closest=(),
        provenance=PROVENANCE,
        timings=TIMINGS,
        answerability=0.5,
    )
