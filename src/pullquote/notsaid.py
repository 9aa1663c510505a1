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
    r"|speculate|state|clarify|confirm|estimate|predict|identify|name|rule\s+out|give|provide|offer)"
)
_SAID = (
    r"(?:said|told|disclosed|revealed|explained|specified|shared|detailed|known|clear|certain|sure"
    r"|given|provided|determined|established|decided|announced|set|fixed|named|identified"
    r"|chosen|released|published|made\s+(?:public|clear|known)|settled|resolved|confirmed|agreed"
    r"|finali[sz]ed|scheduled)"
)
#: Of these words those that things other than knowledge suffer too: prisoners are released. They
#: count only with something that can be told as their subject.
_ALSO_DONE = re.compile(
    r"\b(?:tell|told|give|given|gave\s+no|offer|provided?|shared?|set|fixed|released|published"
    r"|settled|resolved|agreed|finali[sz]ed|sure)$",
    re.IGNORECASE,
)
_YET = r"(?:\s+(?:yet|still|\w+ly))*"

#: How the article says it. The complement, if any, begins where the match ends.
_ACTIVE = re.compile(
    rf"{_NOT}{_ADVERBS}\s+{_SAY}\b"
    rf"|\b(?:declin|refus)(?:e|es|ed|ing)\s+to\s+{_SAY}\b"
    rf"|\b(?:unable|not\s+(?:yet\s+)?(?:able|ready|prepared|willing))\s+to\s+{_SAY}\b"
    r"|\b(?:too\s+(?:early|soon)|impossible|hard|difficult)\s+to\s+(?:say|tell|know|predict)\b"
    rf"|\b(?:no\s+one|nobody|neither(?:\s+\w+){{1,2}}?)\s+(?:knows?|knew"
    rf"|(?:would|could|can|will)\s+{_SAY}|(?:has|had){_YET}\s+{_SAID})\b"
    r"|\b(?:gave|gives|giving|offered|offering|provided|providing)\s+no\b"
    r"|\bthere\s+(?:is|was|has\s+been)\s+(?:still\s+)?no\s+(?:\w+\s+)?(?:word|explanation|indication)\b"
    r"|\bwithout\s+(?:saying|giving|explaining|disclosing|specifying|naming|elaborating)\b"
    rf"|\b(?:has|have|had)(?:\s+not|n['’]t){_YET}\s+{_SAID}\b"
    rf"|\bnever{_YET}\s+(?:{_SAID}|gave)\b"
    r"|\b(?:must|have|has|had)\s+(?:still|yet)\s+to\s+(?:choose|decide|determine|announce|name|set|say)\b"
    r"|\bmust\s+still\s+(?:choose|decide|determine|name|set)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|was|are|were|it['’]s|remains?|remained|has\s+been|have\s+been)\s+(?:\w+\s+)?"
    r"(?:unclear|unknown|unsure|uncertain|undisclosed|undecided|undetermined|unresolved"
    r"|confidential|a\s+mystery|a\s+secret|an\s+open\s+question)\b"
    rf"|(?:\b(?:is|was|are|were|it['’]s)\s+(?:not|never)"
    rf"|(?:is|was|are|were)n['’]t|\b(?:has|have|had)n['’]t(?:\s+yet)?\s+been){_ADVERBS}\s+{_SAID}\b"
    rf"|\b(?:has|have|had)\s+(?:not(?:\s+yet)?|never)\s+been{_ADVERBS}\s+{_SAID}\b"
    r"|\b(?:unclear|unknown)\b"
    rf"|\b(?:yet|remains?|remained)\s+to\s+be\s+(?:seen|{_SAID})\b"
    r"|\bno\s+(?:\w+\s+){1,3}?(?:(?:has|have|had)\s+been|was|were)\s+(?:immediately\s+)?(?:set|given"
    r"|announced|released|named|decided|disclosed|offered|provided|scheduled)\b",
    re.IGNORECASE,
)
#: Nothing was answered at all: what was left open is whatever had been asked.
_SILENT = re.compile(
    rf"{_NOT}{_ADVERBS}\s+(?:answer(?:ed)?|respond(?:ed)?|repl(?:y|ied)|return(?:ed)?|address(?:ed)?)"
    rf"\b[^.;]{{0,40}}?\b{_ASKED}\b"
    rf"|\b{_ASKED}\b[^.;]{{0,60}}?\b(?:went\s+unanswered|(?:was|were)\s+not\s+(?:\w+ly\s+)?"
    r"(?:answered|returned))\b"
    r"|\b(?:declin|refus)(?:e|es|ed|ing)\s+(?:to\s+(?:comment|answer|discuss|be\s+interviewed)|comment)\b"
    rf"|\b(?:(?:would|could)(?:\s+not|n['’]t)|cannot|won['’]t|can['’]t){_ADVERBS}\s+(?:comment|discuss)\b"
    r"|\b(?:neither|not)\s+confirm(?:ed)?\s+n?or\s+den(?:y|ied)\b"
    r"|\bcould\s+not\s+be\s+reached\b"
    r"|\b(?:no|without)\s+(?:\w+\s+)?comment\b",
    re.IGNORECASE,
)

_ABOUT = re.compile(r"\s+(?:about|on|as\s+to)\b", re.IGNORECASE)
_ASKS = (
    r"(?P<word>why|when(?!\s+(?:asked|reached|contacted|pressed|questioned))|where|whether|if"
    r"|who(?:m|se)?|how(?!\s+to\b)|what|which)\b"
)
_CLAUSE = re.compile(
    r"[\s,:—–-]*(?:(?:an?|any|further|more)\s+)?"
    r"(?:(?:word|indication|hint|details?|explanation|reason)\s+)?"
    r"(?:(?:at|about|as\s+to|on|in|for|of|to|by|from|just|\w+ly)\s+){0,2}"
    rf"{_ASKS}(?P<rest>[^.;]*)",
    re.IGNORECASE,
)
#: "Why he turned back is not known."
_SUBJECT_CLAUSE = re.compile(
    rf"(?:^|[,;:—“\"]|\b(?:and|but|that)\b)\s*{_ASKS}(?P<rest>[^.,;]*)$", re.IGNORECASE
)
#: What can be told, by the kind of question that it answers.
_NOUN = re.compile(
    r"\b(?:(?P<WHY>reasons?|motives?|causes?|explanations?)"
    r"|(?P<WHEN>dates?|time(?:table|line|frame)?|scheduled?|deadline)"
    r"|(?P<WHERE>locations?|whereabouts|venue|place|site)"
    r"|(?P<WHO>names?|identit(?:y|ies))"
    r"|(?P<HOW_MANY>costs?|prices?|numbers?|figures?|amounts?|terms|tolls?|totals?|sums?"
    r"|salar(?:y|ies)|fees?|fares?|rents?|budget|estimates?|earnings|value|size)"
    r"|(?P<untold>details?|specifics|particulars|comment))\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:builder|successor|winner|author|buyer|suspects?)\b", re.IGNORECASE)
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
        after = sentence[silent.end() :]
        clause = _CLAUSE.match(after) if _ABOUT.match(after) else None
        return NotSaid(silent.start(), silent.end(), _clause_kind(clause) if clause else None)
    found = [match for pattern in (_PASSIVE, _ACTIVE) if (match := pattern.search(sentence))]
    if not found:
        return None
    match = min(found, key=lambda it: it.start())
    start, end = match.span()
    after = sentence[end:]
    if clause := _CLAUSE.match(after):
        return NotSaid(start, end + len(clause.group().rstrip(' ,"”’')), _clause_kind(clause))
    if match.re is _PASSIVE:
        return _passive(sentence[:start], match, after)
    object_ = re.split(r"[,;.]", after, maxsplit=1)[0]
    if noun := _NOUN.search(match.group() + object_):
        return NotSaid(start, end + len(object_), _noun_kind(noun))
    if _names(match, object_):
        return NotSaid(start, end + len(object_), Kind.WHO)
    # "said it does not know him" leaves nothing open; "For the 40, I don't know yet" does.
    if re.match(r"(?:\s+(?:yet|that|it|them))?\s*(?:[,;.!?”\"’]|$|(?:but|and|when)\b)", after):
        return NotSaid(start, end, None)
    return None


def _passive(before: str, match: re.Match[str], after: str) -> NotSaid | None:
    """What is left open stands in front: "Why he did it is not known", "No date has been set"."""
    start, end = match.span()
    # A comma tells "When the cause is unknown, ..." from "When it sank is unknown."
    if (clause := _SUBJECT_CLAUSE.search(before)) and not after.startswith(","):
        return NotSaid(clause.start("word"), end, _clause_kind(clause))
    own = re.split(r"[,;:—]|\bbut\b", before)[-1]
    subject = own if own.strip() else before
    if noun := _NOUN.search(subject + match.group()):
        return NotSaid(0, end, _noun_kind(noun))
    if _names(match, subject):
        return NotSaid(start, end, Kind.WHO)
    return None if _ALSO_DONE.search(match.group()) else NotSaid(start, end, None)


def _names(match: re.Match[str], about: str) -> bool:
    """Whether what was not said is who somebody is."""
    if _NAMING.search(match.group()):
        return True
    return bool(_PERSON.search(about)) and not _ALSO_DONE.search(match.group())


def _noun_kind(noun: re.Match[str]) -> Kind | None:
    name = str(noun.lastgroup)
    return None if name == "untold" else Kind[name]


def _clause_kind(clause: re.Match[str]) -> Kind:
    word = clause.group("word").lower()
    if word in ("whether", "if"):
        return Kind.WHETHER
    return kind_of(f"{word}{clause.group('rest')}")
