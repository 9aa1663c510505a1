"""Makes claims from an article's own sentences by rule: copied, shortened or altered.

The true claims that were written for training share few words with their sources. But a language
model often copies its sources, and a network that has never seen a true copy takes closeness to
the source as a sign of falsehood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from pullquote.reading.judge_input import PassageText
from training.claims import Claim
from training.data import Document
from training.noise import swapped, things

#: Sentences with fewer or more words are skipped.
_SHORTEST, _LONGEST = 6, 45

#: A clause at the end of a sentence that can be dropped, and words that it must not contain.
_LOST = re.compile(r",\s+(?:\w+ing|which|who|where|an?|the|according)\b[^,;:]*[.]$")
_KEPT = re.compile(r"\b(?:if|unless|until|except|but|not|no|may|might|could|would|never)\b", re.I)
#: The first word of a sentence whose first part is not a sentence by itself.
_OPENS = re.compile(
    r"(?:When|While|After|Before|If|Although|Though|Because|As|Since|Unless|Once|In|On|At|For|With"
    r"|By|To|From|But|And|Under|Despite|Like|Unlike)\b"
)
_AUXILIARY = re.compile(r"(?<=\w )(?:is|was|are|were|has|had|have|will|would|can|could)\b(?! not)")
_CERTAIN = re.compile(r"(?<=\w )(?:will|is|was|are|were)\b(?! not)")


def plain_claims(documents: Sequence[Document], count: int, seed: int) -> list[Claim]:
    """``count`` claims from sentences of random documents; about half are supported."""
    random = Random(seed)
    made: list[Claim] = []
    while len(made) < count:
        document = random.choice(documents)
        own = [document.text[start:end] for start, end in document.sentences]
        number = random.randrange(len(own))
        if _SHORTEST <= len(own[number].split()) <= _LONGEST:
            for text, supported, cited in _of(document, own, number, random):
                made.append(Claim(f"plain/{len(made)}", text, PassageText.of(cited), supported))
    return made[:count]


def _of(
    document: Document, own: Sequence[str], number: int, random: Random
) -> Iterator[tuple[str, bool, list[str]]]:
    """A true and a false claim from a sentence, as ``(text, supported, cited sentences)``.

    Nothing if the sentence gives no false claim.
    """
    sentence = own[number]
    others = [text for n, text in enumerate(own) if n != number]
    cited = [sentence]
    if others and random.random() < 0.4:
        cited.insert(random.randrange(2), random.choice(others))
    short = _shortened(sentence)
    claim = short if short and random.random() < 0.7 else sentence
    if false := _altered(claim, document, cited, random):
        yield claim, True, cited
        yield false, False, cited
    elif others and random.random() < 0.3:
        yield claim, True, cited
        yield claim, False, [random.choice(others)]


def _shortened(sentence: str) -> str | None:
    match = _LOST.search(sentence)
    if not match or _OPENS.match(sentence) or _KEPT.search(match.group()):
        return None
    rest = sentence[: match.start()]
    return f"{rest}." if len(rest.split()) >= _SHORTEST and not re.search(r"[“”\"]", rest) else None


def _altered(claim: str, document: Document, cited: Sequence[str], random: Random) -> str | None:
    """The claim with another name, figure or year, negated, or as a mere possibility."""
    ways = ["thing", "thing", "denied", "possible"]
    random.shuffle(ways)
    for way in ways:
        if way == "thing":
            pools = things(" ".join(cited)), things(document.text)
            if other := swapped(claim, *pools, cited, random):
                return other
        elif way == "denied" and (match := _AUXILIARY.search(claim)):
            return f"{claim[: match.end()]} not{claim[match.end() :]}"
        elif match := _CERTAIN.search(claim):
            be = "" if match.group() == "will" else " be"
            return f"{claim[: match.start()]}may{be}{claim[match.end() :]}"
    return None
