"""Article text to sentences and passages, with exact offsets.

The text is cut once, here; everything after works with the offsets. Three steps, each one pass
over the text: :func:`_paragraphs` finds blank lines, headings and list items; :func:`_ends`
walks the terminators of each piece of running text and asks ``_RULES`` about each; and
:func:`passages` groups whole sentences.

The rules are ours, for English news first: see ``tests/test_segment.py`` for what they promise.
When in doubt they join, for a quote that is too long is still a quote.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pullquote import abbreviations as words
from pullquote.types import Article, Passage, Sentence

#: Raised whenever the same text may be cut differently, so that indexes are built anew.
VERSION = 1

#: The embedding model reads 256 word pieces; 200 leaves room for a title and a heading.
#: To be measured again with benchmarks/ when the model changes.
PASSAGE_TOKENS = 200

#: About two sentences of news, so that a sentence and what it refers back to share a passage.
#: To be measured again with benchmarks/ when the model changes.
OVERLAP_TOKENS = 50

#: A subhead is short: no headline style book allows more.
_HEADING_WORDS = 12
_HEADING_CHARS = 90

#: An aside in brackets stays whole up to this length; a longer one is split like other text.
_ASIDE_CHARS = 250

#: How far a rule looks for the word before or the run of marks after a terminator. Bounding it
#: keeps the whole linear; no English word comes near it.
_REACH = 40

#: "At 6 p.m. Smith left" against "The meeting ran until 6 p.m. Smith left": see `_clock`.
_CLOCK_LEAD = 20

_ZERO_WIDTH = "\u200b\u2060\ufeff"
_SPACE = rf"[\s{_ZERO_WIDTH}]"

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_PARAGRAPH_BREAKS = "\f\u2029"

_MARKDOWN_HEADING = re.compile(rf"#{{1,6}}(?=[ \t\u00a0]){_SPACE}*+(?=\S)")
_MARKDOWN_CLOSE = re.compile(r"[ \t\u00a0]#+$")
_BULLET = re.compile(rf"[-*•‣▪●◦](?=[ \t\u00a0]){_SPACE}*+(?=\S)")
_NUMBER_MARKER = re.compile(rf"[0-9]{{1,2}}[.)](?=[ \t\u00a0]){_SPACE}*+(?=\S)")
_QUESTION_LABEL = re.compile(rf"[QA][:.]{_SPACE}")
_BYLINE = re.compile(
    r"(?:by|(?:reporting|written|edited|photos?|photographs?|story|words) by|from)\s+[A-Z]"
    r"|(?:published|updated|posted|last updated)\b"
    r"|(?:[A-Z][a-z]+day,? )?(?:\d{1,2} )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d"
    r"|\d{4}-\d\d-\d\d",
    re.IGNORECASE,
)
_BYLINE_NAME = re.compile(r"\S+(?:\s+by)?\s+[A-Z]")

_QUOTES_CLOSE = "”’»›」』"
_QUOTES_EITHER = "\"'“‘«‹*_"
_QUOTES = _QUOTES_CLOSE + _QUOTES_EITHER + "„‚「『"
_BRACKETS_CLOSE = ")]}）】》〉"
_CLOSERS = re.compile(
    f"[{re.escape(_QUOTES_CLOSE + _QUOTES_EITHER + _BRACKETS_CLOSE)}]{{0,{_REACH}}}"
)
_OPENERS = re.compile(f"[{re.escape(_QUOTES + '([{（【《〈¿¡')}]{{0,{_REACH}}}")
_SURE_CLOSERS = re.compile(f"[{re.escape(_QUOTES_CLOSE + _BRACKETS_CLOSE)}]*")
_SPACED_CLOSE = re.compile(r"[ \u00a0\u202f]([”»\"])(?=\s|$)")
_FOOTNOTES = re.compile(
    r"(?:\[(?:[0-9]{1,3}|[a-z][a-z0-9 ,]{0,30})\])*+(?::[0-9][0-9:–-]{0,20}(?=\s|$))?"
)
_EMOJI = "\U0001f000-\U0001faff☹☺♥❤\u200d\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f"
_TRAILING_EMOJI = re.compile(
    rf"[ \u00a0\u202f]?[\U0001f000-\U0001faff☹☺♥❤][{_EMOJI}]*+(?={_SPACE}|$)"
)

_CJK_STOPS = "。！？｡"
_OTHER_STOPS = "।॥؟۔።፧။។‼⁇⁈⁉‽"
_TERMINATOR = re.compile(
    rf"\.(?:[ \u00a0\u202f]\.){{2,}}+[.!?]*+|[.!?…{_CJK_STOPS}{_OTHER_STOPS}]++"
)
_TERMINAL = ".!?…:;,-–—" + _CJK_STOPS + _OTHER_STOPS

_WORD = re.compile(r"[^\W\d_]{1,40}(?:['’][^\W\d_]{1,10})?")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ROMAN = re.compile(r"[IVXLC]+\b(?!['’])")
_DECIMAL = re.compile(r"\.?\d")
_NAME = r"(?:[A-Z][a-z]{0,5}\.|[^\W\d_a-z][\w'’-]{0,30})"
_ATTRIBUTION = re.compile(
    rf"{_NAME}(?:\s{{1,3}}{_NAME}){{0,3}}\s{{1,3}}([a-z]{{4,12}})\b(?:\s{{1,3}}([a-z]{{1,10}})\b)?"
)
_SIGNATURE = re.compile(f'[A-Z]\\.(?:[{re.escape(_QUOTES_CLOSE)}"]|$)')
_BRACKET = re.compile(r"[()\[\]]")


# --- paragraphs -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Its pieces, each a range without outer space, and what they are."""

    units: tuple[tuple[int, int], ...]
    heading: bool = False
    #: Begins with a mark that rules out a subhead.
    marked: bool = False
    lines: int = 1


def _is_space(char: str) -> bool:
    return char.isspace() or char in _ZERO_WIDTH


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and _is_space(text[start]):
        start += 1
    while start < end and _is_space(text[end - 1]):
        end -= 1
    return start, end


def _blocks(text: str, start: int) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines with no blank line between, each line ``(start, end)`` without outer space."""
    lines: list[tuple[int, int]] = []
    position = start
    while position <= len(text):
        found = _BREAK.search(text, position)
        end = found.start() if found else len(text)
        line = _trim(text, position, end)
        if line[0] < line[1]:
            lines.append(line)
        if lines and (line[0] == line[1] or found is None or found[0] in _PARAGRAPH_BREAKS):
            yield lines
            lines = []
        position = found.end() if found else len(text) + 1
    if lines:
        yield lines


def _starts_unit(text: str, line: tuple[int, int], before: tuple[int, int], item: bool) -> bool:
    """Whether a line that carries no mark of its own is not a soft wrap of the one before."""
    if _QUESTION_LABEL.match(text, *line):
        return True
    indented = line[0] > before[1] and text[line[0] - 1] in " \t"
    return item and not indented


def _marker(text: str, line: tuple[int, int], before: tuple[int, int] | None, item: bool) -> int:
    """The length of the list marker that the line begins with, 0 when there is none."""
    if found := _BULLET.match(text, *line):
        return found.end() - line[0]
    # "It rained in June\n12. He" is a wrap: a number opens an item only where a list can begin.
    if before is None or item or text[before[1] - 1] in _TERMINAL:
        found = _NUMBER_MARKER.match(text, *line)
        return found.end() - line[0] if found else 0
    return 0


def _begins_in_capitals(text: str, lines: Sequence[tuple[int, int]]) -> bool:
    """The first line is a heading in capitals, set right over its text."""
    (start, end), (under, under_end) = lines[:2]
    if end - start > _HEADING_CHARS:
        return False
    line = text[start:end]
    return (
        line.isupper()
        and " " in line
        and not text[under:under_end].isupper()
        and _is_subhead(line, text[under])
    )


def _block_paragraphs(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[_Paragraph]:
    """The lines of one block as paragraphs: a heading among them is one of its own."""
    if len(lines) > 1 and _begins_in_capitals(text, lines):
        yield _Paragraph((lines[0],), heading=True)
        lines = lines[1:]
    units: list[tuple[int, int]] = []
    before: tuple[int, int] | None = None
    item = marked = False
    count = 0
    for line in lines:
        if found := _MARKDOWN_HEADING.match(text, *line):
            if units:
                yield _Paragraph(tuple(units), marked=marked, lines=count)
            close = _MARKDOWN_CLOSE.search(text, max(found.end(), line[1] - _REACH), line[1])
            end = close.start() if close else line[1]
            yield _Paragraph((_trim(text, found.end(), end),), heading=True)
            units, before, item, marked, count = [], None, False, False, 0
            continue
        marker = _marker(text, line, before, item)
        if marker:
            units.append((line[0] + marker, line[1]))
            item = True
            marked = marked or before is None
        elif before is None or _starts_unit(text, line, before, item):
            units.append(line)
            item = False
        else:
            units[-1] = units[-1][0], line[1]
        before = line
        count += 1
    if units:
        yield _Paragraph(tuple(units), marked=marked, lines=count)


def _is_subhead(line: str, following: str) -> bool:
    """A short line with no end to it; ``following`` is the first character of the text under it."""
    bare = line.rstrip(_QUOTES + _BRACKETS_CLOSE)
    if not bare or len(line.split()) > _HEADING_WORDS or following.islower():
        return False
    if line[0] in _QUOTES + "([@" or _QUESTION_LABEL.match(line) or _is_byline(line):
        return False
    if line.isupper():
        return bare[-1] not in _TERMINAL or bare[-1] in ":?"
    word = _WORD.match(line)
    if bare[-1] in _TERMINAL or not any(map(str.isalpha, line)):
        return False
    return word is None or not word[0].islower()  # "iPhone" is not lower


def _is_byline(line: str) -> bool:
    """ "By Ann Lee", "June 3, 2024"; but not "By the numbers"."""
    if not _BYLINE.match(line):
        return False
    return not line.lower().startswith(("by", "from")) or _BYLINE_NAME.match(line) is not None


def _paragraphs(text: str, start: int) -> Iterator[_Paragraph]:
    paragraphs = [p for lines in _blocks(text, start) for p in _block_paragraphs(text, lines)]
    for paragraph, following in pairwise([*paragraphs, None]):
        if paragraph is None:
            continue
        start, end = paragraph.units[0]
        alone = not (paragraph.heading or paragraph.marked) and paragraph.lines == 1
        if (
            following
            and alone
            and end - start <= _HEADING_CHARS
            and _is_subhead(text[start:end], text[following.units[0][0]])
        ):
            yield _Paragraph(paragraph.units, heading=True)
        else:
            yield paragraph


# --- sentence ends ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stop:
    """A terminator and what stands around it: all that a rule may ask about."""

    text: str
    #: The first letter or digit of the sentence so far.
    first: int
    #: Where the terminator begins, and the terminator: ".", "?!", ". . .".
    at: int
    mark: str
    #: Where the sentence would end, after closing quotes, brackets, footnote marks, emoji.
    end: int
    #: What stands between the terminator and ``end``.
    closers: str
    #: Where the next sentence would begin; equal to ``end`` when there is no space between.
    next: int
    #: Where the running text ends.
    limit: int
    #: The word before the terminator: "U.S" before the last full stop of "U.S.".
    token: str
    #: The first word after, past opening quotes and brackets, and where it begins.
    word: str
    word_at: int
    #: In brackets that were opened after the sentence began: within them, or at their end.
    within_aside: bool
    closes_aside: bool

    @property
    def char(self) -> str:
        """The first character after opening quotes and brackets."""
        return self.text[self.word_at] if self.word_at < self.limit else ""

    @property
    def quoted(self) -> bool:
        return any(char in _QUOTES for char in self.closers)

    @property
    def plain(self) -> bool:
        return self.mark == "."

    @property
    def asks(self) -> bool:
        return any(char in "!?‼⁇⁈⁉‽" for char in self.mark)

    @property
    def number(self) -> bool:
        return _DECIMAL.match(self.text, self.word_at, self.limit) is not None

    @property
    def starter(self) -> bool:
        """The next word begins sentences; not "No." or "In-N-Out"."""
        if not self.word[:1].isupper() or _stem(self.word) not in words.STARTERS:
            return False
        end = self.word_at + len(self.word)
        after = self.text[end : min(end + 1, self.limit)]
        return not after.isalnum() and (after == "" or after not in ".-‑&")

    @property
    def opens_sentence(self) -> bool:
        """The word before the terminator is the sentence's first."""
        return self.at - len(self.token) <= self.first

    def prior(self) -> str:
        """The word before the word before the terminator, "" when there is none."""
        end = self.at - len(self.token)
        while end > self.first and (self.text[end - 1].isspace() or self.text[end - 1] in _QUOTES):
            end -= 1
        return _token(self.text, self.first, end)


def _stem(word: str) -> str:
    """ "It’s" -> "it"."""
    return re.split("['’]", word, maxsplit=1)[0].lower()


def _token(text: str, floor: int, end: int) -> str:
    """The word that ends at ``end``: letters, digits, inner stops; the last part of a compound."""
    start = end
    floor = max(floor, end - _REACH)
    while start > floor and (
        text[start - 1].isalnum()
        or text[start - 1] in ".'’&"
        or unicodedata.combining(text[start - 1])
    ):
        start -= 1
    return text[start:end].lstrip(".'’")


def _is_listed(token: str) -> bool:
    """Any group knows the token, or it is a letter or dotted letters."""
    lower = token.lower().replace("’", "'")
    return len(token) == 1 or "." in token or any(
        lower in group
        for group in (
            words.TITLES, words.MONTHS, words.PLACES, words.CORPORATE,
            words.NUMBERED, words.LEADING, words.OTHERS, words.CLOCK,
        )
    )  # fmt: skip


def _splits_grapheme(stop: _Stop) -> bool | None:
    """A space and a combining mark are one character to a reader."""
    return False if _extends(stop.text[stop.next]) else None


def _cjk(stop: _Stop) -> bool | None:
    """。！？ end a sentence without a space, but 「…！」と goes on."""
    if stop.mark[-1] not in _CJK_STOPS:
        return None
    return not (stop.closers and stop.text[stop.next] in "とっ，、,")


def _touching(stop: _Stop) -> bool | None:
    """No space after: a number, a name, a URL, or a space forgotten. Only a sure sign splits."""
    if stop.next > stop.end:
        return None
    if not stop.word[:1].isupper():
        return False
    if stop.closers:
        return None if stop.quoted or stop.starter else False
    if stop.word_at > stop.next:
        return None if stop.text[stop.next] in '“"«„‘' or stop.starter else False
    if stop.text[stop.at - 1] in _BRACKETS_CLOSE:  # "(Lee, 2009).The"
        return None if stop.plain and len(stop.word) > 1 and stop.word[1:].islower() else False
    clear = stop.token.isalpha() and stop.token.islower() and not _is_listed(stop.token)
    return None if clear and stop.starter and stop.mark in ".?!" and _bare(stop) else False


def _bare(stop: _Stop) -> bool:
    """The word before the terminator is no part of an address or a path."""
    before = stop.at - len(stop.token)
    return (
        before <= stop.first or stop.text[before - 1].isspace() or stop.text[before - 1] in _QUOTES
    )


def _goes_on(stop: _Stop) -> bool | None:
    """What follows cannot begin a sentence: lower case, a comma, a closing bracket."""
    char = stop.char
    if stop.word and stop.word.islower():
        return None if _writes_lower(stop) else False
    if char in ",;:%/&=)]}":
        return False
    if char in ".!?…" and not stop.number:
        return None if stop.word_at > stop.next else False  # "[…]" can begin a sentence
    if stop.quoted and stop.number and stop.text[stop.next] == "(":
        return False  # "“Who Is It?” (2007)"
    return False if char in "-–—" and stop.quoted else None


def _writes_lower(stop: _Stop) -> bool:
    """The sentence itself begins in lower case: here that is how the writer begins them."""
    return (
        stop.text[stop.first].islower()
        and not stop.closers
        and stop.mark[0] in ".!?"
        and stop.mark[:2] != ".."
        and stop.token.isalpha()
        and not _is_listed(stop.token)
    )


def _in_aside(stop: _Stop) -> bool | None:
    """ "The firm (listed in Oslo. It is small.) fell" is one sentence."""
    if stop.within_aside:
        return False
    if stop.closes_aside and stop.asks and not stop.starter:
        return False
    return False if stop.asks and stop.closers and stop.text[stop.at - 1] in "([" else None  # "(!)"


def _signature(stop: _Stop) -> bool | None:
    """ "“OK, go. P.”": a lone initial is signed, not said."""
    return False if _SIGNATURE.match(stop.text, stop.word_at, stop.limit) else None


def _names_speaker(stop: _Stop) -> bool | None:
    """ "“Why?” Smith asked." is one sentence; a full stop in the quote would have been a comma."""
    if stop.plain or not stop.quoted or stop.word_at > stop.next:
        return None
    if _stem(stop.word) in words.CALENDAR:  # “Who Is It?” Friday
        return False
    found = _ATTRIBUTION.match(stop.text, stop.next, stop.limit)
    if not found or stop.starter or found[1] not in words.SPEECH_VERBS:
        return None
    asking = found[1] in words.ASKING_VERBS
    reported = found[2] in words.REPORTED or (not asking and found[2] in words.REPORTED_UNASKED)
    return None if reported else False


def _exclaiming_name(stop: _Stop) -> bool | None:
    """ "Yahoo! Inc."."""
    if stop.mark == "!" and stop.token[:1].isupper() and stop.token.lower() in words.BANG_NAMES:
        return stop.starter
    return None


def _hesitates(stop: _Stop) -> bool | None:
    """ "I ... I do not know", "about ... 50"."""
    if stop.plain or stop.asks or stop.closers:
        return None
    token = _token(stop.text, stop.first, stop.at - (stop.text[stop.at - 1] == " "))
    return False if stop.number or (stop.word and stop.word.lower() == token.lower()) else None


def _item_number(stop: _Stop) -> bool | None:
    """ "1. Be kind." and "two rules: 1. Be kind."."""
    if not (stop.plain and stop.token.isdecimal() and len(stop.token) < 3) or stop.closers:
        return None
    start = stop.at - len(stop.token)
    listed = stop.text[max(stop.first, start - 3) : start].rstrip().endswith((":", ";"))
    return False if stop.opens_sentence or listed else None


def _numbered(stop: _Stop) -> bool | None:
    """ "No. 7", "p. 7", "Vol. II", "Jan. 5"; but "He said no. Then"."""
    lower = stop.token.lower()
    if not stop.plain or (len(stop.token) == 1 and stop.token.isupper()):
        return None
    if lower in words.NUMBERED and stop.number:
        return False
    if stop.token[:1].isupper():
        if lower in words.MONTHS | words.AMBIGUOUS_MONTHS and stop.number:
            return False
        roman = _ROMAN.match(stop.text, stop.word_at, stop.limit)
        if lower in words.NUMBERED - {"no", "art", "op"} and (roman or len(stop.word) == 1):
            return False
    return None


def _title(stop: _Stop) -> bool | None:
    """ "Gov. Smith", "St. Ives"; but "Tanner St. The shop", "6 ft. He", "a sales rep. She"."""
    lower = stop.token.lower().replace("’", "'")
    if not stop.plain or lower not in words.TITLES:
        return None
    if lower in words.POSTPOSED and stop.prior()[-1:].isdecimal():
        return None
    if not stop.starter:
        return False
    if _stem(stop.word) in words.STRONG_STARTERS or stop.token.islower():
        return True
    return lower in words.POSTPOSED and not stop.prior()[:1].islower() and stop.prior() != ""


def _leads_on(stop: _Stop) -> bool | None:
    """ "e.g. Oslo", "Roe v. Wade"."""
    if not stop.plain or (len(stop.token) == 1 and stop.token.isupper()):
        return None
    return False if stop.token.lower() in words.LEADING else None


def _clock(stop: _Stop) -> bool | None:
    """ "9 a.m. Tuesday" and "At 6 p.m. Smith left"; but "ran until 6 p.m. Smith left"."""
    if not stop.plain or stop.token.lower() not in words.CLOCK:
        return None
    if stop.starter:
        return True
    if not stop.word or _stem(stop.word) in words.CALENDAR:
        return False
    return stop.at - stop.first > _CLOCK_LEAD


def _initial(stop: _Stop) -> bool | None:
    """ "George W. Bush", "A. Smith"; but "vitamin C. The", "Group B. Germany", "and I. Smith"."""
    if not stop.plain or len(stop.token) != 1 or not stop.token.isupper():
        return None
    if stop.opens_sentence:
        return False
    prior = stop.prior()
    if prior.lower() in words.LABELLED or (stop.token == "I" and prior.islower()):
        return None
    return stop.starter


def _abbreviation(stop: _Stop) -> bool | None:
    """ "Acme Inc. Chairman"; but "Acme Inc. The", "the U.S. He"."""
    lower = stop.token.lower().replace("’", "'")
    known = lower in words.CORPORATE or lower in words.OTHERS
    place = stop.token[:1].isupper() and lower in words.PLACES | words.MONTHS
    if not stop.plain or not (known or place or _DOTTED.fullmatch(stop.token)):
        return None
    return stop.starter and not stop.opens_sentence


#: Is this terminator the end of a sentence? The first rule with an opinion decides; where none
#: has one, it is. Order matters: what follows is asked before what the word before might mean.
_RULES: tuple[Callable[[_Stop], bool | None], ...] = (
    _splits_grapheme,
    _in_aside,
    _cjk,
    _touching,
    _goes_on,
    _signature,
    _names_speaker,
    _exclaiming_name,
    _hesitates,
    _item_number,
    _numbered,
    _title,
    _leads_on,
    _clock,
    _initial,
    _abbreviation,
)


def _is_end(stop: _Stop) -> bool:
    for rule in _RULES:
        verdict = rule(stop)
        if verdict is not None:
            return verdict
    return True


def _extends(char: str) -> bool:
    """The character belongs to the one before it: a combining mark, a joiner, a skin tone."""
    return (
        unicodedata.category(char)[0] == "M"
        or char in "\u200c\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _asides(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where short outermost brackets open and close, in order."""
    waiting: list[int] = []
    pairs: list[tuple[int, int]] = []
    for found in _BRACKET.finditer(text, start, end):
        if found[0] in "([":
            waiting.append(found.start())
        elif waiting and text[waiting[-1]] + found[0] in ("()", "[]"):
            opened = waiting.pop()
            if found.start() - opened <= _ASIDE_CHARS:
                pairs.append((opened, found.start()))
    opens: list[int] = []
    closes: list[int] = []
    for opened, closed in sorted(pairs):
        if not closes or opened > closes[-1]:
            opens.append(opened)
            closes.append(closed)
    return opens, closes


def _after_closers(text: str, end: int, limit: int, quote_open: bool) -> int:
    """Past the closing quotes, brackets, footnote marks and emoji at ``end``.

    A mark that may open as well as close, right before a letter, opens: ``left.“The``. Only the
    count of straight quotes so far can tell otherwise (``quote_open``).
    """
    run = _CLOSERS.match(text, end, limit)
    stop = run.end() if run else end
    if stop < limit and text[stop].isalnum():
        sure = _SURE_CLOSERS.match(text, end, stop)
        stop = sure.end() if sure else end
        if quote_open and text[stop] == '"':
            stop += 1
    spaced = _SPACED_CLOSE.match(text, stop, limit)
    if spaced and (spaced[1] != '"' or (quote_open and '"' not in text[end:stop])):
        stop = spaced.end()
    for more in (_FOOTNOTES, _TRAILING_EMOJI):
        if found := more.match(text, stop, limit):
            stop = found.end()
    return stop


_LETTER = re.compile(r"[^\W_]")
_GAP = re.compile(rf"{_SPACE}*+")
_STRAIGHT = re.compile('"')


def _ends(text: str, start: int, limit: int) -> Iterator[tuple[int, int]]:
    """The sentences of one piece of running text, as ``(start, end)``."""
    last = limit
    while last > start and not text[last - 1].isalnum():
        last -= 1
    opens, closes = _asides(text, start, limit)
    straight = [found.start() for found in _STRAIGHT.finditer(text, start, limit)]
    first = -1  # the sentence's first letter or digit; a sentence has one
    looked = start
    for found in _TERMINATOR.finditer(text, start, limit):
        at = found.start()
        if at < looked:  # inside what the last boundary took as closers
            continue
        if first < 0:
            letter = _LETTER.search(text, looked, at)
            first, looked = (letter.start(), at) if letter else (-1, at)
        if first < 0:
            continue
        end = _after_closers(text, found.end(), limit, bisect_left(straight, at) % 2 == 1)
        gap = _GAP.match(text, end, limit)
        following = gap.end() if gap else end
        if following >= last:  # what is left has no word: it belongs to this sentence
            break
        openers = _OPENERS.match(text, following, limit)
        word_at = openers.end() if openers else following
        while word_at < limit and word_at - following < _REACH and text[word_at].isspace():
            word_at += 1
        word = _WORD.match(text, word_at, limit)
        aside = bisect_left(opens, at) - 1
        inside = aside >= 0 and first < opens[aside] and at < closes[aside]
        stop = _Stop(
            text=text,
            first=first,
            at=at,
            mark=found[0],
            end=end,
            closers=text[found.end() : end],
            next=following,
            limit=limit,
            token=_token(text, first, at),
            word=word[0] if word else "",
            word_at=word_at,
            within_aside=inside and end <= closes[aside],
            closes_aside=inside and end > closes[aside],
        )
        if _is_end(stop):
            yield start, end
            start = looked = following
            first = -1
    if start < limit:
        yield start, limit


def split(article: Article) -> tuple[Sentence, ...]:
    """All sentences of ``article.text[article.body_start:]``, in order.

    Offsets are code points into ``article.text``. No sentence is empty, has space (also
    zero-width) at an end, or overlaps another; and every other character of the body stands in
    exactly one, but for the marks of Markdown headings and of list items, which stand in none.
    A heading is one sentence, and a paragraph of its own.
    """
    sentences: list[Sentence] = []
    for number, paragraph in enumerate(_paragraphs(article.text, article.body_start)):
        for start, limit in paragraph.units:
            ranges = [(start, limit)] if paragraph.heading else _ends(article.text, start, limit)
            for begin, end in ranges:
                sentences.append(
                    Sentence(article.id, len(sentences), begin, end, number, paragraph.heading)
                )
    return tuple(sentences)


# --- passages ---------------------------------------------------------------------------------


def _sections(
    sentences: Sequence[Sentence], tokens: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """``(start, body, end)`` of each run of text and the headings over it, ``end`` exclusive."""
    start, count = 0, len(sentences)
    while start < count:
        body, size = start, 0
        # Headings upon headings (a table, a poem) must not pile up in one passage.
        while body < count and sentences[body].heading:
            size += tokens[body]
            if body > start and size > OVERLAP_TOKENS:
                break
            body += 1
        end = body
        while end < count and not sentences[end].heading:
            end += 1
        yield start, body, end
        start = end


def _runs(start: int, body: int, end: int, sums: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Overlapping ``(first, stop)`` of one section, ``stop`` exclusive. ``sums``: prefix sums."""
    first, stop = start, start
    while True:
        # One new sentence of text at least, whatever its length: this is what makes progress.
        stop = min(max(stop, body) + 1, end)
        while stop < end and sums[stop + 1] - sums[first] <= PASSAGE_TOKENS:
            stop += 1
        yield first, stop
        if stop == end:
            return
        floor = max(first + 1, body)
        rest = sums[end] - sums[stop]
        # A short rest is a poor passage: give it all the text before it that fits.
        short = rest < PASSAGE_TOKENS // 2
        room = PASSAGE_TOKENS - (rest if short else sums[stop + 1] - sums[stop])
        wanted = room if short else OVERLAP_TOKENS
        first, shared = stop, 0
        while first > floor:
            more = sums[stop] - sums[first - 1]
            if more > room or abs(more - wanted) > abs(shared - wanted):
                break
            first, shared = first - 1, more


def passages(
    article_id: str, sentences: Sequence[Sentence], tokens: Sequence[int], first_id: int = 0
) -> tuple[Passage, ...]:
    """Overlapping runs of whole sentences, numbered from ``first_id``.

    ``tokens[i]`` is the token count of ``sentences[i]``. A passage has at most
    ``PASSAGE_TOKENS`` tokens, unless its one sentence of text, with the headings over it, has
    more. It never crosses a heading, and shares about ``OVERLAP_TOKENS`` with the one before
    (more at the end of a section, rather than leave a tiny passage). Every sentence is in a
    passage, and no passage lies within another. :class:`ValueError` when the lengths differ.
    """
    if len(sentences) != len(tokens):
        raise ValueError(f"{article_id}: {len(sentences)} sentences but {len(tokens)} token counts")
    sums = list(accumulate(tokens, initial=0))
    runs = [run for section in _sections(sentences, tokens) for run in _runs(*section, sums)]
    return tuple(
        Passage(first_id + i, article_id, sentences[first].index, sentences[stop - 1].index)
        for i, (first, stop) in enumerate(runs)
    )
