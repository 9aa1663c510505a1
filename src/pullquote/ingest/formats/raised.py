"""What a raised sign says: an exponent, part of a word, or the mark of a note."""

from __future__ import annotations

import re

_SUPERSCRIPT = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
#: All that :func:`superscript` gives.
SUPERSCRIPTS = frozenset(map(chr, _SUPERSCRIPT.values()))

_EXPONENT = re.compile(r"[-−–+]?\d{1,3}|n")
_POWER_OF = re.compile(r"(?:(?<![\d.,])10|(?<![^\W\d_])(?:[kcdmnµμ]?m|ft|mi|yd|mc|s|kg|[a-zR]))\Z")
_MARK = re.compile(r"[\s\d,;.*†‡§¶‖#()\[\]–-]{1,12}|[a-z](?:,[a-z])*|\(?[ivx]{1,5}\)?")
_KEPT = re.compile(r"st|nd|rd|th|er|re|[eoaªº]|TM|SM|[®™©]")
_SIGN = re.compile(rf"(?:{_MARK.pattern}|{_EXPONENT.pattern}|{_KEPT.pattern})\Z")


def is_sign(text: str) -> bool:
    """Whether ``text`` is so short and such that it may be raised as a sign."""
    return _SIGN.match(text) is not None


def is_mark(text: str) -> bool:
    """Whether ``text`` may be the mark of a note: figures, letters one by one, a star, a dagger."""
    return _MARK.fullmatch(text) is not None


def superscript(digits: str) -> str:
    """ "12" -> "¹²"."""
    return digits.translate(_SUPERSCRIPT)


def read_raised(before: str, sign: str) -> str:
    """What to read for ``sign``, raised after the text ``before``.

    An exponent stays, as a superscript ("10⁶", "m²"), and so do an ordinal ("1st") and all that
    cannot be the mark of a note. A mark is nothing.
    """
    if _KEPT.fullmatch(sign) and (before[-1:].isdecimal() or not sign.islower()):
        return sign
    if _EXPONENT.fullmatch(sign) and (_POWER_OF.search(before) or sign[0] in "-−–"):
        return superscript(sign)
    return "" if is_mark(sign) else sign
