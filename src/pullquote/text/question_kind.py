"""Classifies questions by the kind of answer they ask for."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """The kind of answer that a question asks for."""

    WHY = "why"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    HOW_MANY = "how many"
    HOW = "how"
    WHETHER = "whether"
    WHAT = "what"
    OTHER = "other"


_QUANTITY = (
    r"how (?:many|much|long|old|far|fast|high|tall|big|large|deep|wide|often|heavy|hot|cold"
    r"|strong)|(?:what|which) (?:\w+ ){0,2}?(?:number|amount|share|percent(?:age)?|price|cost|rate"
    r"|total|size|distance|speed|age|salary|wages?|fee|fine|budget|length|height|weight|toll|score|margin)"
    r"|what(?:'s| is| was| were| are) (?:[\w'-]+ ){1,3}?(?:number|amount|price|cost|rate|salary"
    r"|fee|fine|budget|toll)|number of|amount of"
    r"|what (?:did|does|do|will|would|is|was) .{1,60}? costs?\b"
    r"|what (?:was|were|is|are|did|does) .{1,60}? (?:paid|pay|worth)\b"
)

# Searched anywhere in the question ("in which year"). The leftmost match wins, then this order.
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{pattern})\b"))
    for kind, pattern in (
        (Kind.WHY, r"why|how come|what(?:'s| is| was| were| are) the (?:\w+ )?"
                   r"(?:reason|cause|motive)s?|for what reason"
                   r"|what (?:made|caused|led|prompted|motivated|drove)"),
        (Kind.HOW_MANY, _QUANTITY),
        (Kind.WHEN, r"when|(?:what|which|in which|on what|at what) (?:\w+ )?"
                    r"(?:year|date|day|month|time|decade|century)|how soon|since when"
                    r"|what(?:'s| is| was) the (?:[\w'-]+ )?(?:date|deadline|year)"),
        (Kind.WHERE, r"where|(?:what|which) (?:\w+ )?(?:city|country|place|state|town"
                     r"|village|region|location)"),
        (Kind.WHO, r"who|whom|whose|(?:what|which) (?:\w+ )?(?:person|people|man|woman|company"
                   r"|official|judge|author|team|group|firm|agency|organi[sz]ation)"
                   r"|what(?:'s| is| was) the name|name of|names? the"),
        (Kind.HOW, r"how|in (?:what|which) (?:way|manner)"),
        (Kind.WHAT, r"what|which"),
    )
)  # fmt: skip

_YES_NO = re.compile(
    r"(?:and |but |so |or )?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should"
    r"|shall|may(?! \d)|might|must|am|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't"
    r"|haven't|can't|couldn't|won't|wouldn't)\b"
)
#: "Do you know why", "Did the police say who": the real question is in the subordinate clause.
_INDIRECT = re.compile(
    r"(?:[\w'-]+ ){2,5}?(?:know|known|clear|tell|say|said|explain|explained|ask|disclose|disclosed"
    r"|reason) (?:me |us )?(?:(?:in|at|on|by|for|exactly) )?"
    r"(?:why|when|where|who|whom|how|what|which)\b"
)


def kind_of(question: str) -> Kind:
    """The kind of ``question``; :attr:`Kind.OTHER` for keywords without a question word."""
    text = " ".join(question.lower().replace("’", "'").split()).strip(" ¿\"'“‘")
    if _YES_NO.match(text) and not _INDIRECT.match(text):
        return Kind.WHETHER
    found = [
        (match.start(), order, kind)
        for order, (kind, pattern) in enumerate(_PATTERNS)
        if (match := pattern.search(text))
    ]
    return min(found)[2] if found else Kind.OTHER
