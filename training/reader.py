"""The network as a reader of the product, to be measured in its place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from pullquote.reader import SimilarityReader
from pullquote.types import Hit, Library, Reading, ScoredSentence, Sentence
from training.encode import Encoded
from training.sentences import Key, Passage, Piece, Score, score_sentences

if TYPE_CHECKING:
    from training.sentences import Logits, Network

#: A difference of logits is divided by this before it becomes a number from 0 to 1, so that sure
#: answers still differ. It moves no decision: a threshold is fitted on what comes out.
TEMPERATURE = 4.0


class NetworkReader:
    """Scores a sentence by its best answer. Satisfies :class:`pullquote.types.Reader`.

    What a sentence is about, its ``relevance``, is still the similarity reader's.
    """

    def __init__(
        self, name: str, run: Network, tokenizer: Tokenizer, similarity: SimilarityReader
    ) -> None:
        self.name = name
        self._run = run
        self._tokenizer = tokenizer
        self._similarity = similarity

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """Score the sentences of ``hits``, best first; no hits, no answerability."""
        scores = self.scores(question, [to_read(hit, library) for hit in hits])
        scored = [
            ScoredSentence(sentence, _sure(score.margin), max(0.0, features.cosine), score.answer)
            for sentence, features, _ in self._similarity.examine(question, hits, library)
            if (score := scores.get((sentence.article_id, sentence.index))) is not None
        ]
        scored.sort(key=lambda it: -it.score)
        return Reading(tuple(scored), scored[0].score if scored else 0.0)

    def scores(self, question: str, passages: Sequence[Passage]) -> Mapping[Key, Score]:
        """The score of each sentence of the passages."""
        return score_sentences(self._run, self._tokenizer, question, passages)


def to_read(hit: Hit, library: Library) -> Passage:
    """The passage of a hit with its sentences; subheads are read, and are no answers."""
    article = library.article(hit.passage.article_id)
    own = library.sentences(article.id)[hit.passage.first : hit.passage.last + 1]
    start = own[0].start
    return Passage(
        article.text[start : own[-1].end],
        tuple(_piece(it, start) for it in own if not it.heading),
    )


def remembered(run: Network) -> Network:
    """A network that is not run twice on the same sequence."""
    known: dict[tuple[int, ...], Logits] = {}

    def look_up(sequences: Sequence[Encoded]) -> list[Logits]:
        new = {tuple(it.ids): it for it in sequences if tuple(it.ids) not in known}
        known.update(zip(new, run(list(new.values())), strict=True))
        return [known[tuple(it.ids)] for it in sequences]

    return look_up


def _piece(sentence: Sentence, start: int) -> Piece:
    key = (sentence.article_id, sentence.index)
    return Piece(key, sentence.start - start, sentence.end - start, sentence.start)


def _sure(margin: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, margin / TEMPERATURE))))
