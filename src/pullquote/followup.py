"""question (+ turns) -> a question that can be looked up on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.question import Kind, kind_of
from pullquote.terms import terms
from pullquote.types import Turn

_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|them|his|hers?|its|theirs?|these|those|there|then"
    # "this year" is about today, and "said that the ban" points nowhere.
    r"|this(?!\s+(?:week|month|year|summer|winter|spring|autumn|fall|morning|afternoon|evening)\b)"
    r"|that(?!\s+(?:(?:the|an?)\b|(?-i:[A-Z])))"
    r"|the (?:same|others?|latter)"
    r"|the (?:first|second|third|last|former)(?=\s*(?:[?.!,;]|ones?\b|$)))\b",
    re.IGNORECASE,
)
#: "Amazon ... its technology": the owner is named in the question itself.
_OWN_NAME = re.compile(r"(?<=\s)[A-Z][\w’'-]+\s(?:[^?]*?\s)?(?:his|her|its|their)\b")
_GOES_ON = re.compile(r"\s*(?:and|but|or|so|why|since when)\b", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"\s*(?:(?:and|but|so)\s+)?(?:what|how)\s+about\b", re.IGNORECASE)

#: Words with which a question is still about nothing: "How much?", "Who else?", "Why not?".
_EMPTY = frozenset(terms("much many long often far old big else exactly not no yes ok"))

#: A question with fewer content words than this, opened by "and" or "why", is a fragment.
_FRAGMENT = 2

#: How many earlier questions are looked back through for one that stands alone.
_REACH = 3


def standalone(question: str, history: Sequence[Turn]) -> str:
    """``question``, with the user's earlier ones behind it while they cannot stand alone.

    The new question stays in front: its words say what kind of answer is wanted.
    """
    earlier = [turn.text.strip() for turn in history if turn.role == "user" and turn.text.strip()]
    parts = [question]
    for previous in reversed(earlier[-_REACH:]):
        if not _leans(parts[-1]):
            break
        parts.append(previous)
    return " ".join(parts)


def _leans(question: str) -> bool:
    """Whether the question needs an earlier one to be understood."""
    content = [term for term in terms(_POINTS_BACK.sub(" ", question)) if term not in _EMPTY]
    if not content or _WHAT_ABOUT.match(question):
        return True
    if _GOES_ON.match(question) and (len(content) < _FRAGMENT or kind_of(question) is Kind.OTHER):
        return True
    return bool(_POINTS_BACK.search(_OWN_NAME.sub(" ", question)))
