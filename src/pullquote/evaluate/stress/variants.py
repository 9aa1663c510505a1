"""The same question, typed by somebody in a hurry.

Ribeiro, Wu, Guestrin and Singh, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList", ACL 2020, call such a test one of invariance: the answer must stay the same.
"""

from __future__ import annotations

import re
import unicodedata

from pullquote.evaluate.stress.texts import draw

#: A word of fewer letters is hard to make out once it is mistyped: "form" for "from".
_LONG = 5

#: One word in so many is mistyped.
_ONE_IN = 4

_WORD = re.compile(r"\w+")

#: Signs among the punctuation that are read aloud, as in "45%" and "AT&T".
_SPOKEN = frozenset("%&@#/\\*_‰§")
#: Typed for an apostrophe, and no punctuation to Unicode.
_ACCENTS = frozenset("`´")


def typos(question: str) -> str | None:
    """Adjacent letters swapped in a few longer words, and one letter dropped.

    About one word in four is touched, and one at least where any is long enough. First letters
    stay, for they are seldom mistyped, and so do numbers, which would be others.
    """
    words = list(_WORD.finditer(question))
    typable = [item for item in words if _typable(item, question)]
    if not typable:
        return None
    chosen = sorted(typable, key=lambda match: draw(question, "word", str(match.start())))
    chosen = chosen[: max(1, len(words) // _ONE_IN)]
    # Of several changes one drops a letter; a single one does so every other time.
    dropped = chosen[0] if len(chosen) > 1 or draw(question, "drop") % 2 else None
    for match in sorted(chosen, key=lambda match: -match.start()):
        change = _dropped if match is dropped else _swapped
        word = change(match.group(), draw(question, "letter", str(match.start())))
        question = question[: match.start()] + word + question[match.end() :]
    return question


def lower_case(question: str) -> str | None:
    """All in lower case."""
    return _changed(question, question.lower())


def no_punctuation(question: str) -> str | None:
    """Without punctuation, apostrophes among it.

    Dashes inside a word become spaces. What stands inside a number stays: without it, "2.5" and
    "8-5" are others.
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
    # A combining mark belongs to the letter before it, which must stay there.
    marked = unicodedata.category(question[match.end() : match.end() + 1] or " ")[0] == "M"
    return len(word) >= _LONG and word.isalpha() and not marked and bool(_unequal(word))


def _unequal(word: str) -> list[int]:
    """Where a letter differs from the next, apart from the first."""
    return [i for i in range(1, len(word) - 1) if word[i].lower() != word[i + 1].lower()]


def _swapped(word: str, chance: int) -> str:
    at = _unequal(word)[chance % len(_unequal(word))]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, chance: int) -> str:
    # Not the last: "prices" without it is no mistake but another word.
    at = 1 + chance % (len(word) - 2)
    return word[:at] + word[at + 1 :]


def _is_punctuation(char: str) -> bool:
    return char in _ACCENTS or (unicodedata.category(char)[0] == "P" and char not in _SPOKEN)


def _in_number(question: str, at: int) -> bool:
    """Between digits, or the point or minus that a number begins with."""
    before, after = question[at - 1 : at], question[at + 1 : at + 2]
    if not after.isdigit():
        return False
    return before.isdigit() or (question[at] in ".-" and not before.isalnum())
