"""Which language a text is in, and whether the bundled reader was trained on it."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: Languages that many articles are written in. Told apart from all that there are, short English
#: questions are taken for Nigerian Pidgin.
_LANGUAGES = (
    "ar bg bn ca cs da de el en es et fa fi fr gu he hi hr hu hy id it ja ka kn ko lt lv ml mr ms"
    " no nl pa pl pt ro ru sk sl sr sv sw ta te th tl tr uk ur vi zh"
)

#: How likely another language must be. Of 2,395 English questions 2 are above it ("a man and a
#: woman (un homme et une femme)"), of 18 short ones in other languages all.
MIN_PROBABILITY = 0.47

_opening = Lock()


def is_english(text: str) -> bool:
    """False when the text is rather in another language."""
    language, probability = _identifier().classify(text)
    return bool(language == "en" or probability < MIN_PROBABILITY)


def language_of(text: str) -> str:
    """The language that ``text`` is most likely in, as ISO 639-1 names it."""
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
