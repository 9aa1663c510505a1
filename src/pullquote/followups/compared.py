"""Rewrites "And X?" with the question before it: the same question about X.

Names and noun phrases are replaced whole. If it is not clear what X replaces, there is no rewritten
question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pullquote.followups.phrases import AUX, NAME, OPENERS, Phrase, names, phrases
from pullquote.text.terms import terms

LINK = r"(?:(?:and|but|so|or|ok|okay|then)\b[\s,]*)*"

_AND_X = re.compile(
    rf"(?:{LINK}(?:what|how)\s+about\s+|(?:and|but|or)\b[\s,]*(?:also\s+)?)(?P<x>[^?]*?)\s*[?!]*",
    re.IGNORECASE,
)
_LED = re.compile(
    r"(?P<preposition>according\s+to|in|on|at|for|to|from|with|by|after|before|during|against|of|about"
    r"|under|over|between)\s+(?P<of>.+)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)
_IS_OF = re.compile(rf"{LINK}(?:what|who)(?:\s+(?:is|was|are|were)|['’]s)\s", re.IGNORECASE)
#: Words for another time, not another subject.
_OTHER_TIME = re.compile(
    r"\b(?:before|after|earlier|later|year|season|month|week|day)s?\b", re.IGNORECASE
)
#: Words that make X a question of its own.
_ASKS = re.compile(
    r"\b(?:what|which|who|whom|when|where|why|how|that|this|it|then|last|others?|same|latter|former)\b",
    re.IGNORECASE,
)
#: A range of the previous question, and its replacement.
_Place = tuple[tuple[int, int], str]

#: The most words that X may have.
_LONGEST = 6


def _fragment(question: str, before: str) -> str | None:
    """The X of "And X?" or "What about X?"; ``None`` for other questions.

    "In feet?" and "Route 9?" count too if they can replace a part of ``before``.
    """
    text = question.strip()
    match = _AND_X.fullmatch(text)
    x = match["x"].strip() if match else text.rstrip("?! ")
    if not match and not stands_in(question, before):
        return None
    if x.endswith(".") and not re.search(r"\.\w*\.$", x):
        x = x.rstrip(".")
    x = re.sub(r"^how\s+(?:many|much)\s+", "", x, flags=re.IGNORECASE)
    opened = OPENERS.match(x) and not (_LED.match(x) or re.match(r"(?:the|an?)\b", x, re.I))
    if not x or opened or _ASKS.search(x) or len(x.split()) > _LONGEST:
        return None
    return x


def stands_in(question: str, before: str) -> bool:
    """Whether "In feet?" or "Route 9?" can only mean a part of ``before``.

    It begins with a preposition, or differs from a phrase of ``before`` in one word.
    """
    words = question.lower().rstrip(" ?!.").split()
    if not 1 < len(words) <= _LONGEST or _ASKS.search(question):
        return False
    if _LED.fullmatch(" ".join(words)):
        return re.search(rf"\s{AUX}\s", question, re.IGNORECASE) is None
    there = [before[phrase.start : phrase.end].lower().split() for phrase in phrases(before)]
    return any(
        len(words) == len(other) and sum(map(str.__eq__, words, other)) == len(words) - 1
        for other in there
    )


def compared(question: str, before: str) -> str | None:
    """ "And Microsoft?" after "What did IBM announce?": "What did Microsoft announce?"."""
    before = before.strip()
    x = _fragment(question, before)
    if x is None:
        return None
    span = next(_places(x, before), None)
    if span is not None:
        (start, end), told = span
        whole = f"{before[:start]}{told}{before[end:]}".rstrip(" ?!")
        return f"{whole}?"
    led = _LED.fullmatch(x)
    if led and not _OTHER_TIME.search(x):
        return f"{before.rstrip(' ?.!')} {x}?"
    return None


def _places(x: str, before: str) -> Iterator[_Place]:
    """The ranges that X may replace, the likeliest first, each with its replacement."""
    led = _LED.fullmatch(x)
    alone = led["of"] if led else x
    years = _YEAR.findall(x)
    if years and (there := list(_YEAR.finditer(before))):
        yield there[0].span(), years[0]
    if _OTHER_TIME.search(x):
        return
    found = phrases(before)
    yield from _of_one_kind(alone, before, found)
    if _ORDINAL.fullmatch(re.sub(r"^the\s+", "", x)):
        return
    if led:
        yield from _same_preposition(led["preposition"], alone, before, found)
        return
    yield from _subjects(x, before, found)


def _of_one_kind(x: str, before: str, found: Sequence[Phrase]) -> Iterator[_Place]:
    """ "the second" for "the first", "12" for "11", "a train ticket" for "a bus ticket"."""
    words = re.sub(r"^(?:the|an?)\s+|\s+ones?$", "", x, flags=re.IGNORECASE)
    numbers = list(re.finditer(r"\b\d+\b", before))
    ordinals = list(_ORDINAL.finditer(before))
    if re.fullmatch(r"\d+", words) and numbers:
        yield numbers[0].span(), words
    elif _ORDINAL.fullmatch(words):
        if ordinals:
            yield ordinals[0].span(), words
    elif re.search(r"\sones?$", x, re.IGNORECASE):
        plain = sorted(
            (phrase for phrase in found if not phrase.named), key=lambda phrase: not phrase.subject
        )
        if plain:
            head = before[plain[0].start : plain[0].end].split()[-1]
            yield (plain[0].start, plain[0].end), f"{x.rsplit(maxsplit=1)[0]} {head}"
        return
    own = {term for term in terms(x) if len(term) > 1 or term.isdigit()}  # not the "U" of "U.K."
    shared = [(len(own & set(terms(before[item.start : item.end]))), item) for item in found]
    most = max((count for count, _ in shared), default=0)
    for count, phrase in shared:
        if count and count == most:
            yield _span(phrase, before, x), x


def _same_preposition(
    preposition: str, x: str, before: str, found: Sequence[Phrase]
) -> Iterator[_Place]:
    """ "in Malmö" for "in Lund": phrases after the same preposition, the same kind first."""
    last = preposition.split()[-1].lower()
    led = [phrase for phrase in found if phrase.after == last]
    for phrase in sorted(
        led, key=lambda phrase: _kind(before[phrase.start : phrase.end]) != _kind(x)
    ):
        yield (phrase.start, phrase.end), x


def _subjects(x: str, before: str, found: Sequence[Phrase]) -> Iterator[_Place]:
    """The ranges for an X that shares no word with the previous question."""
    is_named = NAME.match(re.sub(r"^(?:the|an?)\s+", "", x, flags=re.IGNORECASE))
    has_article = re.match(r"(?:the|an?)\s", x, re.IGNORECASE)
    subjects = [phrase for phrase in found if phrase.subject]
    if is_named:
        for start, end in names(before):
            phrase = next((item for item in found if item.start <= start < item.end), None)
            if phrase and phrase.named:
                yield _span(phrase, before, x), x
            elif phrase and has_article:
                yield (phrase.start, phrase.end), x
            else:
                yield _owner((start, end), before, x), x
        for phrase in subjects or found[:1]:
            yield (phrase.start, phrase.end), x
        return
    counted = [phrase for phrase in found if phrase.counted]
    if not has_article and counted and (x.endswith("s") or not subjects):
        yield (counted[0].start, counted[0].end), x
    if not has_article:
        bare = [item for item in found if not (item.subject or item.named or item.counted)]
        bare = [item for item in bare if not re.match(r"(?:the|an?)\s", before[item.start :], re.I)]
        if len(bare) == 1 and bare[0].after == "of":
            yield (bare[0].start, bare[0].end), x
    for phrase in subjects:
        within = [name for name in names(before) if phrase.start <= name[0] < phrase.end]
        if not has_article and within and not phrase.named:
            yield within[0], x  # "and malmö" replaces the name in "the Lund mayor"
        yield (phrase.start, _with_of(phrase, before, found)), x
    if len(found) == 1:
        yield (found[0].start, found[0].end), x


def _span(phrase: Phrase, before: str, x: str) -> tuple[int, int]:
    """The whole phrase; only the owner in "IBM’s boss", unless X is a possessive too."""
    return _owner((phrase.start, phrase.end), before, x)


def _owner(span: tuple[int, int], before: str, x: str) -> tuple[int, int]:
    ending = r"['’]s?$"
    start, end = span
    if re.search(ending, x):
        return start, end + len((re.match(r"['’]s?\b", before[end:]) or [""])[0])
    told = re.sub(ending, "", before[start:end]) if re.match(r"\s+\w", before[end:]) else None
    return (start, start + len(told)) if told else span


def _with_of(phrase: Phrase, before: str, found: Sequence[Phrase]) -> int:
    """The end of "the mayor of Lund"; in "What is the price of wheat?", only of "the price"."""
    if _IS_OF.match(before):
        return phrase.end
    end = phrase.end
    for other in found:
        if before[end : other.start].strip().lower() == "of":
            end = other.end
    return end


def _kind(text: str) -> str:
    if _YEAR.fullmatch(text):
        return "year"
    return "name" if NAME.match(re.sub(r"^the\s+", "", text)) else "words"
