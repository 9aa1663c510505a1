"""Helpers for the stress tests: access to articles, word search, and pseudorandom numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Protocol

from pullquote.evaluate.gold import Place
from pullquote.types import Article, Sentence


class Shelf(Protocol):
    """Articles by id, with their sentences. An index implements this."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """All articles, by id."""
        ...

    def sentences(self, article_id: str) -> Sequence[Sentence]:
        """All sentences of the article, in order."""
        ...


def draw(*parts: str) -> int:
    """A pseudorandom number that is always the same for the same ``parts``."""
    return int.from_bytes(sha256("\0".join(parts).encode("utf-8", "replace")).digest()[:8], "big")


def stands_in(words: str, text: str, *, any_case: bool = False) -> bool:
    """Whether ``text`` contains ``words`` as whole words; "1,200" does not contain "200"."""
    return bool(occurrence(words, any_case=any_case).search(text))


def occurrence(words: str, *, any_case: bool = False) -> re.Pattern[str]:
    """A pattern that finds ``words`` as whole words."""
    flags = re.IGNORECASE if any_case else 0
    # Questions are typed with straight apostrophes, but articles may have curly ones.
    plain = re.sub("[’']", "[’']", re.escape(words.replace("’", "'")))
    return re.compile(rf"(?<!\w)(?<!\d[.,]){plain}(?!\w)(?![.,]\d)", flags)


def text_of(sentence: Sentence, shelf: Shelf) -> str:
    """The sentence's text."""
    return shelf.articles[sentence.article_id].text[sentence.start : sentence.end]


def meeting(places: Iterable[Place], shelf: Shelf) -> Iterator[Sentence]:
    """The sentences that meet any of the places, each once, article by article."""
    by_article: dict[str, list[Place]] = {}
    for place in places:
        by_article.setdefault(place.article_id, []).append(place)
    for article_id, own in by_article.items():
        for sentence in shelf.sentences(article_id):
            if any(Place.of(sentence).meets(place) for place in own):
                yield sentence
