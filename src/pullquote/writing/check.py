"""Is a written sentence supported by the sentences that it cites?

In doubt it is not: a sentence that is stopped wrongly is replaced by a quote, and one that slips
through is a lie with a citation. Figures, dates, names and quoted words are compared exactly; for
the rest the judge's network, which was trained on such claims, gives the probability.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pullquote.reading.judge_input import PassageText
from pullquote.reading.judge_network import JudgeNetwork
from pullquote.text import exact
from pullquote.text.exact.words import stems, words
from pullquote.types import Checked


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check makes of a sentence.

    ``difference`` is what stands in no source; ``score`` the probability that the sentence is
    supported, ``None`` where something stands in none or the sentence is too long.
    """

    supported: bool
    difference: exact.Difference | None
    score: float | None
    by: str

    @property
    def checked(self) -> Checked | None:
        """For the answer, where the sentence is supported."""
        return Checked(self.by, self.score) if self.supported and self.score is not None else None


#: A sentence and the texts that it cites to a verdict.
Check = Callable[[str, Sequence[str]], Verdict]


def check_with(network: JudgeNetwork) -> Check:
    """The check by exact comparison and by ``network``."""

    def check(sentence: str, sources: Sequence[str]) -> Verdict:
        difference = exact.find(sentence, sources) if sources else exact.Difference.NOTHING
        # Of a sentence that is too long the network would see the end alone.
        if not difference and network.encoder.cut(sentence) != sentence:
            difference = exact.Difference.LENGTH
        if difference:
            return Verdict(False, difference, None, network.digest)
        # Four digits are what an answer stores, and what it is compared by.
        score = round(network.supports(sentence, PassageText.of(sources)), 4)
        return Verdict(score >= network.card.support_above, None, score, network.digest)

    return check


def added_words(sentence: str, sources: Sequence[str]) -> list[str]:
    """The words of ``sentence`` that no source has, in their order."""
    known = frozenset().union(*(stems(words(text)) for text in sources))
    new = (word.text for word in words(sentence) if word.content and word.stem not in known)
    return list(dict.fromkeys(new))
