"""Variants of a question as typed in a hurry: typos, lower case, no punctuation.

Ribeiro, Wu, Guestrin and Singh, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList", ACL 2020, call this an invariance test: the answer must stay the same.
"""

from __future__ import annotations

import re
import unicodedata

from pullquote.evaluate.stress.texts import draw

#: Words with fewer letters are not mistyped: they could become other words ("form" for "from").
_LONG = 5

#: One in this many words is mistyped.
_ONE_IN = 4

_WORD = re.compile(r"\w+")

#: Punctuation characters that are read aloud, as in "45%" and "AT&T", and so are kept.
_SPOKEN = frozenset("%&@#/\\*_‰§")
#: Typed instead of an apostrophe, but not punctuation according to Unicode.
_ACCENTS = frozenset("`´")


def typos(question: str) -> str | None:
    """Swap adjacent letters in a few longer words, or drop a letter in one of them.

    About one word in four is changed, at least one if any is long enough; otherwise ``None``.
    First letters stay, since they are rarely mistyped. Numbers stay, since they would change value.
    """
    words = list(_WORD.finditer(question))
    typable = [item for item in words if _typable(item, question)]
    if not typable:
        return None
    chosen = sorted(typable, key=lambda match: draw(question, "word", str(match.start())))
    chosen = chosen[: max(1, len(words) // _ONE_IN)]
    # If there are several changes, one drops a letter. A single change does so half of the time.
    dropped = chosen[0] if len(chosen) > 1 or draw(question, "drop") % 2 else None
    for match in sorted(chosen, key=lambda match: -match.start()):
        change = _dropped if match is dropped else _swapped
        word = change(match.group(), draw(question, "letter", str(match.start())))
        question = question[: match.start()] + word + question[match.end() :]
    return question


def lower_case(question: str) -> str | None:
    """The question in lower case; ``None`` if nothing changes."""
    return _changed(question, question.lower())


def no_punctuation(question: str) -> str | None:
    """The question without punctuation and apostrophes; ``None`` if nothing changes.

    Dashes become spaces. Punctuation inside a number stays, since "2.5" and "8-5" would change
    their meaning without it.
    """
    kept = []
    for at, char in enumerate(question):
        if not _is_punctuation(char) or _in_number(question, at):
            kept.append(char)
        elif unicodedata.category(char) == "Pd":
            kept.append(" ")
    bare = " ".join("".join(kept).split())
    return _changed(" ".join(question.split()), bare)


def _changed(before: str, after: str) -> str | None:
    return after if after != before and any(map(str.isalnum, after)) else None


def _typable(match: re.Match[str], question: str) -> bool:
    word = match.group()
    # A combining mark after the word belongs to its last letter, which must stay in place.
    marked = unicodedata.category(question[match.end() : match.end() + 1] or " ")[0] == "M"
    return len(word) >= _LONG and word.isalpha() and not marked and bool(_unequal(word))


def _unequal(word: str) -> list[int]:
    """Positions, except the first, where a letter differs from the next."""
    return [i for i in range(1, len(word) - 1) if word[i].lower() != word[i + 1].lower()]


def _swapped(word: str, chance: int) -> str:
    at = _unequal(word)[chance % len(_unequal(word))]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, chance: int) -> str:
    # Never the last letter: "prices" without it is another word, not a typo.
    at = 1 + chance % (len(word) - 2)
    return word[:at] + word[at + 1 :]


def _is_punctuation(char: str) -> bool:
    return char in _ACCENTS or (unicodedata.category(char)[0] == "P" and char not in _SPOKEN)


def _in_number(question: str, at: int) -> bool:
    """Whether the character is between digits, or is a number's leading point or minus."""
    before, after = question[at - 1 : at], question[at + 1 : at + 2]
    if not after.isdigit():
        return False
    return before.isdigit() or (question[at] in ".-" and not before.isalnum())
