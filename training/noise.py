"""Alters training questions: as people type them, or to ask about something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import Random

from pullquote.text.terms import STOP_WORDS

#: The shares of questions put in lower case without a question mark, given a typing error, and
#: reduced to keywords.
LOWER, TYPO, KEYWORDS = 0.25, 0.05, 0.05

_YEAR = re.compile(r"\b(?:1[0-9]{3}|20[0-9]{2})\b")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
#: Capitalised words after a lower-case word, so not the first word of a sentence.
_NAME = re.compile(
    r"(?<=[a-z,;] )[A-Z][\w’'-]*[a-z][\w’'-]*"
    r"(?: (?:(?:of|the|de|van|von|and) )?[A-Z][\w’'-]*[a-z][\w’'-]*){0,3}"
)
_KINDS = (_YEAR, _NUMBER, _NAME)


def typed(question: str, random: Random) -> str:
    """The question, either unchanged or as someone might type it into a search box."""
    draw = random.random()
    if draw < LOWER:
        return question.lower().rstrip("? ")
    if draw < LOWER + TYPO:
        return _slip(question, random)
    if draw < LOWER + TYPO + KEYWORDS:
        words = [
            text for text in re.findall(r"[\w’'.,-]+", question) if text.lower() not in STOP_WORDS
        ]
        return " ".join(words).rstrip(".,") if len(words) > 1 else question
    return question


def things(text: str) -> tuple[tuple[str, ...], ...]:
    """The years, numbers and names in a text, each once, in the order of :data:`_KINDS`."""
    text = re.sub(r"[’']s\b", "", text)
    return tuple(tuple(dict.fromkeys(kind.findall(text))) for kind in _KINDS)


def swapped(
    question: str,
    passage: tuple[tuple[str, ...], ...],
    elsewhere: tuple[tuple[str, ...], ...],
    forbidden: Iterable[str],
    random: Random,
) -> str | None:
    """The question with one year, number or name replaced by one from the passage or ``elsewhere``.

    Anything that is in the question or in a ``forbidden`` text is never put in: the new question
    might have an answer. ``None`` if the question has nothing to replace, or nothing fits.
    """
    texts = [question.lower(), *(text.lower() for text in forbidden)]
    found = [
        (kind, match) for kind in range(len(_KINDS)) for match in _KINDS[kind].finditer(question)
    ]
    random.shuffle(found)
    for kind, match in found:
        pools = [passage[kind], elsewhere[kind]]
        random.shuffle(pools)
        for pool in pools:
            fit = [item for item in pool if not any(item.lower() in text for text in texts)]
            if fit:
                return question[: match.start()] + random.choice(fit) + question[match.end() :]
    return None


def _slip(question: str, random: Random) -> str:
    """The question with two neighbouring letters of a longer word swapped."""
    words = list(re.finditer(r"[A-Za-z]{5,}", question))
    if not words:
        return question
    word = random.choice(words)
    at = random.randrange(word.start() + 1, word.end() - 1)
    return question[:at] + question[at + 1] + question[at] + question[at + 2 :]
