"""Decides whether a terminator ends its sentence, by an ordered list of rules.

Each rule returns ``True`` (it ends), ``False`` (it does not) or ``None`` (the rule does not apply).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from pullquote.text.segment import abbreviations as words
from pullquote.text.segment import quotations
from pullquote.text.segment.characters import (
    BRACKETS_CLOSE,
    CJK_STOPS,
    QUOTES,
    REACH,
    WORD,
)
from pullquote.text.segment.stops import Stop, stem, word_before

#: With fewer words before it, a clock time does not end a sentence.
_WORDS_OF_A_TIME = 3

_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ROMAN = re.compile(r"[IVXLC]+\b(?!['’])")
_TITLE_CASE = re.compile(r"[^\W\d_a-z][\w'’-]{0,30}\s[^\W\d_a-z]")
_CITATION = re.compile(r"\([^()]{1,60}\)[.,;]")
_EMOTICON = re.compile(r"[:;]-?[()DP](?:\s|$)")
_LONE_LETTER = re.compile(r"[^\W\d_]\.")


def _splits_grapheme(stop: Stop) -> bool | None:
    """A space and a combining mark form one visible character: never split them."""
    return False if _extends(stop.text[stop.next]) else None


def _extends(char: str) -> bool:
    """The character belongs to the one before it: a combining mark, a joiner, a skin tone."""
    return (
        unicodedata.category(char)[0] == "M"
        or char in "\u200c\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _cjk(stop: Stop) -> bool | None:
    """。！？ end a sentence without a space, but 「…！」と goes on."""
    if stop.mark[-1] not in CJK_STOPS:
        return None
    return not (stop.closers and stop.text[stop.next] in "とっ，、,")


def _touching(stop: Stop) -> bool | None:
    """No space after: a number, a name, a URL, or a missing space. Split only if clear."""
    if stop.next > stop.end:
        return None
    if not stop.word[:1].isupper():
        return False
    if stop.closers:
        return None if stop.quoted or stop.starter else False
    if stop.word_at > stop.next:
        return None if stop.text[stop.next] in '“"«„‘' or stop.starter else False
    if stop.text[stop.at - 1] in BRACKETS_CLOSE:  # "(Lee, 2009).The"
        return None if stop.plain and len(stop.word) > 1 and stop.word[1:].islower() else False
    clear = stop.token.isalpha() and stop.token.islower() and not _is_listed(stop.token)
    return None if clear and stop.starter and stop.mark in ".?!" and _bare(stop) else False


def _bare(stop: Stop) -> bool:
    """Whether the word before the terminator stands alone, not in an address or a path."""
    before = stop.at - len(stop.token)
    return (
        before <= stop.first or stop.text[before - 1].isspace() or stop.text[before - 1] in QUOTES
    )


def _goes_on(stop: Stop) -> bool | None:
    """What follows cannot begin a sentence: lower case, a comma, a closing bracket."""
    char = stop.char
    if stop.word and stop.word.islower():
        return None if _writes_lower(stop) else False
    if char in ",;:%/&=)]}":
        return None if _EMOTICON.match(stop.text, stop.word_at, stop.limit) else False
    if char in ".!?…" and not stop.number:
        return None if stop.word_at > stop.next else False  # "[…]" can begin a sentence
    if stop.quoted and _CITATION.match(stop.text, stop.next, stop.limit):
        return False  # "“It is so.” (Lee 55)."
    if stop.quoted and stop.number and stop.text[stop.next] == "(":
        return False  # "“Who Is It?” (2007)"
    # "many — oh so many! — such cases"
    return False if char in "-–—" and (stop.quoted or stop.asks) else None


def _writes_lower(stop: Stop) -> bool:
    """Whether this sentence begins in lower case too: then the writer does not capitalise."""
    return (
        stop.text[stop.first].islower()
        and not stop.closers
        and stop.mark[0] in ".!?"
        and stop.mark[:2] != ".."
        and stop.token.isalpha()
        and not _is_listed(stop.token)
    )


def _is_listed(token: str) -> bool:
    """Whether the token is a known abbreviation, a single letter or dotted letters."""
    lower = token.lower().replace("’", "'")
    return len(token) == 1 or "." in token or any(
        lower in group
        for group in (
            words.TITLES, words.MONTHS, words.PLACES, words.CORPORATE,
            words.NUMBERED, words.LEADING, words.OTHERS, words.CLOCK,
        )
    )  # fmt: skip


def _in_aside(stop: Stop) -> bool | None:
    """ "The firm (listed in Oslo. It is small.) fell" is one sentence."""
    if stop.within_aside:
        return False
    if stop.closes_aside and stop.asks and not stop.starter:
        return False
    return False if stop.asks and stop.closers and stop.text[stop.at - 1] in "([" else None  # "(!)"


def _exclaiming_name(stop: Stop) -> bool | None:
    """ "Yahoo! Inc.", "Mamma Mia! Here We Go Again", "Which? Editor Ann Lee"."""
    if stop.closers or not stop.asks or not stop.token[:1].isupper():
        return None
    if not stop.opens_sentence and _TITLE_CASE.match(stop.text, stop.word_at, stop.limit):
        return None if stop.mark != "!" else False
    if stop.token.lower() not in words.BANG_NAMES:
        return None
    return stop.starter if stop.mark == "!" else stop.word.lower() not in words.AFTER_BANG_NAMES


def _hesitates(stop: Stop) -> bool | None:
    """ "I ... I do not know", "about ... 50"."""
    if stop.plain or stop.asks or stop.closers:
        return None
    token = word_before(stop.text, stop.first, stop.at - (stop.text[stop.at - 1] == " "))
    return False if stop.number or (stop.word and stop.word.lower() == token.lower()) else None


def _item_number(stop: Stop) -> bool | None:
    """ "1. Be kind." and "two rules: 1. Be kind."."""
    if not (stop.plain and stop.token.isdecimal() and len(stop.token) < 3):
        return None
    if stop.word.lower() in words.DAY_FIRST_MONTHS and not stop.closers:
        return False
    if stop.closers not in ("", ")"):
        return None
    start = stop.at - len(stop.token)
    listed = stop.text[max(stop.first, start - 3) : start].rstrip().endswith((":", ";"))
    return False if stop.opens_sentence or listed else None


def _numbered(stop: Stop) -> bool | None:
    """ "No. 7", "p. 7", "Vol. II", "Jan. 5"; but "He said no. Then"."""
    lower = stop.token.lower()
    if not stop.plain or (len(stop.token) == 1 and stop.token.isupper()):
        return None
    if lower in words.NUMBERED and stop.number:
        asked = stop.opens_sentence and stop.text[max(0, stop.first - REACH) : stop.first].rstrip(
            " "
        ).endswith("?")
        return lower == "no" and asked  # "Is it late? No. 5 minutes are left."
    if stop.token[:1].isupper():
        if lower in words.MONTHS | words.AMBIGUOUS_MONTHS and stop.number:
            return False
        roman = _ROMAN.match(stop.text, stop.word_at, stop.limit)
        if lower in words.NUMBERED - {"no", "art", "op"} and (roman or len(stop.word) == 1):
            return False
    return None


def _title(stop: Stop) -> bool | None:
    """ "Gov. Smith", "St. Ives"; but "Tanner St. The shop", "6 ft. He", "a sales rep. She"."""
    lower = stop.token.lower().replace("’", "'")
    if not stop.plain or lower not in words.TITLES:
        return None
    if lower in words.POSTPOSED and stop.prior()[-1:].isdecimal():
        return None
    if not stop.starter:
        return False
    if stem(stop.word) in words.STRONG_STARTERS or stop.token.islower():
        return True
    return lower in words.POSTPOSED and not stop.prior()[:1].islower() and stop.prior() != ""


def _leads_on(stop: Stop) -> bool | None:
    """ "e.g. Oslo", "Roe v. Wade"."""
    if not stop.plain or (len(stop.token) == 1 and stop.token.isupper()):
        return None
    return False if stop.token.lower() in words.LEADING else None


def _clock(stop: Stop) -> bool | None:
    """ "9 a.m. Tuesday" and "At 6 p.m. Smith left"; but "ran until 6 p.m. Smith left"."""
    if not stop.plain or stop.token.lower() not in words.CLOCK:
        return None
    if stop.starter:
        return True
    if not stop.word or stem(stop.word) in words.CALENDAR:
        return False
    first = WORD.match(stop.text, stop.first)
    before = stop.text[stop.first : min(stop.at, stop.first + REACH)]
    short = before.count(" ") < _WORDS_OF_A_TIME  # "The 6 p.m. News"
    return not short and (first is None or first[0].lower() not in words.TIME_PREPOSITIONS)


def _initial(stop: Stop) -> bool | None:
    """ "George W. Bush", "A. Smith"; but "vitamin C. The", "Group B. Germany", "and I. Smith"."""
    if not stop.plain or len(stop.token) != 1 or not stop.token.isalpha():
        return None
    if _LONE_LETTER.match(stop.text, stop.word_at, stop.limit):  # also of "z. B."
        return False
    if not stop.token.isupper():
        return None
    if stop.opens_sentence:
        return False
    prior = stop.prior()
    if prior.lower() in words.LABELLED or (stop.token == "I" and prior.islower()):
        return None
    return stop.starter


def _abbreviation(stop: Stop) -> bool | None:
    """ "Acme Inc. Chairman"; but "Acme Inc. The", "the U.S. He"."""
    lower = stop.token.lower().replace("’", "'")
    known = lower in words.CORPORATE or lower in words.OTHERS
    place = stop.token[:1].isupper() and lower in words.PLACES | words.MONTHS
    if not stop.plain or not (known or place or _DOTTED.fullmatch(stop.token)):
        return None
    return stop.starter and not stop.opens_sentence


#: The first rule that applies decides; if none does, the sentence ends. Order matters: rules about
#: what follows come before those about the word before.
_RULES: tuple[Callable[[Stop], bool | None], ...] = (
    _splits_grapheme,
    _in_aside,
    _cjk,
    _touching,
    _goes_on,
    quotations.signature,
    quotations.names_speaker,
    _exclaiming_name,
    quotations.in_phrase,
    _hesitates,
    _item_number,
    _numbered,
    _title,
    _leads_on,
    _clock,
    _initial,
    _abbreviation,
)


def is_end(stop: Stop) -> bool:
    """Whether the terminator ends its sentence, by the first rule that applies."""
    for rule in _RULES:
        verdict = rule(stop)
        if verdict is not None:
            return verdict
    return True
