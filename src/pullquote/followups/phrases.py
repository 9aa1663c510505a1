"""Finds the names and noun phrases of an English question.

It uses function words and capital letters instead of a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pullquote.text.names import CAPITALS

AUX = (
    r"(?:can['’]t|won['’]t|(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should"
    r"|may|might|must)(?:n['’]t)?)"
)
_TITLE = r"(?:Dr|Mr|Mrs|Ms|St|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Rev|Mt)\."
#: "U.S.", "J.", "iPhone", "A320", "O'Brien": one word of a name.
_INITIALS = rf"(?:[{CAPITALS}]\.)+(?:[{CAPITALS}]\b(?!\.))?"
_WORD = rf"(?:{_TITLE}|{_INITIALS}|[a-z]?[{CAPITALS}][\w&-]*(?:['’](?!s\b)\w+)?)"
_JOINED = (
    r"(?:(?:of(?:\s+the)?|and|for|the|de|del|della|da|di|du|la|van|von|der|den|al|bin|ibn)\s+)"
)
#: One or more capitalised words in a row, with joining words ("of the") and numbers.
NAME = re.compile(
    rf"(?<![\w’'])(?:\d+\s+)?{_WORD}(?:\s+(?:{_JOINED}{{0,2}}{_WORD}|\d+(?![\w/:])))*"
    rf"(?:['’]s\s+{_WORD}(?:\s+{_WORD})*)*"
)
#: Words that are capitalised at the start of a question but are not names.
OPENERS = re.compile(
    rf"(?:what|which|who|whom|whose|when|where|why|how|and|but|so|or|since|until|in|on|at|by|if|for"
    rf"|to|from|with|of|about|according|after|before|during|under|tell|show|give|name|list|please"
    rf"|the|a|an|{AUX})\b",
    re.IGNORECASE,
)
PARTICIPLE = re.compile(
    r"\b(?:\w{2,}(?:ed|ing|own|en|ught|eld)|made|paid|built|sold|sent|found|lost|left|cut|set|put|hit"
    r"|shut|done|gone|begun|hurt|allowed|able|won|spent|kept|held|told|said|led|met|born)\b"
)
_PREDICATE = re.compile(
    rf"{PARTICIPLE.pattern}|\b(?:open|free|full|empty|safe|legal|illegal|ready|available|due)\b"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DETERMINERS = _set("the a an its their his her this that these those some any no")
_HELPS = _set("do does did can could will would should may might must")
_IS = _set("is are was were has have had")
_BEFORE_VERB = _set("still already also really ever never not only")
_FUNCTION = (
    _set(
        """and but or so if than as about above after against at before behind below between by
        during for from in into near of off on onto out over since through to toward towards under
        until up with within without according what which who whom whose when where why how many
        much he she it they him them i you we us there here then now again today tomorrow yesterday
        yet be been being isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't
        can't couldn't won't wouldn't shouldn't"""
    )
    | _HELPS
    | _IS
    | _BEFORE_VERB
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """``question[start:end]``, including its article; ``after`` is the function word before it.

    ``named``: it is a name and nothing else. ``counted``: "how many" counts it. ``subject``: it
    follows the auxiliary.
    """

    start: int
    end: int
    after: str = ""
    named: bool = False
    counted: bool = False
    subject: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    kind: str  # "f"unction word, "d"eterminer, "n"ame, "w"ord


def names(question: str) -> list[tuple[int, int]]:
    """The ranges of the names in a question, without a possessive ending."""
    found = []
    for match in NAME.finditer(question):
        start, text = match.start(), match.group()
        if not question[:start].strip():
            while opener := OPENERS.match(text):
                start += opener.end()
                text = question[start : match.end()]
                start, text = start + len(text) - len(text.lstrip()), text.lstrip()
            if not text or not NAME.match(text):
                continue
        elif OPENERS.fullmatch(text):
            continue  # the start of a second question
        found.append((start, match.end()))
    return found


def phrases(question: str) -> list[Phrase]:
    """The noun phrases of a question, in order."""
    found: list[Phrase] = []
    run: list[_Token] = []
    before = ""
    for token in [*_tokens(question), _Token(len(question), len(question), "f")]:
        word = question[token.start : token.end].lower()
        if run and (token.kind in "fd" or _parts(run, token)):
            follows = word if token.kind == "f" else ""
            found += _phrases_of(run, before, follows, question, found)
            before, run = "", []
        if token.kind == "f":
            before = f"how {word}" if before == "how" and word in ("many", "much") else word
        else:
            run.append(token)
    return found


def _parts(run: list[_Token], token: _Token) -> bool:
    """Whether a name begins a phrase of its own: "the E.U. offer | Ukraine"."""
    kinds = [item.kind for item in run]
    return token.kind == "n" and kinds[-1] == "w" and kinds != ["d", "w"]


def _tokens(question: str) -> Iterator[_Token]:
    named = names(question)
    at = 0
    for start, end in [*named, (len(question), len(question))]:
        for match in re.finditer(r"[\w][\w’'-]*|[,;:]", question[at:start]):
            word = match.group().lower().replace("’", "'")
            kind = "d" if word in _DETERMINERS else "w"
            if word in _FUNCTION or not word[0].isalnum():
                kind = "f"
            if word not in ("s", "'s"):
                yield _Token(at + match.start(), at + match.end(), kind)
        if start < end:
            owner = re.match(r"['’]s?\b", question[end:])
            at = end + (owner.end() if owner else 0)
            yield _Token(start, at, "n")


def _phrases_of(
    run: list[_Token], before: str, follows: str, question: str, found: list[Phrase]
) -> Iterator[Phrase]:
    """The phrases in a run of tokens, without words that are likely verbs."""
    content = [token for token in run if token.kind != "d"]
    texts = [question[item.start : item.end] for item in content]
    is_verb = len(run) == 1 and PARTICIPLE.fullmatch(texts[0] if texts else "")
    if not content or (is_verb and before in {"", "be", "been", "being", *_IS}):
        return
    first, last = content[0], content[-1]
    is_owner = first.kind == "n" and re.search(r"['’]s?$", texts[0])
    has_article = run[0].kind == "d" or bool(is_owner)
    # "the ferry | sank" has a verb, "article 17" has none.
    verb_last = len(content) > 1 and last.kind == "w" and not texts[-1].isdigit()
    verb_last = verb_last and follows not in _BEFORE_VERB
    shorter = content[-2] if verb_last else last

    def phrase(start: int, end: int) -> Phrase:
        named = all(item.kind == "n" for item in content if start <= item.start and item.end <= end)
        return Phrase(start, end, before, named)

    if before in _HELPS or (before in _IS and not any(item.subject for item in found)):
        is_bare = not has_article and first.kind == "w"
        if is_bare and verb_last and before in _HELPS:
            # "can adults buy season passes"
            plurals = [n for n, text in enumerate(texts[:-1]) if text.endswith("s")]
            until = plurals[-1] if plurals else 0
            yield replace(phrase(first.start, content[until].end), subject=True)
            if content[until + 2 :]:
                yield replace(phrase(content[until + 2].start, last.end), after="")
            return
        if first.kind == "n" and not has_article:
            last = first
        elif (before in _HELPS and follows not in ("be", "have")) or (
            before in _IS and _ends_in_predicate(question, texts[-1], follows)
        ):
            last = shorter
        yield replace(phrase(run[0].start, last.end), subject=True)
    elif before in ("how many", "how much", "which", "what"):
        last = last if follows in _HELPS | _IS else shorter
        yield replace(phrase(run[0].start, last.end), counted=before.startswith("how"))
    elif before == "how":
        return  # "how high"
    elif before == "who" and not has_article and first.kind == "w":
        if content[1:]:
            yield replace(phrase(content[1].start, last.end), after="")
    elif before == "of" and found and found[-1].subject and found[-1].after in _HELPS and verb_last:
        yield phrase(run[0].start, shorter.end)
    elif first.kind == "n" and not has_article:
        yield phrase(first.start, first.end)
    else:
        yield phrase(run[0].start, last.end)


def _ends_in_predicate(question: str, last: str, follows: str) -> bool:
    """Whether ``last`` is a predicate: "Is the pool open?", "Why was the coach fired?"."""
    if _PREDICATE.fullmatch(last):
        return True
    opened = re.match(rf"(?:(?:and|but|so)\s+)?(?:why\s+)?{AUX}\b", question, re.IGNORECASE)
    return bool(opened) and follows not in ("be", "been", "of")
