"""Guesses the encoding of bytes that do not declare one."""

from __future__ import annotations

import re
import unicodedata

from pullquote.text.language import language_of

#: The Western encoding, the most likely one for an undeclared page, and its successor.
WESTERN = "cp1252"
_WITH_EURO = "iso8859-15"

#: How many bytes are examined. Markup is removed first: it is the same in all encodings.
_SAMPLE = 200_000
_MARKUP = re.compile(rb"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.I | re.S)

#: Share of non-ASCII bytes: at most about a sixth in Latin script, over half in other scripts.
_FEW = 0.2

_LANG = re.compile(rb"<html[^>]{0,300}?\blang\s*=\s*[\"']?([a-z]{2})", re.I)

#: For languages that the Western encoding does not cover: their letters beyond a to z, and the
#: encodings that contain them.
_CENTRAL = ("cp1250", "iso8859-2")
_OTHERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "cs": ("áčďéěíňóřšťúůýž", _CENTRAL),
    "sk": ("áäčďéíĺľňóôŕšťúýž", _CENTRAL),
    "pl": ("ąćęłńóśźż", _CENTRAL),
    "hu": ("áéíóöőúüű", _CENTRAL),
    "sl": ("čšžćđ", _CENTRAL),
    "hr": ("čšžćđ", _CENTRAL),
    "bs": ("čšžćđ", _CENTRAL),
    "ro": ("ăâîşţ", (*_CENTRAL, "iso8859-16")),
    "tr": ("âçğıîöşüûi\u0307", ("cp1254",)),
    "az": ("çəğıöşüi\u0307", ("cp1254",)),
    "lt": ("ąčęėįšųūž", ("cp1257",)),
    "lv": ("āčēģīķļņšūž", ("cp1257",)),
    "et": ("äõöüšž", ("cp1257", WESTERN)),
}

#: In the Western encoding these are "¤ ¦ ¨ ´ ¸ ¼ ½ ¾", which occur in no word.
_EURO = re.compile(rb"\xa4|(?<=[a-zA-Z])[\xa6\xa8\xb4\xb8\xbc-\xbe](?=[a-z])")
_BEYOND = re.compile(rb"[\x80-\xff]")
_C1 = re.compile(rb"[\x80-\x9f]")


def charset_of(data: bytes) -> str:
    """The Python name of the encoding of a page that is not UTF-8 and declares none.

    charset-normalizer recognises encodings of other scripts, but those of Latin letters look too
    similar to it. They are told apart by the language, declared or guessed from the words, and by
    the letters of that language.
    """
    from charset_normalizer import from_bytes

    sample = _MARKUP.sub(b" ", data[:_SAMPLE])
    declared = _LANG.search(data[:_SAMPLE])
    language = declared[1].decode().lower() if declared else None
    much = len(_BEYOND.findall(sample)) > _FEW * len(sample.translate(None, b" \t\r\n"))
    if much and language not in _OTHERS:
        best = from_bytes(sample).best()
        if best is not None and not _is_latin(str(best)):
            return best.encoding
    language = language or _told(sample)
    if language not in _OTHERS:
        return _WITH_EURO if _EURO.search(sample) and not _C1.search(sample) else WESTERN
    letters, encodings = _OTHERS[language]
    return max(encodings, key=lambda encoding: _fit(sample, encoding, letters))


def _is_latin(text: str) -> bool:
    """Whether at least half of the letters beyond ASCII are Latin, or there are none."""
    names = [unicodedata.name(char, "") for char in text if char > "\x7f" and char.isalpha()]
    return sum(name.startswith("LATIN") for name in names) * 2 >= len(names)


def _told(sample: bytes) -> str | None:
    """The language of the text, found by trying each encoding and comparing how well it fits."""
    found = None
    best = -1.0
    for encoding in (WESTERN, *_CENTRAL, "cp1254", "cp1257"):
        text = sample.decode(encoding, "replace")
        language = language_of(text)
        letters = _OTHERS.get(language or "", ("", ()))[0]
        if encoding in _OTHERS.get(language or "", ("", ()))[1]:
            fit = _fit(sample, encoding, letters)
            if fit > best:
                found, best = language, fit
    return found if best > 0 else None


def _fit(sample: bytes, encoding: str, letters: str) -> float:
    """The share of non-ASCII characters that are letters of the language, minus other letters.

    The result is at most 1.
    """
    beyond = [char for char in sample.decode(encoding, "replace").lower() if char > "\x7f"]
    words = [char for char in beyond if not unicodedata.category(char).startswith(("P", "S", "Z"))]
    return sum(1 if char in letters else -1 for char in words) / max(1, len(beyond))
