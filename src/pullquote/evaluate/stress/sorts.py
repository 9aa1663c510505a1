"""Guesses what a name denotes (a speaker, a place, an organisation) from nearby words alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from pullquote.evaluate.stress.capitals import Name, without_title_behind
from pullquote.text.terms import STOP_WORDS


class Sort(StrEnum):
    """What a name denotes, according to a word in it or to the words around it.

    A speaker is a person, or a company that says something. A body is an organisation.
    """

    SPEAKER = "speaker"
    PLACE = "place"
    BODY = "body"
    ADJECTIVE = "adjective"
    OTHER = "other"


#: Words that decide the sort, at the end of a name or before "of".
_HEADS: Mapping[Sort, frozenset[str]] = {
    Sort.PLACE: frozenset(
        re.findall(
            r"\w+",
            """Street Avenue Road Lane Square Hill Hills Bay Falls Creek Island Point River Lake
            Valley Beach Mountain Mountains Ocean Sea County City Park Peninsula""",
        )
    ),
    Sort.BODY: frozenset(
        re.findall(
            r"\w+",
            """University College Institute School Elementary Hospital Council Department Office
            Agency Authority Company Corporation Inc Co Corp Ltd Foundation Association Union Club
            Trust Party Bank Guard Army Court Commission Committee Parliament Board Bureau Group
            Society Church Center Centre Administration""",
        )
    ),
}
_OF = re.compile(r"\s(?:of|for)\s")

#: Adjectives for peoples and parties: "American" cannot replace "Chicago".
_ADJECTIVE = re.compile(
    r"(?:French|German|Dutch|Greek|Roman|Swiss|Czech|Welsh|Thai|Arab|Afghan|Soviet|Democratic"
    r"|Catholic|\w{2,}(?:ish|ese|ean|ian|ican|aeli|aqi))$"
)
_SPEAKS = re.compile(
    r"\s(?:has\s|had\s|also\s|later\s)?(?:said|says|told|adds|added|wrote|writes|argued|asked|called"
    r"|announced|warned|thinks|thought|praised|replied|explained|testified|recalled|denied|wants"
    r"|wanted)\b"
)
_SAID = re.compile(r"\b(?:said|says|added|asked|wrote|told)\s$")
#: "Clare Garvie, a researcher", "Bell, 34,".
_IS_SOMEBODY = re.compile(r",\s(?:an?|the|who|whose|\d\d)\b")
#: "the researcher Joy Buolamwini"
_ROLE = re.compile(
    r"\b(?!(?:\w*ever|whether|rather|together)\s)"
    r"(\w+(?:er|or|man|woman|ist|ent|ant|ian)|chief|judge|clerk|head|coach|wife|husband|son|friend"
    r"|nurse)\s$"
)
_WITHIN = re.compile(r"\b(?:in|near|at|outside|inside|across|around|throughout)\s(?:the\s)?$")

#: How many characters before and after a name are considered.
_AROUND = 30


def sort_in(name: Name, text: str) -> Sort:
    """The sort of ``name`` according to its context in ``text``."""
    if _ADJECTIVE.match(name.words):
        return Sort.ADJECTIVE
    if told := sort_by_head(name.words):
        return told
    before = without_title_behind(text[max(0, name.start - _AROUND) : name.start])
    after = text[name.end : name.end + _AROUND]
    if _WITHIN.search(before):
        return Sort.PLACE
    role = _ROLE.search(before)
    speaks = (
        _SPEAKS.match(after)
        or _SAID.search(before)
        or _IS_SOMEBODY.match(after)
        or (role and role.group(1) not in STOP_WORDS)
    )
    return Sort.SPEAKER if speaks else Sort.OTHER


def sort_by_head(name: str) -> Sort | None:
    """The sort according to the head noun, as "Bank" in "Bank of England"; often ``None``."""
    words = _OF.split(name)[0].split()
    if len(name.split()) > 1:
        return next((sort for sort, heads in _HEADS.items() if words[-1] in heads), None)
    return None


def sorted_out(counts: Mapping[str, Counter[Sort]]) -> dict[str, Sort]:
    """The most frequent sort of each name, given how often each sort was found."""
    sorts = {name: _most(counted) for name, counted in counts.items()}
    for name, sort in sorts.items():
        last = name.split()[-1]
        # If the last word also occurs alone, the name is a person: places and organisations are
        # not shortened like that.
        if sort is Sort.OTHER and last != name and last in sorts:
            sorts[name] = Sort.SPEAKER
    return sorts


def _most(counted: Counter[Sort]) -> Sort:
    told = [sort for sort, _ in counted.most_common() if sort is not Sort.OTHER]
    return told[0] if told else Sort.OTHER
