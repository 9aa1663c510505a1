"""Interprets superscript text: an exponent, part of a word, or a note mark."""

from __future__ import annotations

import re

_SUPERSCRIPT = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
#: All characters that :func:`superscript` can return.
SUPERSCRIPTS = frozenset(map(chr, _SUPERSCRIPT.values()))

_EXPONENT = re.compile(r"[-−–+]?\d{1,3}|n")
_POWER_OF = re.compile(r"(?:(?<![\d.,])10|(?<![^\W\d_])(?:[kcdmnµμ]?m|ft|mi|yd|mc|s|kg|[a-zR]))\Z")
_MARK = re.compile(r"[\s\d,;.*†‡§¶‖#()\[\]–-]{1,12}|[a-z](?:,[a-z])*|\(?[ivx]{1,5}\)?")
_KEPT = re.compile(r"st|nd|rd|th|er|re|[eoaªº]|TM|SM|[®™©]")
_SIGN = re.compile(rf"(?:{_MARK.pattern}|{_EXPONENT.pattern}|{_KEPT.pattern})\Z")


def is_sign(text: str) -> bool:
    """Whether ``text`` may be a superscript sign: a mark, an exponent, or such as "th"."""
    return _SIGN.match(text) is not None


def is_mark(text: str) -> bool:
    """Whether ``text`` may be a note mark: digits, single letters, a star, a dagger."""
    return _MARK.fullmatch(text) is not None


def superscript(digits: str) -> str:
    """ "12" -> "¹²"."""
    return digits.translate(_SUPERSCRIPT)


def read_raised(before: str, sign: str) -> str:
    """The text for ``sign``, a superscript after the text ``before``.

    Exponents become superscript characters ("10⁶", "m²"). Ordinals ("1st") and anything that
    cannot be a note mark stay. Note marks become the empty string.
    """
    if _KEPT.fullmatch(sign) and (before[-1:].isdecimal() or not sign.islower()):
        return sign
    if _EXPONENT.fullmatch(sign) and (_POWER_OF.search(before) or sign[0] in "-−–"):
        return superscript(sign)
    return "" if is_mark(sign) else sign
