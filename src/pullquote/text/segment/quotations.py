"""Rules about quotations: does a terminator in or near one end its sentence?"""

from __future__ import annotations

import re

from pullquote.text.segment import abbreviations as words
from pullquote.text.segment.characters import QUOTES_CLOSE
from pullquote.text.segment.stops import Stop, stem

#: How many characters back the quotation around a terminator may begin.
_QUOTATION = 300

_NAME = r"(?:[A-Z][a-z]{0,5}\.|[^\W\d_a-z][\w'’-]{0,30}|\d{1,3}(?:['’]s)?)"
#: "Ms. Vale, 34, asked", "Norby’s mayor asked", "The Post’s Olle Brandt asked".
_ATTRIBUTION = re.compile(
    rf"(?:The\s{{1,3}})?(?!The\s){_NAME}(?:\s{{1,3}}(?:{_NAME}|[a-z]{{3,15}})){{0,5}}?"
    rf"(?:,\s[^,.!?“”\"]{{1,60}},)?\s{{1,3}}({'|'.join(sorted(words.SPEECH_VERBS))})\b"
    r"(?:\s{1,3}([a-z]{1,10})\b)?"
)
_SIGNATURE = re.compile(f'[A-Z]\\.(?:[{re.escape(QUOTES_CLOSE)}"]|$)')


def signature(stop: Stop) -> bool | None:
    """ "“OK, go. P.”": a lone initial at the end is a signature, not a sentence."""
    return False if _SIGNATURE.match(stop.text, stop.word_at, stop.limit) else None


def names_speaker(stop: Stop) -> bool | None:
    """ "“Why?” Smith asked." is one sentence. (Before a speaker, a full stop becomes a comma.)"""
    if stop.plain or not stop.quoted or stop.word_at > stop.next:
        return None
    onward = stop.asks and stem(stop.word) in words.ONWARD
    if onward or stem(stop.word) in words.CALENDAR:  # “Who Is It?” Friday
        return False
    found = _ATTRIBUTION.match(stop.text, stop.next, stop.limit)
    if not found or (stop.starter and stop.word != "The"):
        return None
    asking = found[1] in words.ASKING_VERBS
    reported = found[2] in words.REPORTED or (not asking and found[2] in words.REPORTED_UNASKED)
    return None if reported else False


def in_phrase(stop: Stop) -> bool | None:
    """ "He said “the boat sank. And then it rose.”": a quotation in lower case is not split."""
    if stop.closers:
        return None
    floor = max(stop.first, stop.at - _QUOTATION)
    opened = max(stop.text.rfind(mark, floor, stop.at) for mark in '“"„«')
    if opened < 0 or not stop.text[opened + 1].islower() or stop.text[opened - 1] not in " (":
        return None
    if stop.text[opened] == '"' and stop.text.count('"', floor, stop.at) % 2 == 0:
        return None
    closed = any(stop.text.find(mark, opened, stop.at) >= 0 for mark in QUOTES_CLOSE if mark != "’")
    before = stop.text[floor:opened].rstrip()[-1:]
    return False if before.isalnum() and not closed else None
