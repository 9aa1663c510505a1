"""question + passages -> scored sentences, by a network that reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.calibration import Calibration, Features, probability
from pullquote.language import is_english
from pullquote.network import Network
from pullquote.similarity import SimilarityReader
from pullquote.spans import Piece, Text, score_sentences
from pullquote.types import Hit, Library, Reading, ScoredSentence, Sentence


@dataclass(frozen=True, slots=True)
class Examined:
    """A sentence with all that is known of it; ``answer`` is its best answer."""

    sentence: Sentence
    features: Features
    answer: tuple[int, int]


class NetworkReader:
    """Scores a sentence by the best answer that a network finds in it.

    Resemblance in meaning and words counts too, as much as the calibration says. Satisfies
    :class:`pullquote.types.Reader`.
    """

    def __init__(
        self, network: Network, calibration: Calibration, similarity: SimilarityReader
    ) -> None:
        self.name = f"{network.name}@{network.digest[:12]}"
        self._network = network
        self._calibration = calibration
        self._similarity = similarity

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """Score the sentences of ``hits``, best first; no hits, no answerability."""
        examined = self.examine(question, hits, library)
        if not examined:
            return Reading((), 0.0)
        model = self._calibration.sentence
        ranked = sorted(
            ((model.log_odds(it.features), it) for it in examined), key=lambda pair: -pair[0]
        )
        notes = []
        if self._network.cut(question) != question:
            notes.append("question_cut")
        if self._network.language == "en" and not is_english(question):
            notes.append("not_english")
        return Reading(
            tuple(
                ScoredSentence(
                    it.sentence, probability(odds), max(0.0, it.features.cosine), it.answer
                )
                for odds, it in ranked
            ),
            probability(self._calibration.answer.log_odds(ranked[0][1].features)),
            tuple(notes),
        )

    def answer_in(self, text: str, question: str) -> tuple[str, float]:
        """The words of ``text`` that answer best, and how much better than none (logits)."""
        whole = Text(text, (Piece(("", 0), 0, len(text), 0),))
        score = score_sentences(self._network, question, [whole]).get(("", 0))
        return (text[slice(*score.answer)], score.margin) if score else ("", -math.inf)

    def examine(
        self,
        question: str,
        hits: Sequence[Hit],
        library: Library,
    ) -> list[Examined]:
        """Each sentence of ``hits`` once, in their order, without subheads."""
        texts = [to_read(hit, library) for hit in hits]
        scores = score_sentences(self._network, question, texts)
        whole = _log_sum_exp([it.span for it in scores.values()])
        return [
            Examined(
                sentence,
                Features(score.margin, score.span - whole, alike.cosine, alike.overlap, alike.cue),
                score.answer,
            )
            for sentence, alike, _ in self._similarity.examine(question, hits, library)
            if (score := scores.get((sentence.article_id, sentence.index)))
        ]


def to_read(hit: Hit, library: Library) -> Text:
    """The passage of a hit with its sentences; subheads are read, and are no answers."""
    article = library.article(hit.passage.article_id)
    own = library.sentences(article.id)[hit.passage.first : hit.passage.last + 1]
    start = own[0].start
    return Text(
        article.text[start : own[-1].end],
        tuple(
            Piece((article.id, it.index), it.start - start, it.end - start, it.start)
            for it in own
            if not it.heading
        ),
    )


def _log_sum_exp(values: Sequence[float]) -> float:
    most = max(values, default=0.0)
    return most + math.log(sum(math.exp(it - most) for it in values)) if values else 0.0
