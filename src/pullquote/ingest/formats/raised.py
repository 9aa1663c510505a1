"""Interprets superscript text: an exponent, part of a figure or a word, or a note mark."""

from __future__ import annotations

import re

_SUPERSCRIPT = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
#: All characters that :func:`superscript` can return.
SUPERSCRIPTS = frozenset(map(chr, _SUPERSCRIPT.values()))

_EXPONENT = re.compile(r"[-−–+]?\d{1,3}|n")
_POWER_OF = re.compile(r"(?:(?<![\d.,])10|(?<![^\W\d_])(?:[kcdmnµμ]?m|ft|mi|yd|mc|s|kg|[a-zR]))\Z")
_MARK = re.compile(r"[\s\d,;.*†‡§¶‖#()\[\]–-]{1,12}|[a-z](?:,[a-z])*|\(?[ivx]{1,5}\)?")
_FRACTION = re.compile(r"\s?[/⁄]\s?\d")
_PRICE = re.compile(r"[$£€¥]\s?\d[\d,.]*\Z")
_CURRENCY = re.compile(r"\s?[$£€¥]")
#: An element's symbol after its mass number, which a word has before it: "of ¹⁴C".
_SYMBOL = re.compile(r"[A-Z][a-z]?(?![^\W\d_])")
_WITHIN = re.compile(r"(?:[\w,;)]\s+|[(/–-])\Z")
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


def read_raised(before: str, sign: str, after: str = "") -> str:
    """The text for ``sign``, a superscript between the texts ``before`` and ``after``.

    Exponents, cents and mass numbers become superscript characters ("10⁶", "m²", "€4⁵⁰", "¹⁴C").
    Numerators ("3 1/2"), ordinals ("1st") and anything that cannot be a note mark stay. Note marks
    become the empty string.
    """
    if _KEPT.fullmatch(sign) and (before[-1:].isdecimal() or not sign.islower()):
        return sign
    if sign.isdecimal():
        figure = before[-1:].isdecimal()
        if _FRACTION.match(after) and not before[-1:].isalpha():
            return f" {sign}" if figure else sign
        cents = _PRICE.search(before) or (figure and _CURRENCY.match(after))
        mass = _SYMBOL.match(after) and _WITHIN.search(before)
        if (cents and len(sign) == 2) or mass:
            return superscript(sign)
    if _EXPONENT.fullmatch(sign) and (_POWER_OF.search(before) or sign[0] in "-−–"):
        return superscript(sign)
    return "" if is_mark(sign) else sign
