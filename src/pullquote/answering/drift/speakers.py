"""An opinion keeps its speaker, and keeps the one that it has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.answering.drift.words import stems, words
from pullquote.text import attribution

#: What is shown around a quote are sentences of their own.
_SENTENCE_END = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])")

_QUOTED = re.compile(r"“[^”]*”?|^[^“]*”|\"[^\"]*\"?")

#: "The official said": nobody in particular is named, and any name may be meant.
_NAME = re.compile(r"\b[A-Z]")
_PRONOUN = re.compile(r"^(?:he|she|they|it|who)$", re.IGNORECASE)

#: Of what a written sentence says so much stands in what somebody says.
_SHARE = 0.5


def speaker_lost(written: str, sources: Sequence[str]) -> bool:
    """Whether what somebody says in the sources is told as a fact."""
    if attribution.attributed(written):
        return False
    own = stems(words(written))
    sources = [it for source in sources for it in _SENTENCE_END.split(source)]
    for source in sources:
        if not attribution.is_told(source) and not _QUOTED.search(source):
            continue
        told = stems(words(_told(source)))
        if own and len(own & told) >= _SHARE * len(own):
            # Another source may say it in its own voice.
            others = [stems(words(it)) for it in sources if it != source]
            if not any(len(own & it) >= _SHARE * len(own) for it in others):
                return True
    return False


def _told(source: str) -> str:
    """What is said, without the words that tell who says it."""
    found = attribution.named(source)
    return source[: found[0]] + " " + source[found[1] :] if found else source


def speaker_changed(written: str, sources: Sequence[str]) -> bool:
    """Whether somebody is made to say what another says."""
    own = attribution.named(written)
    if own is None or _PRONOUN.match(written[slice(*own)]):
        return False
    name = stems(words(written[slice(*own)]))
    zones = [zone for it in sources for zone in attribution.zones(it)]
    if not name or not zones:
        return False
    # "She said": whoever was named before her.
    if any(it.plain in _PRONOUNS for zone in zones for it in words(zone)):
        return False
    return not any(name & stems(words(zone)) for zone in zones)


_PRONOUNS = frozenset(["he", "she", "they", "it", "who"])
