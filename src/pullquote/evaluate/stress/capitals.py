"""Finds candidates for names in a text: runs of capitalised words.

This is for English. In a language that capitalises every noun, all nouns would be names.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from pullquote.evaluate.stress.quantities import DAYS, MONTHS
from pullquote.text.terms import STOP_WORDS

#: The capital letters of the Latin, Greek and Cyrillic alphabets, as a regex class.
_CAPITAL = "[" + "".join(char for char in map(chr, range(0x2000)) if char.isupper()) + "]"
_INITIALS = rf"(?:{_CAPITAL}\.)+(?!\w)"
_TITLED = r"(?:Mr|Mrs|Ms|Dr|St|Sen|Gov|Prof|Rep|Lt|Col|Gen|Sgt|Capt|Rev)\."
_WORD = rf"{_CAPITAL}\w*(?:[’'-](?:[a-z]{{1,4}}-)?{_CAPITAL}\w*)*"
_PIECE = rf"(?:{_TITLED}|{_INITIALS}|{_WORD})"
_LINK = r"(?:(?:of|for|de|la|del|van|von|der|den|bin|al)(?:\s(?:the|la|der|den))?\s)?"
_RUN = re.compile(rf"(?<![\w’'.@#/-]){_PIECE}(?:(?:[’']s?(?=\s))?\s{_LINK}{_PIECE})*")
_PIECES = re.compile(_PIECE)
_POSSESSIVE = re.compile(r"[’']s?\s")

#: Capitals do not tell whether "Food and Drug Administration" is one name or two.
_JOINED_BEFORE = re.compile(rf"{_CAPITAL}[\w.’'-]*\s(?:and|&)\s$")
_JOINED_AFTER = re.compile(rf"\s(?:and|&)\s{_CAPITAL}")

#: Where a capital proves nothing: at the start of a sentence, of a quotation, or after a colon.
_OPENS = re.compile(r"(?:^|[.?!:;—–…][\"”’')\]]*\s|[\"“„«]|(?:^|\s)[‘'•*-]\s?)\s*$")

#: How many characters before a name are searched.
_BACK = 60

#: Words, in lower case, that are not names on their own although they may have a capital.
_NO_NAMES = STOP_WORDS.union(
    (text.lower() for text in (*MONTHS, *DAYS)),
    (f"{item.lower()}s" for item in DAYS),
    (one[:3].lower() for one in MONTHS),
    ("sept", "no", "not", "yes", "ok"),
)

#: Titles before a name. They are not part of it, so that "Dr. Bell" and "Bell" are the same.
TITLES = frozenset(
    re.findall(
        r"\S+",
        """Mr. Mrs. Ms. Dr. Sen. Gov. Prof. Rep. Lt. Col. Gen. Sgt. Capt. Rev. Mayor Judge President
        Professor Senator Governor Officer Justice Chief Captain King Queen Sir""",
    )
)


@dataclass(frozen=True, slots=True)
class Name:
    """``text[start:end]`` is ``words``."""

    start: int
    end: int
    words: str

    @property
    def has_possessive(self) -> bool:
        """Whether the name contains a possessive, as in "Amazon's Rekognition"."""
        return bool(_POSSESSIVE.search(self.words))

    def without_titles(self) -> Name:
        """The name without leading titles; unchanged if it is only a title."""
        first, _, rest = self.words.partition(" ")
        if first not in TITLES or not rest:
            return self
        return Name(self.end - len(rest), self.end, rest).without_titles()

    def parts(self) -> tuple[Name, ...]:
        """The name itself, then its parts before and after a possessive, all without titles."""
        found = [self]
        start = 0
        for match in (*_POSSESSIVE.finditer(self.words), None):
            end = match.start() if match else len(self.words)
            found.append(Name(self.start + start, self.start + end, self.words[start:end]))
            start = match.end() if match else end
        return tuple(dict.fromkeys(entry.without_titles() for entry in found))


def proper_words(text: str) -> Iterator[str]:
    """The first and last word of each run, except words whose capital proves nothing.

    For example "Floyd" in "George Floyd", but not "Transit" in "Elmford Transit Authority".
    """
    for run in _runs(text):
        pieces = [match.group() for match in _PIECES.finditer(run.words)][_opens(run, text) :]
        yield from {*pieces[:1], *pieces[-1:]}


def names_in(text: str, proper: Container[str]) -> Iterator[Name]:
    """The names in ``text``: its runs without leading and trailing words that are not names.

    At the start of a sentence, a word counts only if it is in ``proper``, a title, or all caps.
    """
    for run in _runs(text):
        name = _trimmed(run, proper, opens=_opens(run, text))
        if (
            name is not None
            and sum(map(str.isalpha, name.words)) > 1
            and not _JOINED_BEFORE.search(text[max(0, name.start - _BACK) : name.start])
            and not _JOINED_AFTER.match(text, name.end)
        ):
            yield name


def has_article(text: str, start: int) -> bool:
    """Whether "the" comes directly before ``start``."""
    return text[max(0, start - 4) : start].lower() == "the "


def without_title_behind(before: str) -> str:
    """``before``, the text before a name, without a title at its end."""
    head, _, last = before.rstrip().rpartition(" ")
    return f"{head} " if last in TITLES else before


def _runs(text: str) -> Iterator[Name]:
    return (Name(match.start(), match.end(), match.group()) for match in _RUN.finditer(text))


def _opens(run: Name, text: str) -> bool:
    # Eight characters: a terminator, closing quotes and brackets, and space.
    return bool(_OPENS.search(text[max(0, run.start - 8) : run.start]))


def _trimmed(run: Name, proper: Container[str], *, opens: bool) -> Name | None:
    pieces = list(_PIECES.finditer(run.words))
    if opens and not _is_proper(pieces[0].group(), proper):
        pieces = pieces[1:]
    while pieces and _names_nothing(pieces[0].group()):
        pieces = pieces[1:]
    while pieces and _names_nothing(pieces[-1].group()):
        pieces = pieces[:-1]
    if not pieces:
        return None
    start, end = pieces[0].start(), pieces[-1].end()
    return Name(run.start + start, run.start + end, run.words[start:end])


def _is_proper(piece: str, proper: Container[str]) -> bool:
    return piece in proper or piece in TITLES or _shouted(piece)


def _names_nothing(piece: str) -> bool:
    """Whether a word is a capitalised function word, month or day; "US" and "IT" are not."""
    return piece.lower() in _NO_NAMES and not _shouted(piece)


def _shouted(piece: str) -> bool:
    return len(piece) > 1 and piece.isupper()
