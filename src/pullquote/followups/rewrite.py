"""A follow-up and the question before it -> one question that can be understood alone.

Rules over words, for English: there is no parser here. Each rule either knows what to put where, or
returns ``None``; then the two questions are simply asked together.
"""

from __future__ import annotations

import re

_AUX = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)"
    r"(?:n['’]t)?"
)
_LINK = r"(?:(?:and|but|so|or|ok|okay|then)\b[\s,]*)*"
_CAPITAL = "A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŐŘŚŞŠŰŹŻŽ"

#: Question words that ask for a circumstance: any other can take their place.
_CIRCUMSTANCE = (
    r"(?:why(?:\s+not)?|when|where|since\s+when|until\s+when|how\s+come"
    r"|(?:for\s+)?how\s+(?:long|often|soon|far|fast)|how"
    r"|(?:in|on|at|by|since|until)\s+(?:which|what)\s+\w+)"
)
#: "Why?", "Since when?", "Why is that?", "when was that exactly".
_BARE = re.compile(
    rf"{_LINK}(?P<word>{_CIRCUMSTANCE})"
    r"(?:[\s,]+(?:is|was|were|are|did|do|does|has)\s+(?:that|this|it|they|he|she)"
    r"(?:\s+(?:be|so|happen(?:ed)?|the\s+case|do(?:ne)?\s+(?:that|this|it|so)))?"
    r"|[\s,]+(?:that|this|so))?"
    r"(?:[\s,]+(?P<tail>now|then|exactly|again|though|only))?\s*[?.!]*",
    re.IGNORECASE,
)
#: A question as: question word, auxiliary, the rest.
_ASKED = re.compile(
    rf"{_LINK}(?:(?P<circumstance>{_CIRCUMSTANCE})\s+"
    r"|(?P<object>what|whom|which\s+(?:\w+\s+){1,3}?|how\s+(?:many|much)\s+(?:\w+\s+){0,3}?)\s*)?"
    rf"\b(?P<aux>{_AUX})\s+(?P<rest>\S.*?)\s*[?.!]*",
    re.IGNORECASE,
)
_DO = re.compile(r"(?:do|does|did|will|would|can|could|should|has|have|had|must)\b", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"\b(?:\w{2,}(?:ed|ing|own|en|ught|eld)|made|paid|built|sold|sent|found|lost|left|cut|set|put|hit"
    r"|shut|done|gone|begun|hurt|allowed|able)\b"
)
_PREPOSITION = re.compile(
    r"\b(?:about|on|in|at|to|from|for|with|by|after|before|during|against|since|last|this|next"
    r"|yesterday|today)\b",
    re.IGNORECASE,
)

#: "And Microsoft?", "What about the state?", "and in 2019?".
_AND_X = re.compile(
    rf"(?:{_LINK}(?:what|how)\s+about\s+|(?:and|but|or)\b[\s,]*(?:also\s+)?)(?P<x>[^?]*?)\s*[?.!]*",
    re.IGNORECASE,
)
#: "the police" of "Are the police banned?".
_SUBJECT = re.compile(
    rf"(?:.*?\s)?{_AUX}\s+(?P<np>(?:the|an?)\s+[a-z-]+(?!\s+(?-i:[{_CAPITAL}]))"
    r"|[a-z-]+s(?=\s+[a-z]))\b",
    re.IGNORECASE,
)
_WITH_PREPOSITION = re.compile(
    r"(?P<preposition>according\s+to|in|on|at|for|to|from|with|by|after|before|during|against|of|about)\s+(?P<of>.+)",
    re.IGNORECASE,
)
#: One or more capitalised words in a row, with what may join them.
_NAME = re.compile(
    rf"(?:\b(?:Dr|Mr|Mrs|Ms|St)\.\s+)?\b[{_CAPITAL}][\w&-]*(?:['’](?!s\b)\w+)?"
    rf"(?:\s+(?:(?:of|and|for|the|de|van|von|al|bin)\s+)?[{_CAPITAL}][\w&-]*(?:['’](?!s\b)\w+)?)*"
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
#: Words that stand at the start of a question without being a name.
_OPENERS = re.compile(
    rf"(?:what|which|who|whom|whose|when|where|why|how|and|but|so|or|since|until|in|on|at|by|if"
    rf"|tell|show|give|name|list|please|the|a|an|{_AUX})\b",
    re.IGNORECASE,
)

_PERSON = re.compile(r"\b(?P<own>his|hers?(?=\s+\w))\b|\b(?:he|she|him|her)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?P<own>its|their)\b|\b(?:it|they|them)\b", re.IGNORECASE)
#: "Who is the mayor of Lund?", "What is Rekognition?".
_IS = re.compile(r"(?:who|what)(?:\s+(?:is|was|are|were)|['’]s)\s+(?P<what>[^?]+?)\s*\?*", re.I)
_NOUN_PHRASE = re.compile(r"(?:the|an?|his|her|its|their)\s", re.IGNORECASE)
_ASKS_NAME = re.compile(
    rf"{_LINK}(?:who|whose|which\s+(?!{_AUX}\b)\w+|what\s+(?:company|firm|agency|city|country|team"
    r"|group|school|hospital|person))\b",
    re.IGNORECASE,
)
_WHAT_DID = re.compile(rf"{_LINK}what\s+{_AUX}\b", re.IGNORECASE)


def is_bare(question: str) -> bool:
    """Whether the question is a question word, and nothing that it asks about."""
    return _BARE.fullmatch(question.strip()) is not None


def turned(question: str, before: str) -> str | None:
    """ "Why?" after "Did the ferry sink?": "Why did the ferry sink?"."""
    bare = _BARE.fullmatch(question.strip())
    asked = _ASKED.fullmatch(before.strip())
    if not bare or not asked:
        return None
    rest = asked["rest"]
    is_be = not _DO.match(asked["aux"])
    if asked["object"]:
        # "Which city was the first": what follows is no event, but in "What is it accused of?".
        if is_be and not re.search(r"(?:ed|ing|en|own)(?:\s+(?:of|for|with|about|by))?$", rest):
            return None
        rest = _with_object(rest)
    # "Who is", "How long is the ban": what follows is no event that has a reason or a date.
    if is_be and not _PARTICIPLE.search(rest):
        return None
    word = " ".join(bare["word"].split())
    aux = asked["aux"].lower()
    if re.fullmatch(r"how\s+come", word, re.IGNORECASE):
        word = "Why"
    if re.fullmatch(r"why\s+not", word, re.IGNORECASE):
        word, aux = "Why", aux if aux.endswith("t") else _negated(aux)
    tail = f" {bare['tail'].lower()}" if bare["tail"] and bare["tail"].lower() == "now" else ""
    return f"{word[0].upper()}{word[1:].lower()} {aux} {rest}{tail}?"


def counted(question: str, before: str) -> str | None:
    """ "Which ones?" after "How many agencies use it?": "Which agencies use it?"."""
    which = re.fullmatch(
        rf"{_LINK}(?P<word>which|who)(?:\s+ones?)?\s*[?.!]*", question.strip(), re.I
    )
    many = re.match(rf"{_LINK}how\s+many\s+(?P<rest>.+)", before.strip(), re.IGNORECASE)
    return f"Which {many['rest']}" if which and many else None


def _negated(aux: str) -> str:
    return {"will": "won’t", "can": "can’t", "may": "may not"}.get(aux, f"{aux}n’t")


def _with_object(rest: str) -> str:
    """The object that was asked for, named again: "IBM announce that on Tuesday"."""
    words = rest.split()
    for match in _PREPOSITION.finditer(rest):
        if len(rest[: match.start()].split()) >= 2:
            return f"{rest[: match.start()]}that {rest[match.start() :]}"
    return f"{rest} that" if len(words) <= 6 else rest


def compared(question: str, before: str) -> str | None:
    """ "And Microsoft?" after "What did IBM announce?": "What did Microsoft announce?"."""
    x = fragment(question)
    if x is None:
        return None
    before = before.strip()
    years = _YEAR.findall(x)
    if years and (there := list(_YEAR.finditer(before))):
        return _put(before, there[0].span(), years[0])
    if re.search(r"\b(?:before|after|earlier|later|year|season|month|week|day)\b", x, re.I):
        return None  # another time, and no other subject
    numbers = list(re.finditer(r"\b\d+\b", before))
    if re.fullmatch(r"(?:the\s+)?\d+", x) and numbers:
        return _put(before, numbers[0].span(), x.split()[-1])
    prepositional = _WITH_PREPOSITION.fullmatch(x)
    if prepositional:
        return _put_phrase(before, prepositional["preposition"], prepositional["of"])
    found = [] if _IS.fullmatch(before) else names(before)
    subject = _SUBJECT.match(before)
    if not _NAME.match(x):
        if subject:
            return _put(before, subject.span("np"), x)
        # "and microsoft", as people type; "and the mayor" is of no company's kind.
        typed = re.fullmatch(r"[a-z.&’'-]+(?:\s[a-z.&’'-]+)?", x)
        found = found[:1] if len(found) == 1 or typed else []
    if found:
        return _put(before, found[0], x)
    return None


def fragment(question: str) -> str | None:
    """What "And X?" or "What about X?" names; ``None`` of a question that has a verb of its own."""
    text = question.strip()
    match = _AND_X.fullmatch(text)
    if not match:
        return None
    x = match["x"].strip()
    opened = _OPENERS.match(x) and not re.match(r"(?:in|on|at|by|the|an?)\b", x, re.IGNORECASE)
    asks = re.search(
        r"\b(?:what|which|who|whom|when|where|why|how|that|this|it|then|first|second|last|others?|same"
        r"|latter|former)\b",
        x,
        re.IGNORECASE,
    )
    return x if x and not opened and not asks and len(x.split()) <= 6 else None


def _put_phrase(before: str, preposition: str, what: str) -> str | None:
    same = re.search(
        rf"\b(?i:{preposition})\s+(?P<of>(?:the\s+)?(?:[{_CAPITAL}][\w’'-]*|\d+)"
        rf"(?:\s+[{_CAPITAL}][\w’'-]*)*|the\s+[a-z]+)",
        before,
    )
    if same:
        return _put(before, same.span("of"), what)
    return f"{before.rstrip(' ?.!')} {preposition} {what}?"


def _put(text: str, span: tuple[int, int], other: str) -> str:
    told = text[: span[0]] + other + text[span[1] :]
    return told if told.endswith("?") else told + "?"


def names(question: str) -> list[tuple[int, int]]:
    """The ranges of the names in a question, possessive endings left out."""
    found = []
    for match in _NAME.finditer(question):
        start, text = match.start(), match.group()
        if not question[:start].strip():
            opener = _OPENERS.match(text)
            while opener:
                start += opener.end()
                text = question[start : match.end()]
                cut = len(text) - len(text.lstrip())
                start, text = start + cut, text.lstrip()
                opener = _OPENERS.match(text)
            if not text or not text[0].isupper():
                continue
        elif _OPENERS.fullmatch(text):
            continue  # of two questions that are asked together
        found.append((start, match.end()))
    return found


def resolved(question: str, before: str, answer: str) -> str | None:
    """The question with its pronoun replaced by what it stands for, if that is plain.

    ``answer`` are the words that answered the question before; empty when nothing did.
    """
    for form, person in ((_PERSON, True), (_THING, False)):
        match = form.search(question)
        if not match:
            continue
        meant = _meant(before, answer, person)
        if meant is None:
            return None

        def put(found: re.Match[str], meant: str = meant) -> str:
            if found["own"]:
                return meant + ("’" if meant.endswith("s") else "’s")
            return meant

        return form.sub(put, question, count=1)
    return None


def _meant(before: str, answer: str, person: bool) -> str | None:
    before = before.strip()
    found = [before[slice(*it)] for it in names(before)]
    name = _NAME.search(answer)
    called = name.group() if name and len(answer.split()) <= 8 else None
    is_ = _IS.fullmatch(before)
    if is_ and found and is_["what"].startswith(found[0]):
        return found[0]  # "Who is Daniel Castro?", "What is Lumenote accused of?"
    if is_ and _NOUN_PHRASE.match(is_["what"]) and len(is_["what"].split()) <= 8:
        # "Who is the mayor of Lund?": her name, if the answer has it.
        return called if person and called else is_["what"]
    if _ASKS_NAME.match(before):
        return called
    if not person and (not found or _WHAT_DID.match(before)):
        return None  # what was done, and not who did it, may be meant
    if len(found) == 1 or (person and found):
        alone = re.search(rf"{re.escape(found[0])}(?:['’]s\b|\s+[a-z]+\b)?", before)
        owner = alone is not None and ("’s" in alone.group() or "'s" in alone.group())
        return None if owner and not person else found[0]
    return called if person and not found else None
