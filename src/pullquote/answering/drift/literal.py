"""Figures, dates, names and quotations: each must stand in the sources as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from pullquote.answering.drift.lexicon import COUNTS, DAYS, MONTHS, OPENERS
from pullquote.answering.drift.words import Word
from pullquote.text.numbers import Figure, figures, value
from pullquote.text.terms import stem

_QUOTATION = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|(?<!\w)[‘']([^’'“”]{2,}?)[’'](?!\w)")

_TURN = re.compile(
    r"\b(?P<turn>last|this|next|previous|following|past|coming)\s+"
    r"(?P<of>day|week|weekend|month|year|spring|summer|autumn|fall|winter|season|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|decade|century)\b",
    re.IGNORECASE,
)
#: Lengths of time: "nine minutes" is no "nine hours".
_LENGTH = re.compile(
    r"\b(seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)|hourly|daily"
    r"|weekly|monthly|yearly)\b",
    re.IGNORECASE,
)
_AGO = re.compile(r"\bago\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_CLOCK = re.compile(r"\b([ap])\.?m\b", re.IGNORECASE)
_SAME_TURN = {"previous": "last", "past": "last", "coming": "next", "following": "next"}


def quotations(text: str) -> list[str]:
    """What stands in quotation marks."""
    return [next(it for it in found if it) for found in _QUOTATION.findall(text)]


def false_quotation(written: str, sources: Sequence[str]) -> bool:
    """Whether something is quoted that no source has, letter for letter but for its marks."""
    known = [_letters(it) for it in sources]
    return any(
        not any(f" {_letters(quoted).strip()} " in it for it in known)
        for quoted in quotations(written)
    )


def _letters(text: str) -> str:
    found = re.findall(r"[\w%$£€]+", text.casefold().replace("’", ""))
    return f" {' '.join(found)} "


def false_figure(written: str, sources: Sequence[str]) -> bool:
    """Whether a figure, with its unit and bound, is in no source."""
    own_bounds = _bounds(written)
    known_bounds = frozenset().union(*map(_bounds, sources))
    if own_bounds - known_bounds:
        return True
    same_bounds = own_bounds == known_bounds
    known = [it for source in sources for it in figures(source)]
    told = [
        (value(source[it.start : it.end]), it, _bounds(source[max(0, it.start - 24) : it.end]))
        for source in sources
        for it in figures(source)
    ]
    if re.search(r"\b(?:single|sole)\b", " ".join(sources)):
        told.append((1.0, Figure(0, 0, 0, None), frozenset()))
    if re.search(r"\btwice\b", " ".join(sources), re.IGNORECASE):
        told.append((2.0, Figure(0, 0, 0, None), frozenset()))
    for figure in figures(written):
        own = value(written[figure.start : figure.end])
        if own == 1 and re.match(r"\s*(?:[.,;!?]|$)", written[figure.end :]):
            continue  # "a fair one"
        # A bound that stands right before a figure goes with it.
        alike = [it for number, it, bounds in told if number == own and bounds <= own_bounds]
        if not alike or not any(_agree(figure, it, same_bounds) for it in alike):
            return True
        if figure.amount and _of_another(figure, alike, known):
            return True
    own_counts = _counts(written)
    return bool(own_counts - frozenset().union(*map(_counts, sources)))


def _agree(one: Figure, other: Figure, same_bounds: bool) -> bool:
    """Whether two figures of one value have units and bounds that do not exclude each other.

    ``same_bounds``: "up to" and "can reach" were understood as the same.
    """
    a, b = one.amount, other.amount
    if a is None or b is None:
        return True
    if a.bound != b.bound and not same_bounds:
        return False
    if a.unit == b.unit and replace(a, bound=0).differs(replace(b, bound=0)):
        return False
    return a.unit == b.unit or not (_is_measure(a.unit) or _is_measure(b.unit))


def _is_measure(unit: str) -> bool:
    return unit in ("days", "%") or unit[:1] in "$£€¥" or unit[-1:] in "$£€¥" or "/" in unit


def _of_another(figure: Figure, alike: Sequence[Figure], known: Sequence[Figure]) -> bool:
    """Whether the source counts something else with it, and these with another figure."""
    unit = figure.amount.unit if figure.amount else ""
    if any(it.amount is None or it.amount.unit == unit for it in alike):
        return False
    return any(it.amount and it.amount.unit == unit for it in known)


_MORE = re.compile(
    r"\b(?:more\s+than|at\s+least|above|upwards\s+of|exceed\w*|no\s+(?:less|fewer)\s+than"
    r"|or\s+more|minimum)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(?:less\s+than|fewer\s+than|under(?!\s+which)|below|up\s+to|within|at\s+most|no\s+more\s+than|nearly"
    r"|almost|or\s+less|maximum|as\s+(?:much|many)\s+as|reach\w*)\b",
    re.IGNORECASE,
)


def _bounds(text: str) -> frozenset[str]:
    return frozenset(name for name, form in (("more", _MORE), ("less", _LESS)) if form.search(text))


def _counts(text: str) -> frozenset[str]:
    return frozenset(stem(it) for it in re.findall(r"\w+", text.lower()) if it in COUNTS)


def false_date(written: str, sources: Sequence[str]) -> bool:
    """Whether a day, month, season, year or time of day is in no source."""
    known = frozenset().union(*map(_times, sources))
    return bool(_times(written) - known)


def _times(text: str) -> frozenset[str]:
    found = set(_YEAR.findall(text)) | {it.lower() + "m" for it in _CLOCK.findall(text)}
    for match in re.finditer(r"[^\W\d_]+", text):
        word = match.group().lower()
        # "may" and "march" are months when they are written like one.
        if word in MONTHS and (match.group()[0].isupper() and match.start() > 0):
            found.add(f"month {word[:3]}")
        elif word in DAYS or word.removesuffix("s") in DAYS:
            found.add(word.removesuffix("s"))
    for match in _TURN.finditer(text):
        turn = match["turn"].lower()
        found.add(f"{_SAME_TURN.get(turn, turn)} {match['of'].lower()}")
    if _AGO.search(text):
        found.add("ago")
    found |= {f"a {stem(it.lower())}" for it in _LENGTH.findall(text)}
    return frozenset(found)


def false_name(written: Sequence[Word], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether a name is in no source, or is put together from parts of two names."""
    known = {it.plain for source in sources for it in source}
    known |= {it.stem for source in sources for it in source}
    for n, word in enumerate(written):
        if not word.capital or word.plain in known or word.stem in known or word.plain in OPENERS:
            continue
        if word.plain in MONTHS or word.plain in DAYS:
            continue  # told by their dates
        if _spelled(word.plain, known) or (word.first and not _subject(written, n)):
            continue
        return True
    return any(not _together(run, sources) for run in _runs(written))


def _spelled(word: str, known: Iterable[str]) -> bool:
    """A number in digits, or a hyphenated word whose parts are known."""
    return word[0].isdigit() or all(part in known for part in word.split("-"))


_VERB = re.compile(
    r"(?:sa(?:id|ys?)|told|has|had|have|is|was|were|are|will|would|did|does|do|can|could|may|might"
    r"|must|should|ha[ds]n|announced?|banned|sued|wrote|added|argued|wants?|plans?|\w+ed)$"
)


def _subject(written: Sequence[Word], n: int) -> bool:
    """Whether the first word is what the sentence is about: a name, or the first part of one."""
    following = written[n + 1] if n + 1 < len(written) else None
    return following is not None and (following.capital or bool(_VERB.match(following.plain)))


def _runs(written: Sequence[Word]) -> list[list[str]]:
    """Two capitalised words or more in a row."""
    runs: list[list[str]] = [[]]
    for before, word in zip([None, *written], written, strict=False):
        opens = word.first and word.plain in OPENERS
        joined = (
            before is not None
            and before.clause == word.clause
            and word.start - before.start <= len(before.text) + 2
        )
        if not word.capital or opens or word.plain in MONTHS or word.plain in DAYS:
            runs.append([])
            continue
        if not joined:
            runs.append([])
        runs[-1].append(word.plain)
    return [run for run in runs if len(run) > 1]


def _together(run: Sequence[str], sources: Sequence[Sequence[Word]]) -> bool:
    """Whether each two neighbours of a name stand near each other, in this order, in a source."""
    return all(
        any(_near(one, other, [it.plain for it in source]) for source in sources)
        for one, other in pairwise(run)
    )


def _near(one: str, other: str, plain: Sequence[str]) -> bool:
    return any(other in plain[n + 1 : n + 4] for n, it in enumerate(plain) if it == one)
