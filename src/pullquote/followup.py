"""question (+ turns) -> a question that can be looked up on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.terms import terms
from pullquote.types import Turn

_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then"
    r"|the (?:same|first|second|other|others|latter|former))\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s*(?:and|but|or|so|why|since when|what about|how about)\b", re.IGNORECASE)

#: A question with fewer content words than this, opened by "and" or "why", is a fragment.
_FRAGMENT = 2


def standalone(question: str, history: Sequence[Turn]) -> str:
    """``question``, with the user's last one behind it when it cannot stand alone.

    The new question stays in front: its words say what kind of answer is wanted.
    """
    earlier = [turn.text.strip() for turn in history if turn.role == "user" and turn.text.strip()]
    content = terms(_POINTS_BACK.sub(" ", question))
    is_fragment = not content or (_GOES_ON.match(question) and len(content) < _FRAGMENT)
    if earlier and (is_fragment or _POINTS_BACK.search(question)):
        return f"{question} {earlier[-1]}"
    return question
