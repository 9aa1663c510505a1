"""What kind of answer a question asks for, read off its words."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """The kind of thing that would answer."""

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
    r"|number of|amount of|what (?:did|does|do|will|would|is|was) .{1,60}? costs?\b"
    r"|what (?:was|were|is|are|did|does) .{1,60}? (?:paid|pay|worth)\b"
)

# Tried in order at any place in the question: "in which year" and "and when will" count too.
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{pattern})\b"))
    for kind, pattern in (
        (Kind.WHY, r"why|how come|what (?:is|was|were|are) the (?:\w+ )?(?:reasons?|cause|motive)"
                   r"|for what reason|what (?:made|caused|led|prompted|motivated|drove)"),
        (Kind.HOW_MANY, _QUANTITY),
        (Kind.WHEN, r"when|(?:what|which|in which|on what|at what) (?:\w+ )?"
                    r"(?:year|date|day|month|time|decade|century)|how soon|since when"),
        (Kind.WHERE, r"where|(?:what|which) (?:\w+ )?(?:city|country|place|state|town|location)"),
        (Kind.WHO, r"who|whom|whose|(?:what|which) (?:\w+ )?(?:person|people|man|woman|company"
                   r"|official|judge|author|team|group|firm|agency|organi[sz]ation)"
                   r"|name of|names? the"),
        (Kind.HOW, r"how"),
        (Kind.WHAT, r"what|which"),
    )
)  # fmt: skip

_YES_NO = re.compile(
    r"(?:and |but |so |or )?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should"
    r"|shall|may|might|must|am|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't"
    r"|can't|couldn't|won't|wouldn't)\b"
)


def kind_of(question: str) -> Kind:
    """The kind of ``question``; :attr:`Kind.OTHER` for keywords without a question word."""
    text = " ".join(question.lower().replace("’", "'").split()).strip(" ¿\"'“‘")
    if _YES_NO.match(text) and not re.search(r"\b(?:why|when|where|who|how)\b", text[:25]):
        return Kind.WHETHER
    found = [
        (match.start(), order, kind)
        for order, (kind, pattern) in enumerate(_PATTERNS)
        if (match := pattern.search(text))
    ]
    return min(found)[2] if found else Kind.OTHER
