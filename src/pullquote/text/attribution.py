"""Attribution: does a sentence report what somebody says, and who does it name as the speaker?"""

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
_QUOTED = re.compile(r"[“«][^”»]*[”»]?|^[^“«]*[”»]|\"[^\"]*\"?")


def named(sentence: str) -> tuple[int, int] | None:
    """The range of the words that name the speaker of ``sentence``; ``None`` if none do."""
    # Words in quotation marks are the speaker's own and do not name the speaker.
    plain = _QUOTED.sub(lambda match: " " * len(match.group()), sentence)
    for form in _NAMED:
        for match in form.finditer(plain):
            start, end = match.span("who")
            words = sentence[start:end]
            if not re.fullmatch(r"(?:He|She|They|It|I|We|You|But|And|The|That|This|Who)", words):
                return start, end
    return None


_VERB = re.compile(
    rf"\b(?:{_SAID[3:-1]}|says?|believes?|believed|thinks?|thought|describes?|described|suggests?"
    r"|suggested|predict(?:s|ed)|expect(?:s|ed)|accuse[ds]|criticize[ds]|criticise[ds]|praise[ds]"
    r"|maintain(?:s|ed)|contend(?:s|ed)|stated|disclosed|reveal(?:s|ed)|reported"
    r"|welcome[ds]|joked|hoped|hopes|feared|fears|vow(?:s|ed)|urge[ds]|recommend(?:s|ed)"
    r"|complain(?:s|ed)|objected|agree[ds]|disagree[ds]|doubt(?:s|ed)|quoted|[Aa]ccording\s+to"
    r"|[Ii]n\s+the\s+(?:view|words|opinion)\s+of|compare[ds]|caution(?:s|ed)|stress(?:es|ed)"
    r"|[Cc]ritics|affirm(?:s|ed)|put\s+it|see[sn]?\s+it|dismissed|rejected|responded|answered)\b",
)


def attributed(sentence: str) -> bool:
    """Whether the sentence attributes anything to somebody, with more verbs than `is_told`."""
    return bool(_VERB.search(_QUOTED.sub(" ", sentence)))


_TOLD = re.compile(
    # "Did not say why" is the article's own statement.
    r"\b(?:said|says|(?<!not )(?<!n’t )(?<!n't )(?<!to )say|told"
    r"|[Aa]ccording\s+to|thinks?|thought|believes?|believed|argue[ds]?|claims?|claimed|warn(?:s|ed)|insist(?:s|ed)|estimate[ds])\b"
)


def is_told(sentence: str) -> bool:
    """Whether the sentence, outside quotation marks, reports what somebody says or thinks."""
    return bool(_TOLD.search(_QUOTED.sub(" ", sentence)))


#: How many characters on either side of "said" may name its speaker.
_ZONE = 70


def zones(sentence: str) -> list[str]:
    """The text around each "said" or "according to"; quoted words are blanked out."""
    plain = _QUOTED.sub(lambda match: " " * len(match.group()), sentence)
    return [
        plain[max(0, match.start() - _ZONE) : match.end() + _ZONE]
        for match in _VERB.finditer(plain)
    ]
