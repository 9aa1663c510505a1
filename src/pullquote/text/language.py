"""Detects the language of a text; the bundled reader was trained on English only."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: The languages to choose among: those of many articles. With all languages of the identifier,
#: short English questions are taken for Nigerian Pidgin.
_LANGUAGES = (
    "ar bg bn ca cs da de el en es et fa fi fr gu he hi hr hu hy id it ja ka kn ko lt lv ml mr ms"
    " no nl pa pl pt ro ru sk sl sr sv sw ta te th tl tr uk ur vi zh"
)

#: The probability from which another language is believed. Above it are 2 of 2,395 English
#: questions ("a man and a woman (un homme et une femme)") and all of 18 short ones in other
#: languages.
MIN_PROBABILITY = 0.47

_opening = Lock()


def is_english(text: str) -> bool:
    """False when the text is probably in another language."""
    language, probability = _identifier().classify(text)
    return bool(language == "en" or probability < MIN_PROBABILITY)


def language_of(text: str) -> str:
    """The ISO 639-1 code of the most likely language of ``text``."""
    return str(_identifier().classify(text)[0])


def _identifier() -> LanguageIdentifier:
    with _opening:
        return _open()


@cache
def _open() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES.split())
    return identifier
