"""The default reader: the judge's network scores every sentence of the retrieved passages."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.protocols import Library
from pullquote.reading.judge_input import PassageText
from pullquote.reading.judge_network import JudgeNetwork, Verdict
from pullquote.text.language import is_english
from pullquote.types import Hit, Reading, ScoredSentence, Sentence


class Judge:
    """Scores every sentence: does it answer, or say that exactly this is not known?

    Only the network decides, no pattern matching. It reads each passage once, and the best sentence
    of all is the answer. Satisfies :class:`pullquote.protocols.Reader`.
    """

    def __init__(self, network: JudgeNetwork) -> None:
        self.name = f"{network.card.name}@{network.digest[:12]}"
        self.refuse_below = network.card.refuse_below
        self.cite_above = network.card.cite_above
        self.network = network

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """Score the sentences of ``hits``, each once, best first."""
        passages = [to_read(hit, library) for hit in hits]
        best: dict[tuple[str, int], tuple[Sentence, Verdict, int]] = {}
        verdicts = self.network.read(question, [passage for passage, _ in passages])
        for (passage, sentences), own in zip(passages, verdicts, strict=True):
            for number, verdict in own.items():
                sentence = sentences[number]
                # The passage's offset in its article.
                start = sentence.start - passage.sentences[number][0]
                key = sentence.article_id, sentence.index
                # Passages overlap: a sentence keeps its highest-scoring verdict.
                if key not in best or verdict.found > best[key][1].found:
                    best[key] = sentence, verdict, start
        scored = [
            ScoredSentence(
                sentence,
                min(1.0, verdict.found),
                not_said=min(1.0, verdict.not_said),
                span=_moved(verdict.words, start, sentence),
            )
            for sentence, verdict, start in best.values()
        ]
        scored.sort(key=lambda one: -one.score)
        return Reading(
            tuple(scored), scored[0].score if scored else 0.0, tuple(self._notes(question))
        )

    def _notes(self, question: str) -> list[str]:
        notes = []
        if self.network.encoder.cut(question) != question:
            notes.append("question_cut")
        if self.network.card.language == "en" and not is_english(question):
            notes.append("not_english")
        return notes


def to_read(hit: Hit, library: Library) -> tuple[PassageText, Sequence[Sentence]]:
    """A hit's text for the network, and the sentences of its ranges.

    Headings are in the text but have no range: they are read, never cited.
    """
    article = library.article(hit.passage.article_id)
    own = library.sentences(article.id)[hit.passage.first : hit.passage.last + 1]
    start = own[0].start
    cited = [sentence for sentence in own if not sentence.heading]
    ranges = tuple((sentence.start - start, sentence.end - start) for sentence in cited)
    text = article.text[start : own[-1].end]
    return PassageText(article.title, article.published, text, ranges), cited


def _moved(words: tuple[int, int] | None, start: int, sentence: Sentence) -> tuple[int, int] | None:
    """Convert a range of the passage to one of the article, clipped to the sentence."""
    if words is None:
        return None
    first = max(sentence.start, start + words[0])
    last = min(sentence.end, start + words[1])
    return (first, last) if first < last else None
