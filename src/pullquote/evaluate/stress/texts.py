"""What the stress tests share: the articles as they need them, looking up words, and chance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Protocol

from pullquote.evaluate.gold import Place
from pullquote.types import Article, Sentence


class Shelf(Protocol):
    """Articles by id, with their sentences. An index is one."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """All articles by their ids."""
        ...

    def sentences(self, article_id: str) -> Sequence[Sentence]:
        """All sentences of the article, in order."""
        ...


def draw(*parts: str) -> int:
    """A number that looks random and is always the same for the same ``parts``."""
    return int.from_bytes(sha256("\0".join(parts).encode("utf-8", "replace")).digest()[:8], "big")


def stands_in(words: str, text: str, *, any_case: bool = False) -> bool:
    """Whether ``words`` stand in ``text`` as whole words; "200" does not stand in "1,200"."""
    return bool(occurrence(words, any_case=any_case).search(text))


def occurrence(words: str, *, any_case: bool = False) -> re.Pattern[str]:
    """Finds ``words`` as whole words."""
    flags = re.IGNORECASE if any_case else 0
    # A question is typed with straight apostrophes, an article is set with curly ones.
    plain = re.sub("[’']", "[’']", re.escape(words.replace("’", "'")))
    return re.compile(rf"(?<!\w)(?<!\d[.,]){plain}(?!\w)(?![.,]\d)", flags)


def text_of(sentence: Sentence, shelf: Shelf) -> str:
    """The sentence's words."""
    return shelf.articles[sentence.article_id].text[sentence.start : sentence.end]


def place_of(sentence: Sentence) -> Place:
    """Where the sentence stands."""
    return Place(sentence.article_id, sentence.start, sentence.end)


def meeting(places: Iterable[Place], shelf: Shelf) -> Iterator[Sentence]:
    """The sentences that any of the places meets, each once, article by article."""
    by_article: dict[str, list[Place]] = {}
    for place in places:
        by_article.setdefault(place.article_id, []).append(place)
    for article_id, own in by_article.items():
        for sentence in shelf.sentences(article_id):
            if any(place_of(sentence).meets(place) for place in own):
                yield sentence
