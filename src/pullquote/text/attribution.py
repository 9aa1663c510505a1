"""Who a sentence names as the speaker."""

from __future__ import annotations

import re

from pullquote.text.names import CAPITALS

_SAID = (
    r"(?:sa(?:id|ys)|told|tells|add(?:ed|s)|wrote|writes|asked|replied|argue[ds]|explain(?:ed|s)"
    r"|announced|warn(?:ed|s)|insist(?:ed|s)|testified|tweeted|posted|noted|conclude[ds]|call(?:ed|s)"
    r"|found|estimate[ds]|claim(?:ed|s)|den(?:ied|ies)|recalled|acknowledged|promised)"
)
_WHO = (
    rf"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s+(?:[\w’'-]+\s+){{0,3}}?)?"
    rf"(?:(?:Dr|Mr|Mrs|Ms|St|Gov|Sen|Rep)\.\s+)?[{CAPITALS}][\w’'-]+"
    rf"(?:\s+(?:[{CAPITALS}]\.|de|van|von|al|bin|of|the)?\s?[{CAPITALS}][\w’'-]+)*"
)
_ROLE = r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s+(?:[\w’'-]+\s+){0,3}?[a-z’'-]+"
#: Forms in which a sentence names the speaker, best first; a pronoun does not count.
_NAMED = tuple(
    re.compile(form)
    for form in (
        rf"\b[Aa]ccording\s+to\s+(?P<who>{_WHO}|{_ROLE})",
        rf"\b{_SAID}\s+(?P<who>{_WHO})",
        rf"(?P<who>\b{_WHO})(?:,[^,“”\"]{{1,80}},)?\s+(?:\w+ly\s+|also\s+|has\s+|had\s+)?{_SAID}\b",
        rf"\b{_SAID}\s+(?P<who>{_ROLE})(?=\s*(?:[,.;:]|$|who\b|that\b|in\b|on\b))",
        rf"(?P<who>\b{_ROLE})\s+(?:\w+ly\s+|also\s+|has\s+|had\s+)?{_SAID}\b",
    )
)
#: Words in quotation marks; of a quotation that goes on, or has begun, in another sentence too.
QUOTED = re.compile(r"[“«][^”»]*[”»]?|^[^“«]*[”»]|\"[^\"]*\"?")
#: Only so many characters of a sentence are searched: the forms take quadratic time.
_LONGEST = 2_000


def named(sentence: str) -> tuple[int, int] | None:
    """The range of the words that name the speaker of ``sentence``; ``None`` if none do."""
    # Words in quotation marks are the speaker's own and do not name the speaker.
    plain = QUOTED.sub(lambda match: " " * len(match.group()), sentence[:_LONGEST])
    for form in _NAMED:
        for match in form.finditer(plain):
            start, end = match.span("who")
            words = sentence[start:end]
            if not re.fullmatch(r"(?:He|She|They|It|I|We|You|But|And|The|That|This|Who)", words):
                return start, end
    return None
