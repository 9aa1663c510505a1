"""Sentences in which an article says that something is not known or was not said.

"The company did not say why it took action now" is a finding of its own. What such a sentence
leaves open (a reason, a date, whether) is read off the words after it or, in the passive, off
its subject: "A trial date has not been set".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.question import Kind, kind_of

_NOT = (
    r"(?:(?:did|does|do|would|will|could|can|has|have|had|is|was|were|are)(?:\s+not|n['’]t)"
    r"|cannot|won['’]t|can['’]t)"
)
_ADVERBS = r"(?:\s+(?:immediately|yet|still|publicly|directly|fully|further|\w+ly|been|ever))*"
_ASKED = r"(?:requests?|calls?|questions?|messages?|e-?mails?|inquir(?:y|ies))"

_SAY = (
    r"(?:say|tell|disclose|reveal|explain|specify|elaborate|comment|share|detail|know|discuss"
    r"|speculate|state|clarify|estimate|predict|identify|name|rule\s+out|give|provide|offer)"
)
_SAID = (
    r"(?:said|told|disclosed|revealed|explained|specified|shared|detailed|known|clear|certain"
    r"|given|provided|determined|established|decided|announced|set|fixed|named|identified"
    r"|chosen|released|published|made\s+public|settled|resolved|confirmed|agreed|finali[sz]ed)"
)

#: How the article says it. The complement, if any, begins where the match ends.
_ACTIVE = re.compile(
    rf"{_NOT}{_ADVERBS}\s+{_SAY}\b"
    rf"|\b(?:declin|refus)(?:e|es|ed|ing)\s+to\s+{_SAY}\b"
    rf"|\b(?:unable|not\s+(?:able|ready|prepared|willing))\s+to\s+{_SAY}\b"
    r"|\b(?:too\s+(?:early|soon)|impossible|hard|difficult)\s+to\s+(?:say|tell|know|predict)\b"
    r"|\b(?:no\s+one|nobody)\s+(?:knows?|knew|could\s+say|can\s+say)\b"
    r"|\b(?:gave|gives|giving|offered|offering|provided|providing)\s+no\b"
    r"|\bwithout\s+(?:saying|giving|explaining|disclosing|specifying|naming|elaborating)\b"
    rf"|\b(?:has|have|had)(?:\s+not|n['’]t)(?:\s+yet)?\s+{_SAID}\b"
    r"|\b(?:must|have|has|had)\s+(?:still|yet)\s+to\s+(?:choose|decide|determine|announce|name|set)\b"
    r"|\bmust\s+still\s+(?:choose|decide|determine|name|set)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|was|are|were|it['’]s|remains?|remained|has\s+been|have\s+been)\s+(?:\w+\s+)?"
    r"(?:unclear|unknown|uncertain|undisclosed|undecided|undetermined|unresolved|confidential"
    r"|a\s+mystery|a\s+secret)\b"
    rf"|(?:\b(?:is|was|are|were|it['’]s)\s+not"
    rf"|(?:is|was|are|were)n['’]t|\b(?:has|have|had)n['’]t(?:\s+yet)?\s+been){_ADVERBS}\s+{_SAID}\b"
    rf"|\b(?:has|have|had)\s+not(?:\s+yet)?\s+been{_ADVERBS}\s+{_SAID}\b"
    r"|\b(?:unclear|unknown)\b"
    r"|\byet\s+to\s+be\s+\w+ed\b"
    r"|\bno\s+(?:\w+\s+){1,3}?(?:has|have|had)\s+been\s+(?:set|given|announced|released|named"
    r"|decided|disclosed|offered)\b",
    re.IGNORECASE,
)
#: Nothing was answered at all: what was left open is whatever had been asked.
_SILENT = re.compile(
    rf"{_NOT}{_ADVERBS}\s+(?:answer(?:ed)?|respond(?:ed)?|repl(?:y|ied)|return(?:ed)?|address(?:ed)?)"
    rf"\b[^.;]{{0,40}}?\b{_ASKED}\b"
    r"|\b(?:declin|refus)(?:e|es|ed|ing)\s+(?:to\s+(?:comment|answer|be\s+interviewed)|comment)\b"
    r"|\bcould\s+not\s+be\s+reached\b"
    r"|\b(?:no|without)\s+(?:\w+\s+)?comment\b",
    re.IGNORECASE,
)

_CLAUSE = re.compile(
    r"[\s,:—–-]*(?:(?:at|about|on|in|for|of|to|just|exactly|precisely)\s+){0,2}"
    r"(?P<word>why|when|where|whether|if|who(?:m|se)?|how|what|which)\b(?P<rest>[^.;]*)",
    re.IGNORECASE,
)
_NOUNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for kind, words in (
        (Kind.WHY, r"reasons?|motives?|causes?|explanations?"),
        (Kind.WHEN, r"dates?|time(?:table|line|frame)?|schedule|deadline"),
        (Kind.WHERE, r"locations?|whereabouts|venue|place|site"),
        (Kind.WHO, r"names?|identit(?:y|ies)|builder|successor|winner|author|buyer|suspects?"),
        (Kind.HOW_MANY, r"costs?|prices?|numbers?|figures?|amounts?|terms|tolls?|totals?|sums?"
                        r"|salar(?:y|ies)|fees?|estimates?|earnings|value|size"),
    )
)  # fmt: skip
_NAMING = re.compile(r"\b(?:nam(?:e|ed|ing)|identif(?:y|ied)|choose|chosen)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NotSaid:
    """A not-said clause: ``sentence[start:end]``, and the kind of thing that it leaves open.

    ``kind`` is ``None`` when the sentence does not tell: "did not respond to questions".
    """

    start: int
    end: int
    kind: Kind | None


def find(sentence: str) -> NotSaid | None:
    """The first not-said clause of ``sentence`` (offsets in code points), or ``None``.

    Negated facts ("did not submit its algorithms") are none: only saying, knowing, deciding.
    """
    if silent := _SILENT.search(sentence):
        return NotSaid(silent.start(), silent.end(), None)
    found = [match for pattern in (_ACTIVE, _PASSIVE) if (match := pattern.search(sentence))]
    if not found:
        return None
    match = min(found, key=lambda it: it.start())
    start, end = match.span()
    after = sentence[end:]
    if clause := _CLAUSE.match(after):
        return NotSaid(start, end + len(clause.group().rstrip(' ,"”’')), _clause_kind(clause))
    passive = match.re is _PASSIVE
    around = sentence[:start] if passive else re.split(r"[,;.]", after, maxsplit=1)[0]
    for kind, nouns in _NOUNS:
        if nouns.search(around) or nouns.search(match.group()):
            return NotSaid(0 if passive else start, end if passive else end + len(around), kind)
    if _NAMING.search(match.group()):
        return NotSaid(start, end, Kind.WHO)
    # "said it does not know him" leaves nothing open; "For the 40, I don't know yet" does.
    if passive or re.match(r"(?:\s+(?:yet|that|it|them))?\s*(?:[,;.!?”\"’]|$|but\b|and\b)", after):
        return NotSaid(start, end, None)
    return None


def _clause_kind(clause: re.Match[str]) -> Kind:
    word = clause.group("word").lower()
    if word in ("whether", "if"):
        return Kind.WHETHER
    return kind_of(f"{word}{clause.group('rest')}")
