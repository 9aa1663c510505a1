"""Whether models find a written sentence supported, besides what the rules see."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.drift.words import stems, words
from pullquote.types import Embedder

#: The least share of a sentence's words that stand in its sources, and of a part of it.
MIN_SHARE, MIN_PART = 0.5, 0.3

#: The least cosine of the embeddings of a sentence and its sources.
MIN_COSINE = 0.6

_PARTS = re.compile(r"[,;:—–]|\b(?:and|but|while|because|although|which|who|so)\b")


def supported(written: str, sources: Sequence[str], embedder: Embedder) -> bool:
    """Whether the sentence is about what its sources are about, and no part of it is added."""
    known = frozenset().union(*(stems(words(it)) for it in sources))
    if _share(written, known) < MIN_SHARE:
        return False
    if any(_share(part, known) < MIN_PART for part in _PARTS.split(written)):
        return False
    vectors = embedder.encode([written, " ".join(sources)])
    return float(vectors[0] @ vectors[1]) >= MIN_COSINE


def _share(text: str, known: frozenset[str]) -> float:
    own = stems(words(text))
    return len(own & known) / len(own) if own else 1.0
