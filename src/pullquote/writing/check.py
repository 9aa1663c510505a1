"""Is a written sentence supported by the sentences that it cites?

When in doubt, it is rejected: a true sentence is then replaced by a quote, whereas a false one that
passes is a lie with a citation. Figures, dates, names and quoted words are compared exactly. For
the rest, the judge's network, which was trained on such claims, gives a probability.
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
    """The result of checking a sentence.

    ``difference`` is a reason to reject it without asking the network; ``score`` is then ``None``.
    Otherwise ``score`` is the probability of support. ``by`` is the network's digest.
    """

    supported: bool
    difference: exact.Difference | None
    score: float | None
    by: str

    @property
    def checked(self) -> Checked | None:
        """The record for the answer; ``None`` if the sentence is not supported."""
        return Checked(self.by, self.score) if self.supported and self.score is not None else None


#: Takes a sentence and the texts that it cites; returns the verdict.
Check = Callable[[str, Sequence[str]], Verdict]


def check_with(network: JudgeNetwork) -> Check:
    """Make a check that compares exactly, then asks ``network``."""

    def check(sentence: str, sources: Sequence[str]) -> Verdict:
        difference = exact.find(sentence, sources) if sources else exact.Difference.NOTHING
        # The network would see only the end of a sentence that is too long.
        if not difference and network.encoder.cut(sentence) != sentence:
            difference = exact.Difference.LENGTH
        if difference:
            return Verdict(False, difference, None, network.digest)
        # Rounded to the four digits that an answer stores, then compared with the threshold.
        score = round(network.supports(sentence, PassageText.of(sources)), 4)
        return Verdict(score >= network.card.support_above, None, score, network.digest)

    return check


def added_words(sentence: str, sources: Sequence[str]) -> list[str]:
    """The content words of ``sentence`` that no source has, in order."""
    known = frozenset().union(*(stems(words(text)) for text in sources))
    new = (word.text for word in words(sentence) if word.content and word.stem not in known)
    return list(dict.fromkeys(new))
