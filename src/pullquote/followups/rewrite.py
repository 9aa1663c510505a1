"""Rewrites a follow-up with the question before it, so that it can be understood alone.

The rules are for English and match words, without a parser. Each returns ``None`` when it does not
apply; if no rule applies, the two questions are simply asked together.
"""

from __future__ import annotations

import re

from pullquote.followups.compared import LINK
from pullquote.followups.phrases import AUX, NAME, PARTICIPLE, names, phrases

#: Question words that ask for a circumstance; one can replace another.
_CIRCUMSTANCE = (
    r"(?:why(?:\s+not)?|when|where|since\s+when|until\s+when|how\s+come|by\s+whom"
    r"|(?:for\s+)?how\s+(?:long|often|soon|far|fast)|how"
    r"|(?:in|on|at|by|since|until)\s+(?:which|what)\s+\w+)"
)
#: "Why?", "Since when?", "Why is that?", "when was that exactly".
_BARE = re.compile(
    rf"{LINK}(?P<word>{_CIRCUMSTANCE})"
    r"(?:[\s,]+(?:is|was|were|are|did|do|does|has)\s+(?:that|this|it|they|he|she)"
    r"(?:\s+(?:be|so|happen(?:ed)?|the\s+case|do(?:ne)?\s+(?:that|this|it|so)))?"
    r"|[\s,]+(?:that|this|so))?"
    r"(?:[\s,]+(?P<tail>there|now|then|exactly|again|though|only))?\s*[?.!]*",
    re.IGNORECASE,
)
#: A question split into question word, auxiliary and the rest.
_ASKED = re.compile(
    rf"{LINK}(?:(?P<measure>(?:for\s+)?how\s+(?!many\b|much\b|come\b)(?P<degree>\w+))\s+"
    rf"|(?P<circumstance>{_CIRCUMSTANCE})\s+"
    r"|(?P<object>what|whom|(?P<which>which|how\s+(?P<many>many|much))(?P<what>(?:\s+\w+){0,3}?))\s+)?"
    rf"\b(?P<aux>{AUX})\s+(?P<rest>\S.*?)\s*[?.!]*",
    re.IGNORECASE,
)
#: Verbs that are measured themselves: "How long did the strike last?".
_LASTS = re.compile(r"\b(?:last|take|been?|go|fall|rise|grow)$", re.IGNORECASE)
_DO = re.compile(
    r"(?:do|does|did|will|won|would|can|could|should|has|have|had|must)\b", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"\b(?:about|on|in|at|to|from|for|with|by|after|before|during|against|since|last|this|next"
    r"|yesterday|today)\b",
    re.IGNORECASE,
)

#: After "her", these words show that it is an object: "Why did they fire her in March?".
_PERSON = re.compile(
    r"\b(?P<own>his|her(?=\s+\w)(?!\s+(?:an?|the|in|on|at|to|from|for|with|by|about|after|before"
    r"|during|yesterday|today|last|this|that|and|or|when|if|because|as|again|out|up)\b))\b"
    r"|\b(?:he|she|him|her)\b",
    re.IGNORECASE,
)
_THING = re.compile(r"\b(?P<own>its|their)\b|\b(?:it|they|them)\b", re.IGNORECASE)
_HAPPENS = re.compile(r"\b(?:it|they)\s+(?:happen|occur|take\s+place|mean|matter)", re.IGNORECASE)
#: "Who is the mayor of Lund?", "What is Rekognition?".
_IS = re.compile(r"(?:who|what)(?:\s+(?:is|was|are|were)|['’]s)\s+(?P<what>[^?]+?)\s*\?*", re.I)
_NOUN_PHRASE = re.compile(r"(?:the|an?|his|her|its|their)\s", re.IGNORECASE)
_ASKS_NAME = re.compile(
    rf"{LINK}(?:who|whose|which\s+(?!{AUX}\b)\w+|what\s+(?:company|firm|agency|city|country|team"
    r"|group|school|hospital|person))\b",
    re.IGNORECASE,
)
_WHAT_DID = re.compile(rf"{LINK}what\s+{AUX}\b", re.IGNORECASE)


def is_bare(question: str) -> bool:
    """Whether the question is only a question word, such as "Why?" or "Since when?"."""
    return _BARE.fullmatch(question.strip()) is not None


def turned(question: str, before: str) -> str | None:
    """ "Why?" after "Did the ferry sink?": "Why did the ferry sink?"."""
    bare = _BARE.fullmatch(question.strip())
    asked = _ASKED.fullmatch(before.strip())
    rest = _event(asked) if asked else None
    if not bare or not asked or not rest:
        return None
    aux, word = asked["aux"].lower(), " ".join(bare["word"].lower().split())
    tail = (bare["tail"] or "").lower()
    tail = f" {tail}" if tail in ("now", "there") else ""
    is_why = word in ("why", "how come")
    if asked["measure"]:
        is_event = PARTICIPLE.search(rest) or _DO.match(aux)
        if is_why and (not is_event or _LASTS.search(rest)):
            return f"Why {aux} {rest} that {asked['degree'].lower()}?"
        if not is_event:
            return None  # "How old is the treaty?" is not about an event
    if word == "why not":
        word, aux, rest = "why", *_negated(aux, rest)
    elif is_why:
        word = "why"
    return f"{word[0].upper()}{word[1:]} {aux} {rest}{tail}?"


def _event(asked: re.Match[str]) -> str | None:
    """The event asked about, as it follows the auxiliary; ``None`` if there is no event."""
    rest, is_be = str(asked["rest"]), not _DO.match(asked["aux"])
    what = (asked["what"] or "").strip()
    if asked["which"] and what and (PARTICIPLE.match(rest) or re.match(r"be(?:en)?\b", rest)):
        # "How many people | were evacuated", "Which bridge | was closed".
        return f"{what} {rest}" if asked["many"] else f"the {what} {rest}"
    if asked["many"]:
        return rest if is_be else _with_object(rest, f"that {asked['many'].lower()} {what}".strip())
    if asked["object"]:
        # "Which city was the first?" names no event; "What is it accused of?" does.
        if is_be and not re.search(r"(?:ed|ing|en|own)(?:\s+(?:of|for|with|about|by))?$", rest):
            return None
        return _with_object(rest, "that")
    # No event: "Where is the port", "When is the vote". "Is it safe?" is a state with a reason.
    is_told = not asked["circumstance"] or asked["circumstance"].lower().startswith("why")
    return rest if not is_be or is_told or PARTICIPLE.search(rest) else None


def counted(question: str, before: str) -> str | None:
    """ "Which ones?" after "How many agencies use it?": "Which agencies use it?"."""
    which = re.fullmatch(
        rf"{LINK}(?P<word>which|who)(?:\s+ones?)?\s*[?.!]*", question.strip(), re.I
    )
    many = re.match(rf"{LINK}how\s+many\s+(?P<rest>.+)", before.strip(), re.IGNORECASE)
    return f"Which {many['rest']}" if which and many else None


def _negated(aux: str, rest: str) -> tuple[str, str]:
    if aux in ("may", "might"):
        return aux, f"not {rest}"
    if aux.endswith(("n't", "n’t")):
        return aux, rest
    return {"will": "won’t", "can": "can’t"}.get(aux, f"{aux}n’t"), rest


def _with_object(rest: str, named: str) -> str:
    """Put the object that was asked for into the clause: "IBM announce that on Tuesday"."""
    words = rest.split()
    for match in _PREPOSITION.finditer(rest):
        if len(rest[: match.start()].split()) >= 2:
            return f"{rest[: match.start()]}{named} {rest[match.start() :]}"
    return f"{rest} {named}" if len(words) <= 6 else rest


def resolved(question: str, before: str, answer: str) -> str | None:
    """The question with its pronoun replaced by what it refers to; ``None`` if that is unclear.

    ``answer`` are the words that answered the previous question; empty when nothing did.
    """
    for form, person in ((_PERSON, True), (_THING, False)):
        match = form.search(question)
        if not match:
            continue
        if not person and _HAPPENS.search(question):
            return None  # "it" is the event, not the thing
        is_many = match.group().lower().startswith("th")
        meant = _meant(before, answer, person, is_many)
        if meant is None:
            return None
        if match["own"]:
            meant += "’" if meant.endswith("s") else "’s"
        return f"{question[: match.start()]}{meant}{question[match.end() :]}"
    return None


def _meant(before: str, answer: str, person: bool, is_many: bool) -> str | None:
    before = before.strip()
    found = [before[slice(*item)] for item in names(before)]
    name = NAME.search(answer)
    called = name.group() if name and len(answer.split()) <= 8 else None
    is_ = _IS.fullmatch(before)
    if is_ and found and is_["what"].startswith(found[0]):
        return found[0]  # "Who is Daniel Castro?", "What is Lumenote accused of?"
    if is_ and _NOUN_PHRASE.match(is_["what"]) and len(is_["what"].split()) <= 8:
        # "Who is the mayor of Lund?": the mayor's name, if the answer has it.
        return called if person and called else is_["what"]
    if _ASKS_NAME.match(before):
        return called
    if person:
        return found[0] if found else called
    if _WHAT_DID.match(before):
        return None  # "it" may be what was done, not who did it
    things = [thing for thing in phrases(before) if not thing.counted]
    if len(found) == 1:
        start = names(before)[0][0]
        things = [thing for thing in things if thing.start <= start < thing.end]
    if len(things) != 1 or len(found) > 1:
        return None
    told = before[things[0].start : things[0].end]
    if not things[0].named and is_many != told.endswith("s"):
        return None
    return re.sub(r"^an?\s", "the ", re.sub(r"['’]s$", "", told))
