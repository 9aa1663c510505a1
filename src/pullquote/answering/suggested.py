"""Questions to suggest, made from the articles without a language model.

Nothing here says that they have an answer: :mod:`pullquote.answering.offered` tries them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice, zip_longest

from pullquote.index.interface import Store
from pullquote.text.attribution import named
from pullquote.text.names import CAPITALS
from pullquote.types import NO_FILTERS, Article

#: How many suggestions are shown at a time, and how many are tried for them.
SHOWN, _TRIED = 3, 6

#: How many sentences of an article are searched for its speakers, and how many of them are asked
#: about.
_SENTENCES, _SPEAKERS = 200, 2

#: A name in full.
_NAME = rf"[{CAPITALS}][\w’'-]+"
_FULL_NAME = re.compile(rf"{_NAME}(?: (?:[{CAPITALS}]\.|de|van|von|al|bin))*(?: {_NAME})+")


def starting(index: Store) -> Iterator[str]:
    """Questions to suggest at the start: of the newest articles in turn."""
    newest, _ = index.catalog.newest(NO_FILTERS, "", SHOWN)
    # Not three times the same question: of every other article, first what somebody in it said.
    asked = (
        asked_of(index.article(article.id), index, speakers_first=number % 2 == 1)
        for number, article in enumerate(newest)
    )
    together = chain.from_iterable(zip_longest(*asked))
    return islice(filter(None, together), _TRIED)


def asked_of(article: Article, index: Store, *, speakers_first: bool = False) -> list[str]:
    """Questions that most articles answer: what they say, and their metadata."""
    title = _quoted(article.title)
    about = [f"What is {title} about?"]
    said = [f"What did {name} say?" for name in _speakers(article, index)]
    details = [
        *([f"When was {title} published?"] if article.published else []),
        *([f"Who wrote {title}?"] if article.author else []),
    ]
    return [*(said + about if speakers_first else about + said), *details]


def summary_of(article: Article) -> str:
    """The request for a summary of ``article``."""
    return f"Summarize {_quoted(article.title)}"


def _quoted(title: str) -> str:
    """A title in quotation marks, unless it has some of its own."""
    return title if set('“”"«»') & set(title) else f"“{title}”"


def _speakers(article: Article, index: Store) -> list[str]:
    """The names of the first persons or bodies that the article quotes."""
    names: dict[str, None] = {}
    for sentence in index.sentences(article.id)[:_SENTENCES]:
        words = article.text[sentence.start : sentence.end]
        place = None if sentence.heading else named(words)
        if place and _FULL_NAME.fullmatch(words[slice(*place)]):
            names.setdefault(words[slice(*place)])
    return list(names)[:_SPEAKERS]
