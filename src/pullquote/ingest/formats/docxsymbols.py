"""The characters of symbol fonts, which Word files name by their place in the font."""

from __future__ import annotations

import re

#: Adobe's Symbol encoding from 0x20 and from 0xA0, as Unicode; a space where it has no character.
_LOW = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
    "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
)
_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…|—↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑           〉∫"
_SYMBOL = dict(enumerate(_LOW, 0x20)) | dict(enumerate(_HIGH, 0xA0))
#: What Word writes in Wingdings for typed arrows and faces.
_WINGDINGS = dict(zip(b"JKL\xdf\xe0\xe7\xe8\xf3", "☺😐☹←→⇐⇒⇔", strict=True))
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}

_CODE = re.compile(r"[0-9A-Fa-f]{4}")


def symbol(font: str | None, code: str | None) -> str:
    """The character with the hexadecimal ``code`` in ``font``; empty if it is not known."""
    if not code or not _CODE.fullmatch(code):
        return ""
    number = int(code, 16)
    if (known := _FONTS.get((font or "").lower())) is not None:
        return known.get(number & 0xFF, "")
    return "" if 0xE000 <= number < 0xF900 else chr(number)
