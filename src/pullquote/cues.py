"""Words of a sentence that have the form of an answer: a date for "when", a sum for "how much".

Forms only, no meaning: a cue makes a sentence likelier to answer, and is what the chat prints
strong inside a quote.
"""

from __future__ import annotations

import re

from pullquote.question import Kind
from pullquote.terms import terms

_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|Mar(?:ch|\.)|Apr(?:il|\.)|May|June?|July?|Aug(?:ust|\.)"
    r"|Sept?(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_COUNT = (
    r"(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
    r"|twenty|thirty|forty|fifty|half|most|none|nobody|no one)"
)
_NUMBER = (
    r"[$£€¥]?\d[\d,.]*\d?"
    r"(?:\s?(?:percent|per cent|%|million|billion|trillion|thousand|m|bn|k)\b|%)?"
)
_ABOUT = r"(?i:about|around|nearly|almost|roughly|some|more than|less than|at least|up to|over)"
#: What is counted: no word that only joins.
_THING = (
    r"(?!(?:to|was|were|is|are|has|had|and|or|in|on|at|by|for|from|a|the|of|as|that|which|who|with)\b)"
    r"[a-z]+"
)
#: A capital, also of the other Latin alphabets.
_CAPITAL = "[A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŐŘŚŞŠŰŹŻŽ]"

_FORMS: dict[Kind, re.Pattern[str]] = {
    Kind.WHEN: re.compile(
        rf"\b(?:(?i:in|on|at|since|until|by|from|before|after|early|late|mid)[\s-]+)*"
        rf"(?:{_MONTH}\s+\d{{1,2}}(?:,\s+\d{{4}})?|\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?"
        rf"|(?:(?:the\s+)?(?:spring|summer|autumn|fall|winter)\s+of\s+|{_MONTH}\s+)?(?:1[0-9]|20)\d\ds?"
        rf"|{_MONTH}(?=[\s,.;])|(?:(?:last|next|this)\s+)?{_DAY}"
        rf"|\d{{1,2}}(?::\d\d)?\s?[ap]\.?m\.?|noon|midnight|today|yesterday|tomorrow|tonight"
        r"|(?:last|next|this)\s+(?:week|month|year|spring|summer|autumn|fall|winter|decade|century)"
        r"|(?:\w+\s+)?(?:days?|weeks?|months?|years?|decades?|centuries)\s+(?:ago|later|earlier|before|after))"
    ),
    Kind.HOW_MANY: re.compile(
        rf"(?:{_ABOUT}\s+)?(?:{_NUMBER}|\b{_COUNT}\b)(?:[\s-](?:of\s+(?:the\s+)?)?{_THING})?",
    ),
    Kind.WHY: re.compile(
        r"\b(?:because(?:\s+of)?|since|so\s+that|in\s+order\s+to|due\s+to|owing\s+to|thanks\s+to|citing"
        r"|as\s+a\s+result\s+of|in\s+response\s+to|after|following|amid|over|to\s+(?:avoid|protect|prevent"
        r"|improve|help|make|keep|reduce|save|allow|ensure)|for\s+fear\s+of|on\s+the\s+grounds)\b[^.;]*",
        re.IGNORECASE,
    ),
    Kind.WHERE: re.compile(
        r"\b(?i:in|at|from|near|outside|inside|off|on|to|into|across|around|through)\s+(?:the\s+)?"
        rf"{_CAPITAL}[\w’'.-]*(?:\s+(?:of\s+|the\s+)?{_CAPITAL}[\w’'.-]*)*"
    ),
    Kind.WHO: re.compile(
        rf"\b{_CAPITAL}[\w’'-]+"
        rf"(?:\s+(?:{_CAPITAL}\.|of|and|for|the|de|van|von|al|bin)?\s?{_CAPITAL}[\w’'-]+)*"
    ),
}  # fmt: skip


def find_cue(kind: Kind, question: str, sentence: str) -> tuple[int, int] | None:
    """The first words of ``sentence`` with the form that ``kind`` asks for, as offsets.

    Words that only repeat the question are passed over. Kinds without a form have no cue.
    """
    form = _FORMS.get(kind)
    if form is None:
        return None
    asked = set(terms(question))
    for match in form.finditer(sentence):
        text = match.group()
        words = terms(text)
        # A capital at the start of a sentence makes no name of "The" or "It".
        if kind is Kind.WHO and not words:
            continue
        if not set(words) <= asked or (not words and kind is not Kind.WHO):
            return match.start(), match.start() + len(text.rstrip(" ,.:;")) or match.end()
    return None
