"""Understands a question in its conversation: makes a follow-up stand alone, by rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from pullquote.answering import requests
from pullquote.asked import MAX_QUESTION
from pullquote.followups import rewrite
from pullquote.followups.compared import compared, stands_in
from pullquote.text.question_kind import Kind, kind_of
from pullquote.text.terms import terms
from pullquote.types import Turn

_TIME = (
    r"week|month|year|summer|winter|spring|autumn|fall|morning|afternoon|evening|time|moment|point"
    r"|day|week-?end|season|decade|century"
)
_PRONOUN = r"(?P<own>his|hers?|its|theirs?)|(?P<plain>he|she|it|they|him|them)"
_POINTS_BACK = re.compile(
    rf"\b(?:{_PRONOUN}|these|those(?!\s+who\b)|then"
    # "There is", and "from there".
    r"|there(?=\s*(?:[?.!,;]|$))"
    # "This year" is about today.
    rf"|this(?!\s+(?:\w+\s+)?(?:{_TIME})\b)"
    # "Was that a lie?", "about that"; neither "the firm that" nor "said that the ban".
    r"|that(?=\s*(?:[?.!,;]|$|and\b|but\b))"
    r"|(?:(?<=is )|(?<=was )|(?<=are )|(?<=did )|(?<=does )|(?<=about )|(?<=of )|(?<=for ))that"
    rf"(?!\s+(?:{_TIME})\b)(?!\s+(?:(?:the|an?)\b|(?-i:[A-Z])))"
    r"|the (?:same|others?|latter)"
    r"|the (?:first|second|third|last|former)(?=\s*(?:[?.!,;]|ones?\b|$)))\b",
    re.IGNORECASE,
)
#: A person or thing that the question itself names.
_NAMED = re.compile(
    r"(?<=\s)(?-i:[A-Z])[\w’'-]+|\b(?:the|an?|which|whose|what)\s+(?!(?:is|are|was|were|do|does|did|has"
    r"|have|had|can|could|will|would|should|it|he|she|they|this|that)\b)[\w’'-]+|\w+[’']s\b",
    re.IGNORECASE,
)
#: The beginning of another clause, whose pronoun may refer to a name in the clause before.
_CLAUSE = re.compile(
    r",|\b(?:when|before|after|because|if|while|as|that|who|which|why|how|where|what|whether|and|but"
    r"|since|until|though|so)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s*(?:and|but|or|so|why|since when)\b", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"\s*(?:(?:and|but|so)\s+)?(?:what|how)\s+about\b", re.IGNORECASE)

#: Words that give a question no subject of its own: "How much?", "Who else?", "Why not?".
_EMPTY = frozenset(terms("much many long often far old big else exactly not no yes ok one ones"))

#: A question with fewer content words than this, opened by "and" or "why", is a fragment.
_FRAGMENT = 2

#: How many earlier questions are considered.
_REACH = 8

#: Two questions that are asked together should not have more characters than this.
_TOGETHER = 300

_WHO_SAID = re.compile(
    r"(?:(?:and|but|so|ok)\b[\s,]*)?(?:who(?:\s+exactly)?\s+(?:said|says|told|claim(?:s|ed)|wrote|argue[sd]"
    r"|think[s]?|thought|state[sd])(?:\s+(?:so|it|this|that|these(?:\s+things)?|those\s+words))?"
    r"|says\s+who|according\s+to\s+who(?:m)?|who(?:\s+is|['’]s)\s+(?:speaking|quoted|talking)"
    r"|who\s+(?:did|does)\s+(?:that|this|it)\s+come\s+from"
    r"|whose\s+(?:words|opinion|quote|view|claim)s?\s+(?:is|are|was|were)\s+(?:that|this|those|these|it))"
    r"(?:\s+(?:here|there|exactly|again))?\s*[?.!]*",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:(?:and|ok|okay|please|can\s+you|could\s+you)\b[\s,]*)*"
    r"(?:(?:(?:show|tell|give)\s+me\s+)?(?:some\s+)?more(?:\s+(?:details?|context|of\s+(?:it|that|this)"
    r"|about\s+(?:it|that|this|them)))?|(?:any\s+)?(?:more|further)\s+details?|go\s+on|continue|carry\s+on"
    r"|read\s+on|what\s+(?:comes\s+|does\s+it\s+say\s+)?(?:next|else)|anything\s+else"
    r"|what\s+else\s+(?:does|did)\s+(?:it|they|the\s+articles?)\s+say)"
    r"(?:[\s,]+please)?\s*[?.!]*",
    re.IGNORECASE,
)


class Act(StrEnum):
    """What a question asks for: a new search, or something about the last answer's citations."""

    LOOK_UP = "look up"
    WHO_SAID = "who said"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was understood.

    ``question`` stands alone; it is the asked one when nothing had to be added. ``topic`` is the
    question that the next "And X?" is compared with: after "Why?" it is still the one before.
    ``continues``: the passages that the last answer cited are read again. ``by_rule_of_thumb``: no
    rewriting rule applied, so the question is combined with the one before.
    """

    question: str
    topic: str
    act: Act = Act.LOOK_UP
    continues: bool = False
    by_rule_of_thumb: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """The previous question, as it was understood, and the words that answered it.

    ``answer`` is called only when a rule needs it, because answering takes time. It returns an
    empty text when nothing answered.
    """

    understood: Understood
    answer: Callable[[], str]


def earlier_questions(history: Sequence[Turn]) -> list[str]:
    """The user's earlier questions that are considered, the oldest first.

    Greetings, thanks and the like are left out: after them, the conversation goes on as before.
    """
    asked = (" ".join(turn.text.split()) for turn in reversed(history) if turn.role == "user")
    considered = islice(filter(_is_question, (text[-MAX_QUESTION:] for text in asked)), _REACH)
    return list(considered)[::-1]


def _is_question(text: str) -> bool:
    request = requests.find(text)
    return bool(re.search(r"\w", text)) and (request is None or request.is_of_an_article)


def understand(question: str, before: Before | None) -> Understood:
    """What ``question`` means after ``before``."""
    question = " ".join(question.split())
    if before is None:
        return Understood(question, question)
    last = before.understood
    if _WHO_SAID.fullmatch(question):
        return Understood(f"Who said so? {last.question}", last.topic, Act.WHO_SAID, True)
    if _MORE.fullmatch(question):
        return Understood(last.question, last.topic, Act.MORE, True)
    if not leans(question) and not stands_in(question, last.topic):
        return Understood(question, question)
    if other := rewrite.turned(question, last.question) or rewrite.counted(question, last.question):
        return Understood(other, last.topic, continues=True)
    if other := compared(question, last.topic):
        return Understood(other, other)
    if other := rewrite.resolved(question, last.question, before.answer()):
        return Understood(other, other, continues=True)
    together = f"{question} {last.question}"
    if len(together) > _TOGETHER:
        together = f"{question} {last.topic}"
    return Understood(together, last.topic, continues=True, by_rule_of_thumb=True)


def leans(question: str) -> bool:
    """Whether the question needs an earlier one to be understood."""
    content = [term for term in terms(_POINTS_BACK.sub(" ", question)) if term not in _EMPTY]
    if not content or _WHAT_ABOUT.match(question) or rewrite.is_bare(question):
        return True
    if re.fullmatch(r"(?:(?:and|but|so)\s+)?how\s+\w+\s*\?*", question.strip(), re.IGNORECASE):
        return True  # "How badly?"
    if _GOES_ON.match(question) and (len(content) < _FRAGMENT or kind_of(question) is Kind.OTHER):
        return True
    return any(not _is_own(question, match) for match in _POINTS_BACK.finditer(question))


def _is_own(question: str, match: re.Match[str]) -> bool:
    """Whether a pronoun may refer to something named earlier in the same question.

    In "Amazon ... its technology" it may. In "the judge let them" it may not: a verb's object is
    not its subject, unless a new clause begins between the two.
    """
    before = question[: match.start()]
    if not (match["own"] or match["plain"]):
        return False
    named = _NAMED.search(before)
    if not named:
        return False
    return bool(match["own"]) or bool(_CLAUSE.search(before, named.end()))
